"""The regional page as an Excel file. No cell is a formula, whatever a place is called."""

from __future__ import annotations

import functools
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
    of_numbers = (12,) if shown.choice.is_count else (12, 12, 10)
    for letter, width in zip("ABCDEFGH", (22, 22, 40, 14, *of_numbers, 14), strict=False):
        sheet.column_dimensions[letter].width = width
    for text in (str(shown.choice.name), shown.choice.key, shown.period, _remark()):
        sheet.append([_guarded(text)])
    _line(sheet, _headings(is_count=shown.choice.is_count), bold=True)
    numbers = functools.partial(_numbers, is_count=shown.choice.is_count)
    for prefecture in shown.prefectures:
        total = prefecture.total
        _line(sheet, [prefecture.name_zh, "", "", "", *numbers(total.cell), total.hidden], bold=True)
        for county in prefecture.counties:
            place, total = [prefecture.name_zh, county.name_zh], county.total
            _line(sheet, [*place, "", county.code, *numbers(total.cell), total.hidden], bold=True)
            for one in county.institutions:
                _line(sheet, [*place, one.name_zh, one.code, *numbers(one.cell), ""])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _remark() -> str:
    kept_back = gettext("* Kept back: small numbers, and others from which they could be worked out.")
    sums = gettext("Sums are of the institutions that are shown; there is no other total.")
    return f"{kept_back} {sums}"


def _headings(*, is_count: bool) -> list[Value]:
    rate = (gettext("Reached"), gettext("Of"), gettext("Percent"))
    words = (
        gettext("Prefecture"), gettext("County"), gettext("Institution"), gettext("Code"),
        *((gettext("How many"),) if is_count else rate), gettext("Institutions kept back"),
    )  # fmt: skip
    return [str(word) for word in words]


def _numbers(cell: Cell, *, is_count: bool) -> list[Value]:
    """A place's numbers: of a count the first alone."""
    numbers: list[Value] = [HIDDEN, HIDDEN, HIDDEN]
    if cell.numerator is not None:
        all_ = "" if cell.denominator is None else cell.denominator
        numbers = [cell.numerator, all_, percent(cell)]
    return numbers[:1] if is_count else numbers


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
