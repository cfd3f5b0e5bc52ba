"""Where a person stands with the clinic: here, moved, died, left. Nothing is deleted, all can be undone."""

from __future__ import annotations

import typing

from saas.residents.rules import birth as births
from saas.residents.rules.finding import Finding, blocking

if typing.TYPE_CHECKING:
    import datetime

HERE, MOVED, DIED, LEFT = "here", "moved", "died", "left"
CHOICES = (HERE, MOVED, DIED, LEFT)
LONGEST_NOTE = 200


class Standing(typing.NamedTuple):
    """What is stored of it: since when, and a few words of the clinic's own."""

    standing: str
    ended_on: datetime.date | None
    note: str


def read(standing: str, day: str, note: str) -> Standing:
    """What was typed, as it is stored; somebody who is here has no last day and no note."""
    if standing == HERE:
        return Standing(HERE, None, "")
    on = births.parsed(day)
    return Standing(standing, on.on if on and on.precision == births.DAY else None, note)


def findings(
    standing: str, day: str, note: str, birth: births.Birth | None, today: datetime.date
) -> list[Finding]:
    """What keeps it from being stored: no choice, no day, a day before birth or after today, a long note.

    A birth date that is known in part only refuses what lies before all days that it may mean.
    """
    if standing not in CHOICES:
        return [blocking("not-offered", "standing")]
    if standing == HERE:
        return []
    found = _about_day(read(standing, day, note).ended_on, day, birth, today)
    if len(note) > LONGEST_NOTE:
        long = {"longest": str(LONGEST_NOTE), "length": str(len(note))}
        found.append(blocking("too-long", "note", **long))
    return found


def _about_day(
    on: datetime.date | None, typed: str, birth: births.Birth | None, today: datetime.date
) -> list[Finding]:
    if on is None:
        return [blocking("day-unreadable" if typed else "day-missing", "ended_on")]
    if on > today:
        return [blocking("day-ahead", "ended_on", today=today.isoformat())]
    if birth is not None and on < birth.on:
        return [blocking("day-before-birth", "ended_on", birth=str(birth))]
    return []
