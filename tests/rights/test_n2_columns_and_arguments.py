"""Rights N2, as far as it can be read: no column and no query argument tells a script, language or area."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from flask import Flask

from saas.residents.models import ResidentName
from tests.rights.query_arguments import arguments
from tests.support import world

ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = {
    "site": "a place of the clinic",
    "figure": "which figure's list of services still owed",
    "period": "a year, quarter or month of the figures",
    "inside": "figures with all numbers, for use inside the institution",
    "asked": "when somebody asked for the figures to be counted anew",
    "page": "the number of the page",
    "filter": "which services of the list of today: words of care, none tells a person",
    "order": "most urgent first, or village and house for a walk",
    "list": "the list from which a visit was opened and the place in it, for the way to the next person",
    "at": "the person at whose line one comes back to the list of today, where the focus is",
    "draft": "go on with one's own draft",
    "words": "the sealed words of a search: of one that found nobody, to register her; of one within the list"
    " of today, whose order stays that of care and which counts nothing",
    "standing": "show also those who moved, died or left: an order of care, the same for everybody",
    "about": "which question of consent one person's page or sheet is about",
    "sensitive": "print one person's record with what only treating doctors see",
    "sheet": "the language of a sheet that is read to one person; chooses words, never people",
    "before": "the sealed state to which an undo of one person's standing goes back; or the number of a log"
    " row, where the next page of the access log begins",
    "in": "print one person's own list of who opened her record, or a record of hers, in one language; or the"
    " figures, which name nobody",
    "staff": "whose rows of the access log",
    "clinic": "the institution of a printed invitation, by its code",
    "day": "which day's rows of the access log",
    "q": "part of an institution's name, before sign-in",
}
"""Every query argument of the product, reviewed: none is a language, a script or an area."""

KEY_COLUMNS = {"search_key", "sounds", "find_keys", "key_version"}
"""Computed from the text of a name alone, for every name; ``key_version`` says when the rule was changed."""

LANGUAGE_COLUMNS = {
    ("resident", "print_language"),
    ("staff", "language"),
    ("clinic_setting", "default_language"),
    ("consent", "language"),
}
"""The language of one person's prints, of a staff member's pages, of new pages, of the sheet of
consent that was read to one person (rights I2). Nothing of a name."""


def test_a_name_has_no_column_for_language_or_script() -> None:
    columns = set(ResidentName.__table__.columns.keys())
    assert columns == {"id", "resident_id", "position", "text", *KEY_COLUMNS}


def test_the_columns_that_tell_a_language_are_the_reviewed_ones(app: Flask) -> None:
    told = {
        (table.name, column.name)
        for table in world.caretaker(app).metadata.tables.values()
        for column in table.columns
        if re.search(r"lang|script|tongue|locale|romani|latin|arabic|direction", column.name)
    }
    assert told == LANGUAGE_COLUMNS


def test_the_product_reads_the_reviewed_query_arguments_only() -> None:
    found: set[str] = set()
    for path in (ROOT / "saas").rglob("*.py"):
        found |= set(arguments(ast.parse(path.read_text(encoding="utf-8"))))
    assert found == {*ARGUMENTS, "request.full_path"}, "full_path: the way back after a language switch"


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("request.args.get('sort')", ["sort"]),
        ("request.args.getlist('script')", ["script"]),
        ("Form(request.args)", ["request.args"]),
        ("request.args[name]", ["request.args"]),
        ("request.values.get('a')", ["a"]),
    ],
)
def test_the_reading_of_a_query_argument_is_seen(source: str, seen: list[str]) -> None:
    assert list(arguments(ast.parse(source))) == seen
