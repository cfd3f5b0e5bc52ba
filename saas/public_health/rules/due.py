"""The due engine (§0.5): what the clinic owes one person today. Pure: the same facts give the same items."""

from __future__ import annotations

import dataclasses
import datetime
import typing

from saas.public_health.rules import due_days, due_declining
from saas.public_health.rules import due_measures as says
from saas.public_health.rules.due_case import Case, case_of
from saas.public_health.rules.due_chronic import exam_items, joined, programme_items
from saas.public_health.rules.due_facts import (
    DIABETES,
    DIED,
    HYPERTENSION,
    LEFT,
    MOVED,
    NO_PERSON,
    DueItem,
    Enrolment,
    Person,
    SignedRecord,
    State,
)
from saas.public_health.rules.due_referral import referral_items
from saas.public_health.rules.due_screening import screening_items
from saas.public_health.rules.due_table import OLDER_FROM, rules

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

CLOSING_STATES = {DIED: State.DIED, MOVED: State.MOVED, "withdrawn": State.DECLINED}
"""The state of a duty that the end of a programme or of contact closes; otherwise not applicable."""
REASONS = (
    "first_visit", "quarterly", "recheck_not_controlled", "recheck_adverse_reaction", "recheck_unclassified",
    "after_complication", "after_emergency", "contact_lost", "yearly", "exam_incomplete", "missed_last_year",
    "missed_last_quarter", "at_risk", "raised_reading", "probable_hypertension", "referral_emergency",
    "referral_advised", "so_far", "declined", "died", "moved", "left", "lost", "withdrawn", "not_confirmed",
    "ended", "window_passed", "no_longer_owed",
)  # fmt: skip
"""Every reason that an item can have; each has its sentence in the room's messages."""
_PREFERENCE = (State.DONE, State.OVERDUE, State.DUE, State.UPCOMING)


class End(typing.NamedTuple):
    """When and why contact ended."""

    on: datetime.date
    reason: str


def due_items(
    person: Person, enrolments: Iterable[Enrolment], records: Iterable[SignedRecord], today: datetime.date
) -> list[DueItem]:
    """Every duty to a person that is open today or was closed within the last 400 days, by its day.

    When she moved, died or left, the duties stand as they stood on that day and are closed with the reason.
    The order of enrolments and records does not matter.
    """
    if person.standing in NO_PERSON:
        return []
    case = case_of(person, enrolments, records, today)
    end = end_of_contact(case)
    if end is not None:
        case = case.until(end.on)
    found = [*screening_items(case), *_elderly(case), *_programmes(case), *referral_items(case)]
    found = [due_declining.considered(case, one) for one in found]
    if end is not None:
        found = [closed(one, end.reason) for one in found]
    return sorted(_unique(found), key=lambda one: (one.due_on, one.event_code, one.cycle))


def end_of_contact(case: Case) -> End | None:
    """The first day on which the person had moved, died or left, also when a record tells of the death."""
    return end_by(ends_of_contact(case.person, case.records), case.today)


def ends_of_contact(person: Person, records: Iterable[SignedRecord]) -> list[tuple[datetime.date, End]]:
    """Everything that tells of an end, each with the day since when it is told."""
    told = [
        (record.service_date, End(died_on, DIED))
        for record in records
        if (died_on := says.day(record.answers, "death_date"))
    ]
    if person.standing in {MOVED, DIED, LEFT} and person.standing_on:
        told.append((person.standing_on, End(person.standing_on, person.standing)))
    return told


def end_by(told: Iterable[tuple[datetime.date, End]], day: datetime.date) -> End | None:
    """The first end of all that was told and has come by a day."""
    return min((end for since, end in told if since <= day and end.on <= day), default=None)


def _elderly(case: Case) -> list[DueItem]:
    """From the calendar year in which 65 years are completed: the yearly health service (§6)."""
    born = case.person.born
    if born is None:
        return []
    since = datetime.date(min(born.year + OLDER_FROM, datetime.MAXYEAR), 1, 1)
    return exam_items(case, rules()["elderly_annual"], since)


