"""Rights I6: every answer that shows or refuses a resident writes one row, in the same transaction."""

from __future__ import annotations

import typing
import uuid

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask, abort

from saas.accounts import permissions
from saas.accounts.permissions import CLINICAL
from saas.audit import chain
from saas.residents.models import Resident
from tests.isolation import routes
from tests.isolation.routes import Route
from tests.rights.conftest import Home
from tests.support import world
from tests.support.files import text_of

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.test import TestResponse


def routes_of_a_resident(app: Flask) -> list[Route]:
    """Every route whose address names a resident."""
    return [route for route in routes.routes(app) if "resident_id" in route.arguments]


class Case(typing.NamedTuple):
    """One way to ask for a resident, and the answers that it may get."""

    answers: set[int]
    role: str = "village_doctor"
    stage: str = "full"
    known: bool = True
    token: bool = True
    size: int = 0


CASES = {
    "answered": Case({200, 303, 409, 422}),
    "not there": Case({404}, known=False),
    "not her role": Case({403}, role="audit_reviewer"),
    "not there and not her role": Case({403}, role="audit_reviewer", known=False),
    "without a token": Case({400}, token=False),
    "too large": Case({413}, size=3_000_000),
    "covered screen": Case({303}, stage="locked"),
}


ALSO_SHOWN = {
    "residents.household_remove": ("other_id",),
    "residents.merge": ("other_id",),
    "residents.pair": ("other_id",),
    "residents.pair_answer": ("other_id",),
    "residents.show": ("other_id",),
    "residents.unmerge": ("gone_id",),
    "residents.unmerge_submit": ("gone_id",),
}
"""Who else is on the page of a resident, and so is named in its row."""


def role_for(route: Route, case: Case) -> str:
    """The role of the case, or the administrator where only she may do it."""
    admitted = case.role not in CLINICAL or permissions.may([case.role], route.entrance.permission or "")
    return case.role if admitted else "clinic_admin"


def named(home: Home, route: Route, resident_id: str, status: int) -> list[str]:
    """The residents whom the row of an answer names: all that it shows or changes."""
    shown = ALSO_SHOWN.get(route.endpoint, ()) if status in {200, 303, 409, 422} else ()
    return [resident_id, *(home.household.ids[name] for name in shown)]


def ask(home: Home, route: Route, case: Case, resident_id: str) -> TestResponse:
    browser = home.browser(role_for(route, case), case.stage)
    body = {}
    if case.token and route.method == "POST":
        body = {"csrf_token": routes.csrf_token(home.app, browser)}
    # Without a place of the clinic the form is not even looked at.
    body |= {"site_id": home.household.ids["site_id"], "more": "x" * case.size}
    path = route.path(home.app, home.household.ids | {"resident_id": resident_id})
    return browser.open(path, method=route.method, data=body)


def test_there_are_routes_of_a_resident(app: Flask) -> None:
    assert len(routes_of_a_resident(app)) >= 4


@pytest.mark.parametrize("name", CASES)
def test_every_route_of_a_resident_writes_one_row_for_each_answer(home: Home, name: str) -> None:
    case = CASES[name]
    for route in routes_of_a_resident(home.app):
        if route.method == "GET" and (case.size or not case.token):
            continue
        resident_id = home.resident_id if case.known else str(uuid.uuid4())
        answers: list[TestResponse] = []
        rows = home.logged_by(lambda: answers.append(ask(home, route, case, resident_id)))  # noqa: B023
        status = answers[0].status_code
        assert status in case.answers, f"{route}: {status}"
        shown = [resident_id] if name == "covered screen" else named(home, route, resident_id, status)
        _is_one_row(route, rows, shown, status)
        assert rows[0].staff_id == str(home.household.people[role_for(route, case)].staff_id), str(route)


def _is_one_row(route: Route, rows: list[chain.Row], shown: list[str], status: int) -> None:
    told = [(row.resident_ids, row.status) for row in rows]
    assert told == [(shown, status)], f"{route}: {told}"
    assert rows[0].act, str(route)
    assert rows[0].purpose, str(route)


@pytest.mark.timeout(90)
def test_whatever_shows_a_resident_names_her_in_its_row(home: Home) -> None:
    """Over all routes and roles: no page holds a resident's id or name without a row that names her."""
    name = _document_name(home)
    shown = 0
    for role in ("village_doctor", "township_gp", "pharmacist", "clinic_admin", "audit_reviewer"):
        for route in _reading_routes(home.app):
            pages: list[str] = []
            rows = home.logged_by(lambda: pages.append(home.walk(route, role)))  # noqa: B023
            if name not in pages[0] and f"/{home.resident_id}" not in pages[0]:
                continue
            shown += 1
            named = [row for row in rows if home.resident_id in typing.cast("list[str]", row.resident_ids)]
            assert len(named) == 1, f"{route} as {role}"
    assert shown >= 8


def _document_name(home: Home) -> str:
    with world.inside(home.app, home.household.card) as session:
        resident = session.get_one(Resident, uuid.UUID(home.resident_id))
        return resident.names[0].text


def _reading_routes(app: Flask) -> list[Route]:
    """What can be walked again and again: every GET, and the posts that search or refuse."""
    reading = routes.routes(app, "GET")
    return reading + [one for one in routes.routes(app, "POST") if one.endpoint.startswith("residents.")]


