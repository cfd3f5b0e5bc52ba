"""The lines of a roster that is an .xlsx file, read as a stream that cannot fill the memory."""

from __future__ import annotations

import io
import struct
import typing
import zipfile
import zlib
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml.common import DefusedXmlException
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml import DEFUSEDXML

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    Row = tuple[int, list[str]]

LARGEST_UNPACKED = 100 * 1024 * 1024
"""Bytes of all parts together; 50,000 lines of eight columns have about 40 MB."""
LARGEST_RATIO = 200
"""Text of a sheet packs to a twentieth or a hundredth; a bomb to a thousandth."""
MOST_PARTS = 500
_PRECISE = 10**15
"""From here on Excel has rounded a number's last digits away."""
_SHEET = "xl/worksheets/"

BROKEN = "The Excel file is damaged or is something else inside."
NO_SHEET = "The Excel file holds no sheet."
TOO_DENSE = "The Excel file unpacks to more than it may."

if not DEFUSEDXML:  # pragma: no cover - the pins bring it along
    raise ImportError("openpyxl must read XML by defusedxml")


class SheetRefused(Exception):  # noqa: N818 - reads as what happened
    """The workbook cannot be used; the text says why."""


_BROKEN_FILES = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    InvalidFileException,
    DefusedXmlException,
    ParseError,
    KeyError,
    IndexError,
    ValueError,
    EOFError,
    AttributeError,
    TypeError,
    OverflowError,
    RuntimeError,
    OSError,
    AssertionError,
    zlib.error,
    struct.error,
)
"""What openpyxl and zipfile raise for a file that was cut off or is something else inside."""


def rows(body: bytes) -> Iterator[Row]:
    """The lines of the first sheet that are not blank, without empty cells behind the header's last.

    Raises ``SheetRefused``.
    """
    _check_package(body)
    width = 0
    try:
        book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            texts = _shortened([_text(cell) for cell in cells], width)
            width = width or len(texts)
            if any(texts):
                yield number, texts
    except _BROKEN_FILES as error:
        raise SheetRefused(BROKEN) from error


def _check_package(body: bytes) -> None:
    """A zip file of a workbook, and not one that unpacks to a thousand times its size."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            parts = package.infolist()
    except _BROKEN_FILES as error:
        raise SheetRefused(BROKEN) from error
    if not any(part.filename.startswith(_SHEET) for part in parts):
        raise SheetRefused(NO_SHEET)
    unpacked = sum(part.file_size for part in parts)
    dense = any(part.file_size > LARGEST_RATIO * max(part.compress_size, 1000) for part in parts)
    if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED or dense:
        raise SheetRefused(TOO_DENSE)


def _shortened(texts: list[str], width: int) -> list[str]:
    """A sheet has no end of a line: empty cells behind the header's are none, missing ones are empty."""
    while len(texts) > width and not texts[-1]:
        texts.pop()
    return texts + [""] * (width - len(texts))


def _text(cell: typing.Any) -> str:  # noqa: ANN401 - openpyxl has several kinds of cells
    """A cell as text: a code that Excel took for a number is whole again; a formula stays one."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, float | int) and not isinstance(value, bool) and abs(value) < _PRECISE:
        return str(int(value)) if value == int(value) else repr(value)
    return str(value)
