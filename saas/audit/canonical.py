"""One text for one value, before it is stored as JSONB and after it is read back."""

from __future__ import annotations

import datetime
import json
import re
import uuid
from collections.abc import Mapping
from decimal import Decimal

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_DECODER = json.JSONDecoder(parse_float=Decimal)
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def storable(text: str) -> str:
    """The text with U+FFFD for what PostgreSQL cannot hold: NUL and lone surrogates.

    A request may carry them in its address; its log row must not fail because of that.
    """
    return _UNSTORABLE.sub("\ufffd", text)


def plain(value: object) -> object:
    """The value as it will come back from a JSONB column, decimals exact.

    Floats become the decimal that they print as, integral ones become int (JSONB has one kind of
    number). UUIDs, days and times become text. Raises ``TypeError`` for anything else that JSON does
    not know, ``ValueError`` for NaN and infinity.
    """
    if isinstance(value, Mapping):
        return {_key(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return _plain_scalar(value)


def _plain_scalar(value: object) -> object:
    if isinstance(value, str):
        return storable(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float | Decimal):
        return _exact(Decimal(repr(value)) if isinstance(value, float) else value)
    return _plain_text(value)


def _plain_text(value: object) -> str:
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in the access log")


def canonical(value: object) -> str:
    """Canonical JSON of a value from ``plain`` or ``parsed``: sorted keys, no spaces, no exponents."""
    try:
        return _ENCODER.encode(value)
    except TypeError:
        return _written(value)


def parsed(text: str) -> object:
    """The value of a JSONB column's text, decimals exact.

    Text that no writer of ours can have stored (numbers of thousands of digits, thousands of levels)
    comes back as itself, so that it is found to be changed instead of ending the verification.
    """
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError):
        return text


def instant(at: datetime.datetime) -> str:
    """An aware time in UTC to the microsecond, as PostgreSQL keeps it. Raises ``ValueError`` if naive."""
    if at.tzinfo is None:
        raise ValueError("a time without zone cannot be logged")
    return at.astimezone(datetime.UTC).isoformat(timespec="microseconds")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError("a key in the access log is a text")
    return storable(key)


def _exact(number: Decimal) -> int | Decimal:
    if not number.is_finite():
        raise ValueError("the access log holds finite numbers only")
    return int(number) if number == number.to_integral_value() else number


def _digits(number: Decimal) -> str:
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _written(value: object) -> str:
    """What ``_ENCODER`` writes, and decimals, which it cannot."""
    if isinstance(value, Decimal):
        return _digits(value)
    if isinstance(value, dict):
        pairs = (f"{_ENCODER.encode(key)}:{_written(value[key])}" for key in sorted(value))
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    return _ENCODER.encode(value)
