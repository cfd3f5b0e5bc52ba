"""The periods of the figures by name: 2026, 2026-to-date, 2026-Q3, 2026-11 (§16)."""

from __future__ import annotations

import datetime
import re
import typing

from saas.public_health.rules import due_days
from saas.public_health.rules.indicators_facts import Period, year

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

TO_DATE = "to-date"
YEAR, QUARTER, MONTH = "year", "quarter", "month"
BY_MONTH = frozenset({"record_rate", "electronic_record_rate", "record_use_rate", "elderly_rate"})
"""Rates that say something at the end of a month. The others ask for a visit in each quarter, or for the
last one of the period: of a single month they would call everybody who was not due uncontrolled."""
LATE_DAYS = 10
"""Days after its end in which a period is still counted every night: what was done is signed later."""
_NAME = re.compile(r"(?P<year>[0-9]{4})(-(?P<part>to-date|Q[1-4]|0[1-9]|1[0-2]))?", re.ASCII)


def kind(name: str) -> str:
    """What a period is: a year (whole or to date), a quarter or a month."""
    part = name[5:]
    if part.startswith("Q"):
        return QUARTER
    return YEAR if part in {"", TO_DATE} else MONTH


def named(name: str, today: datetime.date) -> Period | None:
    """The period with this name; None for no such name, and for one that has not begun.

    Year and quarter reach to their last day: what is owed until then counts. To date, and a month that
    still runs, end today.
    """
    match = _NAME.fullmatch(name)
    if match is None or not datetime.MINYEAR <= int(match["year"]) <= today.year:
        return None
    number, part = int(match["year"]), match["part"] or ""
    period = _part(number, part, today)
    return None if period is None or period.start > today else period


def _part(number: int, part: str, today: datetime.date) -> Period | None:
    if part == "":
        return year(number)
    if part == TO_DATE:
        return year(number, today) if number == today.year else None
    first = 3 * int(part[1:]) - 2 if part.startswith("Q") else int(part)
    last = first + 2 if part.startswith("Q") else first
    start = datetime.date(number, first, 1)
    after = datetime.date(number + last // 12, last % 12 + 1, 1)
    end = due_days.days_later(after, -1)
    return Period(start, end if part.startswith("Q") else max(start, min(end, today)))


def running(today: datetime.date) -> list[str]:
    """The periods in which today lies: the year to date and whole, the quarter, the month."""
    number = today.year
    quarter, month = f"{number}-Q{(today.month + 2) // 3}", f"{number}-{today.month:02d}"
    return [f"{number}-{TO_DATE}", str(number), quarter, month]


def lately(today: datetime.date) -> list[str]:
    """What is counted every night: the periods that run, and those that ended in the last ten days."""
    return [
        *dict.fromkeys(
            [
                *running(today),
                *(
                    name
                    for name in running(due_days.days_later(today, -LATE_DAYS))
                    if not name.endswith(TO_DATE) or name[:4] == str(today.year)
                ),
            ]
        )
    ]


def every(today: datetime.date) -> list[str]:
    """Every period that is kept: those of this year so far and the year before with its quarters."""
    return [*dict.fromkeys([*running(today), *_ended(today)])]


def _ended(today: datetime.date) -> Iterator[str]:
    for quarter in range((today.month + 2) // 3, 0, -1):
        yield f"{today.year}-Q{quarter}"
    for month in range(today.month, 0, -1):
        yield f"{today.year}-{month:02d}"
    yield str(today.year - 1)
    for quarter in range(4, 0, -1):
        yield f"{today.year - 1}-Q{quarter}"


def makes_sense(indicator_code: str, name: str, *, is_rate: bool) -> bool:
    """Whether a figure is counted for a period."""
    return not is_rate or kind(name) != MONTH or indicator_code in BY_MONTH
