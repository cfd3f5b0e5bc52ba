"""What may be done when, on a clinic's way from its closing to its removal; pure.

Commands, console and worker ask the same rules. Each gives the reason why not, or ``None``: yes.
"""

from __future__ import annotations

import dataclasses
import datetime
import typing

from tenants.times import moment

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

N_ = str
"""Marks a text for the catalogues: the console translates it, a command says it as it is."""

KEEP_DAYS = 365
"""How long a closed clinic's rows stay at least, unless the closing says otherwise.

The records themselves are to be kept 15 years after the last visit (outpatients; 30 for inpatients): after
the removal the final archive and its code are what is kept.
"""

LEAST_KEEP_DAYS = 30
MOST_KEEP_DAYS = 36_500
SHORTEST_PURPOSE = 10
"""Signs in which somebody says what a closing, an archive or a removal is for."""

READABLE_FOR = datetime.timedelta(days=30)
"""A closed clinic reads and prints for so long from its closing on (rights I12)."""


@dataclasses.dataclass(frozen=True)
class Reason:
    """Why something may not be done: a text with holes, what stands in them, the command that comes first."""

    text: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)
    first: str = ""

    def __str__(self) -> str:
        """As a command says it, behind the clinic's code."""
        said = (self.text % self.told()).rstrip(".")
        # A name at the beginning stays as it is written.
        said = said if self.text.startswith("%") else said[:1].lower() + said[1:]
        return f"{said}; {self.first} comes first" if self.first else said

    def told(self) -> dict[str, str]:
        """What stands in the holes: times in Beijing time, which the text names."""
        return {
            name: moment(value) if isinstance(value, datetime.datetime) else str(value)
            for name, value in self.values.items()
        }


@dataclasses.dataclass(frozen=True)
class Closing:
    """How far the closing of a clinic has come; times are aware, empty where it has not happened."""

    state: str
    closed_at: datetime.datetime | None = None
    keep_days: int = KEEP_DAYS
    archived_at: datetime.datetime | None = None
    asked_by: str | None = None

    @property
    def kept_until(self) -> datetime.datetime | None:
        """Until when the rows stay whatever anybody asks."""
        return self.closed_at and self.closed_at + datetime.timedelta(days=self.keep_days)

    @property
    def reads_until(self) -> datetime.datetime | None:
        """Until when its people read and print."""
        return self.closed_at and self.closed_at + READABLE_FOR

    @property
    def is_archived(self) -> bool:
        """Whether an archive was written after the closing, when nothing new could come any more."""
        return bool(self.closed_at and self.archived_at and self.archived_at > self.closed_at)

    @property
    def lacks_its_term(self) -> bool:
        """It stands as closed and nobody said for how long its rows stay: an older console did so."""
        return self.state == "closed" and self.closed_at is None


def why_not_close(closing: Closing) -> Reason | None:
    """A clinic is closed once, from whatever state; what was closed without a term is closed properly."""
    if closing.state == "closed" and not closing.lacks_its_term:
        return Reason(N_("It is closed already."))
    return None


def why_not_reopen(closing: Closing) -> Reason | None:
    """Whatever was closed is opened again as long as it is there, also when its removal was asked."""
    return None if closing.state == "closed" else Reason(N_("It is not closed."))


def why_not_archive(closing: Closing) -> Reason | None:
    """The console orders the final archive only: a bulk of records is nothing to be asked for on the way."""
    return _why_not_closed(closing)


def why_not_ask(closing: Closing, now: datetime.datetime) -> Reason | None:
    """Removal may be asked of a closed clinic with a final archive, once its time is over."""
    if closing.asked_by:
        return Reason(N_("Its removal was asked already, by %(who)s."), {"who": closing.asked_by})
    return _why_not_ready(closing, now)


def why_not_confirm(closing: Closing, who: str, now: datetime.datetime) -> Reason | None:
    """Another operator than the one who asked confirms, while everything still holds."""
    if not closing.asked_by:
        return Reason(N_("Nobody asked for its removal."))
    if closing.asked_by == who:
        return Reason(N_("%(who)s asked for it; another operator must confirm."), {"who": who})
    return _why_not_ready(closing, now)


def why_not_call_off(closing: Closing) -> Reason | None:
    """Any operator takes the wish back, the one who had it too."""
    return None if closing.asked_by else Reason(N_("Nobody asked for its removal."))


def _why_not_closed(closing: Closing) -> Reason | None:
    if closing.state != "closed":
        return Reason(N_("It is not closed."), first="`shipa clinics close`")
    if closing.lacks_its_term:
        return Reason(N_("It was closed without a term."), first="`shipa clinics close`")
    return None


def _why_not_ready(closing: Closing, now: datetime.datetime) -> Reason | None:
    until = closing.kept_until
    not_closed = _why_not_closed(closing)
    if not_closed or until is None:
        return not_closed
    if not closing.is_archived:
        text = N_("No archive was exported since it was closed.")
        return Reason(text, first="`shipa clinics export`")
    if now < until:
        text = N_("Its rows stay until %(until)s (Beijing time), %(days)s days after the closing.")
        return Reason(text, {"until": until, "days": closing.keep_days})
    return None
