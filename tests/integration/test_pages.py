"""Every page of every route, in both languages: sound, labelled, translated, isolated."""

from __future__ import annotations

import typing

import pytest

from saas.accounts.permissions import may
from tests.isolation.conftest import Walker
from tests.isolation.households import furnish
from tests.isolation.routes import csrf_token, routes
from tests.support import world
from tests.support.page import HERS, PRINTED_IN_HER_LANGUAGE, check_page

if typing.TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from saas.web.i18n import Language
    from tests.support.world import Browser

pytestmark = pytest.mark.timeout(60)  # every route, in a clinic of its own


@pytest.fixture(scope="module", params=[True, False], ids=["with drafts", "without"])
def walker(app: Flask, request: pytest.FixtureRequest) -> Walker:
    """Somebody who knows every route of a clinic with one of everything, with drafts and without."""
    house = furnish(app, world.PASSWORD, papers=request.param)
    return Walker(app, house)


@pytest.fixture(params=["ug", "zh"])
def language(request: pytest.FixtureRequest) -> Language:
    """Each language."""
    return typing.cast("Language", request.param)


def speaks(browser: Browser, language: Language) -> Browser:
    """The browser, on a PC of this language."""
    browser.set_cookie("shipa_language", language, domain="127.0.0.1")
    return browser


def faults(answer: TestResponse, language: Language) -> str:
    """What does not hold on the page of an answer; nothing when it is no page."""
    if answer.request.path.endswith("/look"):
        return ""  # a part that a script puts into its page; tests/integration/records look at it there
    if answer.status_code in {301, 302, 303} or answer.mimetype != "text/html":
        return ""
    try:
        check_page(answer.get_data(as_text=True), language)
    except AssertionError as error:
        return f"{answer.request.path} {answer.status_code}: {error}"
    return ""


def test_every_page_that_can_be_opened_is_sound(app: Flask, walker: Walker, language: Language) -> None:
    found, shown = [], 0
    for route in routes(app, "GET"):
        role = walker.allowed(route)
        answer = speaks(walker.browser(route, role), language).get(walker.path(route, role))
        shown += answer.status_code == 200
        found.append(faults(answer, HERS if route.endpoint in PRINTED_IN_HER_LANGUAGE else language))
    assert shown > 20
    assert [one for one in found if one] == []


def test_the_search_box_stands_on_every_page_of_whoever_may_search(app: Flask, walker: Walker) -> None:
    without, with_it = [], 0
    for route in routes(app, "GET"):
        role = walker.allowed(route)
        if route.entrance.public or route.stage != "full" or not may([role], "residents.read"):
            continue
        answer = walker.browser(route, role).get(walker.path(route, role))
        if answer.status_code == 200 and answer.mimetype == "text/html":
            has_it = 'id="bar-q"' in answer.get_data(as_text=True)
            with_it += has_it
            without += [] if has_it else [str(route)]
    assert (without, with_it > 20) == ([], True)


def test_every_answer_to_an_empty_form_is_sound(app: Flask, walker: Walker, language: Language) -> None:
    found, refused = [], 0
    for route in routes(app, "POST"):
        role = walker.allowed(route)
        browser = speaks(walker.browser(route, role), language)
        answer = browser.post(walker.path(route, role), data={"csrf_token": csrf_token(app, browser)})
        refused += answer.status_code == 422
        found.append(faults(answer, language))
    assert refused > 10
    assert [one for one in found if one] == []


def test_pages_of_visitors_and_of_errors_are_sound(visitor: Browser, language: Language) -> None:
    speaks(visitor, language)
    answers = [
        visitor.get("/sign-in"),
        visitor.get("/sign-in/recovery"),
        visitor.get("/nowhere"),
        visitor.post("/sign-in"),
        visitor.send("/sign-in"),
        visitor.send("/sign-in", {"clinic": "试验", "username": "x", "password": "y"}),
        visitor.put("/sign-in"),
        visitor.send("/sign-in", {"clinic": "x" * 3_000_000}),
    ]
    assert {answer.status_code for answer in answers} >= {200, 400, 404, 405, 413, 422}
    assert [fault for answer in answers if (fault := faults(answer, language))] == []


def test_a_role_without_the_right_is_told_so_soundly(walker: Walker, language: Language) -> None:
    browser = speaks(world.sign_in(walker.app, walker.household.people["pharmacist"]), language)
    answer = browser.get("/staff")
    assert answer.status_code == 403
    assert faults(answer, language) == ""
