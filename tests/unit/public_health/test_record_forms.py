"""Cover, personal information, notes, referrals, card, health education (§1, §2)."""

from __future__ import annotations

import datetime
import typing

import pytest

from saas.formkit.evaluating import Evaluation, evaluate
from tests.support.filled import BY_CODE, kinds, refused

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

TODAY = datetime.date(2026, 3, 5)
PROFILE: dict[str, object] = {
    "filled_on": "2026-03-05", "sex_code": "1", "birth_date": "1980-01-01", "drug_allergies": ["1"],
    "past_diseases": [{"disease": "1"}],
}  # fmt: skip
COVER: dict[str, object] = {
    "record_no": "65009900110100001", "full_name": "ئابدۇللا تۇرسۇن", "current_address": "x",
    "township_name": "x", "village_name": "x", "created_institution": "i", "created_by": "s",
    "created_on": "2026-03-05", "consent_given": True, "consent_on": "2026-03-05",
}  # fmt: skip
ACTIVITY: dict[str, object] = {
    "held_at": "2026-03-05 10:00", "place": "x", "form": "lecture", "topic": "x", "organizer": "x",
    "audience_type": "x", "audience_count": 40, "content": "x", "evaluation": "x",
}  # fmt: skip
BOARD: dict[str, object] = {"form": "board", "board_no": "1", "area_m2": "2", "posted_on": "2026-03-01"}
REFERRAL: dict[str, object] = {
    "referred_on": "2026-03-05", "to_institution": "x", "to_department": "x", "initial_impression": "x",
    "present_history": "x",
}  # fmt: skip


def found(code: str, answers: Mapping[str, object], resident: object = None) -> Evaluation:
    return evaluate(BY_CODE[code], dict(answers), today=TODAY, resident=resident)


@pytest.mark.parametrize(
    ("changes", "fields", "codes"),
    [
        ({}, set(), []),
        ({"drug_allergies": ["1", "2"]}, {"drug_allergies"}, []),
        ({"drug_allergies": ["2"]}, set(), ["allergy"]),
        ({"past_diseases": [{"disease": "1"}, {"disease": "2"}]}, {"past_diseases"}, ["none-and-more"]),
        ({"past_diseases": [{"disease": "2"}]}, set(), ["offer-hypertension"]),
        ({"past_diseases": [{"disease": "3"}]}, set(), ["offer-diabetes"]),
        ({"past_diseases": [{"disease": "5"}]}, set(), ["offer-lung"]),
        ({"past_diseases": [{"disease": "9"}]}, set(), ["offer-tuberculosis"]),
        ({"past_diseases": [{"disease": "4"}]}, set(), []),
        ({"past_diseases": [{"disease": "2"}, {"disease": "3"}]}, set(), ["offer-several"]),
        ({"past_diseases": [{"disease": "2", "confirmed_on": "13"}]}, {"past_diseases[0].confirmed_on"}, []),
        ({"past_diseases": [{}]}, {"past_diseases[0].disease"}, []),
        ({"birth_date": "2026-03-06"}, {"birth_date"}, []),
        ({"birth_date": "1916-03-05"}, set(), ["elderly-due"]),
        ({"birth_date": "1915-03-06"}, set(), ["elderly-due"]),
        ({"birth_date": "1915-03-05"}, set(), ["very-old", "elderly-due"]),
        ({"birth_date": "1914-03-05"}, set(), ["very-old", "elderly-due"]),
        ({"birth_date": "1905-03-06"}, set(), ["very-old", "elderly-due"]),
        ({"birth_date": "1905-03-05"}, {"birth_date"}, ["too-old-to-be"]),
        ({"birth_date": "1961-12-31"}, set(), ["elderly-due"]),
        ({"birth_date": "1962-01-01"}, set(), []),
    ],
)  # fmt: skip
def test_personal_information(changes: dict[str, object], fields: set[str], codes: list[str]) -> None:
    told = found("resident_profile", PROFILE | changes)
    assert refused(told) == fields
    assert [finding.code for finding in told.findings] == codes


