"""Rights I6: the resident sees who opened her record, row for row as in the log, on screen and on paper."""

from __future__ import annotations

import typing
import uuid

import pytest
from bs4 import BeautifulSoup

from saas.audit import chain
from saas.audit.writing import append
from saas.residents.models import Resident
from saas.web import acts, clock, formats
from saas.web.log import Entry
from tests.isolation import households
from tests.rights.conftest import Home
from tests.rights.outsiders import outsider
from tests.support import world
from tests.support.page import check_page

if typing.TYPE_CHECKING:
    from flask import Flask

pytestmark = pytest.mark.timeout(60)


@pytest.fixture(scope="module")
def busy(app: Flask) -> Home:
    """A clinic in which one record has been opened, listed, refused and changed many times."""
    home = Home(app, households.furnish(app, world.PASSWORD))
    page, browser = f"/residents/{home.resident_id}", home.browser()
    person = home.household.people["township_gp"]
    with world.inside(home.app, home.household.card) as session:
        seen = (uuid.UUID(home.resident_id),)
        append(
            session,
            key=home.household.clinic.keys.log_key,
            staff_id=person.staff_id,
            staff_name="李试验",
            status=200,
            entries=[Entry("residents.show", seen), Entry("residents.found", (uuid.UUID(int=1), *seen))] * 25,
            at=clock.now(),
        )
    browser.get(page)
    browser.get("/residents?site=all")
    outsider(home).browser().get(page)
    home.browser("audit_reviewer").get(page)
    browser.send(f"{page}/edit", {"village": ""})
    return home


def lines_of(html: str) -> list[list[str]]:
    """The rows of the log on a page, cell by cell."""
    page = BeautifulSoup(html, "html.parser")
    table = page.select("table")[-1]
    return [[cell.get_text(" ", strip=True) for cell in row.select("td")] for row in table.select("tbody tr")]


def on_screen(home: Home, language: str = "ug") -> tuple[list[list[str]], list[str]]:
    """All pages of the list, from the first to the last; and the pages themselves."""
    browser = home.browser()
    browser.send("/language", {"_language": language, "back": "/"})
    path, lines, pages = f"/residents/{home.resident_id}/who-opened", [], []
    while path:
        html = browser.get(path).get_data(as_text=True)
        pages.append(html)
        assert len(lines_of(html)) <= 50
        lines += lines_of(html)
        link = BeautifulSoup(html, "html.parser").select_one('a[rel="next"]')
        path = str(link["href"]) if link else ""
    return lines, pages


def naming_her(home: Home) -> list[chain.Row]:
    """The rows of the table that name her, the newest first."""
    rows = reversed(home.log())
    return [row for row in rows if home.resident_id in typing.cast("list[str]", row.resident_ids)]


def expected(home: Home, rows: list[chain.Row], language: str) -> list[list[str]]:
    """What the page must say of these rows."""
    with home.app.test_request_context(headers={"Accept-Language": language}):
        from saas.web import i18n  # noqa: PLC0415 - needs the request

        assert i18n.current() == language
        return [_line(row) for row in rows]


def _line(row: chain.Row) -> list[str]:
    from flask_babel import gettext  # noqa: PLC0415 - of this request

    assert row.at is not None
    result = gettext("turned away") if (row.status or 0) >= 400 else gettext("shown or done")
    return [
        str(row.number),
        f"{formats.moment(row.at)} {gettext('Beijing time')}",
        str(row.staff_name),
        str(acts.words_of(str(row.act))),
        str(acts.purpose_of(str(row.purpose))),
        result,
    ]


