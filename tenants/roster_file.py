"""A roster's bytes: which encoding, which lines, which cells, each with its line."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
import typing
from collections.abc import Iterator
from pathlib import Path

from tenants import roster_sheet

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes; the whole region's roster has 0.6 million."""

MOST_LINES = 50_000
"""Lines under the header; the whole region has 9,304 institutions and village clinics."""

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Begins a workbook of before 2007, and a newer one that a password seals."""

LONGEST_RECORD = 20
"""Lines that one quoted cell may span before its quote counts as never closed."""


class Fault(typing.NamedTuple):
    """One thing that is wrong with a file: where, what stood there, and a sentence about it."""

    file: str
    line: int
    column: str
    value: str
    message: str


class FileRefused(Exception):  # noqa: N818 - reads as what happened
    """The file as a whole cannot be used: unreadable, not text, or its header is wrong."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(fault.message for fault in faults))
        self.faults = faults


@dataclasses.dataclass(frozen=True)
class Record:
    """The cells of one line, exactly as given; ``broken`` says why they could not be read."""

    line: int
    cells: list[str]
    broken: str = ""


@dataclasses.dataclass(frozen=True)
class Source:
    """A file as it was chosen or uploaded: its name, for the faults, and its bytes."""

    name: str
    raw: bytes


File = Path | Source
"""A file on this machine, or one that was sent."""


def opened(file: File) -> Source:
    """The file's bytes. Raises ``FileRefused`` when it cannot be read."""
    if isinstance(file, Source):
        return file
    try:
        with file.open("rb") as stream:
            return Source(str(file), stream.read(LARGEST_FILE + 1))
    except OSError as error:
        raise refused(str(file), f"The file cannot be read: {error.strerror or error}.") from error


def records_of(source: Source) -> Iterator[Record]:
    """The lines of a file: a workbook by its first bytes, else text.

    Raises ``FileRefused`` when it is too large, has too many lines, or is neither.
    """
    if len(source.raw) > LARGEST_FILE:
        raise refused(source.name, f"The file is larger than {LARGEST_FILE // 1024 // 1024} MB.")
    if source.raw.startswith(OLE):
        message = "The Excel file has a password or is an old .xls; save it as .xlsx without a password."
        raise refused(source.name, message)
    found = _sheet(source) if source.raw.startswith(ZIP) else records(_decoded(source.name, source.raw))
    for count, record in enumerate(found):
        if count > MOST_LINES:
            raise refused(source.name, f"The file has more than {MOST_LINES} lines.")
        yield record


def _sheet(source: Source) -> Iterator[Record]:
    try:
        yield from (Record(*row) for row in roster_sheet.rows(source.raw))
    except roster_sheet.SheetRefused as reason:
        raise refused(source.name, str(reason)) from reason


def refused(name: str, message: str, *, column: str = "", value: str = "") -> FileRefused:
    """The refusal of a whole file for one reason."""
    return FileRefused([Fault(name, 1, column, value, message)])


def _decoded(path: str, raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        damaged = f"The text is UTF-8 with a damaged character on line {line}."
    if raw.startswith(b"\xef\xbb\xbf") or _is_damaged_utf8(raw):
        raise refused(path, damaged)
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError as error:
        raise refused(path, "The file is not text in UTF-8 or GB 18030.") from error


def _is_damaged_utf8(raw: bytes) -> bool:
    """Whether the bytes are UTF-8 but for a few, which GB 18030 would read as other characters."""
    text = raw.decode("utf-8", errors="surrogateescape")
    bad = len(re.findall(r"[\udc80-\udcff]", text))
    good = len(re.findall(r"[^\x00-\x7f\udc80-\udcff]", text))
    return good > bad


def records(text: str) -> Iterator[Record]:
    """Every line that is not blank, with its number in the file (the first line is 1).

    A quoted cell may span lines. A quote that is never closed breaks its own line only, so that
    the lines after it are still read.
    """
    lines = list(io.StringIO(text, newline=""))
    at = 0
    while at < len(lines):
        cells, used, broken = _record(lines[at : at + LONGEST_RECORD])
        if cells or broken:
            yield Record(at + 1, cells, broken)
        at += used


def _record(lines: list[str]) -> tuple[list[str], int, str]:
    """The cells of the first record, how many lines it takes, and why it is broken."""
    if not lines[0].strip():
        return [], 1, ""
    for used in range(1, len(lines) + 1):
        try:
            cells = next(csv.reader(lines[:used], strict=True))
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                continue
            return [], 1, f"The line cannot be read: {error}."
        return cells, used, ""
    return [], 1, "The quotation mark is never closed."