def _programmes(case: Case) -> list[DueItem]:
    """What the running enrolments owe; what ended ones owed on their last day is closed with the reason."""
    found: list[DueItem] = []
    for programme in (HYPERTENSION, DIABETES):
        running = case.running(programme)
        if running is not None:
            found += programme_items(case, running)
    found = joined(found, case.today)
    for ended in case.enrolments:
        end = ended.ended_on
        if ended.programme not in {HYPERTENSION, DIABETES} or end is None or end < ended.enrolled_on:
            continue
        if case.remembered_from <= end <= case.today:
            owed = programme_items(case.until(end), ended)
            found += [closed(one, ended.reason or "ended") for one in owed]
    return found


def closed(one: DueItem, reason: str) -> DueItem:
    """An open duty closed with a reason; what is closed already stays so."""
    if not one.state.is_open:
        return one
    return dataclasses.replace(one, state=CLOSING_STATES.get(reason, State.NOT_APPLICABLE), reason=reason)


def _unique(found: Iterable[DueItem]) -> Iterable[DueItem]:
    """One item for each event and cycle: a done one before an open one before a closed one."""
    best: dict[tuple[str, str], DueItem] = {}
    for one in found:
        other = best.get(one.identity)
        if other is None or _rank(one) < _rank(other):
            best[one.identity] = one
    return best.values()


def _rank(one: DueItem) -> int:
    return _PREFERENCE.index(one.state) if one.state in _PREFERENCE else len(_PREFERENCE)


def closed_by_visit(
    person: Person,
    enrolments: Iterable[Enrolment],
    records: Iterable[SignedRecord],
    visit: Iterable[SignedRecord],
    today: datetime.date,
) -> list[DueItem]:
    """The duties that a visit's records close ("closes 2"), as they stand after it.

    ``records`` are those signed before; a joint visit hands over both of its records.
    """
    enrolments, records = list(enrolments), list(records)
    before = due_items(person, enrolments, records, today)
    return closed_between(before, due_items(person, enrolments, [*records, *visit], today))


def closed_between(before: Iterable[DueItem], after: Iterable[DueItem]) -> list[DueItem]:
    """The duties that were open before and are done after."""
    were = {one.identity: one for one in before}
    return [one for one in after if one.state is State.DONE and _was_open(were.get(one.identity))]


def _was_open(one: DueItem | None) -> bool:
    return one is not None and one.state.is_open


@dataclasses.dataclass(frozen=True, slots=True)
class Changes:
    """What a new computation changes in the stored items."""

    added: tuple[DueItem, ...]
    changed: tuple[DueItem, ...]

    def __bool__(self) -> bool:
        """False when nothing is to be written."""
        return bool(self.added or self.changed)


def changes(stored: Iterable[DueItem], wanted: Iterable[DueItem], today: datetime.date) -> Changes:
    """Rows to insert and to update so that the stored items say what was computed.

    A stored open item that is no longer computed is closed: its window passed, or it is not owed any more.
    Closed ones stay as they are.
    """
    have = {one.identity: one for one in stored}
    now = {one.identity: one for one in wanted}
    gone = [one for identity, one in have.items() if identity not in now and one.state.is_open]
    changed = [one for identity, one in now.items() if identity in have and have[identity] != one]
    return Changes(
        tuple(one for identity, one in now.items() if identity not in have),
        (*changed, *(closed(one, _why_gone(one, today)) for one in gone)),
    )


def _why_gone(one: DueItem, today: datetime.date) -> str:
    """A calendar window can pass; everything else that disappears is not owed any more."""
    period = rules()[one.event_code].period
    passed = period in due_days.MONTHS_OF and one.overdue_on <= today
    return "window_passed" if passed else "no_longer_owed"
