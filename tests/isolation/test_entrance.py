"""Who gets in: nobody unknown, each role exactly where its permissions say; a suspended clinic only reads."""

from __future__ import annotations

import typing

import pytest

from saas.accounts.models import Staff
from saas.accounts.permissions import GRANTS, ROLES
from saas.web import clock
from tests.isolation.households import furnish
from tests.isolation.routes import CHANGES, browser_at, csrf_token, routes
from tests.support import world
from tests.support.files import text_of

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.isolation.conftest import Walker
    from tests.isolation.routes import Route
    from tests.support.world import Browser


def ask(app: Flask, browser: Browser, route: Route, path: str) -> TestResponse:
    """A request of this route with an empty form."""
    data = {"csrf_token": csrf_token(app, browser)} if route.method in CHANGES else None
    return browser.open(path, method=route.method, data=data)


def test_whoever_is_not_signed_in_is_sent_to_sign_in(app: Flask, visitor: Browser, walker: Walker) -> None:
    guarded = [route for route in routes(app) if not route.entrance.public]
    for route in guarded:
        answer = ask(app, visitor, route, walker.path(route, "clinic_admin"))
        assert (answer.status_code, answer.headers.get("Location")) == (303, "/sign-in"), route
        assert "CANARY" not in text_of(answer), route
    assert len(guarded) > 40


@pytest.mark.timeout(60)
@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_refused_exactly_where_its_permissions_end(
    app: Flask, walker: Walker, role: str
) -> None:
    wrong = []
    for route in routes(app):
        permission = route.entrance.permission
        if permission is None:
            continue
        answer = ask(app, walker.browser(route, role), route, walker.nowhere(route))
        if (answer.status_code == 403) == (role in GRANTS[permission]):
            wrong.append(f"{route} {answer.status_code}")
    assert wrong == []


@pytest.mark.parametrize("stage", ["second_factor", "new_password", "enrol", "sheet", "notice", "locked"])
def test_half_signed_in_or_locked_opens_its_own_page_and_nothing_else(
    app: Flask, walker: Walker, stage: str
) -> None:
    person = walker.household.people["village_doctor"]
    wrong = []
    for route in routes(app, "GET"):
        if route.entrance.public:
            continue
        answer = browser_at(app, person, stage).get(walker.path(route, "village_doctor"))
        sent_on = answer.status_code == 303 and "CANARY" not in answer.get_data(as_text=True)
        if sent_on == (stage in route.entrance.stages):
            wrong.append(f"{route} {answer.status_code}")
    assert wrong == []


@pytest.mark.parametrize("ending", ["disabled", "ended", "idle", "old", "clock set back"])
def test_a_session_that_is_over_opens_nothing(
    app: Flask, walker: Walker, ending: str, moved_clock: Callable[..., None]
) -> None:
    card = walker.household.card
    person = world.add_staff(app, card, f"over.{ending}", "clinic_admin")
    browser = world.sign_in(app, person)
    assert browser.get("/residents").status_code == 200
    if ending == "disabled":
        with world.inside(app, card) as session:
            staff = session.get_one(Staff, person.staff_id)
            staff.disabled_at = staff.created_at
    elif ending == "ended":
        app.extensions["door"].end_all(card, person.staff_id, clock.now())
    else:
        moved_clock(minutes={"idle": 15, "old": 600, "clock set back": -20}[ending])
    cookie = browser.get_cookie("shipa_session", domain="127.0.0.1")
    assert cookie is not None
    for route in routes(app, "GET"):
        if not route.entrance.public:
            browser.set_cookie("shipa_session", cookie.value, domain="127.0.0.1")
            answer = browser.get(walker.path(route, "clinic_admin"))
            assert (answer.status_code, answer.headers.get("Location")) == (303, "/sign-in"), route


@pytest.mark.timeout(60)
def test_a_suspended_clinic_can_be_read_and_takes_nothing_new(app: Flask) -> None:
    household = furnish(app, world.PASSWORD)
    with world.caretaker(app).logins.connect("owner") as connection:
        connection.execute(
            "UPDATE platform.clinic SET state = 'suspended', suspended_at = now() WHERE code = %s",
            (household.card.code,),
        )
    wrong = []
    for route in routes(app):
        permission = route.entrance.permission or ""
        browser = world.sign_in(app, household.people["clinic_admin"])
        if permission and "clinic_admin" in GRANTS[permission]:
            ids = household.ids | {
                "words": household.words(household.people["clinic_admin"].staff_id, "مەريەم")
            }
            answer = ask(app, browser, route, route.path(app, ids))
            if (answer.status_code == 403) != permission.endswith((".write", ".manage", ".merge")):
                wrong.append(f"{route} {answer.status_code}")
    assert wrong == []
