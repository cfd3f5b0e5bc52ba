"""The lines of an .xlsx file, read as a stream; nothing is unpacked that could fill the memory."""

from __future__ import annotations

import datetime
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

from saas.web.sheets.marks import BROKEN, DAMAGED, FORMULA, Row
from saas.web.sheets.refused import FileRefusedError

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST_UNPACKED = 400 * 1024 * 1024
"""Bytes of all parts together; 100,000 lines of twenty columns have about 200 MB."""
LARGEST_RATIO = 200
"""Text of a sheet packs to a twentieth or, where lines repeat, a hundredth; a bomb to a thousandth."""
MOST_PARTS = 500
_PRECISE = 10**15
"""From here on Excel has rounded a number's last digits away."""
_SHEET = "xl/worksheets/"
_NO_VALUES = {"f": FORMULA, "e": BROKEN}

if not DEFUSEDXML:  # pragma: no cover - the pins bring it along
    message = "openpyxl must read XML by defusedxml"
    raise ImportError(message)


def rows(body: bytes) -> Iterator[tuple[int, Row]]:
    """The lines of the first sheet. Raises ``FileRefusedError``."""
    _check_package(body)
    try:
        book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            yield number, [_text(cell) for cell in cells]
    except _BROKEN_FILES as error:
        raise FileRefusedError("broken-excel") from error


_BROKEN_FILES = (
    zipfile.BadZipFile,
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
    zipfile.LargeZipFile,
    RuntimeError,
    OSError,
    AssertionError,
    zlib.error,
    struct.error,
)
"""What openpyxl and zipfile raise for a file that was cut off or is something else inside."""


def _check_package(body: bytes) -> None:
    """A zip file of a workbook, and not one that unpacks to a thousand times its size."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            parts = package.infolist()
    except _BROKEN_FILES as error:
        raise FileRefusedError("broken-excel") from error
    if not any(part.filename.startswith(_SHEET) for part in parts):
        raise FileRefusedError("not-a-list")
    unpacked = sum(part.file_size for part in parts)
    too_dense = any(part.file_size > LARGEST_RATIO * max(part.compress_size, 1000) for part in parts)
    if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED or too_dense:
        raise FileRefusedError("too-large-inside")


def _text(cell: typing.Any) -> str:  # noqa: ANN401 - openpyxl has several kinds of cells
    """A cell as text: numbers without ``.0``, dates as 1963-05-07, what is no value marked."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in _NO_VALUES:
        return _NO_VALUES[cell.data_type]
    if isinstance(value, datetime.date):  # a moment is a date too
        return value.isoformat()[:10]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value)
    return str(value).strip().removeprefix("'").replace("\0", "")


def _number(value: float) -> str:
    if abs(value) >= _PRECISE:
        return DAMAGED
    return str(int(value)) if value == int(value) else repr(value)
