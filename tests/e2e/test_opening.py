"""A record outside one's care: gate, reason, review and the printed sheet, by keys and without scripts."""

from __future__ import annotations

import typing
import uuid

import pytest

from tests.e2e.accessible import violations
from tests.e2e.hands import PICTURES, Hands, sit_down
from tests.isolation.households import Household, furnish
from tests.support import world
from tests.support.page import check_page

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext

    from saas.web.i18n import Language
    from tests.e2e.house import House
    from tests.support.world import Person

REASON = {
    "ug": "ناھىيەلىك دوختۇرخانا بۇ بىمار توغرۇلۇق تېلېفون قىلدى",
    "zh": "县医院来电询问该居民上次的用药情况请求核对",
}
OTHER: dict[str, Language] = {"ug": "zh", "zh": "ug"}


@pytest.fixture(scope="module")
def clinic(house: House) -> Household:
    """A clinic whose resident belongs to a village."""
    return furnish(house.app, world.PASSWORD)


@pytest.fixture
def stranger(house: House, clinic: Household) -> Person:
    """A doctor of the centre."""
    name = f"stranger.{uuid.uuid4().hex[:8]}"
    return world.add_staff(house.app, clinic.card, name, "township_gp", name="李试验")


@pytest.fixture(scope="module")
def bare_clinic(house: House) -> Household:
    """Another one, in which nobody has come to the centre today."""
    return furnish(house.app, world.PASSWORD)


def _comes_in(hands: Hands, language: str) -> None:
    hands.page.wait_for_function("l => document.documentElement.lang.startsWith(l)", arg=language)


def is_sound(hands: Hands) -> None:
    """Axe and the checks of every page find nothing."""
    check_page(hands.page.content(), "ug" if hands.language == "ug" else "zh")
    assert violations(hands.page) == []


def test_a_record_is_opened_reviewed_and_shown_by_keys(
    hands: Hands, house: House, clinic: Household, stranger: Person
) -> None:
    page = f"/residents/{clinic.ids['resident_id']}"
    sit_down(hands, house, stranger)
    hands.go(page)
    is_sound(hands)
    hands.picture("gate")
    _give_a_reason(hands)
    hands.at(page)
    is_sound(hands)
    hands.picture("open-record")
    hands.go(f"{page}/who-opened")
    assert REASON[hands.language] in hands.text()
    is_sound(hands)
    hands.picture("who-opened")
    hands.press("F8")
    hands.at(f"{page}/who-opened/print")
    hands.picture("who-opened-print")
    _on_paper(hands)
    assert hands.clicks == 0
    _reviewed(hands, house, clinic)


def _give_a_reason(hands: Hands) -> None:
    """Too little first, then enough, with the language changed twice in between."""
    hands.focus_comes_to("category-0")
    hands.press("3", "Enter")
    hands.focus_comes_to("reason")
    hands.press("F4")
    hands.wait("#reason-error")
    is_sound(hands)
    hands.picture("gate-refused")
    hands.page.focus("#reason")
    hands.type(REASON[hands.language])
    hands.press("F9")
    _comes_in(hands, OTHER[hands.language])
    assert hands.page.input_value("#reason") == REASON[hands.language]
    hands.press("F9")
    _comes_in(hands, hands.language)
    hands.press("F4")


def _on_paper(hands: Hands) -> None:
    """The sheet as it is printed: all of it, nothing of the frame."""
    hands.page.emulate_media(media="print")
    hands.picture("slip")
    assert hands.page.is_visible("section.slip table")
    assert not hands.page.is_visible("header.bar")
    assert not hands.page.is_visible(".submit-bar")
    assert hands.page.pdf(format="A4").startswith(b"%PDF")
    if PICTURES:
        hands.page.pdf(path=f"{PICTURES}/slip.{hands.language}.pdf", format="A4")
    hands.page.emulate_media(media="screen")


def _reviewed(hands: Hands, house: House, clinic: Household) -> None:
    """The reviewer finds it, questions it, and the list says so."""
    sit_down(hands, house, clinic.people["audit_reviewer"])
    hands.go("/residents/openings")
    is_sound(hands)
    hands.picture("openings")
    hands.page.focus("tbody tr:first-child a")
    hands.press("Enter")
    hands.wait("#verdict")
    is_sound(hands)
    hands.picture("opening")
    hands.focus_comes_to("verdict-0")
    hands.press("2", "Enter")
    hands.focus_comes_to("note")
    hands.type("Which hospital?")
    hands.press("F4")
    hands.at("/residents/openings")
    assert "Which hospital?" in hands.text()
    assert hands.clicks == 0


def test_she_is_here_by_keys(hands: Hands, house: House, clinic: Household, stranger: Person) -> None:
    page = f"/residents/{clinic.ids['resident_id']}"
    sit_down(hands, house, stranger)
    hands.go(page)
    hands.page.focus("form[action$='/visits'] button")
    hands.enter("Enter")
    hands.at(page)
    hands.picture("visit-begun")
    hands.go("/residents/visits")
    is_sound(hands)
    hands.picture("visits")
    hands.page.focus("form[action$='/end'] button")
    hands.enter("Enter")
    hands.at("/residents/visits")
    hands.wait("form[action$='/reopen']")
    assert hands.clicks == 0


@pytest.mark.parametrize("language", ["ug", "zh"])
def test_the_record_opens_without_scripts(
    window: Callable[..., BrowserContext],
    house: House,
    bare_clinic: Household,
    language: str,
) -> None:
    hands = Hands(window(language, java_script_enabled=False), house.url, language)
    stranger = world.add_staff(house.app, bare_clinic.card, f"bare.{language}", "township_gp")
    page = f"/residents/{bare_clinic.ids['resident_id']}"
    sit_down(hands, house, stranger)
    hands.go(f"{page}/who-opened")
    hands.page.check("#category-4")
    hands.page.fill("#reason", REASON[language])
    hands.follow("button[data-language]")
    assert hands.page.input_value("#reason") == REASON[language]
    hands.follow("button[data-language]")
    hands.follow("#page-form button[data-save]")
    hands.at(f"{page}/who-opened")
    hands.follow("a[data-key='F8']")
    hands.at(f"{page}/who-opened/print")
    hands.go(page)
    hands.follow("form[action$='/close'] button")
    hands.at("/residents")
    hands.check_quiet()
