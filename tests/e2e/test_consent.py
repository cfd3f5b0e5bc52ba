"""Consent, card and standing at the desk: by keys, without scripts, on paper."""

from __future__ import annotations

import re
import typing

import pytest

from tests.e2e.accessible import violations
from tests.e2e.conftest import HEIGHT, WIDTH
from tests.e2e.hands import PICTURES, Hands, sit_down
from tests.e2e.people import somebody
from tests.e2e.test_walk import register

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext

    from tests.e2e.house import House

YES, NO = "button[name=answer][value=yes]", "button[name=answer][value=no]"
STATES = "#consents dd"
A4 = (210, 297)
_PAGE = re.compile(rb"/Type\s*/Page\b")
_BOX = re.compile(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]")


def met(hands: Hands, house: House, name: str) -> str:
    """Somebody who has just been registered; her page's address."""
    new = somebody(hands.language)
    sit_down(hands, house, house.employ(f"{name}.{hands.language}"))
    hands.go("/residents")
    register(hands, new.number, new.name, new.phone)
    return hands.page.url.removeprefix(hands.url)


def tabbed_to(hands: Hands, selector: str) -> None:
    """Press Tab until something has the focus."""
    for _ in range(60):
        if hands.page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        hands.press("Tab")
    pytest.fail(f"{selector} is not reached by Tab")


def on_paper(hands: Hands, name: str) -> tuple[int, set[tuple[int, ...]]]:
    """Pages of the print, and their sizes in millimetres."""
    pdf = hands.page.pdf(prefer_css_page_size=True, format="A4", print_background=True)
    if PICTURES:
        hands.page.emulate_media(media="print")
        hands.page.set_viewport_size({"width": 703, "height": 1032})  # A4 less its margins
        hands.picture(f"{name}-printed")
        hands.page.emulate_media(media="null")
        hands.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    sizes = {tuple(round(float(side) / 72 * 25.4) for side in box) for box in _BOX.findall(pdf)}
    return len(_PAGE.findall(pdf)), sizes


def test_consent_is_asked_and_answered_by_keys(hands: Hands, house: House) -> None:
    here = met(hands, house, "consent")
    hands.picture("resident-asked-nothing")
    before = hands.page.locator(STATES).all_inner_texts()
    tabbed_to(hands, "#consents a[href*='/consent?']")
    hands.press("Enter")
    hands.at(f"{here}/consent?*")
    hands.picture("consent")
    assert violations(hands.page) == []
    # Enter in a field goes on, and at the last one decides nothing.
    hands.page.focus("#name")
    hands.press("Enter")
    hands.wait("#errors")
    hands.picture("consent-nothing-decided")
    assert violations(hands.page) == []
    tabbed_to(hands, NO)
    hands.press("Enter")
    hands.at(here)
    refused = hands.page.locator(STATES).all_inner_texts()
    assert refused[0] != before[0]
    assert refused[1:] == before[1:]
    assert hands.clicks == 0


def test_a_yes_is_given_and_taken_back_by_keys(hands: Hands, house: House) -> None:
    here = met(hands, house, "back")
    hands.go(f"{here}/consent?about=reminders")
    tabbed_to(hands, YES)
    hands.press("Space")
    hands.at(here)
    hands.picture("resident-answered")
    tabbed_to(hands, "#consents button[value=reminders]")
    hands.enter("Enter")
    assert hands.page.is_visible(".flash")
    hands.at(here)
    assert hands.page.locator("#consents button[value=reminders]").count() == 0
    assert hands.clicks == 0


@pytest.mark.parametrize("sheet", ["ug", "zh"])
def test_yes_and_no_are_of_one_size_and_one_colour(hands: Hands, house: House, sheet: str) -> None:
    here = met(hands, house, f"size.{sheet}")
    for about in ("record", "reminders", "sharing"):
        hands.go(f"{here}/consent?about={about}&sheet={sheet}")
        hands.page.evaluate("() => document.fonts.ready.then(() => true)")
        boxes = [hands.page.locator(one).bounding_box() for one in (YES, NO)]
        assert boxes[0] is not None
        assert boxes[1] is not None
        assert boxes[0]["width"] == pytest.approx(boxes[1]["width"], abs=1)
        assert boxes[0]["height"] == boxes[1]["height"] >= 44
        assert boxes[0]["y"] == boxes[1]["y"]
        style = "b => [b.color, b.backgroundColor, b.borderColor, b.fontSize, b.fontWeight].join()"
        looks = {
            hands.page.locator(one).evaluate(f"e => ({style})(getComputedStyle(e))") for one in (YES, NO)
        }
        assert len(looks) == 1


