"""A change needs the page's own token and comes from our own site; otherwise 400, and nothing has changed."""

from __future__ import annotations

import dataclasses
import datetime
import typing

import pytest

from tenants import door
from tests.isolation import cases
from tests.isolation.routes import CHANGES, csrf_token, routes
from tests.isolation.rows import all_rows, changed_tables
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask

    from tests.isolation.conftest import Walker
    from tests.support.world import Browser

LOGGED = {"access_log"}


@dataclasses.dataclass(frozen=True)
class Try:
    """A token (None: the right one) and what the browser says about where the request comes from."""

    token: str | None = None
    site: str = "same-origin"


@pytest.fixture(autouse=True)
def unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a slow day the once-a-minute note that a session is in use would count as a change."""
    monkeypatch.setattr(door, "SEEN_EVERY", datetime.timedelta(days=1))


def faults(app: Flask, walker: Walker, tries: Sequence[Try]) -> list[str]:
    """Send every change in each of these ways; what was not refused, and what changed."""
    found = []
    for route in routes(app, *CHANGES):
        role = walker.allowed(route)
        browser, path = walker.browser(route, role), walker.path(route, role)
        form = cases.form_of(browser, route, path, walker.household)
        right = csrf_token(app, browser)
        before = all_rows(app, walker.household.card)
        for one in tries:
            sent = form | {"csrf_token": right if one.token is None else one.token}
            answer = browser.open(path, method=route.method, data=sent, headers={"Sec-Fetch-Site": one.site})
            if answer.status_code != 400:
                found.append(f"{route} with {one}: {answer.status_code}")
        changed = changed_tables(before, all_rows(app, walker.household.card)) - LOGGED
        if changed:
            found.append(f"{route} changed {changed}")
    return found


@pytest.mark.timeout(60)
def test_a_change_without_the_pages_own_token_or_from_another_site_is_refused(
    app: Flask, walker: Walker
) -> None:
    elsewhere = csrf_token(app, world.sign_in(app, walker.household.people["pharmacist"]))
    tries = [Try(""), Try("wrong"), Try(elsewhere), Try(site="cross-site"), Try(site="same-site")]
    assert faults(app, walker, tries) == []


@pytest.mark.timeout(60)
def test_the_check_finds_a_change_that_is_let_through(app: Flask, walker: Walker) -> None:
    found = faults(app, walker, [Try()])
    assert "POST /drafts changed {'draft'}" in found
    assert len(found) > len(routes(app, *CHANGES))


def test_the_token_of_a_visitor_dies_with_the_sign_in(app: Flask, visitor: Browser, walker: Walker) -> None:
    token = csrf_token(app, visitor)
    browser = world.sign_in(app, walker.household.people["village_doctor"])
    assert browser.post("/drafts", data={"csrf_token": token}).status_code == 400
