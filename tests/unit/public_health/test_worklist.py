"""The list of today: order, reasons, filters, the walk (§0.5, rights N2 and I10)."""

from __future__ import annotations

import datetime
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saas.public_health.rules import worklist
from saas.public_health.rules.due import due_items
from saas.public_health.rules.due_facts import Enrolment, Person, SignedRecord
from saas.public_health.rules.worklist import Line
from tests.support.duties import cases, day, enrolled, followup, person, reading

Case = tuple[Person, list[Enrolment], list[SignedRecord], datetime.date]
TODAY, HT = day("2026-06-30"), enrolled()


def line_of(
    number: str, *records: SignedRecord, born: str = "1985-05-07", enrolments: tuple[Enrolment, ...] = (HT,)
) -> Line:
    found = worklist.line(number, number, due_items(person(born), enrolments, records, TODAY), TODAY)
    assert found is not None
    return found


URGENT = line_of("5", followup("2026-06-25", referral_advised="2", referral_urgency="emergency"))
REFERRED = line_of("4", followup("2026-06-25", referral_advised="2"))
RECHECK = line_of("3", followup("2026-06-18", "2"))
LONG_OWED = line_of("2", followup("2025-06-18"))
OWED = line_of("1", followup("2026-03-18"))
LATER = line_of("0", followup("2026-06-18"))
RAISED = line_of("6", reading("2026-06-20", 150, 95), enrolments=())
YEARLY = line_of("7", enrolments=())
EVERYBODY = [YEARLY, LATER, OWED, RAISED, LONG_OWED, RECHECK, REFERRED, URGENT]


def test_clinical_urgency_comes_first_then_days() -> None:
    found = worklist.chosen(EVERYBODY, "all", TODAY)
    assert [one.person for one in found] == ["5", "4", "3", "6", "2", "1", "0", "7"]


@pytest.mark.parametrize(
    ("line", "first"),
    [
        (URGENT, ("referral_emergency", "referral_emergency")),
        (REFERRED, ("referral", "referral_advised")),
        (RECHECK, ("recheck", "recheck_not_controlled")),
        (RAISED, ("recheck", "raised_reading")),
        (YEARLY, ("other", "missed_last_year")),
    ],
)
def test_a_line_says_why_it_stands_where_it_stands(line: Line, first: tuple[str, str]) -> None:
    said = worklist.why(line)
    assert set(first) <= set(said)
    assert said[0] == first[0]


@pytest.mark.parametrize(
    ("code", "people"),
    [
        ("owed", "21"),
        ("now", "01234567"),
        ("later", "540"),
        ("this_week", "321"),
        ("referred", "54"),
        ("recheck", "36"),
        ("hypertension", "543210"),
        ("diabetes", ""),
        ("older", ""),
        ("exam", "543210"),
        ("pressure", "67"),
        ("first_visit", ""),
        ("contact_lost", ""),
    ],
)
def test_filters_speak_the_doctors_words(code: str, people: str) -> None:
    found = worklist.chosen(EVERYBODY, code, TODAY)
    assert {one.person for one in found} == set(people)


def test_an_unknown_filter_is_an_error_and_every_code_has_its_filter() -> None:
    assert list(worklist.filters(TODAY)) == list(worklist.FILTERS)
    with pytest.raises(KeyError):
        worklist.chosen(EVERYBODY, "ethnicity", TODAY)


def test_days_owed_begin_after_the_day() -> None:
    (visit,) = (one for one in OWED.items if one.event_code == "ht_followup")
    assert visit.due_on == day("2026-06-18")
    days = [worklist.days_owed(visit, day(on)) for on in ("2026-06-18", "2026-06-19", "2026-06-30")]
    assert days == [0, 1, 12]


def test_nobody_stands_on_the_list_for_nothing() -> None:
    assert worklist.line("1", "1", [], TODAY) is None


@settings(max_examples=20, deadline=None)
@given(st.lists(cases(), max_size=3), st.randoms(use_true_random=False))
def test_the_order_is_total_and_independent_of_the_order_given(
    people: list[Case], chance: random.Random
) -> None:
    lines = [
        line
        for number, (whom, programmes, signed, _) in enumerate(people)
        if (line := worklist.line(str(number), "", due_items(whom, programmes, signed, TODAY), TODAY))
    ]
    shuffled = list(lines)
    chance.shuffle(shuffled)
    assert worklist.chosen(shuffled, "all", TODAY) == worklist.chosen(lines, "all", TODAY)
    assert all(one.state.is_open for line in lines for one in line.items)


def test_a_walk_passes_house_9_before_house_10() -> None:
    houses = [
        ("B", "Bazar 10", "1"),
        ("B", "Bazar  9", "2"),
        ("A", "Zar 1", "3"),
        ("B", "", "4"),
        ("10", "", "5"),
    ]
    found = sorted(houses, key=lambda house: worklist.walk_key(*house))
    assert [number for _, _, number in found] == ["3", "4", "2", "1", "5"]
