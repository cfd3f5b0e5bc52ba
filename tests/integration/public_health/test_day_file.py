"""The day's list as a file: what stands in it, and what comes of each line when it comes back."""

from __future__ import annotations

import io
import typing
import uuid

import openpyxl
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from saas.formkit.models import Record
from saas.public_health import daysheet, owing
from saas.web import clock
from tests.conftest import ClinicWorld
from tests.integration.public_health.test_owing import enrol
from tests.integration.residents import pages
from tests.isolation.cases import read_form
from tests.support import signing, world

if typing.TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.support.world import Browser

Book = openpyxl.Workbook
FIRST = len(daysheet.HEAD) + 1


def person(browser: Browser, name: str = "سىناق") -> uuid.UUID:
    """Somebody of 63."""
    return uuid.UUID(pages.register(browser, name_0=name, sex_code="2", birth="1963-05-07"))


def fetched(browser: Browser, address: str = "/today/workbook") -> Book:
    """The file."""
    answer = browser.get(address)
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.get_data()))


def fill(book: Book, line: int, **texts: str) -> None:
    """Type into a line."""
    for name, text in texts.items():
        book.worksheets[0].cell(line, FIRST + list(daysheet.FIELDS).index(name)).value = text


def sent(browser: Browser, book: Book) -> TestResponse:
    """Send the file back."""
    body = io.BytesIO()
    book.save(body)
    form: dict[str, typing.Any] = dict(read_form(browser.get("/today/bring-back").get_data(as_text=True)))
    form["day_file"] = (io.BytesIO(body.getvalue()), "day.xlsx")
    return browser.send("/today/bring-back", form)


def results(answer: TestResponse) -> list[list[str]]:
    """The table of what came of each line."""
    assert answer.status_code == 200, pages.errors_of(answer)
    return [
        [cell.get_text(" ", strip=True) for cell in row.select("th,td")]
        for row in pages.soup(answer).select("table tbody tr")
    ]


def count(own: ClinicWorld) -> int:
    """The records of the clinic."""
    with world.inside(own.app, own.card) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Record)) or 0


def test_a_filled_line_becomes_a_record_and_only_once(own: ClinicWorld, browser: Browser) -> None:
    person(browser), person(browser)
    book = fetched(browser)
    fill(book, 2, systolic_bp="128", diastolic_bp="78")
    first = results(sent(browser, book))
    assert len(first) == 2
    assert count(own) == 1
    again = results(sent(browser, book))
    assert count(own) == 1
    assert first[0][2] != again[0][2]
    assert first[1][2] == again[1][2]


def test_a_wrong_line_says_column_and_reason_and_hinders_no_other(own: ClinicWorld, browser: Browser) -> None:
    person(browser), person(browser), person(browser)
    book = fetched(browser)
    fill(book, 2, systolic_bp="12x", diastolic_bp="78")
    fill(book, 3, systolic_bp="=1+127", diastolic_bp="78")
    fill(book, 4, systolic_bp="126", diastolic_bp="76")
    book.worksheets[0].cell(5, 1).value = "no code of ours"
    found = results(sent(browser, book))
    assert count(own) == 1
    assert found[0][3]
    assert found[1][3]
    assert found[3][3]
    assert [row[0] for row in found] == ["2", "3", "4", "5"]


def test_what_changed_meanwhile_is_not_overwritten(own: ClinicWorld, browser: Browser) -> None:
    resident_id = person(browser)
    book = fetched(browser)
    signing.sign(own, resident_id, "bp_reading", signing.BP, str(clock.today()))
    fill(book, 2, systolic_bp="150", diastolic_bp="90")
    sent(browser, book)
    assert count(own) == 1


