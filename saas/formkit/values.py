"""Single values out of JSON or typed text: numbers, days, texts. Nothing here raises for any input."""

from __future__ import annotations

import datetime
import decimal
import re
import typing
import unicodedata

from saas.formkit.rules import days

_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?")
# Marks that keyboards of right-to-left writing leave behind.
_MARKS = dict.fromkeys(map(ord, "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff"))
_MOMENT = re.compile(r"(?P<day>.+?)[T ](?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(:[0-9]{2})?")
_SHOWN = 60


class Fault(typing.NamedTuple):
    """Why a value is refused: the sentence's code, its gaps, and where inside the field."""

    code: str
    values: tuple[tuple[str, str], ...] = ()
    path: str = ""


def fault(code: str, **values: object) -> Fault:
    """A fault with the values of its sentence."""
    return Fault(code, tuple((name, shown(value)) for name, value in values.items()))


def shown(value: object) -> str:
    """A value as a message can repeat it: short, and without signs that would break the line."""
    text = str(value) if not isinstance(value, decimal.Decimal) else plain(value)
    text = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def plain(value: decimal.Decimal) -> str:
    """A number as people write it; one that is too long for that with its exponent."""
    if abs(value.adjusted()) > _SHOWN:
        return f"{value:.3E}"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def is_blank(raw: object) -> bool:
    """True for what a form leaves open: nothing, an empty text, an empty list."""
    if isinstance(raw, str):
        return not raw.strip()
    return raw is None or raw == []


def number(raw: object) -> decimal.Decimal | Fault:
    """A number, given as one or as text in any digits."""
    if isinstance(raw, str):
        text = "".join(str(unicodedata.decimal(sign, sign)) for sign in tidied(raw))
        return decimal.Decimal(text) if _NUMBER.fullmatch(text) else fault("not-a-number", value=raw)
    if isinstance(raw, bool) or not isinstance(raw, int | float | decimal.Decimal):
        return fault("not-a-number", value=raw)
    value = decimal.Decimal(str(raw)) if isinstance(raw, float) else decimal.Decimal(raw)
    return value if value.is_finite() else fault("not-a-number", value=raw)


def tidied(text: str) -> str:
    """A text without blanks at its ends, full-width signs and direction marks."""
    return unicodedata.normalize("NFKC", text).translate(_MARKS).strip()


def decimals(value: decimal.Decimal) -> int:
    """How many decimals a number has, zeros at its end not counted."""
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or exponent >= 0:
        return 0
    zeros = 0
    for digit in reversed(digits):
        if digit or zeros >= -exponent:
            break
        zeros += 1
    return -exponent - zeros if any(digits) else 0


def day(raw: object) -> datetime.date | Fault:
    """A civil day, like 2026-03-05 or as the doctor types it."""
    found = days.parted(tidied(raw)) if isinstance(raw, str) else None
    if found is None or found.month is None or found.day is None:
        return fault("not-a-day", value=raw)
    return datetime.date(found.year, found.month, found.day)


def month(raw: object) -> str | Fault:
    """A month, like 2026-03; a whole day is cut to its month."""
    found = days.parted(tidied(raw)) if isinstance(raw, str) else None
    if found is None or found.month is None:
        return fault("not-a-month", value=raw)
    return f"{found.year:04d}-{found.month:02d}"


def moment(raw: object) -> datetime.datetime | Fault:
    """A day with its time, like 2026-03-05 09:10, in the clinic's own time."""
    found = _MOMENT.fullmatch(tidied(raw)) if isinstance(raw, str) else None
    on = day(found["day"]) if found else None
    if found is None or not isinstance(on, datetime.date):
        return fault("not-a-moment", value=raw)
    try:
        at = datetime.time(int(found["hour"]), int(found["minute"]))
    except ValueError:
        return fault("not-a-moment", value=raw)
    return datetime.datetime.combine(on, at)


def text(raw: object, longest: int) -> str | Fault:
    """A text as it was typed, composed (NFC); no control signs, not longer than it may be."""
    if not isinstance(raw, str):
        return fault("not-a-text", value=raw)
    typed = unicodedata.normalize("NFC", raw).strip()
    if any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\n\r\t" for sign in typed):
        return fault("control-sign")
    return typed if len(typed) <= longest else fault("too-long", longest=longest, length=len(typed))
