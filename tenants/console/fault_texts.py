"""What is wrong with a roster, in the language of the page: the importer's sentences, translated."""

from __future__ import annotations

import functools
import re
import typing

from flask_babel import gettext

N_ = str
"""Marks a text for the catalogues."""

TEXTS = (
    N_("The file cannot be read: %(why)s."),
    N_("The file is larger than %(most)s MB."),
    N_("The file has more than %(most)s lines."),
    N_("The text is UTF-8 with a damaged character on line %(line)s."),
    N_("The file is not text in UTF-8 or GB 18030."),
    N_("The Excel file is damaged or is something else inside."),
    N_("The Excel file holds no sheet."),
    N_("The Excel file unpacks to more than it may."),
    N_("The Excel file has a password or is an old .xls; save it as .xlsx without a password."),
    N_("The file is empty."),
    N_("The first line is not the header."),
    N_("The columns are set apart by semicolons or tabs; save the file with commas between them."),
    N_("The column is missing."),
    N_("The column is unknown."),
    N_("The column stands twice."),
    N_("The line cannot be read: %(why)s."),
    N_("The quotation mark is never closed."),
    N_("The line has %(given)s cells, the header %(wanted)s."),
    N_("The cell holds a control character."),
    N_("The cell holds a character that changes the direction of writing."),
    N_("The cell begins like a formula of a spreadsheet."),
    N_("The code stands on line %(line)s already."),
    N_("The code is empty."),
    N_("The code is not 9 or 12 digits."),
    N_("The code of the institution is empty."),
    N_("The code is the institution's own."),
    N_("The kind is none of %(kinds)s."),
    N_("The Chinese name is empty."),
    N_("The name is longer than %(most)s characters."),
    N_("No institution has this code."),
    N_("Its institution was refused on line %(line)s."),
    N_("A clinic with this code was removed; its code is not given again."),
    N_("No clinic number of this database's range is free."),
    N_("No cell has room for another clinic."),
    N_("The database of cell %(cell)s cannot be reached."),
    N_("The database refused the clinic: %(why)s"),
    N_("The database could not be reached any more."),
    N_("The database could not be reached any more. %(why)s"),
    N_("It broke off several times."),
)
_HOLE = re.compile(r"%\((\w+)\)s")


@functools.cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(_as_pattern(text), re.DOTALL), text) for text in TEXTS]


def _as_pattern(text: str) -> str:
    parts = _HOLE.split(text)
    return "".join(f"(?P<{part}>.*)" if place % 2 else re.escape(part) for place, part in enumerate(parts))


def template_of(message: str) -> tuple[str, dict[str, str]] | None:
    """The text that a sentence was made from, and what stands in it; ``None`` for an unknown one."""
    for pattern, text in _patterns():
        found = pattern.fullmatch(message)
        if found:
            return text, {name: value or "" for name, value in found.groupdict().items()}
    return None


def said(message: str) -> str:
    """The sentence in the language of the page; one of another release as it is."""
    found = template_of(message)
    if found is None:
        return message
    text, values = found
    return typing.cast("str", gettext(text, **values))
