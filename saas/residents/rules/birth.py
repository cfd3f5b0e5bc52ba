"""A birth date as it is typed, with the precision that is known; age in completed years."""

from __future__ import annotations

import calendar
import dataclasses
import datetime

from saas.formkit.rules import days
from saas.residents.rules.finding import Finding, asking, blocking

DAY, MONTH, YEAR = "day", "month", "year"
OLDEST = 120
"""Completed years above which a birth date is refused (national form 1.2)."""
ASK_ABOVE = 110
"""Completed years above which it is asked whether the year is right."""


@dataclasses.dataclass(frozen=True)
class Birth:
    """The first day that is meant, and whether its day, its month or only its year is known."""

    on: datetime.date
    precision: str = DAY

    def __str__(self) -> str:
        """1963-05-07, 1963-05 or 1963."""
        return self.on.isoformat()[: {DAY: 10, MONTH: 7, YEAR: 4}[self.precision]]

    @property
    def latest(self) -> datetime.date:
        """The last day that is meant; the same day when the day is known."""
        if self.precision == DAY:
            return self.on
        month = self.on.month if self.precision == MONTH else 12
        days = calendar.monthrange(self.on.year, month)[1]
        return datetime.date(self.on.year, month, days)


def parsed(text: str) -> Birth | None:
    """The birth date that a text means; None when it means none or the day does not exist.

    Read are 1963-5-7, 1963.5.7, 1963/5/7, 19630507, 1963年5月7日, 1963-يىلى 5-ئاينىڭ 7-كۈنى, and
    with less known 1963-05, 196305 and 1963. The year comes first and has four digits.
    """
    found = days.parted(text)
    if found is None:
        return None
    precision = DAY if found.day else MONTH if found.month else YEAR
    return Birth(datetime.date(found.year, found.month or 1, found.day or 1), precision)


age = days.completed_years
age_months = days.completed_months


def earliest_allowed(today: datetime.date) -> datetime.date:
    """The first birth date that is accepted: today ``OLDEST`` completed years, not one more."""
    year = today.year - OLDEST - 1
    try:
        return today.replace(year=year) + datetime.timedelta(days=1)
    except ValueError:
        return datetime.date(year, 3, 1)  # today is 29 February, and that year had none


def findings(birth: Birth, today: datetime.date, field: str = "birth") -> list[Finding]:
    """Refuse a day in the future or more than 120 years ago (PAT-003); above 110 years ask.

    A date that is known only in part is judged by the days that it may mean.
    """
    limits = {"earliest": earliest_allowed(today).isoformat(), "today": today.isoformat()}
    if birth.on > today or birth.latest < earliest_allowed(today):
        return [blocking("PAT-003", field, **limits)]
    years = age(min(birth.latest, today), today)
    return [asking("very-old", field, str(birth), years=str(years))] if years > ASK_ABOVE else []
