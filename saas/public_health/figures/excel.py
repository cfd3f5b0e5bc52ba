"""The figures as an Excel file. No cell is a formula, whatever a place is called."""

from __future__ import annotations

import io
import typing

from flask_babel import gettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from saas.public_health.figures.showing import Row, Table

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Value = str | float
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Head(typing.NamedTuple):
    """What stands above the table: clinic, period, time, and whom it is for."""

    clinic: str
    period: str
    computed_at: str
    note: str
    site_names: dict[object, str]
    rtl: bool


def workbook(tables: Sequence[Table], head: Head) -> bytes:
    """One sheet: a line for each figure and place."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(str(gettext("Figures")))
    sheet.sheet_view.rightToLeft = head.rtl
    for letter, width in zip("ABCDEFG", (34, 26, 30, 12, 12, 12, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    for text in (head.clinic, head.period, head.computed_at, head.note):
        sheet.append([guarded(text)])
    _line(sheet, _headings(), bold=True)
    for table in tables:
        for row in table.rows:
            _lines(sheet, table, row, head)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _headings() -> list[str]:
    words = (
        gettext("Figure"), gettext("Code and version"), gettext("Place of care"), gettext("Reached"),
        gettext("Of"), gettext("Percent"), gettext("Definition"),
    )  # fmt: skip
    return [str(word) for word in words]


def _lines(sheet: WriteOnlyWorksheet, table: Table, row: Row, head: Head) -> None:
    name, mark = str(table.words.name), table.mark
    place = head.site_names[row.site.id if row.site else None]
    if table.definition.is_rate:
        words = f"{table.words.numerator} / {table.words.denominator}"
        reached, all_, percent = row.numbers
        _line(sheet, [name, mark, place, _number(reached), _number(all_), percent, words])
        return
    for measure, number in zip(table.measures, row.numbers, strict=True):
        _line(sheet, [f"{name}: {measure}", mark, place, _number(number), "", "", ""])


def _number(text: str) -> Value:
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text


def _line(sheet: WriteOnlyWorksheet, values: Sequence[Value], *, bold: bool = False) -> None:
    cells = []
    for value in values:
        cell = WriteOnlyCell(sheet, value=guarded(value))
        if bold:
            cell.font = Font(bold=True)
        cells.append(cell)
    sheet.append(cells)


def guarded(value: Value) -> Value:
    """A text that would begin a formula gets an apostrophe before it."""
    if isinstance(value, str) and value.startswith(_BEGINS_A_FORMULA):
        return f"'{value}"
    return value
