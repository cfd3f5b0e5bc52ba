"""Type 2 diabetes follow-up: the rules at every boundary (§8.2), the examples (§19) and readings (§19a)."""

from __future__ import annotations

import datetime
import decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas.public_health.rules import diabetes
from tests.support.filled import before, kinds, refused, told

FORM = "dm_followup"
IN_14_DAYS = datetime.date(2026, 3, 19)
IN_3_MONTHS = datetime.date(2026, 6, 5)


@pytest.mark.parametrize(
    ("glucose", "expected", "emergency"),
    [
        ("0.5", "1", "glucose-low"),
        ("3.9", "1", "glucose-low"),
        ("3.91", "1", None),
        ("4.0", "1", None),
        ("6.9", "1", None),
        ("6.99", "1", None),
        ("7.0", "2", None),
        ("16.69", "2", None),
        ("16.7", "2", "glucose-high"),
        ("80", "2", "glucose-high"),
    ],
)
def test_fasting_glucose(glucose: str, expected: str, emergency: str | None) -> None:
    found = told(FORM, {"fasting_glucose": glucose}, resident=None)
    assert found.refusals == ()
    assert found.computed["followup_class"] == expected
    assert kinds(found, "emergency") == ([emergency, "refer-urgently"] if emergency else [])
    late = expected == "1" and emergency is None
    assert found.next_due_on == (IN_3_MONTHS if late else IN_14_DAYS)


@pytest.mark.parametrize(
    ("glucose", "impaired"), [("6.09", False), ("6.1", True), ("6.99", True), ("7", False)]
)
def test_impaired_fasting_glucose(glucose: str, *, impaired: bool) -> None:
    assert ("glucose-impaired" in kinds(told(FORM, {"fasting_glucose": glucose}), "advising")) is impaired


@pytest.mark.parametrize(("glucose", "advised"), [("13.89", False), ("13.9", True), ("16.7", True)])
def test_ketones(glucose: str, *, advised: bool) -> None:
    assert ("consider-ketones" in kinds(told(FORM, {"fasting_glucose": glucose}), "advising")) is advised


@pytest.mark.parametrize(
    ("changes", "emergency"),
    [
        ({"systolic_bp": 179, "diastolic_bp": 109}, False),
        ({"systolic_bp": 180}, True),
        ({"diastolic_bp": 110}, True),
        ({"body_temperature": "39.0"}, False),
        ({"body_temperature": "39.1"}, True),
        ({"heart_rate": 150}, False),
        ({"random_glucose": "20"}, False),
        ({"random_glucose": "3.0"}, False),
        *[({"danger_signs": [str(sign)]}, True) for sign in range(1, 17)],
    ],
)
def test_other_emergencies(changes: dict[str, object], *, emergency: bool) -> None:
    found = told(FORM, changes)
    assert bool(kinds(found, "emergency")) is emergency
    assert bool(found.computed.get("emergency")) is emergency
    assert found.computed["followup_class"] == "1"
    assert found.next_due_on == (IN_14_DAYS if emergency else IN_3_MONTHS)


def test_pressure_is_no_part_of_the_class() -> None:
    assert told(FORM, {"systolic_bp": 170, "diastolic_bp": 100}).computed["followup_class"] == "1"


@pytest.mark.parametrize(("rate", "asks"), [(100, False), (101, True)])
def test_a_fast_heart_asks(rate: int, *, asks: bool) -> None:
    assert ("heart-fast" in kinds(told(FORM, {"heart_rate": rate}), "asking")) is asks


