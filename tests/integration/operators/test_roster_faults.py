"""Files that cannot be used, and lines that are not in order: each is told, and nothing is changed."""

from __future__ import annotations

import ast
import csv
import io
import re
import typing
import uuid
from pathlib import Path

import pytest
from flask_babel import gettext

from tenants import roster_runs
from tenants.console.fault_texts import TEXTS, said, template_of
from tests.support import files, rosters, world
from tests.support.rosters import ask, line, state_of

if typing.TYPE_CHECKING:
    from flask import Flask

    from tests.support.operating import Desk

ROOT = Path(__file__).resolve().parents[3]
_HAS_DOCS = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def codes(count: int) -> list[str]:
    return [world.free_code() for _ in range(count)]


def faults_of(app: Flask, run_id: uuid.UUID) -> list[tuple[typing.Any, ...]]:
    query = (
        'SELECT line, "column", value, message FROM platform.roster_fault WHERE run_id = %s ORDER BY position'
    )
    return ask(app, query, run_id)


@pytest.mark.parametrize(
    ("body", "said_of_it"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04 cut off", "The Excel file is damaged or is something else inside."),
        (
            rosters.sheet_of([line("650099001")])[:3000],
            "The Excel file is damaged or is something else inside.",
        ),
        ("code,kind\n".encode("utf-16"), "The file is not text in UTF-8 or GB 18030."),
        (b"code,kind,name_zh\n", "The column is missing."),
        (rosters.csv_of([]).replace(b"name_ug", b"code", 1), "The column is missing."),
        (rosters.csv_of([line("650099001")] * 100_000), "The file has more than 50000 lines."),
        (b"\xff\xd8\xff\xe0 a picture", "The file is not text in UTF-8 or GB 18030."),
        ("code,kind\n".encode("utf-16-be"), "The column is unknown."),
        (b"co\0de,kind\n", "The column is unknown."),
        (b"x" * 100_000, "The column is unknown."),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
            "The Excel file has a password or is an old .xls; save it as .xlsx without a password.",
        ),
        (
            rosters.csv_of([line("650099001")]).replace(b",", b";"),
            "The columns are set apart by semicolons or tabs; save the file with commas between them.",
        ),
        (
            rosters.csv_of([line("650099001")]).replace(b",", b"\t"),
            "The columns are set apart by semicolons or tabs; save the file with commas between them.",
        ),
        (
            files.locked(rosters.sheet_of([line("650099001")])),
            "The Excel file is damaged or is something else inside.",
        ),
    ],
    ids=[
        *("empty", "no zip", "truncated", "utf-16", "header", "column twice", "100,000 lines", "picture"),
        *("utf-16 without its mark", "nul", "one long name", "password", "semicolons", "tabs", "sealed zip"),
    ],
)
def test_a_bad_file_is_refused_with_a_clear_message_and_changes_nothing(
    app: Flask, desk: Desk, body: bytes, said_of_it: str
) -> None:
    before = ask(app, "SELECT count(*) FROM platform.clinic")
    run_id = rosters.checked(app, desk, body)
    assert state_of(app, run_id) == "refused"
    assert said_of_it in {message for *_, message in faults_of(app, run_id)}
    desk.do(f"/rosters/{run_id}/start")
    assert state_of(app, run_id) == "refused"
    assert ask(app, "SELECT count(*) FROM platform.clinic") == before
    with app.test_request_context():
        words = said(said_of_it)
    assert words != said_of_it
    assert words in desk.at(f"/rosters/{run_id}").get_data(as_text=True)


def test_no_file_and_one_that_is_too_large_are_told_at_once(app: Flask, desk: Desk) -> None:
    assert desk.do("/rosters/new", {}).status_code == 422
    assert rosters.post(desk, b"x" * (17 * 1024 * 1024)).status_code == 413


def test_faults_come_in_pages_of_fifty_and_as_a_file_that_no_spreadsheet_runs(app: Flask, desk: Desk) -> None:
    lines = [line(code, name_zh="") for code in codes(60)] + [line(world.free_code(), name_zh="=1+1")]
    run_id = rosters.checked(app, desk, rosters.csv_of(lines))
    first, second = desk.at(f"/rosters/{run_id}"), desk.at(f"/rosters/{run_id}", page="2")
    assert (
        first.get_data(as_text=True).count('<th scope="row">'),
        "page=2" in first.get_data(as_text=True),
    ) == (
        52,
        True,
    )
    assert second.get_data(as_text=True).count('<th scope="row">') == 2 + 11
    for odd in ("0", "x", "-1", "9" * 30, "٢"):
        assert desk.at(f"/rosters/{run_id}", page=odd).status_code == 200
    answer = desk.at(f"/rosters/{run_id}/faults-file")
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert len(rows) == 62
    assert rows[-1][3] == "'=1+1"
    assert answer.headers["Content-Type"].startswith("text/csv")


def test_every_sentence_of_the_importer_has_words_in_the_console() -> None:
    root = Path(roster_runs.__file__).parent
    for name in ("roster.py", "roster_file.py", "roster_sheet.py", "importing.py", "import_planning.py"):
        tree = ast.parse((root / name).read_text(encoding="utf-8"))
        docs = {
            ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, _HAS_DOCS)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in docs:
                text = node.value
                if re.match(r"(The|A clinic|No) ", text) and text.endswith("."):
                    assert template_of(text), text
    assert len(set(TEXTS)) == len(TEXTS)
    assert template_of("The name is longer than 100 characters.") == (
        "The name is longer than %(most)s characters.",
        {"most": "100"},
    )
    assert template_of("Something new.") is None


def test_a_roster_without_anything_new_says_so_and_cannot_be_started(app: Flask, desk: Desk) -> None:
    run_id = rosters.checked(app, desk, rosters.csv_of([]))
    with app.test_request_context():
        words = gettext("There is nothing to bring in: no line of the files is new or changed.")
    page = desk.at(f"/rosters/{run_id}").get_data(as_text=True)
    assert words in page
    assert f"/rosters/{run_id}/start" not in page


def test_a_long_value_is_cut_in_the_table_so_that_what_is_wrong_with_it_is_seen(
    app: Flask, desk: Desk
) -> None:
    run_id = rosters.checked(app, desk, rosters.csv_of([line(world.free_code(), name_zh="很" * 120)]))
    page = desk.at(f"/rosters/{run_id}").get_data(as_text=True)
    assert f"{'很' * 39}…" in page
    assert "很" * 40 not in page
    assert "很" * 120 in desk.at(f"/rosters/{run_id}/faults-file").get_data(as_text=True)


def test_why_the_work_broke_off_stands_on_the_page(app: Flask, desk: Desk) -> None:
    begun = rosters.checked(app, desk, rosters.csv_of([line(world.free_code())]))
    desk.do(f"/rosters/{begun}/start")
    unchecked = rosters.send(desk, rosters.csv_of([line(world.free_code())]))
    with app.test_request_context():
        why = said("It broke off several times.")
        never = gettext("The check broke off. Nothing was changed. Choose the file anew.")
    for run_id in (unchecked, begun):
        roster_runs.give_up(world.caretaker(app), run_id)
        page = desk.at(f"/rosters/{run_id}").get_data(as_text=True)
        assert why in page
        assert (never in page, f"/rosters/{run_id}/start" in page) == (run_id == unchecked, run_id == begun)


def test_a_page_of_a_roster_that_is_not_there_is_not_found(desk: Desk) -> None:
    for path in ("", "/progress", "/faults-file"):
        assert desk.at(f"/rosters/{uuid.uuid4()}{path}").status_code == 404
    assert desk.at("/rosters/x").status_code == 404
