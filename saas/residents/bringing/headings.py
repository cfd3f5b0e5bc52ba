"""Which of our fields a column of a clinic's list is, by its heading; and which column is never taken."""

from __future__ import annotations

import csv
import functools
import importlib.resources
import re
import typing
import unicodedata

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from saas.web.sheets.marks import Row

FIELDS = (
    "document_number",
    "document_type",
    "name_0",
    "name_1",
    "name_2",
    "sex_code",
    "birth",
    "phone_0",
    "phone_1",
    "phone_2",
    "contact_name",
    "contact_phone",
    "site_id",
    "village",
    "address_detail",
    "township",
    "county",
    "prefecture",
    "province",
)
"""What a column may be. Not among them: the language of prints, which is asked of the person herself."""

NO_HEADING = 0
MOST_ABOVE = 10
"""Lines in which the headings may stand: titles come before them."""
_SIGNS = re.compile(r"[\W_]+")
_WORD = re.compile(r"[^\W\d_]+")
_A_PEOPLE = re.compile(r"[\u3400-\u9fff]{1,6}族")
_MANY = 0.5


def plain(text: str) -> str:
    """A heading without spaces, brackets, stars and the like, and in small letters."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text)).casefold()


@functools.cache
def _known() -> dict[str, str]:
    rows = csv.DictReader(_data("import_heading.csv").splitlines())
    return {plain(row["heading"]): row["field"] for row in rows}


@functools.cache
def _refused() -> dict[str, tuple[str, ...]]:
    """Rights N1 by language; the very list that the product itself is searched with."""
    found: dict[str, list[str]] = {}
    for row in csv.DictReader(_data("refused_heading.csv").splitlines()):
        found.setdefault(row["language"], []).append(row["term"])
    return {language: tuple(terms) for language, terms in found.items()}


def _data(name: str) -> str:
    return importlib.resources.files("saas.residents").joinpath(f"data/{name}").read_text("utf-8")


def field_of(heading: str) -> str:
    """The field that a heading means; empty when nobody can tell."""
    bare = plain(re.sub(r"[(（].*?[)）]", "", heading))
    return _known().get(plain(heading)) or _known().get(bare, "")


def is_refused(heading: str, cells: Iterable[str] = ()) -> bool:
    """Whether a column holds what this system never keeps, by its heading or by what stands in it."""
    if heading and _holds_refused(heading):
        return True
    filled = [cell.strip() for cell in cells if cell.strip()]
    alike = [cell for cell in filled if _A_PEOPLE.fullmatch(cell) or cell in _refused()["zh"]]
    return bool(filled) and len(alike) > len(filled) * _MANY


def _holds_refused(heading: str) -> bool:
    bare = _SIGNS.sub("", unicodedata.normalize("NFKC", heading))
    words = " " + " ".join(_WORD.findall(unicodedata.normalize("NFKC", heading).casefold())) + " "
    return any(term in bare for term in _refused()["zh"]) or any(
        f" {term} " in words for term in (*_refused()["en"], *_refused()["ug"])
    )


def heading_line(head: Sequence[Row]) -> int:
    """Which of the first lines holds the headings, counted from 1; 0 when none does."""
    best, most = NO_HEADING, 0
    for number, row in enumerate(head[:MOST_ABOVE], start=1):
        known = sum(bool(field_of(cell)) for cell in row if cell.strip())
        if known > most:
            best, most = number, known
    return best


def guessed(head: Sequence[Row], line: int) -> dict[int, str]:
    """Our field of each column, as far as its heading tells; each field once."""
    columns: dict[int, str] = {}
    if line == NO_HEADING:
        return columns
    for column, heading in enumerate(head[line - 1]):
        field = field_of(heading)
        if field and field not in columns.values() and column not in refused(head, line):
            columns[column] = field
    return columns


def refused(head: Sequence[Row], line: int) -> set[int]:
    """The columns that cannot be taken, whatever somebody chooses for them."""
    width = max((len(row) for row in head), default=0)
    return {
        column
        for column in range(width)
        if is_refused(
            head[line - 1][column] if line and column < len(head[line - 1]) else "",
            (row[column] for row in head[line:] if column < len(row)),
        )
    }
