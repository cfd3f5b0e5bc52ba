"""Civil days of the due list: months that clamp, and the windows of the calendar (reading §0.4)."""

from __future__ import annotations

import calendar
import datetime
import functools
import typing

from saas.formkit.rules import days
from saas.formkit.rules.days import completed_years

__all__ = [
    "MONTHS_OF",
    "Window",
    "birthday",
    "completed_years",
    "days_later",
    "months_later",
    "window",
    "window_before",
]

MONTHS_OF = {"year": 12, "quarter": 3, "two_months": 2, "month": 1}
"""The calendar windows by the number of their months."""
_FORMATS = {12: "{year}", 3: "{year}-Q{part}", 2: "{year}-{first:02}..{last:02}", 1: "{year}-{first:02}"}
_ONE_DAY = datetime.timedelta(days=1)


class Window(typing.NamedTuple):
    """A part of a year: first and last day, and its name (2026, 2026-Q3, 2026-03..04, 2026-03)."""

    start: datetime.date
    end: datetime.date
    name: str

    def holds(self, day: datetime.date) -> bool:
        """True for a day within it, both ends included."""
        return self.start <= day <= self.end


@functools.lru_cache(4096)
def window(period: str, day: datetime.date) -> Window:
    """The calendar window of one kind in which a day lies."""
    months = MONTHS_OF[period]
    part = (day.month - 1) // months
    first, last = part * months + 1, (part + 1) * months
    end = datetime.date(day.year, last, calendar.monthrange(day.year, last)[1])
    name = _FORMATS[months].format(year=day.year, part=part + 1, first=first, last=last)
    return Window(datetime.date(day.year, first, 1), end, name)


def window_before(period: str, day: datetime.date) -> Window | None:
    """The window before the one in which a day lies; None before the calendar begins."""
    start = window(period, day).start
    return None if start == datetime.date.min else window(period, start - _ONE_DAY)


def months_later(day: datetime.date, months: int) -> datetime.date:
    """``days.months_later``, with the end of the calendar where there is no such year."""
    return days.months_later(day, months) or datetime.date.max


def days_later(day: datetime.date, count: int) -> datetime.date:
    """The day so many days later, earlier when negative; the calendar's ends where there is no such day."""
    return days.days_later(day, count) or (datetime.date.max if count > 0 else datetime.date.min)


def birthday(born: datetime.date, years: int) -> datetime.date:
    """The day on which so many years are completed; 1 March for 29 February in common years."""
    year = min(born.year + years, datetime.MAXYEAR)
    try:
        return born.replace(year=year)
    except ValueError:
        return datetime.date(year, 3, 1)
