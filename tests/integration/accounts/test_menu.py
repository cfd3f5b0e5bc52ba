"""The menu: to each person what her roles and her clinic's rooms open, in the language of her page."""

from __future__ import annotations

import typing

import sqlalchemy as sa
from flask import url_for

from saas.accounts.permissions import ROLES, may
from saas.web.models import ClinicSetting
from tests.integration.residents.pages import soup
from tests.support import world

if typing.TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import ClinicWorld
    from tests.integration.accounts.conftest import West
    from tests.support.world import Browser


def menu(browser: Browser, language: str | None = None) -> dict[str, str]:
    """Addresses and words of the menu of a person's own page; ``language`` is switched to before."""
    if language is not None:
        browser.send("/language", {"_language": language, "back": "/own"})
    lines = soup(browser.get("/own")).select("nav.menu a")
    assert lines
    return {str(line["href"]): line.get_text() for line in lines}


def opened_to(app: Flask, role: str, without: str = "") -> list[str]:
    """The addresses that a role may use, but for those of a room."""
    with app.test_request_context():
        return [
            url_for(entry.endpoint)
            for entry in app.extensions["menu"]
            if may([role], entry.permission) and entry.permission.partition(".")[0] != without
        ]


def test_each_role_has_its_own_menu_whoever_was_there_before(north: ClinicWorld) -> None:
    for role in (*ROLES, *reversed(ROLES)):
        assert list(menu(north.browser(role))) == opened_to(north.app, role), role


def test_it_is_in_the_language_of_the_page(north: ClinicWorld) -> None:
    browser = north.browser("village_doctor")
    first = {language: menu(browser, language) for language in ("ug", "zh")}
    assert {language: menu(browser, language) for language in ("zh", "ug")} == first
    assert all(first["ug"][url] != text for url, text in first["zh"].items())


def test_a_room_that_is_switched_off_is_gone_for_its_clinic_alone(
    app: Flask, west: West, north: ClinicWorld
) -> None:
    room = next(iter(app.extensions["switchable"]))
    with world.inside(app, west.card) as session:
        others = sorted({one.partition(".")[0] for one in _permissions(app)} - {room})
        session.execute(sa.update(ClinicSetting).values(rooms=others))
    assert list(menu(west.as_doctor())) == opened_to(app, "village_doctor", without=room)
    assert list(menu(north.browser("village_doctor"))) == opened_to(app, "village_doctor")


def _permissions(app: Flask) -> list[str]:
    return [entry.permission for entry in app.extensions["menu"]]
