"""Self-care of older people (§6) and finding hypertension (§7.1)."""

from __future__ import annotations

import datetime
import itertools

import pytest

from saas.formkit.evaluating import Evaluation, evaluate
from saas.public_health.rules import elderly
from tests.support.filled import AGED_58, BY_CODE, kinds, refused

TODAY = datetime.date(2026, 3, 5)
ITEMS = ("meal", "grooming", "dressing", "toileting", "mobility")


def self_care(*levels: str | None, **more: object) -> Evaluation:
    answers = {"service_date": "2026-03-05", **dict(zip(ITEMS, levels, strict=True)), **more}
    return evaluate(BY_CODE["elderly_self_care"], answers, today=TODAY)


def test_the_example_of_the_specification() -> None:
    found = self_care("3", "2", "1", "2", "3")
    assert found.refusals == ()
    assert found.computed == {"self_care_score": 10, "self_care_level": "3"}


@pytest.mark.parametrize(
    ("levels", "score", "level"),
    [
        ("11111", 0, "1"),
        ("12122", 3, "1"),
        ("13121", 4, "2"),
        ("33121", 7, "2"),
        ("33122", 8, "2"),
        ("33321", 10, "3"),
        ("41311", 8, "2"),
        ("43321", 12, "3"),
        ("44331", 20, "4"),
        ("33333", 19, "4"),
        ("44444", 37, "4"),
    ],
)
def test_total_and_level(levels: str, score: int, level: str) -> None:
    found = self_care(*levels)
    assert found.computed == {"self_care_score": score, "self_care_level": level}
    assert ("visit-at-home" in kinds(found, "advising")) is (level == "4")


@pytest.mark.parametrize(
    ("total", "level"),
    [(0, "1"), (3, "1"), (4, "2"), (8, "2"), (9, "3"), (18, "3"), (19, "4"), (37, "4")],
)
def test_the_limits_of_the_levels(total: int, level: str) -> None:
    assert elderly.self_care_level(computed_self_care_score=total) == level


@pytest.mark.parametrize("item", ["meal", "dressing"])
def test_meal_and_dressing_have_no_mild_level(item: str) -> None:
    levels = dict.fromkeys(ITEMS, "1") | {item: "2"}
    found = self_care(*levels.values())
    assert refused(found) == {item}
    assert found.computed == {}


def test_while_an_item_is_missing_there_is_no_total() -> None:
    found = self_care("1", None, "1", "1", "1")
    assert refused(found) == {"grooming"}
    assert found.computed == {}
    excused = self_care("1", None, "1", "1", "1", missing_reason={"grooming": "refused"})
    assert excused.refusals == ()
    assert excused.computed == {}


def test_every_combination_has_a_level_and_more_help_never_a_lower_total() -> None:
    for levels in itertools.product("134", "1234", "134", "1234", "1234"):
        known = dict(zip(ITEMS, levels, strict=True))
        score = elderly.self_care_score(**known)
        assert score is not None
        assert 0 <= score <= 37
        for item, level in known.items():
            if level == "3":
                worse = elderly.self_care_score(**(known | {item: "4"}))
                assert worse is not None
                assert worse > score


def reading(systolic: int, diastolic: int, day: str = "2026-03-05", **more: object) -> dict[str, object]:
    answers = {"measured_at": f"{day} 09:30", "systolic": systolic, "diastolic": diastolic, **more}
    return {"service_date": day, "answers": answers}


def screened(*records: dict[str, object], resident: object = AGED_58) -> Evaluation:
    """The newest record with the others before it."""
    first, *earlier = records
    return evaluate(BY_CODE["bp_reading"], first["answers"], today=TODAY, resident=resident, earlier=earlier)


YOUNG = {"birth_date": "1986-01-01", "sex_code": "1"}


