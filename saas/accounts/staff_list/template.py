"""The empty list to be filled in: headings in both languages, and the words that its cells may hold."""

from __future__ import annotations

import io
import typing

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from saas.accounts import labels
from saas.accounts.staff_list.texts import HEADINGS, in_both

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from saas.accounts.models import Site

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def template(sites: Iterable[Site]) -> bytes:
    """An .xlsx file: the list on its first sheet, the words for roles and places on its second."""
    book = Workbook(write_only=True)
    people = book.create_sheet("1")
    for letter in "ABCDEF":
        people.column_dimensions[letter].width = 28
    _bold(people, [_both(heading) for heading in HEADINGS.values()])
    known = book.create_sheet("2")
    for letter in "ABC":
        known.column_dimensions[letter].width = 36
    _bold(known, [_both(HEADINGS["roles"])])
    for label in labels.ROLES.values():
        known.append(list(in_both(label).values()))
    known.append([])
    _bold(known, [_both(HEADINGS["sites"])])
    for site in sites:
        known.append([_text(word) for word in (site.code, site.name_zh, site.name_ug)])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _both(word: object) -> str:
    return " / ".join(in_both(word).values())


def _text(word: str) -> str:
    """A name that would begin a formula gets an apostrophe before it."""
    return f"'{word}" if word.startswith(_FORMULA_SIGNS) else word


def _bold(sheet: WriteOnlyWorksheet, values: Sequence[str]) -> None:
    cells = []
    for value in values:
        cell = WriteOnlyCell(sheet, value=value)
        cell.font = Font(bold=True)
        cells.append(cell)
    sheet.append(cells)