def test_the_sheets_fit_their_paper(hands: Hands, house: House) -> None:
    here = met(hands, house, "paper")
    for about in ("record", "reminders", "sharing"):
        for sheet in ("ug", "zh", "both"):
            hands.go(f"{here}/consent/sheet?about={about}&sheet={sheet}")
            hands.picture(f"sheet-{about}-{sheet}")
            assert violations(hands.page) == []
            pages, sizes = on_paper(hands, f"sheet-{about}-{sheet}")
            assert pages == 1, (about, sheet)
            assert sizes == {A4}


def test_a_card_is_printed_in_its_size_and_found_by_a_scan(hands: Hands, house: House) -> None:
    here = met(hands, house, "card")
    tabbed_to(hands, "#numbers a[href$='/card']")
    hands.press("Enter")
    hands.at(f"{here}/card")
    hands.picture("card-form")
    hands.press("F4")
    hands.wait(".health-card")
    hands.page.wait_for_load_state()
    hands.picture("card")
    assert violations(hands.page) == []
    box = hands.page.locator(".health-card").bounding_box()
    assert box is not None
    assert (box["width"] / 96 * 25.4, box["height"] / 96 * 25.4) == pytest.approx((85.6, 53.98), abs=0.3)
    assert on_paper(hands, "card") == (1, {A4})
    hands.press("Escape")
    hands.at(here)
    tabbed_to(hands, "#numbers form button")
    hands.enter("Enter")
    hands.wait(".flash-undo")
    hands.picture("card-void")
    tabbed_to(hands, ".flash-undo button")
    hands.enter("Enter")
    hands.at(here)
    assert hands.clicks == 0


def test_where_somebody_stands_is_changed_and_undone_by_keys(hands: Hands, house: House) -> None:
    here = met(hands, house, "standing")
    tabbed_to(hands, "#numbers a[href$='/standing']")
    hands.press("Enter")
    hands.at(f"{here}/standing")
    hands.page.focus("input[name=standing]:checked")
    hands.press("Digit3")
    hands.press("Enter")
    hands.focus_comes_to("ended_on")
    hands.type("2099")
    hands.press("F4")
    hands.wait("#ended_on[aria-invalid=true]")
    hands.picture("standing-refused")
    assert violations(hands.page) == []
    hands.page.fill("#ended_on", "")
    hands.type("20261101")
    hands.press("F4")
    hands.at(here)
    hands.wait("#standing")
    hands.picture("resident-died")
    assert violations(hands.page) == []
    tabbed_to(hands, ".flash-undo button")
    hands.enter("Enter")
    hands.gone("#standing")
    assert hands.clicks == 0


@pytest.fixture
def bare(window: Callable[..., BrowserContext], house: House, language: str) -> typing.Iterator[Hands]:
    """A person at a browser in which no script runs."""
    person = Hands(window(language, java_script_enabled=False), house.url, language)
    yield person
    person.check_quiet()


def test_all_of_it_without_scripts(bare: Hands, house: House) -> None:
    new, page = somebody(bare.language), bare.page
    sit_down(bare, house, house.employ(f"bare.consent.{bare.language}"))
    bare.go("/residents/new")
    page.fill("#document_number", new.number)
    page.fill("#name_0", new.name)
    bare.follow("button[data-save]")
    bare.at("/residents/{id}")
    here = page.url.removeprefix(bare.url)
    consent_without_scripts(bare, here)
    bare.follow("#numbers a[href$='/card']")
    bare.follow("button[data-save]")
    page.wait_for_selector(".health-card")
    bare.go(here)
    bare.follow("#numbers form button")
    bare.follow(".flash-undo button")
    bare.at(here)
    bare.follow("#numbers a[href$='/standing']")
    page.check("input[name=standing][value=moved]")
    page.fill("#ended_on", "2026-11-01")
    bare.follow("button[data-save]")
    bare.at(here)
    bare.follow(".flash-undo button")
    bare.at(here)
    assert page.locator("#standing").count() == 0


def consent_without_scripts(bare: Hands, here: str) -> None:
    """Enter decides nothing; a yes is given and taken back."""
    page = bare.page
    bare.follow("#consents a[href*='/consent?']")
    page.focus("#name")
    bare.enter("Enter")
    assert page.is_visible("#errors")
    bare.follow(YES)
    bare.at(here)
    bare.follow("#consents button[value=record]")
    bare.at(here)
    assert page.locator("#consents button[value=record]").count() == 0
