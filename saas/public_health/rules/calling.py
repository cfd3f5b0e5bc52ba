"""Calls to people whom the clinic owes a service: when to speak again, and who came back (§0.1, §0.5)."""

from __future__ import annotations

import datetime
import typing

from saas.formkit.rules import days

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

COMING, AGAIN, MOVED, DIED, NOT_WISHED, NO_LINE = "1", "2", "3", "4", "5", "6"
"""Outcomes of a call by the keys that one presses."""
COMES_WITHIN, AGAIN_AFTER, NO_LINE_AFTER = 7, 3, 90
BACK_WITHIN = 15
"""Days after a call within which a visit counts as having come back."""


def next_contact(*, visit_on: datetime.date | None, outcome: str | None) -> datetime.date | None:
    """Who is coming is expected within 7 days, who is to be called again after 3 days (project).

    Behind a number that leads to nobody a new one is looked for in 90 days.
    """
    steps = {COMING: COMES_WITHIN, AGAIN: AGAIN_AFTER, NO_LINE: NO_LINE_AFTER}
    if visit_on is None or outcome not in steps:
        return None
    return days.days_later(visit_on, steps[outcome])


class CameBack(typing.NamedTuple):
    """Of so many persons called, so many had a visit within 15 days."""

    came: int
    called: int


def came_back(
    calls: Mapping[str, Iterable[datetime.date]],
    visits: Mapping[str, Iterable[datetime.date]],
    today: datetime.date,
) -> CameBack:
    """Of the persons called, who had a visit within 15 days; days of calls and of visits by person.

    A call counts when its 15 days have passed; several calls within 15 days count as the first one.
    """
    came = called = 0
    for person, on in calls.items():
        visited = sorted(visits.get(person, ()))
        for call in _counted(sorted(on)):
            end = call + datetime.timedelta(days=BACK_WITHIN)
            if end >= today:
                continue
            called += 1
            came += any(call <= day <= end for day in visited)
    return CameBack(came, called)


def _counted(calls: list[datetime.date]) -> list[datetime.date]:
    """Calls of which none lies within the 15 days of the one before."""
    counted: list[datetime.date] = []
    for call in calls:
        if not counted or (call - counted[-1]).days > BACK_WITHIN:
            counted.append(call)
    return counted