@pytest.fixture(scope="module")
def crowd(home: Home) -> list[str]:
    """Sixty residents more, the last registered first, with the first one at the end."""
    with world.inside(home.app, home.household.card) as session:
        first = session.get_one(Resident, uuid.UUID(home.resident_id))
        columns = {
            name: getattr(first, name)
            for name in Resident.__table__.columns.keys()  # noqa: SIM118
        }
        for _ in range(60):
            session.add(Resident(**{**columns, "id": uuid.uuid1(), "form_id": uuid.uuid4()}))
        session.flush()
        query = sa.select(Resident.id).where(Resident.standing == "here").order_by(Resident.id.desc())
        return [str(resident_id) for resident_id in session.scalars(query)]


@pytest.mark.parametrize("page", [1, 2])
def test_a_list_writes_one_row_with_the_ids_it_showed(home: Home, crowd: list[str], page: int) -> None:
    browser = home.browser()
    pages: list[str] = []
    path = f"/residents?site=all&page={page}"
    rows = home.logged_by(lambda: pages.append(text_of(browser.get(path))))
    expected = crowd[(page - 1) * 50 : page * 50]
    assert [row.resident_ids for row in rows] == [expected]
    assert {one for one in crowd if f"/residents/{one}" in pages[0]} == set(expected)


def test_a_search_writes_one_row_with_the_ids_it_showed(home: Home, crowd: list[str]) -> None:
    browser = home.browser()
    words = home.ids_for("village_doctor")["words"]
    rows = home.logged_by(lambda: browser.get(f"/residents/found/{words}"))
    assert [row.resident_ids for row in rows] == [[home.resident_id]]


def test_a_search_that_finds_nobody_writes_its_row_too(home: Home) -> None:
    browser = home.browser()
    staff_id = home.household.people["village_doctor"].staff_id
    words = home.household.words(staff_id, "nobody is called like this")
    rows = home.logged_by(lambda: browser.get(f"/residents/found/{words}"))
    assert [row.resident_ids for row in rows] == [[]]


@pytest.fixture
def deaf_log(home: Home) -> Iterator[None]:
    """The access log takes no row any more."""
    role = home.household.card.binding.schema
    with _admin(home) as admin:
        admin.execute(f"REVOKE INSERT ON {role}.access_log FROM {role}".encode())
        yield
        admin.execute(f"GRANT INSERT ON {role}.access_log TO {role}".encode())


def _admin(home: Home) -> psycopg.Connection[typing.Any]:
    return world.caretaker(home.app).logins.connect("admin", autocommit=True)


def _known(home: Home) -> list[str]:
    """Texts that tell of the resident."""
    canary = home.household.canary
    texts = [f"{canary}{text}" for text in ("village", "street", "contact", "draft", "edit")]
    return [*texts, *home.household.secrets, _document_name(home)]


@pytest.mark.usefixtures("deaf_log")
def test_without_its_row_no_page_of_a_resident_is_shown(home: Home) -> None:
    for route in routes.routes(home.app):
        if not route.endpoint.startswith("residents."):
            continue
        role = role_for(route, CASES["answered"])
        browser, ids = home.browser(role), home.ids_for(role)
        body = {"csrf_token": routes.csrf_token(home.app, browser)} if route.method == "POST" else {}
        answer = browser.open(route.path(home.app, ids), method=route.method, data=body)
        text = answer.get_data(as_text=True)
        assert not [known for known in _known(home) if known in text], str(route)


@pytest.mark.usefixtures("deaf_log")
def test_without_its_row_nothing_is_saved(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = _write_and_answer(home, monkeypatch, 200)
    assert answer.status_code >= 500
    assert _county(home) == ""


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("status", [404, 409, 422, 503])
def test_the_work_of_a_refused_request_is_undone_and_its_row_stays(
    home: Home, monkeypatch: pytest.MonkeyPatch, status: int, method: str
) -> None:
    rows = home.logged_by(lambda: _write_and_answer(home, monkeypatch, status, method))
    assert [(row.resident_ids, row.status) for row in rows] == [([home.resident_id], status)]
    assert _county(home) == ""


def test_the_probe_does_write_when_it_is_not_refused(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = home.logged_by(lambda: _write_and_answer(home, monkeypatch, 200))
    assert [(row.resident_ids, row.status) for row in rows] == [([home.resident_id], 200)]
    assert _county(home) == "written"
    with world.inside(home.app, home.household.card) as session:
        session.execute(sa.update(Resident).values(county=""))


def _write_and_answer(
    home: Home, monkeypatch: pytest.MonkeyPatch, status: int, method: str = "POST"
) -> TestResponse:
    """Let the view of editing write a row and then answer with this status (503: the database refuses)."""
    view = home.app.view_functions["residents.edit"]

    def write(resident_id: uuid.UUID) -> str:
        from saas.db import session  # noqa: PLC0415 - the request's own

        changed = sa.update(Resident).where(Resident.id == resident_id).values(county="written")
        session.execute(changed)
        if status == 503:
            session.execute(sa.text("SELECT 1 / 0"))
        return "written" if status == 200 else abort(status)

    write.entrance = getattr(view, "entrance")  # type: ignore[attr-defined]  # noqa: B009
    monkeypatch.setitem(home.app.view_functions, "residents.edit", write)
    browser = home.browser()
    body = {"csrf_token": routes.csrf_token(home.app, browser)} if method == "POST" else {}
    return browser.open(f"/residents/{home.resident_id}/edit", method=method, data=body)


def _county(home: Home) -> str:
    with world.inside(home.app, home.household.card) as session:
        return session.get_one(Resident, uuid.UUID(home.resident_id)).county


def test_the_rows_of_this_module_form_a_whole_chain(home: Home) -> None:
    home.browser().get(f"/residents/{home.resident_id}")
    assert home.log()
    assert chain.verify(home.log(), home.household.clinic.keys.log_key) == []
