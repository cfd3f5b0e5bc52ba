"""What the due engine reads, a person with her programmes and signed records, and what it says: due items."""

from __future__ import annotations

import calendar
import dataclasses
import datetime
import enum
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    Answers = Mapping[str, object]

HYPERTENSION, DIABETES, ELDERLY = "hypertension", "diabetes", "elderly"
"""Programmes into which a person is enrolled by her consent."""
HERE, MOVED, DIED, LEFT = "here", "moved", "died", "left"
"""Whether the person lives in the clinic's area, as the room of residents stores it."""
NO_PERSON = frozenset({"merged", "undone"})
"""Standings of rows that are no person any more: nothing is owed to them."""
DAY, MONTH, YEAR = "day", "month", "year"


class State(enum.StrEnum):
    """Where a duty of the clinic stands. The first three are open."""

    UPCOMING = "upcoming"
    DUE = "due"
    OVERDUE = "overdue"
    DONE = "done"
    DECLINED = "declined"
    NOT_APPLICABLE = "not_applicable"
    MOVED = "moved"
    DIED = "died"

    @property
    def is_open(self) -> bool:
        """True while the clinic still owes the service."""
        return self in OPEN


OPEN = frozenset({State.UPCOMING, State.DUE, State.OVERDUE})
"""The states in which the clinic still owes the service."""


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """Whom the clinic serves. ``born`` is the first day that is meant; without it no age is known.

    ``known_since`` is the day on which the clinic first knew of the person: what was missed before is not
    told. Raises ValueError when somebody is not here and the day since when is missing.
    """

    born: datetime.date | None = None
    precision: str = DAY
    sex_code: str = "9"
    standing: str = HERE
    standing_on: datetime.date | None = None
    known_since: datetime.date | None = None

    def __post_init__(self) -> None:
        if self.standing in {MOVED, DIED, LEFT} and self.standing_on is None:
            raise ValueError(f"a person with the standing {self.standing} needs its day")

    @property
    def born_latest(self) -> datetime.date | None:
        """The last day that the birth date may mean; the same day when the day is known."""
        if self.born is None or self.precision == DAY:
            return self.born
        month = self.born.month if self.precision == MONTH else 12
        return datetime.date(self.born.year, month, calendar.monthrange(self.born.year, month)[1])


@dataclasses.dataclass(frozen=True, slots=True)
class Enrolment:
    """One time in a programme; ``ended_on`` is the first day on which it no longer runs."""

    programme: str
    enrolled_on: datetime.date
    ended_on: datetime.date | None = None
    reason: str = ""
    """Why it ended: died, moved, lost, withdrawn, not_confirmed."""

    def runs(self, day: datetime.date) -> bool:
        """True on the days from enrolment to the one before its end."""
        return self.enrolled_on <= day and (self.ended_on is None or day < self.ended_on)


@dataclasses.dataclass(frozen=True, slots=True)
class SignedRecord:
    """One signed record as it holds today, after its amendments; voided ones are left out.

    ``answers`` are the recorded ones, and for a name that the doctor left empty the value computed at
    signing. ``class_code`` and ``next_due_on`` are the recorded ones where recorded, otherwise computed.
    ``key`` tells records of one person apart.
    """

    form_code: str
    service_date: datetime.date
    answers: Answers
    class_code: str = ""
    next_due_on: datetime.date | None = None
    key: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class DueItem:
    """A service that the clinic owes a person. ``(event_code, cycle)`` is unique for one person.

    ``overdue_on`` is the first day on which it is overdue: the clinic owes it, whoever did not come.
    ``reason`` says as a code why it is owed, or why it is closed; ``opened_by`` and ``done_by`` are keys
    of records; ``closed_by`` names the forms that can close it.
    """

    service: str
    event_code: str
    cycle: str
    window_start: datetime.date
    due_on: datetime.date
    overdue_on: datetime.date
    state: State
    reason: str
    closed_by: tuple[str, ...]
    opened_by: str = ""
    done_on: datetime.date | None = None
    done_by: str = ""

    @property
    def identity(self) -> tuple[str, str]:
        """What is unique for one person."""
        return self.event_code, self.cycle
