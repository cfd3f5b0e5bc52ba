"""How times, numbers and names are written on a page, the same in both languages."""

from __future__ import annotations

import datetime
import typing
import unicodedata

from saas.web import clock

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Flask


def set_up(app: Flask) -> None:
    """Give the filters to every template."""
    app.jinja_env.filters |= {
        "moment": moment,
        "number": number,
        "record_tail": record_tail,
        "script_lang": script_lang,
        "flat_errors": flat_errors,
    }


def moment(value: datetime.datetime) -> str:
    """An aware time as day and time of day in Beijing; the page names the zone beside it.

    Raises ValueError for a time without a zone: it could be hours off.
    """
    if value.tzinfo is None:
        message = "a time to show needs its zone"
        raise ValueError(message)
    return value.astimezone(clock.BEIJING).strftime("%Y-%m-%d %H:%M")


def record_tail(resident_id: object) -> str:
    """The end of a record's id: enough for two people to speak of one record, and no name.

    It is what somebody sees who looks at an event and not at the record (rights I7).
    """
    return f"…{str(resident_id)[-6:].upper()}"


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
