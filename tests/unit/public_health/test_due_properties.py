"""What holds of the due engine for every person, whatever was recorded."""

from __future__ import annotations

import dataclasses
import datetime
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from saas.public_health.rules import worklist
from saas.public_health.rules.due import REASONS, changes, closed_by_visit, due_items
from saas.public_health.rules.due_facts import DueItem, Enrolment, Person, SignedRecord, State
from saas.public_health.rules.due_table import rules
from tests.support.duties import DAYS, LAST, cases, enrolments, people, records

Case = tuple[Person, list[Enrolment], list[SignedRecord], datetime.date]
BLAMING = {"refused", "failed", "failing", "defaulter", "noncompliant", "neglected", "absent", "late", "bad"}
QUICK = settings(max_examples=40, deadline=None)


def open_items(found: list[DueItem]) -> dict[tuple[str, str], DueItem]:
    return {one.identity: one for one in found if one.state.is_open}


@QUICK
@given(cases())
def test_computing_again_changes_nothing(case: Case) -> None:
    found = due_items(*case)
    assert due_items(*case) == found
    assert not changes(found, due_items(*case), case[3])


@QUICK
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_what_is_given_does_not_matter(case: Case, chance: random.Random) -> None:
    person, programmes, signed, today = case
    mixed, shuffled = list(programmes), list(signed)
    chance.shuffle(mixed)
    chance.shuffle(shuffled)
    assert due_items(person, mixed, shuffled, today) == due_items(*case)


@QUICK
@given(cases())
def test_no_two_items_share_event_and_cycle_and_their_days_are_in_order(case: Case) -> None:
    found = due_items(*case)
    assert len({one.identity for one in found}) == len(found)
    for one in found:
        assert one.window_start <= one.due_on < one.overdue_on or one.due_on == datetime.date.max
        assert (one.done_on is not None) == (one.state is State.DONE)
        assert one.closed_by == rules()[one.event_code].closed_by
        assert one.done_on is None or one.done_on <= case[3]
        assert one.reason
    followups = [one for one in found if one.state.is_open and one.event_code != "referral_followup"]
    assert len({one.event_code for one in followups}) == len(followups)


@QUICK
@given(cases())
def test_the_state_of_an_open_item_says_where_today_lies(case: Case) -> None:
    for one in open_items(due_items(*case)).values():
        assert (one.state is State.UPCOMING) == (case[3] < one.window_start)
        assert (one.state is State.OVERDUE) == (case[3] >= one.overdue_on)


@QUICK
@given(
    people(("here",)), st.lists(enrolments(), max_size=3), st.lists(records(), max_size=10), DAYS, st.data()
)
def test_a_visit_today_never_makes_anything_more_overdue(
    person: Person,
    programmes: list[Enrolment],
    signed: list[SignedRecord],
    today: datetime.date,
    data: st.DataObject,
) -> None:
    visit = data.draw(records(st.just(today)))
    before = open_items(due_items(person, programmes, signed, today))
    after = open_items(due_items(person, programmes, [*signed, visit], today))
    for identity, one in after.items():
        if one.state is State.OVERDUE:
            assert before[identity].overdue_on <= one.overdue_on


@QUICK
@given(
    people(("here",)), st.lists(enrolments(), max_size=3), st.lists(records(), max_size=10), DAYS, st.data()
)
def test_what_a_visit_closes_was_open_and_is_done_by_it(
    person: Person,
    programmes: list[Enrolment],
    signed: list[SignedRecord],
    today: datetime.date,
    data: st.DataObject,
) -> None:
    visit = data.draw(records(st.just(today)))
    before = open_items(due_items(person, programmes, signed, today))
    closed = closed_by_visit(person, programmes, signed, [visit], today)
    for one in closed:
        assert one.identity in before
        assert visit.form_code in one.closed_by
        assert (one.done_by, one.done_on) == (visit.key, today)


@QUICK
@given(cases(), st.lists(st.integers(1, 200), max_size=6))
def test_stored_items_follow_day_by_day_and_recomputing_writes_nothing_more(
    case: Case, steps: list[int]
) -> None:
    person, programmes, signed, today = case
    stored: dict[tuple[str, str], DueItem] = {}
    for step in [0, *steps]:
        today = min(today + datetime.timedelta(days=step), LAST)
        wanted = due_items(person, programmes, signed, today)
        written = changes(stored.values(), wanted, today)
        stored |= {one.identity: one for one in (*written.added, *written.changed)}
        assert not changes(stored.values(), wanted, today)
        assert open_items(list(stored.values())) == open_items(wanted)


@QUICK
@given(cases())
def test_who_has_gone_is_owed_nothing(case: Case) -> None:
    person, programmes, signed, today = case
    if person.standing_on is not None and person.standing_on <= today:
        assert open_items(due_items(person, programmes, signed, today)) == {}


@QUICK
@given(cases())
def test_every_reason_is_on_the_list_of_reasons(case: Case) -> None:
    assert {one.reason for one in due_items(*case)} <= set(REASONS)


def test_names_of_reasons_filters_and_states_blame_nobody() -> None:
    said = {*REASONS, *worklist.FILTERS, *worklist.RANKS, *State}
    assert [word for word in said if BLAMING & set(word.split("_"))] == []


@QUICK
@given(cases())
def test_sex_changes_no_duty_of_programmes(case: Case) -> None:
    person, programmes, signed, today = case
    other = dataclasses.replace(person, sex_code="1" if person.sex_code == "2" else "2")
    mine = {
        one for one in due_items(*case) if one.event_code in {"ht_followup", "dm_followup", "elderly_annual"}
    }
    theirs = {
        one
        for one in due_items(other, programmes, signed, today)
        if one.event_code in {"ht_followup", "dm_followup", "elderly_annual"}
    }
    assert mine == theirs
