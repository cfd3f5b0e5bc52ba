"""One cell's database is down: what its people typed comes back, and nobody of another cell notices."""

from __future__ import annotations

import typing

import pytest
import sqlalchemy as sa

from saas.residents.models import Resident
from tests.integration.operations.test_database_down import SAME, held, new_resident, words
from tests.support import world
from tests.support.cells import closed
from tests.support.page import check_page

if typing.TYPE_CHECKING:
    from saas.web.i18n import Language
    from tests.conftest import ClinicWorld
    from tests.support.world import Browser

BUSY = {"ug": "مۇلازىمېتىر ھازىر جاۋاب بەرمەيۋاتىدۇ", "zh": "服务器暂时没有响应"}


def at_work(clinic: ClinicWorld, language: str) -> Browser:
    browser = clinic.browser()
    browser.set_cookie("shipa_language", language, domain="127.0.0.1")
    return browser


def residents(clinic: ClinicWorld) -> int:
    with world.inside(clinic.app, clinic.card) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Resident)) or 0


@pytest.mark.parametrize("language", ["ug", "zh"])
def test_in_the_cell_that_is_down_the_text_comes_back_and_is_saved_once_later(
    north: ClinicWorld, south: ClinicWorld, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    doctor, other = at_work(south, language), at_work(north, language)
    form, near = new_resident(doctor), new_resident(other)
    before = residents(south), residents(north)
    with closed(world.caretaker(south.app), monkeypatch):
        answers = [doctor.post("/residents/new", data=form, headers=SAME) for _ in range(2)]
        page = doctor.get("/residents")
        # The other cell's people work on: they read and they save.
        assert other.get("/residents").status_code == 200
        assert other.post("/residents/new", data=near, headers=SAME).status_code == 303
        assert residents(north) == before[1] + 1
    for answer in answers:
        assert answer.status_code == 503
        check_page(answer.get_data(as_text=True), language)
        assert BUSY[language] in answer.get_data(as_text=True)
        assert words(held(answer)) == words(form)
        # The person is not signed out by it.
        assert not [cookie for cookie in answer.headers.getlist("Set-Cookie") if "session" in cookie]
    assert page.status_code == 503
    check_page(page.get_data(as_text=True), language)
    assert [doctor.post("/residents/new", data=held(one), headers=SAME).status_code for one in answers] == [
        303,
        303,
    ]
    assert residents(south) == before[0] + 1


def test_a_connection_that_broke_under_a_request_is_taken_anew(
    south: ClinicWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    doctor = at_work(south, "ug")
    for _ in range(4):  # every connection to the cell
        assert doctor.get("/residents").status_code == 200
    with closed(world.caretaker(south.app), monkeypatch):
        pass
    assert [doctor.get("/residents").status_code for _ in range(4)] == [200] * 4


def test_nobody_signs_in_there_and_no_password_comes_back(
    south: ClinicWorld, north: ClinicWorld, visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = {"clinic": world.SOUTH, "username": "village_doctor", "password": world.PASSWORD}
    token = visitor.csrf()
    with closed(world.caretaker(south.app), monkeypatch):
        answer = visitor.post("/sign-in", data={**form, "csrf_token": token}, headers=SAME)
        near = visitor.post(
            "/sign-in", data={**form, "clinic": world.NORTH, "csrf_token": token}, headers=SAME
        )
    assert answer.status_code == 503
    assert world.PASSWORD not in answer.get_data(as_text=True)
    assert near.status_code == 303
    assert north.code == world.NORTH
