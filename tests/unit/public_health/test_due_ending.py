"""Contact that ends, services that are declined, and what a new computation writes."""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from saas.public_health.rules import offers
from saas.public_health.rules.due import changes, due_items
from saas.public_health.rules.due_facts import Person, SignedRecord, State
from tests.support.duties import day, enrolled, exam, followup, items, person, reading, record, the

TODAY = day("2026-06-30")
VISITS = [followup("2026-03-05")]


@pytest.mark.parametrize(
    ("standing", "state"),
    [("moved", State.MOVED), ("died", State.DIED), ("left", State.NOT_APPLICABLE)],
)
def test_duties_stand_as_on_the_day_of_leaving_and_are_closed_with_the_reason(
    standing: str, state: State
) -> None:
    gone = person("1958-05-07", standing, "2026-04-01")
    found = [one for one in due_items(gone, [enrolled()], VISITS, TODAY) if one.done_on is None]
    assert {one.event_code for one in found} == {
        "ht_followup", "ht_annual_exam", "elderly_annual", "dm_high_risk_screen",
    }  # fmt: skip
    assert {(one.state, one.reason) for one in found} == {(state, standing)}
    years_later = due_items(gone, [enrolled()], VISITS, day("2028-06-30"))
    assert {one.identity for one in years_later} == {
        one.identity for one in due_items(gone, [enrolled()], VISITS, TODAY)
    }


def test_a_day_of_leaving_that_lies_ahead_changes_nothing_yet() -> None:
    gone = person("1958-05-07", "moved", "2026-07-01")
    here = person("1958-05-07")
    assert due_items(gone, [enrolled()], VISITS, TODAY) == due_items(here, [enrolled()], VISITS, TODAY)


def test_a_death_told_by_a_record_closes_everything() -> None:
    told = [*VISITS, followup("2026-06-01", death_date="2026-05-20")]
    found = [one for one in due_items(person(), [enrolled()], told, TODAY) if one.done_on is None]
    assert {one.state for one in found} == {State.DIED}
    assert len(found) >= 2


@pytest.mark.parametrize("standing", ["merged", "undone"])
def test_a_row_that_is_no_person_is_owed_nothing(standing: str) -> None:
    assert due_items(Person(day("1950-01-01"), standing=standing), [enrolled()], VISITS, TODAY) == []


def test_who_is_not_here_needs_a_day() -> None:
    with pytest.raises(ValueError, match="needs its day"):
        Person(standing="moved")


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        ("died", State.DIED),
        ("moved", State.MOVED),
        ("withdrawn", State.DECLINED),
        ("lost", State.NOT_APPLICABLE),
        ("not_confirmed", State.NOT_APPLICABLE),
    ],
)
def test_an_ended_programme_closes_its_duties_with_the_reason(reason: str, state: State) -> None:
    ended = enrolled(ended="2026-06-10", reason=reason)
    one = the(person(), [ended], VISITS, "2026-06-30", "ht_followup")
    assert (one.cycle, one.state, one.reason) == ("2026-03-05", state, reason)
    running = the(person(), [ended], VISITS, "2026-06-09", "ht_followup")
    assert running.state is State.OVERDUE
    assert items(person(), [ended], VISITS, "2027-08-01", "ht_followup") == []


def test_who_comes_back_into_the_programme_is_owed_the_year_again() -> None:
    twice = [enrolled(ended="2026-02-10", reason="lost"), enrolled(on="2026-05-01")]
    one = the(person(), twice, [], "2026-06-30", "ht_annual_exam")
    assert (one.cycle, one.state) == ("2026", State.DUE)


def test_a_person_lost_all_year_is_still_owed_the_visit() -> None:
    lost = [followup("2025-06-30", lost_reason="another town")]
    one = the(person(), [enrolled()], lost, "2026-06-30", "ht_followup")
    assert (one.state, one.reason, one.overdue_on) == (State.OVERDUE, "contact_lost", day("2025-10-01"))


