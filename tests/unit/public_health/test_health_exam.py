"""Health examination: advice at every boundary (§1.3.2), older people, completeness (§1.3.3)."""

from __future__ import annotations

import datetime
import typing

import pytest

from saas.formkit.evaluating import Evaluation, evaluate
from saas.public_health.rules import exam
from tests.support.filled import BY_CODE, kinds, refused

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

TODAY = datetime.date(2026, 3, 5)
MAN = {"birth_date": "1980-01-01", "sex_code": "1"}
WOMAN = {"birth_date": "1980-01-01", "sex_code": "2"}
OLD_MAN = {"birth_date": "1950-01-01", "sex_code": "1"}

EXAM: dict[str, object] = {
    "exam_date": "2026-03-05", "symptoms": ["1"], "body_temperature": "36.5", "pulse_rate": 70,
    "respiratory_rate": 16, "bp_left_systolic": 120, "bp_left_diastolic": 80, "height": "170",
    "weight": "65", "waist_circumference": "80", "exercise_frequency": "4", "diet_habits": ["1"],
    "smoking_status": "1", "drinking_frequency": "1", "lips": "1", "teeth": ["1"], "throat": "1",
    "hearing": "1", "motor_function": "1", "skin": "1", "sclera": "1", "lymph_nodes": "1",
    "barrel_chest": "1", "breath_sounds": "1", "rales": "1", "heart_rate": 70, "rhythm": "1", "murmur": "1",
    "tenderness": "1", "mass": "1", "hepatomegaly": "1", "splenomegaly": "1", "shifting_dullness": "1",
    "leg_oedema": "1", "cerebrovascular": ["1"], "renal": ["1"], "cardiac": ["1"], "vascular": ["1"],
    "eye": ["1"], "neuro": "1", "other_system": "1", "health_evaluation": "1", "health_guidance": ["1"],
    "risk_control": ["3"],
}  # fmt: skip
OLDER = {
    "self_health_rating": "1", "self_care_level": "1", "cognition_screen": "1", "emotion_screen": "1",
}  # fmt: skip


def examined(changes: Mapping[str, object] | None = None, resident: object = MAN) -> Evaluation:
    answers = EXAM | dict(changes or {})
    kept = {name: answer for name, answer in answers.items() if answer is not None}
    return evaluate(BY_CODE["health_exam"], kept, today=TODAY, resident=resident)


def test_a_complete_examination_has_nothing_to_say() -> None:
    found = examined()
    assert found.refusals == ()
    assert found.findings == ()
    assert found.computed == {
        "bmi": found.computed["bmi"], "bmi_band": "normal", "exam_missing": [], "exam_complete": True,
    }  # fmt: skip
    assert str(found.computed["bmi"]) == "22.49"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"bp_left_systolic": 139, "bp_left_diastolic": 89}, None),
        ({"bp_left_systolic": 140}, "exam-pressure-raised"),
        ({"bp_left_diastolic": 90}, "exam-pressure-raised"),
        ({"bp_right_systolic": 139, "bp_right_diastolic": 80}, None),
        ({"bp_right_systolic": 140, "bp_right_diastolic": 80}, "arms-differ,exam-pressure-raised"),
        ({"fasting_glucose": "6.09"}, None),
        ({"fasting_glucose": "6.1"}, "glucose-impaired"),
        ({"fasting_glucose": "6.99"}, "glucose-impaired"),
        ({"fasting_glucose": "7"}, "exam-glucose-raised"),
        ({"weight": "69.3"}, None),
        ({"weight": "69.4"}, "overweight"),
        ({"waist_circumference": "89.9"}, None),
        ({"waist_circumference": "90"}, "overweight"),
        ({"total_cholesterol": "6.19"}, None),
        ({"total_cholesterol": "6.2"}, "lipids-raised"),
        ({"ldl_c": "4.09"}, None),
        ({"ldl_c": "4.1"}, "lipids-raised"),
        ({"triglyceride": "2.29"}, None),
        ({"triglyceride": "2.3"}, "lipids-raised"),
        ({"hemoglobin": 120}, None),
        ({"hemoglobin": 119}, "anaemia"),
        ({"alt": "100"}, None),
        ({"alt": "100.1"}, "laboratory-raised"),
        ({"alt": "80", "alt_upper_limit": "40"}, None),
        ({"alt": "80.1", "alt_upper_limit": "40"}, "laboratory-raised"),
        ({"creatinine": "111"}, None),
        ({"creatinine": "111.1"}, "laboratory-raised"),
        ({"creatinine": "111.1", "creatinine_upper_limit": "120"}, None),
        ({"rhythm": "2"}, None),
        ({"rhythm": "3"}, "rhythm-irregular"),
    ],
)
def test_what_is_advised(changes: dict[str, object], code: str | None) -> None:
    found = examined(changes)
    assert found.refusals == ()
    assert ",".join(kinds(found, "advising")) == (code or "")
    assert kinds(found, "emergency") == []


