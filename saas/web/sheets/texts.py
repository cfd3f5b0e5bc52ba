"""What is said about a file and a cell. Nothing of a cell stands in any of these sentences."""

from __future__ import annotations

import typing

from flask_babel import lazy_gettext

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

REFUSALS: Mapping[str, object] = {
    "empty": lazy_gettext("There is no line in this file."),
    "no-lines": lazy_gettext("Below the headings there is no line in this file."),
    "not-a-list": lazy_gettext("This file is no list. Save the list as .xlsx or .csv and choose that file."),
    "old-excel": lazy_gettext(
        "This is a file of an old Excel (.xls). Save it as .xlsx and choose that file."
    ),
    "markup": lazy_gettext(
        "This is a web page that only looks like an Excel file. Open it, save it as .xlsx and choose"
        " that file."
    ),
    "broken-excel": lazy_gettext("This .xlsx file is damaged or not complete. Copy it anew and try again."),
    "damaged-text": lazy_gettext("The text of this file is damaged. Save the list anew as .xlsx or .csv."),
    "too-large-inside": lazy_gettext("Unpacked, this file is too large. Save the list alone in a new file."),
    "many-lines": lazy_gettext("This file has more than 100,000 lines. Part it into several files."),
    "many-columns": lazy_gettext("This file has more than 100 columns. Save only those that are needed."),
}
NOTHING_CHANGED = lazy_gettext("Nothing was stored.")

CELLS: Mapping[str, object] = {
    "formula": lazy_gettext("This is a formula and no value. Paste the values in its place."),
    "damaged-number": lazy_gettext(
        "The spreadsheet has rounded this number, and its last digits are lost. Type it anew as text."
    ),
    "cell-error": lazy_gettext("This cell shows an error of the spreadsheet."),
    "line-unreadable": lazy_gettext("This line cannot be read: a quotation mark is missing."),
    "hidden-sign": lazy_gettext("There is an invisible character here. Type it anew."),
}
"""By the marks of ``marks``, and for a sign that cannot be seen."""


def column_letter(column: int) -> str:
    """A column as spreadsheets name it: A, B, … AA."""
    letters = ""
    number = column + 1
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
