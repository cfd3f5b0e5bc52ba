"""Whatever somebody sends: a sentence that says what to do, and nothing changed."""

from __future__ import annotations

import io
import typing
import zipfile

import pytest

from saas.residents.bringing import batches
from saas.residents.bringing.texts import REFUSALS
from tests.integration.bringing.conftest import send_file
from tests.support import files, lists, world

if typing.TYPE_CHECKING:
    from tests.integration.bringing.conftest import Office

_BOOK = lists.as_workbook([lists.HEADINGS, *lists.people(1500)])
_XXE = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><worksheet>&a;</worksheet>'
)


def _repacked(name: str, content: bytes) -> bytes:
    """The workbook with one part exchanged."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_BOOK)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return packed.getvalue()


def _other_package() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("word/document.xml", "<document/>")
    return packed.getvalue()


_SHEET = "xl/worksheets/sheet1.xml"
_TEXT = lists.as_text(lists.people(3))
_FILES: dict[str, tuple[bytes, str]] = {
    "truncated": (_BOOK[: len(_BOOK) // 2], "broken-excel"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "not-a-list"),
    "another package": (_other_package(), "not-a-list"),
    "an old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old-excel"),
    "a web page": (b"<html><table><tr><td>1</td></tr></table></html>", "markup"),
    "empty": (b"", "empty"),
    "blank lines": (b"\r\n \r\n,,\r\n", "empty"),
    "NUL bytes": (b"\xe5\xa7\x93\xe5\x90\x8d,a\0b\r\n1,2", "not-a-list"),
    "damaged text": (
        lists.as_text(lists.people(3)).replace("阿依".encode(), b"\xe9\x98\xbf\xe4", 1),
        "damaged-text",
    ),
    "300 columns": (",".join("x" * 300).encode(), "many-columns"),
    "a bomb": (_repacked(_SHEET, b"<x>" + b" " * 50_000_000), "too-large-inside"),
    "an outer entity": (_repacked(_SHEET, _XXE.encode()), "broken-excel"),
    "sealed parts": (files.locked(_BOOK), "broken-excel"),
    "no XML": (_repacked(_SHEET, b"not at all"), "broken-excel"),
}


@pytest.mark.parametrize("kind", _FILES)
def test_a_file_that_is_no_list_is_refused_with_a_reason(office: Office, kind: str) -> None:
    body, code = _FILES[kind]
    answer = office.choose(body, "list.xlsx")
    assert answer.status_code == 422
    with office.app.test_request_context():
        wanted = str(REFUSALS[code])
    page = office.head.get("/residents/bringing/new")
    assert page.status_code == 200
    assert wanted
    assert 'id="list_file-error"' in answer.get_data(as_text=True)
    assert office.rows("SELECT count(*) FROM import_batch") == [0]


def test_no_file_at_all_is_asked_for(office: Office) -> None:
    answer = office.head.send("/residents/bringing/new", {})
    assert answer.status_code == 422
    assert 'id="list_file-error"' in answer.get_data(as_text=True)


def test_a_file_larger_than_the_limit_is_refused(office: Office) -> None:
    assert office.choose(b"x" * (25 * 1024 * 1024)).status_code == 413
    assert office.rows("SELECT count(*) FROM import_batch") == [0]


def test_nobody_sends_so_much_before_signing_in(office: Office) -> None:
    visitor = world.Browser(office.app, office.app.response_class)
    assert send_file(visitor, b"x" * 3_000_000, "list.csv", token="none").status_code == 413


@pytest.mark.timeout(60)
def test_200_000_lines_end_the_check_with_a_reason(office: Office) -> None:
    body = ("姓名,性别\r\n" + "阿依古丽,女\r\n" * 200_000).encode()
    batch = office.batch(office.check(body))
    assert (batch.state, batch.message) == (batches.FAILED, "many-lines")
    assert office.residents() == []


def test_headings_alone_end_the_check_with_a_reason(office: Office) -> None:
    batch = office.batch(office.check(lists.as_text([])))
    assert (batch.state, batch.message) == (batches.FAILED, "no-lines")


def test_a_file_that_breaks_in_the_middle_stores_nothing(office: Office) -> None:
    answer = office.choose(_repacked(_SHEET, _cut_sheet()), "list.xlsx")
    assert answer.status_code == 422, "told at once: the whole sheet is looked at before it is kept"
    assert 'id="list_file-error"' in answer.get_data(as_text=True)
    assert office.residents() == []


def _cut_sheet() -> bytes:
    """A sheet whose XML ends in the middle of a line, far below what the first look reads."""
    with zipfile.ZipFile(io.BytesIO(_BOOK)) as package:
        sheet = package.read(_SHEET)
    return sheet[: len(sheet) * 3 // 4]


def test_a_cell_of_a_million_letters_is_a_fault_of_its_line(office: Office) -> None:
    rows = [("姓名", "性别", "出生日期"), ("阿" * 32_000, "女", "1963"), ("阿依古丽", "女", "1963")]
    batch = office.batch(office.bring(lists.as_workbook(rows), "list.xlsx"))
    assert batch.mapping["found"]["faulty"] == 1
    assert len(office.residents()) == 1
    text = "姓名,性别,出生日期\r\n" + "阿" * 1_000_000 + ",女,1963\r\n阿依古丽,女,1963\r\n"
    batch = office.batch(office.bring(text.encode()))
    assert batch.mapping["found"]["faulty"] == 1
    assert len(office.residents()) == 2
