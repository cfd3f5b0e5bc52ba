"""Hypertension follow-up: errors, missing values, dates, weight and readings of one visit (§7.2, §19a)."""

from __future__ import annotations

import datetime

import pytest

from tests.support.filled import AGED_58, before, kinds, refused, told

FORM = "ht_followup"
IN_14_DAYS = datetime.date(2026, 3, 19)
IN_3_MONTHS = datetime.date(2026, 6, 5)


def test_swapped_pressures_are_refused_and_set_no_class() -> None:
    for systolic, diastolic in ((82, 128), (90, 90)):
        found = told(FORM, {"systolic_bp": systolic, "diastolic_bp": diastolic})
        assert refused(found) == {"systolic_bp", "diastolic_bp"}
        assert "followup_class" not in found.computed
        assert found.next_due_on is None
        assert kinds(found, "blocking") == ["pressures-swapped"]
        assert kinds(found, "emergency") == []


def test_a_swapped_pair_does_not_hide_the_emergency_it_means() -> None:
    found = told(FORM, {"systolic_bp": 95, "diastolic_bp": 182})
    assert refused(found) == {"systolic_bp", "diastolic_bp"}
    assert "pressure-emergency" in kinds(found, "emergency")


@pytest.mark.parametrize(
    ("systolic", "diastolic", "asks"),
    [(120, 106, True), (120, 105, False), (210, 90, False), (211, 90, True)],
)
def test_pressures_too_near_or_too_far_ask_once(systolic: int, diastolic: int, *, asks: bool) -> None:
    found = told(FORM, {"systolic_bp": systolic, "diastolic_bp": diastolic})
    assert ("pressures-difference" in kinds(found, "asking")) is asks
    assert found.refusals == ()


@pytest.mark.parametrize(
    "broken",
    [
        {"diastolic_bp": "abc"},
        {"diastolic_bp": 20.5},
        {"heart_rate": [1]},
        {"no_such_field": 1},
        {"service_date": "2026-03-06"},
        {"service_date": "yesterday"},
        {"salt": 1},
        {"missing_reason": "refused"},
        {"missing_reason": {"diastolic_bp": "refused"}, "diastolic_bp": None},
    ],
)
def test_an_error_never_hides_an_emergency(broken: dict[str, object]) -> None:
    found = told(FORM, {"systolic_bp": 190, **broken})
    assert kinds(found, "emergency") == ["pressure-emergency", "refer-urgently"]


def test_a_wrong_sign_of_danger_does_not_hide_a_right_one() -> None:
    found = told(FORM, {"danger_signs": ["1", "99"]})
    assert refused(found) == {"danger_signs"}
    assert "danger-sign" in kinds(found, "emergency")


def test_a_missing_reason_satisfies_what_is_required_and_nothing_is_computed_from_it() -> None:
    found = told(FORM, {"systolic_bp": None, "missing_reason": {"systolic_bp": "refused"}})
    assert found.refusals == ()
    assert "followup_class" not in found.computed
    complication = {"systolic_bp": None, "missing_reason": {"systolic_bp": "refused"}, "complication": "2"}
    assert told(FORM, complication).computed["followup_class"] == "4"
    unknown = {"adverse_reaction": None, "missing_reason": {"adverse_reaction": "unknown"}}
    assert "followup_class" not in told(FORM, unknown).computed


def test_every_required_field_is_demanded_and_nothing_else() -> None:
    found = told(FORM, dict.fromkeys(told(FORM).answers.written()))
    assert refused(found) == {
        "visit_mode", "symptoms", "cigarettes_per_day", "alcohol_liang_per_day", "exercise_per_week",
        "exercise_minutes", "salt", "mental_adjustment", "compliance", "adherence", "adverse_reaction",
    }  # fmt: skip


def test_the_day_of_the_visit_is_today_when_none_is_given() -> None:
    found = told(FORM, {"service_date": None, "systolic_bp": 150})
    assert found.refusals == ()
    assert found.next_due_on == IN_14_DAYS


@pytest.mark.parametrize(
    ("changes", "asks"),
    [
        ({"next_due_date": "2026-06-05"}, False),
        ({"next_due_date": "2026-06-06"}, True),
        ({"next_due_date": "2026-04-01"}, False),
        ({"systolic_bp": 150, "next_due_date": "2026-03-19"}, False),
        ({"systolic_bp": 150, "next_due_date": "2026-03-20"}, True),
        ({"systolic_bp": 150, "next_due_date": "2026-03-12"}, False),
        ({"systolic_bp": 190, "next_due_date": "2026-03-20"}, True),
    ],
)
def test_a_later_next_date_asks(changes: dict[str, object], *, asks: bool) -> None:
    found = told(FORM, changes)
    assert ("later-than-suggested" in kinds(found, "asking")) is asks
    assert found.refusals == ()


@pytest.mark.parametrize("day", ["2026-03-05", "2026-03-04", "2020-01-01"])
def test_a_next_date_that_is_not_later_is_refused(day: str) -> None:
    assert refused(told(FORM, {"next_due_date": day})) == {"next_due_date"}


