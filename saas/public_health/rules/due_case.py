"""One person's case on one day, and how a duty of the clinic is made from it."""

from __future__ import annotations

import dataclasses
import datetime
import operator
import typing

from saas.public_health.rules import due_days
from saas.public_health.rules.due_facts import DueItem, Enrolment, Person, SignedRecord, State
from saas.public_health.rules.due_table import HISTORY_DAYS, Rule

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MISSED = {"year": "missed_last_year", "quarter": "missed_last_quarter"}
"""Reasons when the clinic did not give the service in the window before."""
_ORDER = operator.attrgetter("service_date", "form_code", "key")


@dataclasses.dataclass(frozen=True, slots=True)
class Case:
    """A person with her programmes and records, oldest first and none later than ``today``."""

    person: Person
    enrolments: tuple[Enrolment, ...]
    records: tuple[SignedRecord, ...]
    today: datetime.date

    def until(self, day: datetime.date) -> Case:
        """The case as it stood at the end of an earlier day."""
        if day >= self.today:
            return self
        known = tuple(record for record in self.records if record.service_date <= day)
        return dataclasses.replace(self, records=known, today=day)

    def of(self, *form_codes: str) -> list[SignedRecord]:
        """The records of these forms, oldest first."""
        return [record for record in self.records if record.form_code in form_codes]

    def running(self, programme: str) -> Enrolment | None:
        """The newest enrolment into a programme that runs today."""
        found = (one for one in self.enrolments if one.programme == programme and one.runs(self.today))
        return max(found, key=lambda one: one.enrolled_on, default=None)

    @property
    def remembered_from(self) -> datetime.date:
        """Duties closed before this day are not told again."""
        return due_days.days_later(self.today, -HISTORY_DAYS)


def case_of(
    person: Person, enrolments: Iterable[Enrolment], records: Iterable[SignedRecord], today: datetime.date
) -> Case:
    """The case in its own order, whatever the order of what is given, without what lies ahead of today."""
    known = sorted((record for record in records if record.service_date <= today), key=_ORDER)
    begun = [one for one in enrolments if one.enrolled_on <= today]
    begun.sort(key=lambda one: (one.programme, one.enrolled_on, one.ended_on or datetime.date.max))
    return Case(person, tuple(begun), tuple(known), today)


@dataclasses.dataclass(frozen=True, slots=True)
class Duty:
    """A duty before its state is known."""

    cycle: str
    window_start: datetime.date
    due_on: datetime.date
    reason: str
    opened_by: str = ""


def item(
    rule: Rule,
    duty: Duty,
    today: datetime.date,
    closer: SignedRecord | None = None,
    done_on: datetime.date | None = None,
) -> DueItem:
    """The due item of a duty: done by a record or on a day, otherwise upcoming, due or overdue by today."""
    done_on = closer.service_date if closer else done_on
    overdue_on = due_days.days_later(duty.due_on, 1)
    return DueItem(
        rule.service,
        rule.event_code,
        duty.cycle,
        duty.window_start,
        duty.due_on,
        overdue_on,
        State.DONE if done_on else open_state(duty.window_start, overdue_on, today),
        duty.reason,
        rule.closed_by,
        duty.opened_by,
        done_on,
        closer.key if closer else "",
    )


def open_state(window_start: datetime.date, overdue_on: datetime.date, today: datetime.date) -> State:
    """Upcoming before its window, due within it, overdue after it: the clinic owes it."""
    if today < window_start:
        return State.UPCOMING
    return State.DUE if today < overdue_on else State.OVERDUE


def in_window(
    case: Case, rule: Rule, closers: Sequence[SignedRecord], since: datetime.date, reason: str
) -> list[DueItem]:
    """A duty of this year or quarter, owed from ``since`` on, and the one before when it was done.

    A window that has passed can no longer be served: it is not owed any more, and the reason of the new
    duty says that the service was not given.
    """
    now = due_days.window(rule.period, case.today)
    before = due_days.window_before(rule.period, case.today)
    done = _first_in(before, closers)
    found = [item(rule, _duty(before, since, reason), case.today, done)] if before and done else []
    if since > now.end:
        return found
    known_since = case.person.known_since
    if before and not done and known_since and max(since, known_since) <= before.start:
        reason = MISSED[rule.period]
    return [*found, item(rule, _duty(now, since, reason), case.today, _first_in(now, closers))]


def _first_in(window: due_days.Window | None, closers: Sequence[SignedRecord]) -> SignedRecord | None:
    return next((one for one in closers if window and window.holds(one.service_date)), None)


def _duty(window: due_days.Window, since: datetime.date, reason: str) -> Duty:
    return Duty(window.name, max(window.start, min(since, window.end)), window.end, reason)
