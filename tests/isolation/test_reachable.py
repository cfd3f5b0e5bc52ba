"""Every page that somebody may open can be reached by links from where the day begins."""

from __future__ import annotations

import typing
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RoutingException

from tests.isolation.households import furnish
from tests.isolation.routes import csrf_token, routes
from tests.support import world
from tests.support.files import text_of

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tests.support.world import Browser


LED_TO_BY_ITSELF = {
    "figures.progress": "the script of figures.index asks there while figures are being counted",
    "public_health.joint_visit": "the list of today leads there for somebody in both programmes",
    "public_health.programme_end": "a resident's page leads there for somebody who takes part",
    "residents.bring_progress": "the script of residents.bring_show asks there while a list is on its way",
    "web.held": "the home page leads there, when something is held",
}


def linked(page: str) -> Iterator[str]:
    """Addresses of this house that a page leads to."""
    for link in BeautifulSoup(page, "html.parser").select("a[href]"):
        parts = urlsplit(str(link["href"]))
        if not parts.netloc and parts.path:
            yield parts.path


def endpoint_of(app: Flask, path: str) -> str:
    """The page at an address; empty when there is none."""
    try:
        endpoint, _ = app.url_map.bind("127.0.0.1").match(path, method="GET")
    except (HTTPException, RoutingException):
        return ""
    return str(endpoint)


def crawl(app: Flask, browser: Browser, begin: str) -> set[str]:
    """The pages that can be reached, each looked at once, the nearest first: of the person one began with."""
    seen: set[str] = set()
    ahead = [begin]
    while ahead:
        path = ahead.pop(0)
        endpoint = endpoint_of(app, path)
        if endpoint in seen:
            continue
        seen.add(endpoint)
        answer = browser.get(path, follow_redirects=True)
        seen.add(endpoint_of(app, answer.request.path))
        ahead += linked(text_of(answer))
    return seen


@pytest.mark.timeout(60)
def test_every_page_is_linked_from_another(app: Flask) -> None:
    # A clinic of its own: the walks of other tests close windows and answer questions of theirs.
    card, seen = furnish(app, world.PASSWORD).card, set()
    for role in ("clinic_admin", "village_doctor"):
        person = world.add_staff(app, card, f"crawls.{role}", role, places="all")
        with world.caretaker(app).logins.connect("owner") as connection:
            connection.execute(
                f"UPDATE {card.binding.schema}.staff_secret SET totp_key = 'x', "  # noqa: S608
                "totp_confirmed_at = now() WHERE staff_id = %s",
                (person.staff_id,),
            )
        browser = world.sign_in(app, person)
        form = {"q": "مەريەم", "csrf_token": csrf_token(app, browser)}
        found = browser.post("/residents/find", data=form).headers["Location"]
        for begin in ("/", found, "/residents?site=all"):
            seen |= crawl(app, browser, begin)
    pages = {route.endpoint for route in routes(app, "GET") if route.entrance.permission}
    assert pages - seen == set(LED_TO_BY_ITSELF)
