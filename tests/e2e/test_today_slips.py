"""Slips of a hand at the list: a wrong key that ended a call, a name typed while a line has the focus."""

from __future__ import annotations

import typing

import pytest
from playwright.sync_api import expect

from tests.e2e.hands import Hands, sit_down
from tests.e2e.test_today import doctor_with

if typing.TYPE_CHECKING:
    from tests.e2e.house import House

IN_THE_LIST = "document.activeElement.closest('tbody') !== null"


def lines(hands: Hands, address: str) -> int:
    """How many people stand on a list."""
    hands.go(address)
    return hands.page.locator("tbody tr").count()


# Outcomes that need no day: moved, not wished; died, the number leads to nobody.
@pytest.mark.parametrize(("people", "digits"), [(1, "35"), (2, "46")])
def test_a_wrong_key_that_ended_a_call_is_taken_back_by_one_key(
    hands: Hands, house: House, people: int, digits: str
) -> None:
    sit_down(hands, house, doctor_with(house, hands.language, people, "hypertension"))
    for digit in digits:
        hands.go("/today/calls")
        hands.page.wait_for_function(IN_THE_LIST)
        hands.press("Enter")
        hands.at("/residents/{id}/forms/call_outcome?*")
        hands.focus_comes_to("outcome-1")
        call = hands.page.url
        hands.press(digit)
        hands.focus_comes_to("called_on")
        assert hands.page.url == call, "a digit alone saves nothing"
        hands.enter("F4")
        assert hands.page.url != call
        # The next call, or the list where that was the last one: either page says how it is undone.
        expect(hands.page.locator(".flash-undo [data-key=F7] kbd")).to_have_text("F7")
        hands.enter("F7")
        assert hands.page.url == call
        hands.focus_comes_to(f"outcome-{digit}")
        assert hands.page.is_checked(f"#outcome-{digit}"), "what was pressed stands there, to be changed"
        assert lines(hands, "/today/calls") == people, digit
        hands.go(call.removeprefix(hands.url))
        hands.follow("form.confirm button")
        hands.gone("form.confirm")
    assert lines(hands, "/today") == people, "who was said to have died or moved is here again"


def strike(hands: Hands, words: str) -> None:
    """Each sign by a key of its own, as its layout has it: Playwright has the keys of English only."""
    session = hands.context.new_cdp_session(hands.page)
    for sign in words:
        session.send("Input.dispatchKeyEvent", {"type": "keyDown", "key": sign, "text": sign})
        session.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": sign})
    session.detach()


def test_a_name_typed_on_the_list_goes_into_the_search_box(hands: Hands, house: House) -> None:
    sit_down(hands, house, doctor_with(house, hands.language, 2, "hypertension"))
    for words in ("ئايگۈل", "Ay", "65009919"):
        hands.go("/")
        hands.at("/today")
        hands.page.wait_for_function(IN_THE_LIST)
        strike(hands, words)
        hands.focus_comes_to("bar-q")
        assert hands.page.input_value("#bar-q") == words
    assert hands.clicks == 0


def test_keys_with_a_meaning_of_their_own_stay_with_the_line(hands: Hands, house: House) -> None:
    sit_down(hands, house, doctor_with(house, hands.language, 2, "hypertension"))
    hands.go("/today")
    hands.page.wait_for_function(IN_THE_LIST)
    hands.press(" ", "Tab", "Shift+Tab", "ArrowDown", "Control+a", "Shift")
    assert hands.page.evaluate(IN_THE_LIST)
    assert hands.page.input_value("#bar-q") == ""


def test_what_is_typed_beside_the_fields_of_a_form_searches_for_nobody(hands: Hands, house: House) -> None:
    sit_down(hands, house, doctor_with(house, hands.language, 1, "hypertension"))
    hands.go("/today")
    hands.page.wait_for_function(IN_THE_LIST)
    hands.press("Enter")
    hands.focus_comes_to("symptoms-1")
    hands.page.evaluate("document.activeElement.blur()")
    hands.type("138")
    assert hands.page.input_value("#bar-q") == ""