def test_the_doctor_s_class_decides_the_date_and_the_computed_one_stays() -> None:
    found = told(FORM, {"followup_class": "2"})
    assert found.computed["followup_class"] == "1"
    assert found.next_due_on == IN_14_DAYS
    assert kinds(found, "asking") == ["class-differs"]
    milder = told(FORM, {"followup_class": "1", "systolic_bp": 150})
    assert milder.computed["followup_class"] == "2"
    assert milder.next_due_on == IN_3_MONTHS
    assert told(FORM, {"followup_class": "4"}).computed["referral_advised"] == "2"


@pytest.mark.parametrize(
    ("visit", "expected"),
    [("2026-11-30", "2027-02-28"), ("2027-11-30", "2028-02-29"), ("2026-01-31", "2026-04-30")],
)
def test_three_months_later_is_clamped_to_the_month(visit: str, expected: str) -> None:
    found = told(FORM, {"service_date": visit}, today=datetime.date.fromisoformat(visit))
    assert str(found.next_due_on) == expected


def test_after_a_death_nothing_is_demanded_and_nobody_is_visited() -> None:
    died = {"service_date": "2026-03-05", "visit_mode": "3", "death_date": "2026-03-01"}
    left = dict.fromkeys(told(FORM).answers.written()) | died
    found = told(FORM, left)
    assert found.refusals == ()
    assert found.next_due_on is None
    assert refused(told(FORM, left | {"death_date": "2026-03-06"})) == {"death_date"}
    assert refused(told(FORM, left | {"death_date": "1960-01-01"})) == {"death_date"}


def test_a_visit_before_birth_or_in_the_future_is_refused_and_has_no_class() -> None:
    for day in ("2026-03-06", "1967-05-31"):
        found = told(FORM, {"service_date": day})
        assert refused(found) == {"service_date"}
        assert "followup_class" not in found.computed
        assert found.next_due_on is None
    assert told(FORM, {"service_date": "1967-06-01"}).refusals == ()


@pytest.mark.parametrize(
    ("resident", "earlier", "due"),
    [
        ({}, None, False),
        ({"height": 165}, None, False),
        ({"last_weighed_on": "2025-03-05"}, None, True),
        ({"last_weighed_on": "2025-03-06"}, None, False),
        ({"height": 165, "last_weighed_on": "2026-01-01"}, "70", True),
        ({"height": 165, "last_weighed_on": "2026-01-01"}, "60", False),
        ({"last_weighed_on": "2026-01-01"}, "120", False),
        ({"last_weighed_on": "2024-02-29"}, None, True),
    ],
)
def test_weighing_is_due_each_visit_when_overweight_and_yearly_otherwise(
    resident: dict[str, object], earlier: str | None, *, due: bool
) -> None:
    records = [before(FORM, "2026-01-01", weight=earlier)] if earlier else None
    found = told(FORM, resident=AGED_58 | resident, earlier=records)
    assert (refused(found) == {"weight"}) is due


@pytest.mark.parametrize(
    ("weight", "bmi", "band"),
    [("53.4", "18.48", "low"), ("53.5", "18.51", "normal"), ("69.3", "23.98", "normal"),
     ("69.4", "24.01", "overweight"), ("80.9", "27.99", "overweight"), ("81.0", "28.03", "obese")],
)  # fmt: skip
def test_body_mass_index_and_its_bands(weight: str, bmi: str, band: str) -> None:
    found = told(FORM, {"weight": weight}, resident=AGED_58 | {"height": "170"})
    assert str(found.computed["bmi"]) == bmi
    assert found.computed["bmi_band"] == band
    assert "bmi" not in told(FORM, {"weight": weight}).computed


def test_the_mean_of_the_last_two_readings_is_the_value_used() -> None:
    rows = [
        {"systolic": 160, "diastolic": 95},
        {"systolic": 141, "diastolic": 85},
        {"systolic": 136, "diastolic": 80},
    ]
    same = told(FORM, {"bp_readings": rows, "systolic_bp": 139, "diastolic_bp": 83})
    assert same.findings == ()
    other = told(FORM, {"bp_readings": rows, "systolic_bp": 138, "diastolic_bp": 83})
    assert kinds(other, "asking") == ["mean-differs"]


def test_a_single_reading_of_swapped_pressures_is_refused() -> None:
    rows = [{"systolic": 128, "diastolic": 82}, {"systolic": 82, "diastolic": 128}]
    assert refused(told(FORM, {"bp_readings": rows})) == {"bp_readings"}
    assert told(FORM, {"bp_readings": rows[:1]}).refusals == ()


@pytest.mark.parametrize(("born", "too_old"), [("1905-03-06", False), ("1905-03-05", True)])
def test_nobody_is_older_than_120_completed_years(born: str, *, too_old: bool) -> None:
    found = told(FORM, resident={"birth_date": born, "sex_code": "1"})
    assert (refused(found) == {"resident.birth_date"}) is too_old
    assert ("followup_class" in found.computed) is not too_old


@pytest.mark.parametrize(("day", "asks"), [("2026-03-05", True), ("2026-03-04", False)])
@pytest.mark.parametrize("form", ["ht_followup", "dm_followup"])
def test_a_second_record_of_one_day_is_asked(form: str, day: str, *, asks: bool) -> None:
    found = told(form, earlier=[before(form, day)])
    assert ("same-day" in kinds(found, "asking")) is asks
    assert found.refusals == ()
