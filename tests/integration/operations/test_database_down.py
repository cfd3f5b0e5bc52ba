"""The database stops, hangs or is used up: what was typed comes back and is saved once, later."""

from __future__ import annotations

import contextlib
import itertools
import re
import typing

import flask
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from saas.accounts.models import Staff
from saas.db import db
from saas.residents.models import Resident
from tenants.entering import enter
from tests.integration.residents import pages
from tests.support import world
from tests.support.own_house import OwnHouse, own_house
from tests.support.page import check_page

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.test import TestResponse

    from saas.web.i18n import Language
    from tenants.entering import WebConnection
    from tests.support.world import Browser

pytestmark = pytest.mark.timeout(120)  # a server of its own, stopped and started

TYPED = "بۇ ئېتىز يېزىسى 试验村 7"
_YEARS = itertools.count(1930)
SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="module")
def house() -> Iterator[OwnHouse]:
    with own_house() as made:
        yield made


@pytest.fixture(params=["ug", "zh"])
def language(request: pytest.FixtureRequest) -> Language:
    return typing.cast("Language", request.param)


def person(house: OwnHouse, role: str = "village_doctor") -> world.Person:
    card = world.card_of(house.app, world.NORTH)
    with world.inside(house.app, card) as session:
        staff = session.query(Staff).filter_by(username=role).one()
        return world.Person(card, staff.id, role, role)


@pytest.fixture
def doctor(house: OwnHouse, language: Language) -> Browser:
    """A village doctor at work, on a PC of this language."""
    browser = world.sign_in(house.app, person(house))
    browser.set_cookie("shipa_language", language, domain="127.0.0.1")
    return browser


@contextlib.contextmanager
def stopped(house: OwnHouse) -> Iterator[None]:
    """Without a database for the length of the block."""
    house.stop()
    try:
        yield
    finally:
        house.start()


def residents(house: OwnHouse) -> int:
    with world.inside(house.app, world.card_of(house.app, world.NORTH)) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Resident)) or 0


def new_resident(browser: Browser) -> dict[str, str]:
    """The form of a new resident, filled in."""
    form = pages.fields_of(browser.get("/residents/new"))
    # A woman who is like no other of these tests.
    year = next(_YEARS)
    return form | {
        "name_0": chr(0x4E00 + 37 * (year - 1900)) * 2,
        "sex_code": "2",
        "birth": str(year),
        "village": TYPED,
    }


def held(answer: TestResponse) -> dict[str, str]:
    """What the page holds to be sent again."""
    form = BeautifulSoup(answer.get_data(as_text=True), "html.parser").select_one("main form[method=post]")
    assert form is not None, answer.get_data(as_text=True)[:1500]
    assert form["action"] == answer.request.path
    return {str(field["name"]): str(field["value"]) for field in form.select("input[type=hidden]")}


def words(fields: dict[str, str]) -> dict[str, str]:
    """What was typed: everything but the token, which the page may have anew."""
    return {name: value for name, value in fields.items() if name != "csrf_token"}


def test_a_save_without_a_database_comes_back_whole_and_is_saved_once(
    house: OwnHouse, doctor: Browser, language: Language
) -> None:
    form, before = new_resident(doctor), residents(house)
    with stopped(house):
        answers = [doctor.post("/residents/new", data=form, headers=SAME) for _ in range(2)]
        again = [doctor.post("/residents/new", data=held(answers[0]), headers=SAME)]
    for answer in [*answers, *again]:
        assert answer.status_code == 503
        check_page(answer.get_data(as_text=True), language)
        assert held(answer) == form
        # The person is not signed out by it.
        assert not [cookie for cookie in answer.headers.getlist("Set-Cookie") if "session" in cookie]
    first = doctor.post("/residents/new", data=held(answers[0]), headers=SAME)
    second = doctor.post("/residents/new", data=held(answers[1]), headers=SAME)
    assert (first.status_code, second.status_code) == (303, 303)
    assert residents(house) == before + 1


def test_the_first_page_after_a_restart_works(house: OwnHouse, doctor: Browser) -> None:
    for _ in range(4):  # every connection of the pool
        assert doctor.get("/residents").status_code == 200
    house.stop()
    house.start()
    assert [doctor.get("/residents").status_code for _ in range(4)] == [200] * 4


def test_pages_say_so_and_are_there_again_by_themselves(
    house: OwnHouse, doctor: Browser, language: Language
) -> None:
    with stopped(house):
        answer = doctor.get("/residents")
        assert answer.status_code == 503
        check_page(answer.get_data(as_text=True), language)
        assert doctor.get("/healthz").status_code == 200
        world.caretaker(house.app).readiness.forget()
        ready = doctor.get("/readyz")
        assert (ready.status_code, "database: NOT" in ready.get_data(as_text=True)) == (503, True)
        assert "shipa_ready" in doctor.get("/metrics").get_data(as_text=True)
    assert doctor.get("/residents").status_code == 200


def test_passwords_do_not_come_back(house: OwnHouse, language: Language) -> None:
    visitor = house.app.test_client()
    visitor.set_cookie("shipa_language", language, domain="127.0.0.1")
    page = visitor.get("/sign-in").get_data(as_text=True)
    token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[0]
    form = {
        "clinic": world.NORTH,
        "username": "village_doctor",
        "password": world.PASSWORD,
        "csrf_token": token,
    }
    with stopped(house):
        answer = visitor.post("/sign-in", data=form, headers=SAME)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 503
    assert world.PASSWORD not in text
    assert words(held(answer)) == {name: form[name] for name in ("clinic", "username")}