@pytest.mark.parametrize(
    ("symptoms", "asks"),
    [
        (["1"], False), (["2"], False), (["3"], False), (["4"], False), (["2", "4"], True), (["5"], True),
        (["6"], True), (["7"], False), (["8"], False), (["9"], False), (["10"], True), (["2", "3"], False),
    ],
)  # fmt: skip
def test_symptoms_that_resemble_danger_ask(symptoms: list[str], *, asks: bool) -> None:
    found = told(FORM, {"symptoms": symptoms})
    assert ("is-it-an-emergency" in kinds(found, "asking")) is asks
    assert kinds(found, "emergency") == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"complication": "2", "adverse_reaction": "2", "fasting_glucose": "9"}, "4"),
        ({"adverse_reaction": "2", "fasting_glucose": "9"}, "3"),
        ({"hypoglycaemia": "3"}, "3"),
        ({"hypoglycaemia": "2"}, "1"),
        ({"hypoglycaemia": "2", "fasting_glucose": "9"}, "2"),
    ],
)
def test_the_most_severe_class_holds(changes: dict[str, object], expected: str) -> None:
    assert told(FORM, changes).computed["followup_class"] == expected


@pytest.mark.parametrize(
    ("then", "now", "refer"),
    [
        ({}, {"fasting_glucose": "8"}, False),
        ({"fasting_glucose": "8"}, {"fasting_glucose": "7"}, True),
        ({"adverse_reaction": "2"}, {"hypoglycaemia": "3"}, True),
        ({"fasting_glucose": "8"}, {}, False),
        ({}, {"complication": "2"}, True),
    ],
)
def test_twice_running(then: dict[str, object], now: dict[str, object], *, refer: bool) -> None:
    found = told(FORM, now, earlier=[before(FORM, "2025-12-20", **then)])
    assert found.computed["referral_advised"] == ("2" if refer else "1")
    assert found.next_due_on == (IN_14_DAYS if now else IN_3_MONTHS)


@pytest.mark.parametrize("pulse", ["2", "3"])
def test_a_weak_foot_pulse_is_referred_and_the_visit_follows_the_class(pulse: str) -> None:
    found = told(FORM, {"dorsalis_pedis": pulse, "dorsalis_pedis_side": "left"})
    assert found.refusals == ()
    assert found.computed["referral_advised"] == "2"
    assert found.computed["referral_urgency"] == "advised"
    assert found.next_due_on == IN_3_MONTHS
    pointed = [finding for finding in found.findings if "referral_advised" in finding.fields]
    assert [finding.code for finding in pointed] == ["foot-pulse"]
    assert refused(told(FORM, {"dorsalis_pedis": pulse})) == {"dorsalis_pedis_side"}


def test_a_missing_foot_pulse_does_not_hide_a_referral() -> None:
    reason = {"dorsalis_pedis": None, "missing_reason": {"dorsalis_pedis": "refused"}}
    assert told(FORM, {"complication": "2", **reason}).computed["referral_advised"] == "2"


def test_by_telephone_the_own_meter_classifies_and_is_marked() -> None:
    found = told(FORM, {"visit_mode": "3", "fasting_glucose": "7.5"})
    assert found.computed["followup_class"] == "2"
    assert "own-meter" in kinds(found, "advising")
    nothing: dict[str, object] = dict.fromkeys(
        ("systolic_bp", "diastolic_bp", "fasting_glucose", "dorsalis_pedis")
    )
    empty = told(FORM, {"visit_mode": "3", **nothing})
    assert empty.refusals == ()
    assert "followup_class" not in empty.computed
    assert empty.next_due_on is None
    assert refused(told(FORM, nothing)) == set(nothing)


def test_glucose_has_two_decimals_and_no_more() -> None:
    assert refused(told(FORM, {"fasting_glucose": "6.955"})) == {"fasting_glucose"}
    assert told(FORM, {"fasting_glucose": 6.95}).refusals == ()


def test_without_an_answer_about_reactions_the_class_waits() -> None:
    unknown = {"hypoglycaemia": None, "missing_reason": {"hypoglycaemia": "unknown"}}
    assert "followup_class" not in told(FORM, unknown).computed


@given(st.decimals("0.5", "80", places=2))
def test_glucose_is_high_low_or_neither_and_has_one_class(glucose: decimal.Decimal) -> None:
    assert not (diabetes.is_high(glucose) and diabetes.is_low(glucose))
    expected = "2" if glucose >= 7 else "1"
    assert diabetes.glucose_class(fasting_glucose=glucose) == expected
