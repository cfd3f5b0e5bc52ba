"""Civil days: how they are typed, ages, and the arithmetic of months (national forms, reading §0.4)."""

from __future__ import annotations

import calendar
import datetime
import re
import typing
import unicodedata

_COMPACT = re.compile(r"(?P<year>[0-9]{4})(?:(?P<month>[0-9]{2})(?P<day>[0-9]{2})?)?")
_PARTED = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})(?:-(?P<day>[0-9]{1,2}))?")
# 1963年5月7日 and 1963-يىلى 5-ئاينىڭ 7-كۈنى: the words only part the numbers.
_WORDS = re.compile(r"年|月|日|号|يىلى|يىل|ئاينىڭ|ئاي|كۈنى|كۈن")
_GAPS = re.compile(r"[-–—‐‑./،,\s]+")


class Parts(typing.NamedTuple):
    """A day as it was typed; month and day are None where they were left out."""

    year: int
    month: int | None
    day: int | None


def parted(text: str) -> Parts | None:
    """Year, month and day of a typed text; None when it is no date or the day does not exist.

    Read are 1963-5-7, 1963.5.7, 1963/5/7, 19630507, 1963年5月7日, 1963-يىلى 5-ئاينىڭ 7-كۈنى, and
    with less known 1963-05, 196305 and 1963. The year comes first and has four digits.
    """
    plain = _plain(text)
    found = _COMPACT.fullmatch(plain) or _PARTED.fullmatch(plain)
    if found is None:
        return None
    year, month, day = (int(found[name]) if found[name] else None for name in ("year", "month", "day"))
    try:
        datetime.date(year or 0, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return None
    return Parts(year or 0, month, day)


def _plain(text: str) -> str:
    """Ordinary digits, words and gaps turned into single dashes."""
    digits = "".join(
        str(unicodedata.decimal(sign, sign)) for sign in unicodedata.normalize("NFKC", text.strip())
    )
    return _GAPS.sub("-", _WORDS.sub("-", digits)).strip("-")


def completed_years(born: datetime.date, on: datetime.date) -> int:
    """Completed years on a day. A 29 February birthday is completed on 1 March in common years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def completed_months(born: datetime.date, on: datetime.date) -> int:
    """Completed calendar months; a day that the month lacks is its last one (31 January → 28 February)."""
    last = calendar.monthrange(on.year, on.month)[1]
    months = (on.year - born.year) * 12 + on.month - born.month
    return months - (on.day < min(born.day, last))


def months_later(day: datetime.date, months: int) -> datetime.date | None:
    """The same day so many calendar months later, earlier when negative; clamped to the month's end.

    30 November + 3 months is 28 February. None outside the years 1 to 9999.
    """
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    if not datetime.MINYEAR <= year <= datetime.MAXYEAR:
        return None
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))


def days_later(day: datetime.date, days: int) -> datetime.date | None:
    """The day so many days later; None outside the calendar."""
    try:
        return day + datetime.timedelta(days=days)
    except OverflowError:
        return None