@pytest.mark.parametrize("site", [None, "none", "cross-site"])
def test_words_of_a_strangers_page_are_not_put_into_ours(
    house: OwnHouse, doctor: Browser, site: str | None
) -> None:
    headers = {} if site is None else {"Sec-Fetch-Site": site}
    with stopped(house):
        answer = doctor.post("/residents/new", data=new_form(TYPED), headers=headers)
    assert answer.status_code in {400, 503}
    assert TYPED not in answer.get_data(as_text=True)


def new_form(text: str) -> dict[str, str]:
    return {"csrf_token": "made.up.token", "village": text}


def saved_at_last(
    house: OwnHouse, doctor: Browser, answer: TestResponse, form: dict[str, str], before: int
) -> None:
    """Nothing was saved, what was typed came back whole; sent again to a server that is back it is saved."""
    house.start()
    assert answer.status_code == 503
    assert words(held(answer)) == words(form)
    assert residents(house) == before
    assert doctor.post("/residents/new", data=held(answer), headers=SAME).status_code == 303
    assert residents(house) == before + 1


def test_it_stops_in_the_midst_of_a_save(
    house: OwnHouse, doctor: Browser, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    from saas.residents import stored  # noqa: PLC0415 - changed here

    form, before = new_resident(doctor), residents(house)
    real = stored.put

    def then_stop(*arguments: typing.Any) -> None:  # noqa: ANN401 - the real one's
        real(*arguments)
        house.stop()

    monkeypatch.setattr(stored, "put", then_stop)
    answer = doctor.post("/residents/new", data=form, headers=SAME)
    monkeypatch.undo()
    check_page(answer.get_data(as_text=True), language)
    saved_at_last(house, doctor, answer, form, before)


def test_the_line_breaks_while_the_clinic_is_entered(
    house: OwnHouse, doctor: Browser, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Out of the pool it still was whole: the first message meets a server that is gone."""
    form, before = new_resident(doctor), residents(house)

    def then_stop(connection: WebConnection, schema: str) -> None:
        house.stop()
        enter(connection, schema)

    monkeypatch.setattr("tenants.binding.enter", then_stop)
    answer = doctor.post("/residents/new", data=form, headers=SAME)
    monkeypatch.undo()
    check_page(answer.get_data(as_text=True), language)
    saved_at_last(house, doctor, answer, form, before)


def test_it_stops_when_a_message_is_left_for_the_next_page(
    house: OwnHouse, doctor: Browser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The message says what was not done: nobody tries to write it, on the way to the error page or after."""

    def say_and_stop(*_: object) -> None:
        flask.session["message"] = "Saved."
        house.stop()
        db.session.execute(sa.text("SELECT 1"))

    form = new_resident(doctor)
    monkeypatch.setattr("saas.residents.stored.put", say_and_stop)
    answer = doctor.post("/residents/new", data=form, headers=SAME)
    house.start()
    assert (answer.status_code, words(held(answer))) == (503, words(form))
    assert [record for record in caplog.records if "finalizing failed" in record.getMessage()] == []


def test_it_stops_before_the_commit(
    house: OwnHouse, doctor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from saas.web import request as pipeline  # noqa: PLC0415 - changed here

    form, before = new_resident(doctor), residents(house)
    real = pipeline._log

    def stop_first(status: int) -> None:
        if status == 303:
            house.stop()
        real(status)

    monkeypatch.setattr(pipeline, "_log", stop_first)
    answer = doctor.post("/residents/new", data=form, headers=SAME)
    monkeypatch.undo()
    house.start()
    assert (answer.status_code, words(held(answer))) == (503, words(form))
    assert residents(house) == before
    assert doctor.post("/residents/new", data=held(answer), headers=SAME).status_code == 303
    assert residents(house) == before + 1


def test_a_statement_that_takes_too_long_gives_the_text_back(
    house: OwnHouse, doctor: Browser, language: Language
) -> None:
    form, before = new_resident(doctor), residents(house)
    schema = world.card_of(house.app, world.NORTH).binding.schema
    with house.cluster.admin("shipa_apart") as admin, admin.transaction():
        # As a long ALTER would: the save waits for it, and gives up after the lock's two seconds.
        admin.execute(f"LOCK TABLE {schema}.resident IN ACCESS EXCLUSIVE MODE")
        answer = doctor.post("/residents/new", data=form, headers=SAME)
    assert (answer.status_code, words(held(answer))) == (503, words(form))
    check_page(answer.get_data(as_text=True), language)
    assert doctor.post("/residents/new", data=held(answer), headers=SAME).status_code == 303
    assert residents(house) == before + 1


def test_a_pool_that_is_used_up_gives_the_text_back(
    house: OwnHouse, doctor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    form, before = new_resident(doctor), residents(house)
    with house.app.app_context():
        pool = db.engine.pool
        monkeypatch.setattr(pool, "_timeout", 0.2)
        taken = [db.engine.connect() for _ in range(pool.size())]  # type: ignore[attr-defined]
        answer = doctor.post("/residents/new", data=form, headers=SAME)
        for connection in taken:
            connection.close()
    assert (answer.status_code, words(held(answer))) == (503, words(form))
    assert doctor.post("/residents/new", data=held(answer), headers=SAME).status_code == 303
    assert residents(house) == before + 1
