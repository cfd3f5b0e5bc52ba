"""Every page, in both languages: nothing for axe, the console, the content policy or another host to say."""

from __future__ import annotations

import typing

import pytest

from saas.accounts.permissions import GRANTS
from tests.e2e.accessible import violations
from tests.e2e.hands import Hands, sit_down
from tests.isolation.households import Household, furnish
from tests.isolation.routes import Route, routes
from tests.support import world
from tests.support.page import HERS, PRINTED_IN_HER_LANGUAGE, check_page

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext

    from tests.e2e.house import House

NO_PAGES = {
    "accounts.sign_in_clinics": "JSON for the list of institutions",
    "accounts.staff_bring_template": "a file",
    "figures.excel": "a file",
    "figures.progress": "JSON for the bar of a count",
    "public_health.clinic_record_csv": "a file",
    "public_health.clinic_record_fhir": "a file",
    "public_health.record_csv": "a file",
    "public_health.record_fhir": "a file",
    "today.workbook": "a file",
    "residents.bring_progress": "JSON for the bar of a list",
    "watch.healthz": "one word for machines",
    "watch.metrics": "figures for machines",
    "watch.readyz": "words for machines",
    "web.home": "leads on",
}
ASKED_FOR = {"figures.missing": "?figure=ht_control_rate"}
# A page that the administrator, who sees all others, is not shown.
NOT_HERS = {"accounts.own_second_factor_remove": "village_doctor"}

PARTS = 4
"""All pages in one test take a minute, and longer than a test may on a machine with other work."""


@pytest.fixture(scope="session")
def full_house(house: House) -> Household:
    """A clinic with one of everything, in which everybody has a second factor."""
    household = furnish(house.app, world.PASSWORD)
    with world.caretaker(house.app).logins.connect("owner") as connection:
        connection.execute(
            f"UPDATE {household.card.binding.schema}.staff_secret "  # noqa: S608
            "SET totp_key = 'x', totp_confirmed_at = now()"
        )
    return household


def who_looks(route: Route) -> str:
    """A role that may look at the page: the administrator where she may."""
    granted = GRANTS[route.entrance.permission or ""]
    return NOT_HERS.get(route.endpoint, "clinic_admin" if "clinic_admin" in granted else min(granted))


def looked_at(hands: Hands, path: str, status: int, language: str = "") -> list[str]:
    """Everything that is wrong with one page."""
    answer = hands.page.goto(hands.url + path)
    assert answer is not None
    assert answer.status == status, path
    assert hands.page.url == hands.url + path, "sent on"
    check_page(answer.text(), "ug" if (language or hands.language) == "ug" else "zh")
    return [f"{path}: {fault}" for fault in violations(hands.page)]


@pytest.mark.parametrize("part", range(PARTS))
def test_the_pages_of_people_at_work(hands: Hands, house: House, full_house: Household, part: int) -> None:
    faults, there = [], ""
    pages = [route for route in routes(house.app, "GET") if route.entrance.permission]
    assert len(pages) > 20
    for route in sorted(pages, key=who_looks)[part::PARTS]:
        if route.endpoint in NO_PAGES:
            continue
        role = who_looks(route)
        person = full_house.people[role]
        if role != there:
            sit_down(hands, house, person)
            there = role
        ids = full_house.ids | {"words": full_house.words(person.staff_id, "مەريەم")}
        language = HERS if route.endpoint in PRINTED_IN_HER_LANGUAGE else ""
        path = route.path(house.app, ids) + ASKED_FOR.get(route.endpoint, "")
        faults += looked_at(hands, path, 200, language)
        hands.picture(f"page-{route.endpoint}")
    assert faults == []


def test_the_pages_of_visitors_and_of_those_who_are_signing_in(
    hands: Hands, house: House, full_house: Household
) -> None:
    faults = []
    for route in routes(house.app, "GET"):
        if route.endpoint in NO_PAGES or route.entrance.permission:
            continue
        hands.context.clear_cookies(name="shipa_session")
        for stage in route.entrance.stages:
            person = full_house.people["clinic_admin"]
            sit_down(hands, house, person, "full" if stage == "locked" else stage)
            if stage == "locked":
                house.age(person, 6)
        faults += looked_at(hands, route.path(house.app, {}), 200)
        hands.picture(f"page-{route.endpoint}")
    assert faults == []


def test_pages_that_refuse(hands: Hands, house: House, full_house: Household) -> None:
    sit_down(hands, house, full_house.people["pharmacist"])
    faults = looked_at(hands, "/residents/00000000-0000-7000-8000-000000000000", 404)
    hands.picture("not-found")
    faults += looked_at(hands, "/staff", 403)
    hands.context.clear_cookies(name="shipa_session")
    faults += looked_at(hands, "/nowhere", 404)
    assert faults == []
    hands.complaints = [word for word in hands.complaints if "status of 40" not in word]


def test_axe_the_console_and_the_policy_are_listened_to(
    window: Callable[..., BrowserContext], house: House
) -> None:
    hands = Hands(window("zh"), house.url, "zh")
    hands.go("/sign-in")
    assert violations(hands.page) == []
    hands.page.evaluate("document.querySelector('main').innerHTML += '<img src=\"data:,\"><input>'")
    assert any("image-alt" in one for one in violations(hands.page))
    hands.page.evaluate("console.error('planted')")
    hands.page.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://localhost:9/x'}))")
    hands.page.evaluate(
        "document.head.append(Object.assign(document.createElement('style'), {textContent: 'p {}'}))"
    )
    hands.page.wait_for_timeout(200)
    heard = "\n".join(hands.complaints)
    assert "planted" in heard
    assert "Content Security Policy" in heard
    assert "style" in heard
