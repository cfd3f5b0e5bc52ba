"""Rates by site and altogether, percentages, definitions, and counts of health education (§16, §2, §19)."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saas.public_health.rules import indicators
from saas.public_health.rules.due_facts import Enrolment, Person, SignedRecord
from saas.public_health.rules.indicators import Rate, percent, rates
from saas.public_health.rules.indicators_education import education_counts
from saas.public_health.rules.indicators_facts import Facts, Period, Population, year
from saas.public_health.rules.indicators_table import definitions
from tests.support.duties import (
    DAYS,
    day,
    enrolled,
    enrolments,
    facts,
    followup,
    people,
    person,
    record,
    records,
)

YEAR = year(2026)


def the(found: list[Rate], code: str, site: str) -> Rate:
    return next(one for one in found if (one.indicator_code, one.site) == (code, site))


def test_record_rates_stand_on_the_typed_population() -> None:
    north = [
        dataclasses.replace(facts(person(), [], [], made="2020-01-01"), key=str(number))
        for number in range(3)
    ]
    paper = dataclasses.replace(north[0], key="paper", is_electronic=False)
    without = dataclasses.replace(north[0], key="none", record_made_on=None)
    gone = dataclasses.replace(north[0], key="gone", person=person("1970-05-07", "moved", "2026-05-01"))
    typed = [Population("north", 2026, 8, "statistics office", day("2026-03-01"))]
    found = rates([*north, paper, without, gone], typed, YEAR)
    record_rate = the(found, "record_rate", "north")
    assert (record_rate.numerator, record_rate.denominator, record_rate.percent) == (4, 8, Decimal("50.0"))
    assert [one.key for one in record_rate.missing] == ["none"]
    electronic = the(found, "electronic_record_rate", "")
    assert (electronic.numerator, electronic.denominator) == (3, 8)
    other_year = rates(north, typed, year(2027))
    assert the(other_year, "record_rate", "north").percent is None
    two_sites = rates([*north, dataclasses.replace(paper, site="south")], typed, YEAR)
    assert the(two_sites, "record_rate", "").denominator is None
    assert the(two_sites, "record_rate", "south").denominator is None


def test_lost_all_year_stays_in_the_denominator_and_nobody_is_a_dash() -> None:
    found = rates([facts(person(), [enrolled()], [])], [], YEAR)
    control = the(found, "ht_control_rate", "north")
    assert (control.numerator, control.denominator, control.percent) == (0, 1, Decimal("0.0"))
    assert control.missing[0].reasons == ("no_followup",)
    empty = the(found, "dm_control_rate", "north")
    assert (empty.denominator, empty.percent) == (0, None)


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [
        (0, 0, None),
        (3, None, None),
        (0, 7, "0.0"),
        (1, 3, "33.3"),
        (2, 3, "66.7"),
        (1, 2000, "0.1"),
        (1, 2001, "0.0"),
        (49, 54, "90.7"),
        (48, 54, "88.9"),
        (7, 7, "100.0"),
        (1, 400, "0.3"),
    ],
)
def test_percent_has_one_decimal_and_halves_go_up(
    numerator: int, denominator: int | None, expected: str | None
) -> None:
    assert percent(numerator, denominator) == (None if expected is None else Decimal(expected))


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_percent_is_the_nearest_tenth(numerator: int, denominator: int) -> None:
    found = percent(numerator, denominator)
    assert found is not None
    assert abs(found * denominator - 100 * numerator) * 20 <= denominator


def test_every_definition_has_its_rule_and_every_rule_its_definition() -> None:
    newest = {(code, one.version) for code, one in definitions().items() if one.is_rate}
    assert newest <= set(indicators.RULES)
    assert {code for code, _ in indicators.RULES} == {code for code, _ in newest}
    assert all(one.name_en and one.source and one.certainty for one in definitions().values())
    counts = {code: set(one) for code, one in education_counts([], YEAR).items()}
    assert counts == {code: set(one.measures) for code, one in definitions().items() if not one.is_rate}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(people(), st.lists(enrolments(), max_size=3), st.lists(records(), max_size=6), DAYS),
        max_size=4,
    )
)
def test_sites_add_up_and_missing_people_are_the_rest(
    drawn: list[tuple[Person, list[Enrolment], list[SignedRecord], object]],
) -> None:
    everybody = [
        Facts(str(number), "ab"[number % 2], whom, tuple(programmes), tuple(signed), day("2024-01-01"))
        for number, (whom, programmes, signed, _) in enumerate(drawn)
    ]
    found = rates(everybody, [], YEAR)
    for one in found:
        assert {reason for each in one.missing for reason in each.reasons} <= set(indicators.MISSING_CODES)
        if one.indicator_code not in indicators.BY_POPULATION:
            assert one.denominator == one.numerator + len(one.missing)
    for code in {one.indicator_code for one in found}:
        sites = [one for one in found if one.indicator_code == code and one.site]
        assert the(found, code, "").numerator == sum(one.numerator for one in sites)
    assert rates(list(reversed(everybody)), [], YEAR) == found


def activity(on: str, **answers: object) -> SignedRecord:
    return record("health_education_activity", on, **answers)


def test_education_is_counted_in_numbers_and_what_is_not_typed_is_not_zero() -> None:
    held = [
        activity("2026-01-01", form="print", topic="salt", material_copies=100),
        activity("2026-02-01", form="print", topic="salt", material_copies="50"),
        activity("2026-02-02", form="print", topic="tobacco"),
        activity("2026-03-01", form="audio_visual", topic="salt"),
        activity("2026-04-01", form="board", board_no="1"),
        activity("2026-06-01", form="board", board_no="1"),
        activity("2026-07-01", form="lecture", audience_count=31),
        activity("2026-08-01", form="consultation", audience_count="20"),
        activity("2025-12-31", form="lecture", audience_count=99),
        followup("2026-01-01"),
    ]
    assert education_counts(held, YEAR) == {
        "edu_print_kinds": {"kinds": 2, "copies": 150},
        "edu_av_count": {"kinds": 1, "times": 1, "hours": None},
        "edu_board_updates": {"boards": 1, "updates": 2},
        "edu_events": {"events": 2, "participants": 51},
    }
    hours = education_counts([activity("2026-03-01", form="audio_visual", duration_minutes=90)], YEAR)
    assert hours["edu_av_count"]["hours"] == Decimal("1.5")
    assert education_counts([], YEAR)["edu_events"] == {"events": 0, "participants": 0}


@pytest.mark.parametrize(("start", "end"), [("2026-05-01", "2026-04-30"), ("2026-12-01", "2027-01-31")])
def test_a_period_lies_within_one_year(start: str, end: str) -> None:
    with pytest.raises(ValueError, match="within one calendar year"):
        Period(day(start), day(end))