@pytest.mark.parametrize("language", ["ug", "zh"])
def test_the_screen_equals_the_log_row_for_row_over_all_pages(busy: Home, language: str) -> None:
    before = naming_her(busy)
    lines, pages = on_screen(busy, language)
    assert len(pages) == -(-len(lines) // 50) >= 2
    assert len(lines) >= 55
    assert lines == expected(busy, before, language)
    for html in pages:
        check_page(html, "ug" if language == "ug" else "zh")


def test_a_refused_look_and_a_list_stand_there_too(busy: Home) -> None:
    results = {(line[3], line[5]) for line in on_screen(busy)[0]}
    assert len({act for act, _ in results}) >= 3
    assert any(result == "كۆرسىتىلمىدى" for _, result in results)


@pytest.mark.parametrize(("own", "other"), [("ug", "zh"), ("zh", "ug")])
def test_the_paper_is_whole_in_her_language_and_on_wish_in_the_other(
    busy: Home, own: str, other: str
) -> None:
    """Whatever the language of the pages is; it is hers that counts."""
    with world.inside(busy.app, busy.household.card) as session:
        session.get_one(Resident, uuid.UUID(busy.resident_id)).print_language = own
    browser = busy.browser()
    browser.send("/language", {"_language": other, "back": "/"})
    for query, language in (("", own), ("?in=other", other), ("?in=nonsense", own)):
        before = naming_her(busy)
        html = browser.get(f"/residents/{busy.resident_id}/who-opened/print{query}").get_data(as_text=True)
        check_page(html, "ug" if language == "ug" else "zh")
        assert lines_of(html) == expected(busy, before, language)
        assert len(before) >= 55


def test_asking_is_a_row_that_the_next_look_shows(busy: Home) -> None:
    path = f"/residents/{busy.resident_id}/who-opened"
    for asked, act in ((path, "residents.who_opened"), (f"{path}/print", "residents.who_opened_print")):
        rows = busy.logged_by(lambda: busy.browser().get(asked))  # noqa: B023
        told = [(row.act, row.resident_ids, row.purpose) for row in rows]
        assert told == [(act, [busy.resident_id], "told")]
        assert on_screen(busy)[0][1][0] != str(rows[0].number)
        assert str(rows[0].number) in {line[0] for line in on_screen(busy)[0]}


@pytest.mark.parametrize("before", ["x", "-1", "1.5", "１", "9" * 19])
def test_a_page_that_cannot_be_is_not_found(busy: Home, before: str) -> None:
    browser = busy.browser()
    assert browser.get(f"/residents/{busy.resident_id}/who-opened?before={before}").status_code == 404


def test_a_row_that_was_changed_is_marked_and_the_others_are_not(busy: Home) -> None:
    row = naming_her(busy)[3]
    table = f"{busy.household.card.binding.schema}.access_log"
    with world.caretaker(busy.app).logins.connect("admin") as connection:
        change = f"UPDATE {table} SET staff_name = %s WHERE number = {row.number}".encode()  # noqa: S608
        connection.execute(change, ("somebody else",))
    for path in ("who-opened", "who-opened/print"):
        html = busy.browser().get(f"/residents/{busy.resident_id}/{path}").get_data(as_text=True)
        marked = BeautifulSoup(html, "html.parser").select("tr.differs td:first-child")
        assert [cell.get_text(strip=True) for cell in marked] == [str(row.number)], path
        assert len(BeautifulSoup(html, "html.parser").select("tr.differs strong")) == 1
    with world.caretaker(busy.app).logins.connect("admin") as connection:
        connection.execute(change, (row.staff_name,))  # others verify every clinic


def test_what_was_opened_under_a_merged_record_is_hers_too(busy: Home) -> None:
    """Rows merged into her are one person; another person's rows are not."""
    with world.inside(busy.app, busy.household.card) as session:
        first = session.get_one(Resident, uuid.UUID(busy.resident_id))
        columns = {name: getattr(first, name) for name in Resident.__table__.columns.keys()}  # noqa: SIM118
        old, stranger = uuid.uuid4(), uuid.uuid4()
        for made in (old, stranger):
            session.add(Resident(**{**columns, "id": made, "form_id": uuid.uuid4()}))
    for made in (old, stranger):
        busy.browser().get(f"/residents/{made}")
    numbers = [row.number for row in busy.log()[-2:]]
    with world.inside(busy.app, busy.household.card) as session:
        merged = session.get_one(Resident, old)
        merged.standing, merged.merged_into_id = "merged", uuid.UUID(busy.resident_id)
    shown = {line[0] for line in on_screen(busy)[0]}
    assert [str(number) in shown for number in numbers] == [True, False]


def test_no_row_of_hers_tells_of_anybody_else(busy: Home) -> None:
    """A list names many; on her paper stands only that she was among them."""
    with world.inside(busy.app, busy.household.card) as session:
        first = session.get_one(Resident, uuid.UUID(busy.resident_id))
        columns = {name: getattr(first, name) for name in Resident.__table__.columns.keys()}  # noqa: SIM118
        other = uuid.uuid4()
        session.add(Resident(**{**columns, "id": other, "form_id": uuid.uuid4()}))
    busy.browser().get("/residents?site=all")
    html = busy.browser().get(f"/residents/{busy.resident_id}/who-opened/print").get_data(as_text=True)
    assert str(other) not in html
    assert str(other)[-6:].upper() not in html
