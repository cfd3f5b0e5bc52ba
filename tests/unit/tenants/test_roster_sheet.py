"""A workbook that is damaged anywhere is refused, or read; nothing else happens."""

from __future__ import annotations

import typing

import pytest

from saas.web.sheets import lines, refused
from tenants import roster_sheet
from tests.support import files, lists, rosters

if typing.TYPE_CHECKING:
    from collections.abc import Callable

_ROSTER = rosters.sheet_of([rosters.line(f"65009900{n}") for n in range(5)])
_LIST = lists.as_workbook([lists.HEADINGS, *lists.people(5)])


@pytest.mark.parametrize(
    ("read", "refusal", "body"),
    [
        (roster_sheet.rows, roster_sheet.SheetRefused, _ROSTER),
        (lines.rows, refused.FileRefusedError, _LIST),
    ],
    ids=["roster", "list"],
)
def test_a_byte_changed_anywhere_is_refused_or_read(
    read: Callable[[bytes], typing.Iterator[object]], refusal: type[Exception], body: bytes
) -> None:
    told = 0
    for at in range(0, len(body), 9):
        try:
            list(read(files.flipped(body, at)))
        except refusal:
            told += 1
    assert told > len(body) // 9 // 4, "most places are packed text, whose checksum is wrong then"