@pytest.mark.parametrize(
    ("today", "later", "state"),
    [
        ("2026-03-01", [], State.DECLINED),
        ("2027-02-28", [], State.DECLINED),
        ("2027-03-01", [], State.DUE),
        ("2026-12-01", [exam("2026-05-05", exam_complete=False)], State.DUE),
    ],
)
def test_a_declined_service_is_not_offered_for_twelve_months(
    today: str, later: list[SignedRecord], state: State
) -> None:
    said = record("service_declined", "2026-03-01", event_code="elderly_annual")
    older = person("1958-05-07")
    assert the(older, [], [said, *later], today, "elderly_annual").state is state
    assert the(older, [], [said, *later], today, "bp_screen_35").state is State.DUE


def test_a_pressure_that_was_not_wished_declines_the_reading_only() -> None:
    refused = record("bp_reading", "2026-03-01", missing_reason={"systolic": "refused"})
    one = the(person("1985-06-15"), [], [refused], "2026-06-30", "bp_screen_35")
    assert (one.state, one.reason) == (State.DECLINED, "declined")
    not_done = record("bp_reading", "2026-03-01", missing_reason={"systolic": "not_done"})
    assert the(person("1985-06-15"), [], [not_done], "2026-06-30", "bp_screen_35").state is State.DUE
    read = [refused, reading("2026-03-02", 120, 70)]
    assert [one.state for one in items(person("1985-06-15"), [], read, "2026-06-30", "bp_screen_35")] == [
        State.DONE
    ]


def test_withdrawing_from_the_service_of_older_people_declines_it_for_a_year() -> None:
    left = enrolled("elderly", "2025-01-01", "2026-03-01", "withdrawn")
    older = person("1958-05-07")
    assert the(older, [left], [], "2026-12-31", "elderly_annual").state is State.DECLINED
    assert the(older, [left], [], "2027-03-01", "elderly_annual").state is State.DUE


def test_what_is_computed_is_written_once() -> None:
    before = due_items(person(), [enrolled()], VISITS, TODAY)
    first = changes([], before, TODAY)
    assert (first.added, first.changed) == (tuple(before), ())
    assert not changes(before, before, TODAY)


def test_a_visit_changes_its_rows_only() -> None:
    before = due_items(person(), [enrolled()], VISITS, TODAY)
    after = due_items(person(), [enrolled()], [*VISITS, followup("2026-06-30")], TODAY)
    written = changes(before, after, TODAY)
    assert [one.identity for one in written.added] == [("ht_followup", "2026-06-30")]
    assert [(one.identity, one.state) for one in written.changed] == [
        (("ht_followup", "2026-03-05"), State.DONE)
    ]


def test_what_is_no_longer_owed_is_closed_and_what_is_closed_stays() -> None:
    whom = person("1985-06-15")
    stored = due_items(whom, [], [reading("2025-05-05", 120, 70)], TODAY)
    (done, owed) = sorted(stored, key=lambda one: one.cycle)
    assert (done.state, owed.state) == (State.DONE, State.DUE)
    born_later = due_items(dataclasses.replace(whom, born=day("2000-01-01")), [], [], TODAY)
    (gone,) = changes(stored, born_later, TODAY).changed
    assert (gone.identity, gone.state, gone.reason) == (owed.identity, State.NOT_APPLICABLE, "no_longer_owed")
    next_year = day("2027-01-01")
    written = changes(stored, due_items(whom, [], [], next_year), next_year)
    assert [(one.cycle, one.reason) for one in written.changed] == [("2026", "window_passed")]
    assert [one.cycle for one in written.added] == ["2027"]


@pytest.mark.parametrize(
    ("event", "today", "offered"),
    [
        ("elderly_annual", "2027-02-28", False),
        ("elderly_annual", "2027-03-01", True),
        ("bp_screen_35", "2026-03-02", True),
    ],
)
def test_a_declined_service_is_not_offered_as_a_programme_either(
    event: str, today: str, *, offered: bool
) -> None:
    said = record("service_declined", "2026-03-01", event_code=event)
    found = offers.offers(person("1958-05-07"), [said], datetime.date.fromisoformat(today))
    assert ("elderly" in found) is offered
