"""The lines of an uploaded file, whatever program wrote it: cells as texts, what is none marked."""

from __future__ import annotations

import csv
import io
import itertools
import re
import typing

from saas.web.sheets import workbook
from saas.web.sheets.marks import FORMULA, UNREADABLE, Row
from saas.web.sheets.refused import MOST_COLUMNS, MOST_LINES, FileRefusedError

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_MARKUP = re.compile(rb"\s*<(?:!doctype|html|table|\?xml|meta)", re.IGNORECASE)
_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SEPARATORS = ",;\t"
_LONGEST_RECORD = 20
"""Lines that one quoted cell may span before its quote counts as never closed."""
_AS_TEXT = re.compile(r'="([^"]*)"')
_FORMULA_SIGNS = ("=", "+", "@")
_NUMBER = re.compile(r"\+?[0-9 ()-]+")
_STEM = 20


def rows(body: bytes) -> Iterator[tuple[int, Row]]:
    """Every line that is not blank, with its number in the file (the first is 1).

    Raises ``FileRefusedError`` at the line where the file turns out not to be usable.
    """
    found: Iterator[tuple[int, Row]]
    found = workbook.rows(body) if body.startswith(b"PK") else _text_rows(body)
    count = 0
    for number, row in found:
        if len(row) > MOST_COLUMNS:
            raise FileRefusedError("many-columns")
        if not any(cell.strip() for cell in row):
            continue
        count += 1
        if count > MOST_LINES:
            raise FileRefusedError("many-lines")
        yield number, row
    if not count:
        raise FileRefusedError("empty")


def head(body: bytes) -> list[Row]:
    """The first lines, for the page where columns are chosen, cut to what a page can show."""
    return [[cell[:60] for cell in row] for _, row in itertools.islice(rows(body), _STEM)]


def _text_rows(body: bytes) -> Iterator[tuple[int, Row]]:
    text = _decoded(body)
    separator = _separator(text)
    lines = list(io.StringIO(text, newline=""))
    at = 0
    while at < len(lines):
        cells, used = _record(lines[at : at + _LONGEST_RECORD], separator)
        if cells:
            yield at + 1, [_cell(cell) for cell in cells]
        at += used


def _decoded(body: bytes) -> str:
    """UTF-8 with or without a mark, UTF-16 with one, or GB 18030; never guessed from a part."""
    if not body.strip():
        raise FileRefusedError("empty")
    if body.startswith(_OLD_EXCEL):
        raise FileRefusedError("old-excel")
    if _MARKUP.match(body[:200]):
        raise FileRefusedError("markup")
    encodings = ("utf-16",) if body.startswith(_UTF16_MARKS) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            if encoding == "utf-8-sig" and (body.startswith(_UTF8_MARK) or _is_damaged_utf8(body)):
                raise FileRefusedError("damaged-text") from None
            continue
        if "\0" in text:
            break
        return text
    raise FileRefusedError("not-a-list")


def _is_damaged_utf8(body: bytes) -> bool:
    """Whether it is UTF-8 but for a few bytes, which GB 18030 would read as other characters."""
    text = body.decode("utf-8", errors="surrogateescape")
    bad = len(re.findall(r"[\udc80-\udcff]", text))
    good = len(re.findall(r"[^\x00-\x7f\udc80-\udcff]", text))
    return good > bad


def _separator(text: str) -> str:
    """The sign that parts the most cells of the first lines."""
    start = "".join(itertools.islice(io.StringIO(text), 5))
    return max(_SEPARATORS, key=start.count)


def _record(lines: list[str], separator: str) -> tuple[list[str], int]:
    """The cells of the first record and how many lines it takes; a broken one is marked."""
    if not lines[0].strip():
        return [], 1
    for used in range(1, len(lines) + 1):
        try:
            return next(csv.reader(lines[:used], strict=True, delimiter=separator)), used
        except csv.Error as error:
            if "unexpected end of data" not in str(error):
                break
    return [UNREADABLE], 1


def _cell(text: str) -> str:
    """The text of a cell; ``="650099…"`` is how programs keep Excel from spoiling a number."""
    text = text.strip().removeprefix("'")
    if not text.startswith(_FORMULA_SIGNS):
        return text
    written = _AS_TEXT.fullmatch(text)
    if written is not None:
        return written[1]
    return text if _NUMBER.fullmatch(text) else FORMULA
