"""A birth date as it is typed, with the precision that is known; age in completed years."""

from __future__ import annotations

import calendar
import dataclasses
import datetime
import re
import unicodedata

from saas.residents.rules.finding import Finding, asking, blocking

DAY, MONTH, YEAR = "day", "month", "year"
OLDEST = 120
"""Completed years above which a birth date is refused (national form 1.2)."""
ASK_ABOVE = 110
"""Completed years above which it is asked whether the year is right."""

_COMPACT = re.compile(r"(?P<year>[0-9]{4})(?:(?P<month>[0-9]{2})(?P<day>[0-9]{2})?)?")
_PARTED = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})(?:-(?P<day>[0-9]{1,2}))?")
# 1963年5月7日 and 1963-يىلى 5-ئاينىڭ 7-كۈنى: the words only part the numbers.
_WORDS = re.compile(r"年|月|日|号|يىلى|يىل|ئاينىڭ|ئاي|كۈنى|كۈن")
_GAPS = re.compile(r"[-–—‐‑./،,\s]+")


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
    plain = _plain(text)
    found = _COMPACT.fullmatch(plain) or _PARTED.fullmatch(plain)
    if found is None:
        return None
    year, month, day = found["year"], found["month"], found["day"]
    precision = DAY if day else MONTH if month else YEAR
    try:
        return Birth(datetime.date(int(year), int(month or 1), int(day or 1)), precision)
    except ValueError:
        return None


def _plain(text: str) -> str:
    """Ordinary digits, words and gaps turned into single dashes."""
    digits = "".join(
        str(unicodedata.decimal(sign, sign)) for sign in unicodedata.normalize("NFKC", text.strip())
    )
    return _GAPS.sub("-", _WORDS.sub("-", digits)).strip("-")


def age(born: datetime.date, on: datetime.date) -> int:
    """Completed years on a day. A 29 February birthday is completed on 1 March in common years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def age_months(born: datetime.date, on: datetime.date) -> int:
    """Completed calendar months; a day that the month lacks is its last one (31 January → 28 February)."""
    last = calendar.monthrange(on.year, on.month)[1]
    months = (on.year - born.year) * 12 + on.month - born.month
    return months - (on.day < min(born.day, last))


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
