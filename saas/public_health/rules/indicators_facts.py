"""What the figures are counted from: a period, a person's facts at a site, the typed population."""

from __future__ import annotations

import bisect
import dataclasses
import datetime
import functools
import operator

from saas.public_health.rules import due_days
from saas.public_health.rules import due_measures as says
from saas.public_health.rules.due import End, end_by, ends_of_contact
from saas.public_health.rules.due_case import Case, case_of
from saas.public_health.rules.due_facts import Enrolment, Person, SignedRecord

_DAY = operator.attrgetter("service_date")
NOT_CONFIRMED = "not_confirmed"
"""An enrolment that ended so was an error: the person was never a patient of the programme."""


@dataclasses.dataclass(frozen=True, slots=True)
class Period:
    """A calendar year, or a part of one; ``end`` is the last day that counts. ValueError otherwise."""

    start: datetime.date
    end: datetime.date

    def __post_init__(self) -> None:
        if not self.start <= self.end or self.start.year != self.end.year:
            raise ValueError("a period lies within one calendar year and ends after it begins")

    @property
    def ends_with_the_year(self) -> bool:
        """True when what is owed by 31 December counts."""
        return (self.end.month, self.end.day) == (12, 31)

    def holds(self, day: datetime.date) -> bool:
        """True for a day within the period."""
        return self.start <= day <= self.end

    def full_quarters(self) -> tuple[due_days.Window, ...]:
        """The calendar quarters that lie wholly within the period."""
        return _full_quarters(self)


@functools.lru_cache(maxsize=64)
def _full_quarters(period: Period) -> tuple[due_days.Window, ...]:
    """Asked of the same few periods for everybody."""
    days = (datetime.date(period.start.year, month, 1) for month in (1, 4, 7, 10))
    quarters = (due_days.window("quarter", day) for day in days)
    return tuple(one for one in quarters if period.holds(one.start) and period.holds(one.end))


def year(number: int, to: datetime.date | None = None) -> Period:
    """A calendar year, or the part of it up to and including a day."""
    end = datetime.date(number, 12, 31)
    return Period(datetime.date(number, 1, 1), min(end, to) if to else end)


@dataclasses.dataclass(frozen=True, slots=True)
class Population:
    """The resident population of a site in one year, typed from a named source."""

    site: str
    year: int
    count: int
    source: str
    told_on: datetime.date


@dataclasses.dataclass(frozen=True)
class Facts:
    """One person of one site. ``contacts`` are days of visits for care that left no form of this room.

    What does not depend on the period is worked out once.
    """

    key: str
    site: str
    person: Person
    enrolments: tuple[Enrolment, ...] = ()
    records: tuple[SignedRecord, ...] = ()
    record_made_on: datetime.date | None = None
    record_ended_on: datetime.date | None = None
    is_electronic: bool = True
    contacts: tuple[datetime.date, ...] = ()

    @functools.cached_property
    def case(self) -> Case:
        """All of it in its order, whatever lies ahead of a period's end."""
        return case_of(self.person, self.enrolments, self.records, datetime.date.max)

    @functools.cached_property
    def ends(self) -> list[tuple[datetime.date, End]]:
        """What tells that she moved, died or left."""
        return ends_of_contact(self.person, self.records)


@dataclasses.dataclass(frozen=True)
class Seen:
    """One person's facts as the end of a period sees them; the definitions ask this."""

    facts: Facts
    period: Period

    @functools.cached_property
    def case(self) -> Case:
        """Her records up to the end of the period, oldest first."""
        whole, end = self.facts.case, self.period.end
        begun = tuple(one for one in whole.enrolments if one.enrolled_on <= end)
        known = whole.records[: bisect.bisect_right(whole.records, end, key=_DAY)]
        return Case(whole.person, begun, known, end)

    @property
    def lives_here(self) -> bool:
        """True when she lives here on the last day of the period."""
        ends = self.facts.ends
        return not ends or end_by(ends, self.period.end) is None

    @property
    def has_record(self) -> bool:
        """True when a health record exists and is not ended on the last day of the period."""
        made, ended = self.facts.record_made_on, self.facts.record_ended_on
        return made is not None and made <= self.period.end and (ended is None or ended > self.period.end)

    def within(self, *form_codes: str) -> list[SignedRecord]:
        """Her records of these forms within the period, oldest first."""
        return [one for one in self.case.of(*form_codes) if self.period.holds(one.service_date)]

    def exams(self) -> list[SignedRecord]:
        """Her health examinations of the calendar year, up to the end of the period, oldest first."""
        number = self.period.end.year
        return [one for one in self.case.of(says.HEALTH_EXAM) if one.service_date.year == number]

    def episodes(self, programme: str) -> list[Enrolment]:
        """Her times in a programme that ran on any day of the period; mistaken ones are left out."""
        return [
            one
            for one in self.facts.case.enrolments
            if one.programme == programme
            and one.reason != NOT_CONFIRMED
            and one.enrolled_on <= self.period.end
            and (one.ended_on is None or one.ended_on > max(self.period.start, one.enrolled_on))
        ]
