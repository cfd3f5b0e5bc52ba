"""The regional page as an Excel file. No cell is a formula, whatever a place is called."""

from __future__ import annotations

import io
import typing

from flask_babel import gettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from tenants.console.region_rules import Cell, percent

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from tenants.console.region import Shown

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HIDDEN = "*"
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Value = str | int


def workbook(shown: Shown, *, rtl: bool) -> bytes:
    """One sheet: a line for each prefecture, county and institution."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(str(gettext("Regional figures")))
    sheet.sheet_view.rightToLeft = rtl
    for letter, width in zip("ABCDEFGH", (22, 22, 40, 14, 12, 12, 10, 14), strict=True):
        sheet.column_dimensions[letter].width = width
    for text in (str(shown.choice.name), shown.choice.key, shown.period, _remark()):
        sheet.append([_guarded(text)])
    _line(sheet, _headings(), bold=True)
    for prefecture in shown.prefectures:
        total = prefecture.total
        _figures(sheet, [prefecture.name_zh, "", "", ""], total.cell, total.hidden, bold=True)
        for county in prefecture.counties:
            place = [prefecture.name_zh, county.name_zh, "", county.code]
            _figures(sheet, place, county.total.cell, county.total.hidden, bold=True)
            for one in county.institutions:
                place = [prefecture.name_zh, county.name_zh, one.name_zh, one.code]
                _figures(sheet, place, one.cell, None)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _remark() -> str:
    return str(
        gettext(
            "A star stands where a number would be under 10. Sums are of the institutions that are shown; "
            "there is no other total."
        )
    )


def _headings() -> list[Value]:
    words = (
        gettext("Prefecture"), gettext("County"), gettext("Institution"), gettext("Code"), gettext("Reached"),
        gettext("Of"), gettext("Percent"), gettext("Institutions kept back"),
    )  # fmt: skip
    return [str(word) for word in words]


def _figures(
    sheet: WriteOnlyWorksheet, place: Sequence[str], cell: Cell, hidden: int | None, *, bold: bool = False
) -> None:
    numbers: list[Value] = [HIDDEN, HIDDEN, HIDDEN]
    if cell.numerator is not None:
        all_ = "" if cell.denominator is None else cell.denominator
        numbers = [cell.numerator, all_, percent(cell)]
    _line(sheet, [*place, *numbers, "" if hidden is None else hidden], bold=bold)


def _line(sheet: WriteOnlyWorksheet, values: Sequence[Value], *, bold: bool = False) -> None:
    cells = []
    for value in values:
        cell = WriteOnlyCell(sheet, value=_guarded(value))
        if bold:
            cell.font = Font(bold=True)
        cells.append(cell)
    sheet.append(cells)


def _guarded(value: Value) -> Value:
    """A text that would begin a formula gets an apostrophe before it."""
    if isinstance(value, str) and value.startswith(_BEGINS_A_FORMULA):
        return f"'{value}"
    return value
