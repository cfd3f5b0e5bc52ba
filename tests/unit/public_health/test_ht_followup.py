"""Hypertension follow-up: the rules at every boundary (§7.3), the examples (§19) and readings (§19a)."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas.public_health.rules import hypertension
from tests.support.filled import AGED_58, AGED_68, before, kinds, refused, told

FORM = "ht_followup"
IN_14_DAYS = datetime.date(2026, 3, 19)
IN_3_MONTHS = datetime.date(2026, 6, 5)
BORN_TO_BE = {64: "1961-03-06", 65: "1961-03-05"}


def born(day: str) -> dict[str, object]:
    return {"birth_date": day, "sex_code": "1"}


@pytest.mark.parametrize(
    ("age", "systolic", "diastolic", "expected"),
    [
        (58, 150, 88, "2"),
        (58, 146, 92, "2"),
        (58, 139, 89, "1"),
        (58, 140, 89, "2"),
        (58, 139, 90, "2"),
        (64, 140, 80, "2"),
        (64, 149, 80, "2"),
        (65, 149, 89, "1"),
        (65, 150, 89, "2"),
        (65, 149, 90, "2"),
        (68, 148, 84, "1"),
        (68, 148, 90, "2"),
        (68, 182, 95, "2"),
        (20, 139, 89, "1"),
    ],
)
def test_the_class_of_a_pressure(age: int, systolic: int, diastolic: int, expected: str) -> None:
    person = born(BORN_TO_BE.get(age, f"{2026 - age}-01-01"))
    found = told(FORM, {"systolic_bp": systolic, "diastolic_bp": diastolic}, resident=person)
    assert found.refusals == ()
    assert found.computed["followup_class"] == expected
    assert found.next_due_on == (IN_3_MONTHS if expected == "1" else IN_14_DAYS)


@pytest.mark.parametrize(
    ("systolic", "diastolic", "emergency"),
    [
        (179, 109, False),
        (180, 109, True),
        (179, 110, True),
        (182, 95, True),
        (300, 110, True),
        (181, 180, True),
    ],
)
@pytest.mark.parametrize("resident", [None, AGED_58, AGED_68])
def test_an_emergency_pressure_at_any_age(
    systolic: int, diastolic: int, resident: object, *, emergency: bool
) -> None:
    found = told(FORM, {"systolic_bp": systolic, "diastolic_bp": diastolic}, resident=resident)
    assert ("pressure-emergency" in kinds(found, "emergency")) is emergency
    assert found.computed.get("emergency", False) is emergency
    if emergency:
        assert found.findings[0].kind.value == "emergency"
        assert found.computed["referral_advised"] == "2"
        assert found.computed["referral_urgency"] == "emergency"
        assert found.next_due_on == IN_14_DAYS
        assert any("referral_advised" in finding.fields for finding in found.findings)


def test_an_emergency_keeps_the_class() -> None:
    found = told(FORM, {"systolic_bp": 182, "diastolic_bp": 95})
    assert found.computed["followup_class"] == "2"


@pytest.mark.parametrize("sign", [str(number) for number in range(1, 10)])
def test_any_sign_of_danger_is_an_emergency(sign: str) -> None:
    found = told(FORM, {"danger_signs": [sign]})
    assert kinds(found, "emergency") == ["danger-sign", "refer-urgently"]
    assert found.computed["followup_class"] == "1"
    assert found.next_due_on == IN_14_DAYS


@pytest.mark.parametrize("symptom", [str(number) for number in range(1, 11)])
def test_symptoms_that_resemble_danger_ask_and_do_not_force(symptom: str) -> None:
    found = told(FORM, {"symptoms": [symptom]})
    asks = symptom in {"2", "3", "4", "5", "6", "7", "10"}
    assert ("is-it-an-emergency" in kinds(found, "asking")) is asks
    assert kinds(found, "emergency") == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"complication": "2", "adverse_reaction": "2", "systolic_bp": 160}, "4"),
        ({"complication": "2"}, "4"),
        ({"complication": "1", "adverse_reaction": "2", "systolic_bp": 160}, "3"),
        ({"adverse_reaction": "2"}, "3"),
        ({"complication": "1"}, "1"),
    ],
)
def test_the_most_severe_class_holds(changes: dict[str, object], expected: str) -> None:
    found = told(FORM, changes)
    assert found.computed["followup_class"] == expected
    assert found.next_due_on == (IN_3_MONTHS if expected == "1" else IN_14_DAYS)
    assert (found.computed["referral_advised"] == "2") is (expected == "4")


@pytest.mark.parametrize(
    ("then", "now", "refer"),
    [
        ({}, {"systolic_bp": 150}, False),
        ({"systolic_bp": 150}, {"systolic_bp": 146}, True),
        ({"systolic_bp": 150}, {"adverse_reaction": "2"}, True),
        ({"adverse_reaction": "2"}, {"adverse_reaction": "2"}, True),
        ({"adverse_reaction": "2"}, {"systolic_bp": 150}, True),
        ({"complication": "2"}, {"systolic_bp": 150}, True),
        ({"complication": "2"}, {"adverse_reaction": "2"}, True),
        ({"complication": "2"}, {}, False),
        ({"systolic_bp": 150}, {}, False),
        ({"systolic_bp": 150, "followup_class": "1"}, {"systolic_bp": 146}, False),
        ({"followup_class": "2"}, {"systolic_bp": 146}, True),
    ],
)
def test_twice_running(then: dict[str, object], now: dict[str, object], *, refer: bool) -> None:
    found = told(FORM, now, earlier=[before(FORM, "2026-02-20", **then)])
    assert found.computed["referral_advised"] == ("2" if refer else "1")
    assert ("refer-second-time" in kinds(found, "advising")) is refer
    if refer:
        assert found.computed["referral_urgency"] == "advised"
        assert found.next_due_on == IN_14_DAYS
        assert "check-adherence" not in kinds(found, "advising")


def test_the_first_time_checks_adherence() -> None:
    assert kinds(told(FORM, {"systolic_bp": 150}), "advising") == ["check-adherence"]
    assert kinds(told(FORM, {"adverse_reaction": "2"}), "advising") == ["check-adherence"]
    assert told(FORM).findings == ()


@pytest.mark.parametrize(
    ("visit", "previous", "counts"),
    [
        ("2026-03-05", "2025-09-05", True),
        ("2026-03-05", "2025-09-04", False),
        ("2026-02-28", "2025-08-28", True),
        ("2026-02-28", "2025-08-27", False),
        ("2025-08-31", "2025-02-28", True),
        ("2026-03-05", "2026-03-04", True),
    ],
)
def test_the_previous_record_counts_up_to_six_months_back(visit: str, previous: str, *, counts: bool) -> None:
    found = told(
        FORM,
        {"service_date": visit, "systolic_bp": 150},
        earlier=[before(FORM, previous, systolic_bp=160)],
    )
    assert (found.computed["referral_advised"] == "2") is counts


def test_only_the_newest_earlier_record_is_the_previous_one() -> None:
    two = [before(FORM, "2026-02-20"), before(FORM, "2026-02-01", systolic_bp=160)]
    for earlier in (two, two[::-1]):
        assert told(FORM, {"systolic_bp": 150}, earlier=earlier).computed["referral_advised"] == "1"


def test_a_record_after_the_visit_is_not_earlier() -> None:
    earlier = [before(FORM, "2026-03-10", systolic_bp=160)]
    found = told(FORM, {"systolic_bp": 150}, earlier=earlier, today=datetime.date(2026, 4, 1))
    assert found.computed["referral_advised"] == "1"


def test_the_class_of_an_earlier_record_uses_the_age_of_that_day() -> None:
    earlier = [before(FORM, "2026-02-20", systolic_bp=145)]
    turned = told(FORM, {"systolic_bp": 155}, resident=born("1961-03-01"), earlier=earlier)
    assert turned.computed["referral_advised"] == "2"
    older = told(FORM, {"systolic_bp": 155}, resident=born("1961-02-01"), earlier=earlier)
    assert older.computed["referral_advised"] == "1"


def test_what_was_computed_when_an_earlier_record_was_signed_is_not_judged_anew() -> None:
    earlier = before(FORM, "2026-02-20", systolic_bp=160)
    for computed, advised in (({"followup_class": "1"}, "1"), ({"followup_class": "2"}, "2"), ({}, "2")):
        found = told(FORM, {"systolic_bp": 150}, earlier=[{**earlier, "computed": computed}])
        assert found.computed["referral_advised"] == advised


def test_without_a_birth_date_there_is_no_class_and_emergencies_still_fire() -> None:
    found = told(FORM, {"systolic_bp": 150, "complication": "2"}, resident=None)
    assert "followup_class" not in found.computed
    assert found.next_due_on is None
    assert "emergency" in told(FORM, {"systolic_bp": 180}, resident={}).computed


def test_a_reading_by_telephone_sets_no_class() -> None:
    found = told(FORM, {"visit_mode": "3", "systolic_bp": 150})
    assert found.refusals == ()
    assert "followup_class" not in found.computed
    assert "home-reading" in kinds(found, "advising")
    assert told(FORM, {"visit_mode": "3", "adverse_reaction": "2"}).computed["followup_class"] == "3"
    assert told(FORM, {"visit_mode": "2", "systolic_bp": 150}).computed["followup_class"] == "2"
    assert kinds(told(FORM, {"visit_mode": "3", "systolic_bp": 185}), "emergency")[0] == "pressure-emergency"


def test_by_telephone_nothing_is_demanded_that_only_staff_can_measure() -> None:
    nothing: dict[str, object] = {"systolic_bp": None, "diastolic_bp": None, "heart_rate": None}
    assert told(FORM, {"visit_mode": "3", **nothing}).refusals == ()
    assert refused(told(FORM, {"visit_mode": "2", **nothing})) == set(nothing)


@given(st.integers(40, 300), st.integers(20, 200), st.integers(0, 110))
def test_a_pressure_has_a_class_and_a_higher_one_never_a_better(
    systolic: int, diastolic: int, age: int
) -> None:
    def of(upper: int, lower: int) -> str:
        return str(
            hypertension.pressure_class(age=age, visit_mode="1", systolic_bp=upper, diastolic_bp=lower)
        )

    assert of(systolic, diastolic) in {"1", "2"}
    assert of(systolic, diastolic) <= of(systolic + 1, diastolic)
    assert of(systolic, diastolic) <= of(systolic, diastolic + 1)


@given(st.integers(40, 300), st.integers(20, 200), st.lists(st.sampled_from("123456789"), unique=True))
def test_whatever_is_computed_as_an_emergency_is_told_as_one(
    systolic: int, diastolic: int, signs: list[str]
) -> None:
    found = told(FORM, {"systolic_bp": systolic, "diastolic_bp": diastolic, "danger_signs": signs})
    assert bool(found.computed.get("emergency")) is bool(kinds(found, "emergency"))