@pytest.mark.parametrize(
    ("hemoglobin", "waist", "codes"),
    [(110, "84.9", []), (109, "84.9", ["anaemia"]), (110, "85", ["overweight"])],
)
def test_women_have_limits_of_their_own(hemoglobin: int, waist: str, codes: list[str]) -> None:
    found = examined({"hemoglobin": hemoglobin, "waist_circumference": waist}, WOMAN)
    assert kinds(found, "advising") == codes


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"bp_left_systolic": 180}, "pressure-emergency"),
        ({"bp_right_systolic": 160, "bp_right_diastolic": 110}, "pressure-emergency"),
        ({"fasting_glucose": "16.7"}, "glucose-high"),
        ({"fasting_glucose": "3.9"}, "glucose-low"),
        ({"fasting_glucose": "3.9", "lips": "9", "height": "x"}, "glucose-low"),
    ],
)
def test_emergencies_at_any_examination(changes: dict[str, object], code: str) -> None:
    assert kinds(examined(changes), "emergency") == [code]


def test_one_arm_is_enough_and_none_is_not() -> None:
    left: dict[str, object] = {"bp_left_systolic": None, "bp_left_diastolic": None}
    right = {"bp_right_systolic": 120, "bp_right_diastolic": 80}
    assert examined(left | right).refusals == ()
    assert refused(examined(left)) == {*exam.LEFT, *exam.RIGHT}
    assert refused(examined(right | {"bp_left_diastolic": None})) == {"bp_left_diastolic"}
    assert refused(examined({"bp_left_systolic": 80, "bp_left_diastolic": 120})) == set(exam.LEFT)
    assert refused(examined({"bp_left_systolic": "abc"})) == {"bp_left_systolic"}
    excused = left | {"missing_reason": dict.fromkeys(exam.LEFT, "not_applicable")}
    assert examined(excused).refusals == ()


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"smoking_status": "3"}, {"cigarettes_per_day", "smoking_start_age"}),
        ({"smoking_status": "2"}, {"cigarettes_per_day", "smoking_start_age", "smoking_quit_age"}),
        ({"exercise_frequency": "1"}, {"exercise_minutes", "exercise_years", "exercise_type"}),
        ({"drinking_frequency": "2"}, {
            "alcohol_liang_per_day", "quit_drinking", "drinking_start_age", "drunk_in_last_year",
            "alcohol_types",
        }),
        ({"drinking_frequency": None, "missing_reason": {"drinking_frequency": "refused"}}, set()),
        ({"exam_groups": ["3"]}, {"dorsalis_pedis"}),
        ({"symptoms": ["1", "2"]}, {"symptoms"}),
        ({"cardiac": ["1", "3"]}, {"cardiac"}),
        ({"teeth": ["1", "2"]}, {"teeth"}),
    ],
)  # fmt: skip
def test_what_is_asked_depends_on_other_answers(changes: dict[str, object], fields: set[str]) -> None:
    assert refused(examined(changes)) == fields


@pytest.mark.parametrize(
    ("born", "asked"),
    [("1961-03-05", True), ("1961-03-06", False), ("1950-01-01", True), (None, False)],
)
def test_the_block_for_older_people_is_demanded_from_65_years_on(born: str | None, *, asked: bool) -> None:
    found = examined(resident={"birth_date": born, "sex_code": "1"} if born else None)
    assert refused(found) == (set(OLDER) if asked else set())


