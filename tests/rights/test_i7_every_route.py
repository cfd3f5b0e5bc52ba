"""Rights I7, route by route: the guard stands before everybody whom an address names."""

from __future__ import annotations

import typing
import uuid

import pytest
import sqlalchemy as sa
from flask import Flask

from saas.accounts import permissions
from saas.accounts.models import Site
from saas.residents import guarding
from saas.residents.models import Resident
from saas.web.guard import entrance_of
from tests.isolation import routes
from tests.rights.conftest import Home
from tests.rights.outsiders import Outsider, outsider
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.isolation.routes import Route

pytestmark = pytest.mark.timeout(60)  # clinics of its own
LEADS_IN = {
    "residents.open_record": "asks for the reason",
    "residents.visit_begin": "she is here; for an outsider it is an opening too",
}
"""Reviewed: the routes of a resident that stand before the guard."""

CLINICS_OWN = "/public-health/clinic-forms"
"""Records that are about nobody: the test below proves that no person's can be reached there."""

_CENTRE = sa.select(Site.id).where(Site.kind == "centre")

SENSITIVE = {"family_planning", "mental_health", "sexual_health"}
"""Rooms that no reason opens, whatever they will be called."""


@pytest.fixture
def stranger(home: Home) -> Outsider:
    """A doctor of another place of the same clinic."""
    return outsider(home)


def guarded(app: Flask) -> list[Route]:
    """Every route of a resident that the guard stands before."""
    of_residents = [route for route in routes.routes(app) if "resident_id" in route.arguments]
    return [route for route in of_residents if route.endpoint not in guarding.EXEMPT]


def asked(app: Flask, stranger: Outsider) -> list[Route]:
    """Those of them that her role may use at all; the others refuse her whoever the resident is."""
    return [route for route in guarded(app) if may_use(stranger, route)]


def may_use(stranger: Outsider, route: Route) -> bool:
    """Whether her role may use the route at all."""
    return permissions.may([stranger.person.role], str(route.entrance.permission))


def test_the_routes_before_the_guard_are_the_reviewed_ones(app: Flask) -> None:
    there = {route.endpoint for route in routes.routes(app) if "resident_id" in route.arguments}
    assert LEADS_IN.keys() == guarding.EXEMPT
    assert there >= guarding.EXEMPT, "no ghosts"
    assert len(guarded(app)) >= 8


def test_no_other_address_leads_to_a_resident_past_the_guard(app: Flask) -> None:
    """An id of something that belongs to a resident stands behind her own id in the address."""
    of_the_house = {"site_id", "staff_id", "words", "opening_id", "batch_id", "device_id"}
    others = {
        route.rule: set(route.arguments) - of_the_house
        for route in routes.routes(app)
        if "resident_id" not in route.arguments and not route.rule.startswith(CLINICS_OWN)
    }
    assert {rule: names for rule, names in others.items() if names} == {}, (
        "opening_id: the event, not the record; batch_id: the head's own file"
    )


def test_a_persons_record_has_no_address_among_the_clinics_own(home: Home) -> None:
    """The forms about the clinic find records of nobody, whatever id is asked for."""
    ids = home.ids_for("village_doctor")
    for route in routes.routes(home.app, "GET"):
        if route.rule.startswith(CLINICS_OWN) and "record_id" in route.arguments:
            path = route.path(home.app, ids).replace(ids["clinic_record_id"], ids["record_id"])
            assert home.browser().get(path).status_code == 404, path


def test_every_route_of_a_resident_asks_a_stranger_for_a_reason(home: Home, stranger: Outsider) -> None:
    """Every one, by a doctor or, where she may not use it at all, by the head of the clinic."""
    head = outsider(home, "clinic_admin")
    for route in guarded(home.app):
        who = stranger if may_use(stranger, route) else head
        assert may_use(who, route), str(route)
        pages = []
        rows = home.logged_by(lambda: pages.append(who.ask(route)))  # noqa: B023
        assert pages[0].status_code == 403, str(route)
        assert 'name="reason"' in pages[0].get_data(as_text=True), str(route)
        assert [(row.act, row.resident_ids, row.status) for row in rows] == [
            (route.endpoint, [home.resident_id], 403)
        ]


