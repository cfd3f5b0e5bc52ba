"""What the scripts do at the desk: drafts kept while one writes, keys that can be switched off."""

from __future__ import annotations

import typing

from tests.e2e.hands import sit_down

if typing.TYPE_CHECKING:
    from tests.e2e.hands import Hands
    from tests.e2e.house import House

NOTE = "[data-draft-note] bdi"


def test_what_is_written_is_kept_and_offered_again(hands: Hands, house: House) -> None:
    sit_down(hands, house, house.employ(f"draft.{hands.language}"))
    hands.go("/residents/new")
    hands.focus_comes_to("document_number")
    hands.press("Enter")
    hands.type("阿依古丽 Aygül")
    # Out of the group of fields: a good moment to keep them.
    hands.page.focus("#phone_0")
    hands.wait(NOTE)
    assert hands.page.inner_text(NOTE)[2] == ":"
    hands.press("F3")
    hands.at("/today")
    hands.go("/residents/new")
    hands.enter("Enter")
    hands.wait("#name_0")
    assert hands.page.input_value("#name_0") == "阿依古丽 Aygül"
    assert hands.clicks == 0


def test_function_keys_can_be_switched_off_on_a_pc(hands: Hands, house: House) -> None:
    sit_down(hands, house, house.employ(f"keys.{hands.language}"))
    hands.go("/account")
    hands.click("[data-keys-toggle]")
    hands.press("F3", "F9")
    hands.page.wait_for_timeout(300)
    assert hands.page.url.endswith("/account")
    hands.go("/account")
    assert hands.page.get_attribute("[data-keys-toggle]", "aria-pressed") == "true"
    assert not hands.page.is_visible("kbd")
    hands.press("F3")
    hands.click("[data-keys-toggle]")
    hands.press("F3")
    hands.at("/today")
