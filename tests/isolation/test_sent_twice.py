"""A double submit is harmless: the same form sent once more leaves every row as it is."""

from __future__ import annotations

import io
import typing

import pytest

from tests.isolation import cases
from tests.isolation.conftest import Walker
from tests.isolation.households import furnish
from tests.isolation.routes import CHANGES, csrf_token, routes
from tests.isolation.rows import changed_tables, rows_of
from tests.support import world

if typing.TYPE_CHECKING:
    from flask import Flask

    from tests.isolation.routes import Route
    from tests.support.world import Browser

LOGGED = {"access_log", "web_session"}

# Reviewed: what a second time changes, and why that is harmless.
CHANGES_AGAIN = {
    "accounts.archive_code": "the code on the screen is good",
    "accounts.sheet_make": "a sheet counts when she says that it is printed; the one on the screen is good",
    "accounts.own_sheet": "a sheet counts when she says that it is printed; the one on the screen is good",
    "accounts.sheet_printed": "it was printed, a moment later",
    "accounts.own_sheet_printed": "it was printed, a moment later",
    "accounts.own_recovery_codes": "the codes on the screen are good",
    "accounts.staff_add_submit": "the password on the screen is good; there is one person",
    "accounts.staff_reset_submit": "the password on the screen is good",
    "residents.bring_upload": "two lists wait to be looked at; either can be let go",
    "residents.card": "the card on the screen is good",
    "public_health.clinic_look": "a draft is sealed anew",
    "public_health.joint_look": "a draft is sealed anew",
    "public_health.look": "a draft is sealed anew",
    "web.keep_draft": "a draft is sealed anew",
}
# Reviewed: what is refused the second time although it was taken the first time.
REFUSED_AGAIN = {
    "accounts.own_password_submit": "the password is another one now",
    "residents.opening_review": "it is reviewed, and the page shows the verdict",
}


@pytest.fixture(scope="module")
def walker(app: Flask) -> Walker:
    """Somebody in a clinic of the test's own."""
    return Walker(app, furnish(app, world.PASSWORD, papers=False))


def send(app: Flask, browser: Browser, route: Route, path: str, form: cases.Form) -> int:
    """The status of the answer; a patient person, whom no slow-down stops."""
    world.owner(app).execute("DELETE FROM platform.sign_in_failure")
    files = cases.FILES.get(route.endpoint, {})
    data: dict[str, typing.Any] = {**form, "csrf_token": csrf_token(app, browser)}
    data |= {field: (io.BytesIO(body), name) for field, (name, body) in files.items()}
    return browser.open(path, method=route.method, data=data).status_code


def browser_for(walker: Walker, route: Route, role: str) -> Browser:
    """Of somebody of her own where success changes the password."""
    if cases.uses_up_its_person(route):
        card = walker.household.card
        once = world.add_staff(walker.app, card, f"once.{route.endpoint.lower()[-20:]}", role)
        return world.sign_in(walker.app, once, stage=route.stage)
    return walker.browser(route, role)


@pytest.mark.timeout(120)
def test_every_form_that_is_sent_twice_is_taken_once(app: Flask, walker: Walker) -> None:
    changed, refused = {}, {}
    for route in routes(app, *CHANGES):
        role = walker.allowed(route)
        browser, path = browser_for(walker, route, role), walker.path(route, role)
        form = cases.form_of(browser, route, path, walker.household)
        first = send(app, browser, route, path, form)
        before = rows_of(app, walker.household.card)
        second = send(app, browser, route, path, form)
        tables = changed_tables(before, rows_of(app, walker.household.card)) - LOGGED
        if tables and route.endpoint not in CHANGES_AGAIN:
            changed[route.endpoint] = tables
        if first < 400 <= second and route.endpoint not in REFUSED_AGAIN:
            refused[route.endpoint] = second
        assert second < 500, route
    assert (changed, refused) == ({}, {})