@pytest.fixture
def apart(home: Home) -> Iterator[None]:
    """The other one of the household's pair belongs to the centre; the resident stays in her village."""
    with world.inside(home.app, home.household.card) as session:
        other = session.get_one(Resident, uuid.UUID(home.household.ids["other_id"]))
        village, other.site_id = other.site_id, session.scalars(_CENTRE).one()
    yield
    with world.inside(home.app, home.household.card) as session:
        session.get_one(Resident, uuid.UUID(home.household.ids["other_id"])).site_id = village


@pytest.mark.usefixtures("apart")
def test_the_second_person_of_an_address_is_guarded_too(home: Home) -> None:
    """Whoever cares for one of two does not see the other beside her without a reason."""
    doctor = outsider(home, "village_doctor", places="villages")
    assert doctor.status() == 200
    of_two = [route for route in asked(home.app, doctor) if "other_id" in route.arguments]
    assert {route.endpoint for route in of_two} > guarding.SHOWS_ONE_ALONE
    for route in of_two:
        answer = doctor.ask(route)
        page = answer.get_data(as_text=True)
        if route.endpoint in guarding.SHOWS_ONE_ALONE:
            assert answer.status_code == 303, str(route)
        else:
            assert (answer.status_code, 'name="reason"' in page) == (403, True), str(route)


def test_a_room_that_comes_later_stands_behind_the_guard_too(
    home: Home, stranger: Outsider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its view is never called for a stranger; nobody has to remember anything."""

    def view(**_: object) -> str:
        return "a record"

    view.entrance = entrance_of(home.app, "residents.show")  # type: ignore[attr-defined]
    monkeypatch.setitem(home.app.view_functions, "residents.show", view)
    answer = stranger.browser().get(stranger.page)
    assert (answer.status_code, "a record" in answer.get_data(as_text=True)) == (403, False)
    assert home.browser().get(stranger.page).get_data(as_text=True) == "a record"


def test_an_opening_opens_the_ordinary_record_and_nothing_else(home: Home, stranger: Outsider) -> None:
    """What an opening unlocks, computed: every route that refused before and does not now."""
    before = {str(route): stranger.ask(route).status_code for route in asked(home.app, stranger)}
    stranger.open()
    unlocked = [route for route in asked(home.app, stranger) if _still_open(stranger, route)]
    assert set(before.values()) == {403}
    alone = [route for route in asked(home.app, stranger) if not _shows_another(route)]
    assert {route.endpoint for route in unlocked} == {route.endpoint for route in alone}
    assert {route.endpoint.split(".")[0] for route in unlocked} == guarding.OPENED_BY_A_REASON
    assert not guarding.OPENED_BY_A_REASON & SENSITIVE
    allowed = {route.entrance.permission for route in unlocked}
    # The ordinary record with its follow-ups and examinations (rights I7).
    own = {"public_health.read", "public_health.write"}
    assert allowed == {"residents.read", "residents.write", "visits.write"} | own


def _shows_another(route: Route) -> bool:
    """Whether the route shows a second person, who was not opened and stays shut."""
    return "other_id" in route.arguments and route.endpoint not in guarding.SHOWS_ONE_ALONE


def _still_open(stranger: Outsider, route: Route) -> bool:
    """Whether the route lets her in; closing the record is undone by a new reason."""
    answer = stranger.ask(route).status_code != 403
    if stranger.status() == 403:
        stranger.open()
    return answer


def test_a_room_that_is_not_named_stays_shut_to_an_opening(
    stranger: Outsider, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger.open()
    assert stranger.status() == 200
    monkeypatch.setattr(guarding, "OPENED_BY_A_REASON", frozenset({"public_health"}))
    assert stranger.status() == 403