def test_in_the_year_of_the_65th_birthday_the_examination_waits_for_the_block() -> None:
    found = examined(resident={"birth_date": "1961-12-31", "sex_code": "1"})
    assert found.refusals == ()
    assert found.computed["exam_complete"] is False
    missing = found.computed["exam_missing"]
    assert isinstance(missing, list)
    assert set(missing) == set(exam.SETS["1"])


def test_reasons_complete_an_examination() -> None:
    rest = {name: "not_done" for name in exam.SETS["1"] if name not in OLDER}
    found = examined(OLDER | {"missing_reason": rest}, OLD_MAN)
    assert found.refusals == ()
    assert found.computed["exam_complete"] is True
    without = examined(OLDER | {"missing_reason": {**rest, "ecg": "not_done"}, "lips": None}, OLD_MAN)
    assert without.computed["exam_missing"] == ["lips"]


def test_one_examination_serves_several_groups() -> None:
    found = examined({"exam_groups": ["2", "3"], "dorsalis_pedis": "2"})
    assert found.computed["exam_missing"] == ["fasting_glucose", "vision_left", "vision_right"]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"motor_function": "2"}, {"motor_function"}),
        ({"symptoms": ["3"]}, {"symptoms"}),
        ({"medications": [{"drug_name": str(number)} for number in range(3)]}, set()),
        ({"medications": [{"drug_name": str(number)} for number in range(4)]}, {"medications"}),
        ({"vision_left": "4.8", "vision_right": "4.0"}, set()),
        ({"vision_left": "4.7"}, {"vision_left"}),
    ],
)
def test_advice_on_falls_from_65_years_on(changes: dict[str, object], fields: set[str]) -> None:
    found = examined(OLDER | changes, OLD_MAN)
    said = {name for finding in found.findings if finding.code == "falls" for name in finding.fields}
    assert said == fields
    assert "falls" not in kinds(examined(changes), "advising")


def test_positive_screenings_ask_for_their_scales() -> None:
    found = examined(OLDER | {"cognition_screen": "2", "emotion_screen": "2"}, OLD_MAN)
    assert refused(found) == {"mmse_score", "gds_score"}
    assert kinds(found, "advising") == ["cognition-positive", "emotion-positive"]
    scored = {"cognition_screen": "2", "mmse_score": 31}
    assert "mmse_score" in refused(examined(OLDER | scored, OLD_MAN))


def test_somebody_who_is_dependent_is_visited() -> None:
    assert "visit-at-home" in kinds(examined(OLDER | {"self_care_level": "4"}, OLD_MAN), "advising")


@pytest.mark.parametrize(
    ("height", "weight", "impossible", "asks"),
    [("170", "23.0", True, False), ("170", "23.2", False, True), ("100", "80.1", True, False),
     ("100", "80.0", False, True), ("170", "115.6", False, False), ("170", "115.7", False, True)],
)  # fmt: skip
def test_a_body_mass_index_that_cannot_be(height: str, weight: str, *, impossible: bool, asks: bool) -> None:
    found = examined({"height": height, "weight": weight})
    assert (refused(found) == {"height", "weight"}) is impossible
    assert ("bmi" in found.computed) is not impossible
    assert ("bmi-unusual" in kinds(found, "asking")) is asks


def test_the_day_is_also_known_as_the_service_date() -> None:
    assert examined({"exam_date": None, "service_date": "2026-03-05"}).refusals == ()
    assert refused(examined({"service_date": "2026-03-04"})) == {"service_date"}
    assert refused(examined({"exam_date": "2026-03-06"})) == {"exam_date"}


def test_evaluation_and_what_is_abnormal_agree() -> None:
    assert kinds(examined({"health_evaluation": "2"}), "asking") == ["abnormal-unsaid"]
    assert kinds(examined({"abnormal_1": "血压高"}), "asking") == ["abnormal-said"]
    assert examined({"health_evaluation": "2", "abnormal_1": "血压高"}).findings == ()