@pytest.mark.parametrize(
    ("systolic", "diastolic", "raised", "risk", "next_due"),
    [
        (129, 84, 0, False, None),
        (130, 84, 0, True, "2026-09-05"),
        (129, 85, 0, True, "2026-09-05"),
        (139, 89, 0, True, "2026-09-05"),
        (140, 89, 1, True, "2026-04-02"),
        (139, 90, 1, True, "2026-04-02"),
        (180, 90, 1, True, "2026-03-19"),
    ],
)
def test_one_reading(systolic: int, diastolic: int, raised: int, next_due: str | None, *, risk: bool) -> None:
    found = screened(reading(systolic, diastolic), resident=YOUNG)
    assert found.refusals == ()
    assert found.computed == {"raised_days": raised, "has_risk": risk}
    assert (str(found.next_due_on) if found.next_due_on else None) == next_due
    assert bool(kinds(found, "emergency")) is (systolic == 180)


def test_three_raised_days_make_it_probable() -> None:
    days = [reading(150, 88), reading(146, 92, "2026-02-26"), reading(142, 80, "2026-02-19")]
    assert kinds(screened(*days[:2]), "advising") == ["raised-recheck"]
    found = screened(*days)
    assert kinds(found, "advising") == ["probable-hypertension"]
    assert str(found.next_due_on) == "2026-03-19"


@pytest.mark.parametrize(
    "second",
    [
        reading(146, 92),
        reading(130, 80, "2026-02-26"),
        reading(146, 92, "2026-02-26", place="home"),
    ],
)
def test_the_same_day_a_normal_day_and_readings_at_home_do_not_count(second: dict[str, object]) -> None:
    found = screened(reading(150, 88), second, reading(142, 80, "2026-02-19"))
    assert kinds(found, "advising") == ["raised-recheck"]


def test_a_reading_at_home_does_not_classify() -> None:
    found = screened(reading(150, 88, place="home"), resident=YOUNG)
    assert found.computed == {"has_risk": False}
    assert kinds(found, "advising") == ["home-raised"]
    assert found.next_due_on is None


@pytest.mark.parametrize(("born", "risk"), [("1971-03-06", False), ("1971-03-05", True)])
def test_from_55_years_on_it_is_measured_half_yearly(born: str, *, risk: bool) -> None:
    found = screened(reading(120, 80), resident={"birth_date": born})
    assert found.computed["has_risk"] is risk
    assert kinds(found, "advising") == (["risk-half-yearly"] if risk else [])


REGISTERED: dict[str, object] = {
    "confirmed_on": "2026-02-01",
    "confirmed_by": "县人民医院",
    "primary": True,
    "enrolled_on": "2026-03-01",
    "consent": True,
}


@pytest.mark.parametrize(
    ("changes", "fields", "code"),
    [
        ({}, set(), None),
        ({"consent": False}, {"consent"}, "no-consent"),
        ({"enrolled_on": "2026-01-31"}, {"enrolled_on"}, "enrolled-before-confirmed"),
        ({"ended_on": "2026-02-28", "end_reason": "moved"}, {"ended_on"}, "ended-before-enrolled"),
        ({"ended_on": "2026-03-02"}, {"end_reason"}, None),
        ({"primary": False}, set(), "refer-secondary"),
        (
            {"target_systolic": "85", "target_diastolic": "130"},
            {"target_systolic", "target_diastolic"},
            "pressures-swapped",
        ),
        ({"consent": "yes"}, {"consent"}, None),
    ],
)
def test_registration(changes: dict[str, object], fields: set[str], code: str | None) -> None:
    form = BY_CODE["hypertension_registration"]
    found = evaluate(form, REGISTERED | changes, today=TODAY, resident=AGED_58)
    assert refused(found) == fields
    assert [finding.code for finding in found.findings] == ([code] if code else [])


@pytest.mark.parametrize(("born", "asks"), [("1991-03-02", True), ("1991-03-01", False)])
def test_enrolment_below_35_asks(born: str, *, asks: bool) -> None:
    form = BY_CODE["hypertension_registration"]
    found = evaluate(form, REGISTERED, today=TODAY, resident={"birth_date": born})
    assert kinds(found, "asking") == (["under-35"] if asks else [])
