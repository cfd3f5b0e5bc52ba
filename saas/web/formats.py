"""How dates, times, numbers and names are written on a page, in both languages."""

from __future__ import annotations

import datetime
import typing
import unicodedata

from saas.web import clock, i18n

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Flask

Precision = typing.Literal["day", "month", "year"]

_LENGTHS: dict[str, int] = {"day": 10, "month": 7, "year": 4}
_WRITTEN: dict[i18n.Language, dict[str, str]] = {
    "ug": {
        "day": "{0.year}-يىلى {0.month}-ئاينىڭ {0.day}-كۈنى",
        "month": "{0.year}-يىلى {0.month}-ئاي",
        "year": "{0.year}-يىل",
    },
    "zh": {
        "day": "{0.year}年{0.month}月{0.day}日",
        "month": "{0.year}年{0.month}月",
        "year": "{0.year}年",
    },
}


def set_up(app: Flask) -> None:
    """Give the filters to every template."""
    app.jinja_env.filters |= {
        "day": day,
        "written_day": written_day,
        "moment": moment,
        "number": number,
        "script_lang": script_lang,
        "flat_errors": flat_errors,
    }


def day(value: datetime.date, precision: Precision = "day") -> str:
    """A day as ``2026-03-05``, or as much of it as is known. Isolate it left to right on a page."""
    return f"{value:%Y-%m-%d}".zfill(10)[: _LENGTHS[precision]]


def written_day(value: datetime.date, precision: Precision = "day") -> str:
    """A day in words of the page's language: ``2026年3月5日``, ``2026-يىلى 3-ئاينىڭ 5-كۈنى``."""
    return _WRITTEN[i18n.current()][precision].format(value)


def moment(value: datetime.datetime) -> str:
    """An aware time as day and time of day in Beijing; the page names the zone beside it.

    Raises ValueError for a time without a zone: it could be hours off.
    """
    if value.tzinfo is None:
        message = "a time to show needs its zone"
        raise ValueError(message)
    return value.astimezone(clock.BEIJING).strftime("%Y-%m-%d %H:%M")


def number(value: float) -> str:
    """A number with European digits, groups of three and a point, the same in both languages."""
    return f"{value:,}"


def script_lang(text: str) -> typing.Literal["zh", "ug", ""]:
    """The ``lang`` that picks the right face for a text, by its characters; empty for Latin.

    Found when it is shown and never stored: it says nothing about the person (rights N2).
    """
    for character in text:
        if unicodedata.category(character) != "Lo":
            continue
        name = unicodedata.name(character, "")
        if name.startswith("CJK"):
            return "zh"
        if name.startswith("ARABIC"):
            return "ug"
    return ""


def flat_errors(errors: Iterable[object]) -> str:
    """All messages of a field as one text; a form in a form has a mapping or a list in their place."""
    if isinstance(errors, dict):
        errors = errors.values()
    parts = [flat_errors(error) if isinstance(error, dict | list | tuple) else str(error) for error in errors]
    return " ".join(dict.fromkeys(part for part in parts if part))
