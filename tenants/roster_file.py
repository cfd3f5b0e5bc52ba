"""A roster's bytes: which encoding, which lines, which cells, each with its line."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
import typing
from collections.abc import Iterator
from pathlib import Path

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes; the whole region's roster has 0.6 million."""

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


def text_of(path: Path) -> str:
    """The file's text, from UTF-8 (with or without a mark) or GB 18030.

    Raises ``FileRefused`` when the file cannot be read, is too large, or is neither.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise refused(path, f"The file cannot be read: {error.strerror or error}.") from error
    if len(raw) > LARGEST_FILE:
        raise refused(path, f"The file is larger than {LARGEST_FILE // 1024 // 1024} MB.")
    return _decoded(path, raw)


def refused(path: Path, message: str, *, column: str = "", value: str = "") -> FileRefused:
    """The refusal of a whole file for one reason."""
    return FileRefused([Fault(str(path), 1, column, value, message)])


def _decoded(path: Path, raw: bytes) -> str:
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