@pytest.mark.parametrize(
    ("number", "sex", "born", "codes"),
    [
        ("650099190001010036", "1", "1900-01-01", []),
        ("65009919000101001x", "1", "1900-01-01", []),
        ("650099190001010030", "1", "1980-01-01", ["id-number-doubtful"]),
        ("650099190102290030", "1", "1980-01-01", ["id-number-doubtful"]),
        ("65009", "1", "1980-01-01", ["id-number-doubtful"]),
        ("650099190001010036", "2", "1980-01-01", ["id-number-differs"]),
    ],
)
def test_an_identity_number_is_questioned_and_never_refused(
    number: str, sex: str, born: str, codes: list[str]
) -> None:
    changes = {"id_document_type": "01", "id_number": number, "sex_code": sex, "birth_date": born}
    told = found("resident_profile", PROFILE | changes)
    assert "id_number" not in refused(told)
    assert [code for code in kinds(told, "asking") if code.startswith("id-number")] == codes


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, set()),
        ({"record_no": "6500990011010000"}, {"record_no"}),
        ({"record_no": "65009900110100000"}, {"record_no"}),
        ({"record_no": "650099001101000012"}, {"record_no"}),
        ({"record_no": "٦5009900110100001"}, {"record_no"}),
        ({"consent_given": False}, {"consent_given"}),
        ({"created_on": "2026-03-06"}, {"created_on"}),
        ({"full_name": "x" * 100}, set()),
        ({"full_name": "x" * 101}, {"full_name"}),
        ({"other_names": [{"name": "阿"}, {"name": "b"}, {"name": "c"}]}, {"other_names"}),
        ({"ethnicity": "x"}, {"ethnicity"}),
    ],
)
def test_the_cover(changes: dict[str, object], fields: set[str]) -> None:
    assert refused(found("health_record", COVER | changes)) == fields


def test_a_referral_is_followed_up_within_14_days() -> None:
    told = found("referral", REFERRAL)
    assert told.refusals == ()
    assert str(told.next_due_on) == "2026-03-19"
    assert refused(found("referral", {})) == set(REFERRAL) - {"referred_on"}


def test_a_consultation_needs_somebody_who_takes_part() -> None:
    answers: dict[str, object] = {"consulted_on": "2026-03-05", "reason": "x", "opinion": "y"}
    assert refused(found("consultation", answers)) == {"participants"}
    assert refused(found("consultation", answers | {"participants": []})) == {"participants"}
    half = {"participants": [{"institution": "x"}]}
    assert refused(found("consultation", answers | half)) == {"participants[0].doctor"}


def test_a_note_has_four_parts() -> None:
    assert refused(found("encounter_note", {})) == {"subjective", "objective", "assessment", "plan"}


@pytest.mark.parametrize(
    ("changes", "fields", "codes"),
    [
        ({}, set(), []),
        ({"audience_count": 5000}, set(), []),
        ({"audience_count": 5001}, {"audience_count"}, []),
        ({"audience_count": 0}, set(), []),
        ({"audience_count": "forty"}, {"audience_count"}, []),
        ({"form": "board"}, {"board_no", "area_m2", "posted_on"}, []),
        (BOARD, set(), []),
        (BOARD | {"area_m2": "1.99"}, set(), ["board-small"]),
        (BOARD | {"removed_on": "2026-03-01"}, set(), []),
        (BOARD | {"removed_on": "2026-02-28"}, {"removed_on"}, ["removed-before-posted"]),
        ({"held_at": "2026-03-06 00:00"}, {"held_at"}, []),
        ({"names": ["x"]}, {"names"}, []),
    ],
)  # fmt: skip
def test_health_education(changes: dict[str, object], fields: set[str], codes: list[str]) -> None:
    told = found("health_education_activity", ACTIVITY | changes)
    assert refused(told) == fields
    assert [finding.code for finding in told.findings] == codes


def test_the_card_has_no_number_of_a_document_and_no_sensitive_condition() -> None:
    answers: dict[str, object] = {
        "full_name": "x", "sex_code": "2", "birth_date": "1980-01-01", "record_no": "65009900110100001",
        "drug_allergies": ["5"], "issued_on": "2026-03-05",
    }  # fmt: skip
    told = found("record_card", answers)
    assert told.refusals == ()
    assert kinds(told, "advising") == ["allergy"]
    assert refused(found("record_card", answers | {"id_number": "x"})) == {"id_number"}
    assert refused(found("record_card", answers | {"chronic_conditions": ["9"]})) == {"chronic_conditions"}