def test_a_follow_up_takes_what_is_carried_forward(own: ClinicWorld, browser: Browser) -> None:
    resident_id = person(browser)
    enrol(own, resident_id, "hypertension", 200)
    signing.sign(own, resident_id, "ht_followup", signing.FOLLOWUP, signing.days_ago(120))
    book = fetched(browser)
    fill(
        book,
        2,
        systolic_bp="136",
        diastolic_bp="84",
        heart_rate="70",
        symptoms="1",
        weight="70",
        adverse_reaction="1",
    )
    found = results(sent(browser, book))
    assert count(own) == 2, found


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "@SUM(1)", "-2"])
def test_no_cell_is_a_formula(own: ClinicWorld, browser: Browser, name: str) -> None:
    assert daysheet.guarded(name) == f"'{name}"
    person(browser)
    cells = [cell for row in fetched(browser).worksheets[0].iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert not any(str(cell.value or "").startswith(daysheet.SIGNS) for cell in cells)


@pytest.mark.parametrize(("language", "rtl"), [("zh", False), ("ug", True)])
def test_the_sheet_has_the_direction_of_the_language_and_comes_back_from_either(
    own: ClinicWorld, browser: Browser, language: str, *, rtl: bool
) -> None:
    browser.set_cookie("shipa_language", language, domain="127.0.0.1")
    person(browser)
    book = fetched(browser)
    assert bool(book.worksheets[0].sheet_view.rightToLeft) is rtl
    fill(book, 2, systolic_bp="118", diastolic_bp="76")
    results(sent(browser, book))
    assert count(own) == 1


def test_another_file_is_refused_whole(own: ClinicWorld, browser: Browser) -> None:
    answer = sent(browser, openpyxl.Workbook())
    assert answer.status_code == 422
    form: dict[str, typing.Any] = dict(read_form(browser.get("/today/bring-back").get_data(as_text=True)))
    form["day_file"] = (io.BytesIO(b"PK no zip"), "day.xlsx")
    assert browser.send("/today/bring-back", form).status_code == 422
    assert (
        browser.send(
            "/today/bring-back", read_form(browser.get("/today/bring-back").get_data(as_text=True))
        ).status_code
        == 422
    )
    assert count(own) == 0


def test_a_line_of_another_clinic_is_refused(own: ClinicWorld, browser: Browser, north: ClinicWorld) -> None:
    person(browser)
    book = fetched(browser)
    fill(book, 2, systolic_bp="128", diastolic_bp="78")
    found = results(sent(north.browser(), book))
    assert found[0][3]
    assert count(own) == 0


def test_the_export_says_its_purpose_and_holds_at_most_50(own: ClinicWorld, browser: Browser) -> None:
    person(browser)
    assert fetched(browser).worksheets[0].max_row <= 51
    with world.inside(own.app, own.card) as session:
        row = session.execute(
            sa.text("SELECT act, purpose FROM access_log ORDER BY number DESC LIMIT 1")
        ).one()
    assert tuple(row) == ("today.workbook", "care-of-the-day")


def papers(browser: Browser, address: str = "/today/paper") -> BeautifulSoup:
    """The sheet to fill in by hand."""
    answer = browser.get(address)
    assert answer.status_code == 200
    return pages.soup(answer)


@pytest.fixture
def mixed(own: ClinicWorld, browser: Browser) -> dict[str, uuid.UUID]:
    """Somebody to each of whom another visit is owed."""
    found = {name: person(browser, f"سىناق {name}") for name in ("bp", "ht", "dm", "joint")}
    for name, programmes in (("ht", "h"), ("dm", "d"), ("joint", "hd")):
        for each in programmes:
            enrol(own, found[name], {"h": "hypertension", "d": "diabetes"}[each], 200)
    found["bp2"] = person(browser, "سىناق bp2")
    return found


def test_paper_and_file_have_the_same_lines_in_the_same_order(
    browser: Browser, mixed: dict[str, uuid.UUID]
) -> None:
    cells = [[str(cell.value) for cell in row] for row in fetched(browser).worksheets[0].iter_rows(min_row=2)]
    page = papers(browser)
    written = [
        (one.select_one(".code").get_text(), one.select_one("strong").get_text(strip=True))  # type: ignore[union-attr]
        for one in page.select(".by-hand-person")
    ]
    assert written == [(str(line), row[1]) for line, row in enumerate(cells, start=2)]
    titles = [one.get_text() for one in page.select(".by-hand h2")]
    assert titles == list(dict.fromkeys(row[5] for row in cells)), "one heading for each visit that is owed"
    assert len(titles) == 4


def test_the_paper_asks_what_the_file_brings_back(browser: Browser, mixed: dict[str, uuid.UUID]) -> None:
    heads = [str(cell.value) for cell in fetched(browser).worksheets[0][1]]
    for sheet in papers(browser).select(".by-hand"):
        first = sheet.select_one(".by-hand-person")
        assert first is not None
        columns = [one.get_text() for one in first.select(".by-hand-field .by-hand-column")]
        assert columns == sorted(columns)
        for field in first.select(".by-hand-field"):
            column = field.select_one(".by-hand-column")
            assert column is not None
            label = heads[openpyxl.utils.column_index_from_string(column.get_text()) - 1].split(" (")[0]
            assert label in field.get_text(" ", strip=True)
    joint = next(one for one in papers(browser).select(".by-hand-person") if "joint" in one.get_text())
    assert [one.get_text() for one in joint.select(".by-hand-field .by-hand-column")] == [*"GHIJKLMNOPQRST"]
    reading = next(one for one in papers(browser).select(".by-hand-person") if "bp2" in one.get_text())
    assert [one.get_text() for one in reading.select(".by-hand-field .by-hand-column")] == [*"GIJ"]


def test_what_is_filled_in_on_its_page_comes_last_and_has_room_to_write(
    own: ClinicWorld, browser: Browser, mixed: dict[str, uuid.UUID]
) -> None:
    older = pages.register(browser, name_0="ياشانغان", sex_code="2", birth="1950-01-01")
    signing.sign(own, older, "bp_reading", signing.BP, str(clock.today()), born="1950-01-01")
    with world.inside(own.app, own.card):
        owing.refresh(uuid.UUID(older))
    *_, last = papers(browser).select(".by-hand")
    assert [one.get_text(strip=True) for one in last.select("strong")] == ["ياشانغان"]
    assert last.select_one(".by-hand-line") is not None
    assert last.select(".by-hand-field") == []
    assert str(fetched(browser).worksheets[0].cell(7, 2).value) == "ياشانغان"


def test_the_paper_has_the_codes_of_the_form(browser: Browser, mixed: dict[str, uuid.UUID]) -> None:
    one = next(each for each in papers(browser).select(".by-hand-person") if "سىناق ht" in each.get_text())
    field = next(each for each in one.select(".by-hand-field") if "N" in each.select_one("small").get_text())  # type: ignore[union-attr]
    codes = [each.get_text() for each in field.select(".by-hand-choice bdi")]
    assert codes == [str(code) for code in range(1, 11)]
    assert len(field.select(".tick")) == 10


@pytest.mark.parametrize(("name", "texts"), [
    ("bp2", {"systolic_bp": "128", "diastolic_bp": "78"}),
    ("ht", {"systolic_bp": "136", "diastolic_bp": "84", "heart_rate": "70", "symptoms": "1", "weight": "70",
            "visit_mode": "1", "adherence": "1", "adverse_reaction": "1"}),
])  # fmt: skip
def test_what_was_written_on_paper_is_taken_from_the_file(
    own: ClinicWorld, browser: Browser, mixed: dict[str, uuid.UUID], name: str, texts: dict[str, str]
) -> None:
    signing.sign(own, mixed["ht"], "ht_followup", signing.FOLLOWUP, signing.days_ago(120))
    book, before = fetched(browser), count(own)
    line = next(
        int(one.select_one(".code").get_text())  # type: ignore[union-attr]
        for one in papers(browser).select(".by-hand-person")
        if f"سىناق {name}" in one.select_one("strong").get_text(strip=True)  # type: ignore[union-attr]
    )
    fill(book, line, **texts)
    found = results(sent(browser, book))
    assert count(own) == before + 1, found


def test_the_paper_says_its_purpose_and_holds_this_workers_own(
    own: ClinicWorld, browser: Browser, mixed: dict[str, uuid.UUID]
) -> None:
    papers(browser)
    with world.inside(own.app, own.card) as session:
        row = session.execute(
            sa.text("SELECT act, purpose, resident_ids FROM access_log ORDER BY number DESC LIMIT 1")
        ).one()
    assert tuple(row)[:2] == ("today.paper", "care-of-the-day")
    assert {str(one) for one in row[2]} == {str(one) for one in mixed.values()}
    other = world.add_staff(own.app, own.card, "elsewhere", "village_doctor", places="villages")
    assert papers(world.sign_in(own.app, other)).select(".by-hand") == []
