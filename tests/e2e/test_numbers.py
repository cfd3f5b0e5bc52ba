"""The number field and the search box: told at the keystroke, filled in, fed by a reader or a scanner."""

from __future__ import annotations

import datetime
import typing

from playwright.sync_api import expect

from saas.residents.rules import citizen_id
from tests.e2e.hands import Hands, sit_down
from tests.e2e.people import somebody

if typing.TYPE_CHECKING:
    from tests.e2e.house import House

NOTE = "#document_number-check"
# What a reader that is plugged in as a keyboard sends, faster than any test machine could type it.
READER = """
([id, text, enters]) => {
  const field = document.getElementById(id);
  const key = (code) => document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", { code, key: code, bubbles: true, cancelable: true }));
  for (const sign of text) {
    key("Digit" + sign);
    field.value += sign;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  for (let count = 0; count < enters; count += 1) key("Enter");
}
"""


def number_of(area: str, day: datetime.date, serial: int) -> str:
    first = f"{area}{day:%Y%m%d}{serial:03d}"
    return first + citizen_id.check_character(first)


def opened(hands: Hands, house: House, name: str) -> None:
    sit_down(hands, house, house.employ(f"{name}.{hands.language}"))
    hands.go("/residents/new")
    hands.focus_comes_to("document_number")


def test_the_check_is_told_with_the_last_digit_and_gone_with_the_right_one(
    hands: Hands, house: House
) -> None:
    opened(hands, house, "check")
    new = somebody(hands.language)
    hands.type(new.number[:17])
    assert hands.page.locator(NOTE).inner_text() == ""
    wrong = "0" if new.number[17] != "0" else "1"
    hands.type(wrong)
    assert hands.page.inner_text(NOTE) != ""
    hands.picture("number-wrong")
    hands.press("Backspace")
    assert hands.page.inner_text(NOTE) == ""
    hands.type(new.number[17].lower())
    assert hands.page.inner_text(NOTE) == ""
    assert hands.page.input_value("#birth") == new.born
    assert hands.page.locator("input[name=sex_code]:checked").count() == 1


def test_a_day_that_has_not_come_is_told_and_not_filled_in(hands: Hands, house: House) -> None:
    opened(hands, house, "ahead")
    ahead = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=400)
    hands.type(number_of("650099", ahead, 1))
    told = hands.page.inner_text(NOTE)
    assert told
    hands.picture("number-ahead")
    assert hands.page.input_value("#birth") == ""
    hands.press("Enter")
    hands.type("阿依古丽")
    hands.press("F4")
    hands.wait("#document_number[aria-invalid=true]")
    hands.picture("number-refused")


def test_marks_and_wide_digits_do_not_matter_to_the_check(hands: Hands, house: House) -> None:
    opened(hands, house, "marks")
    new = somebody(hands.language)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in new.number)
    hands.page.keyboard.insert_text(f"\u202d{wide[:6]} {wide[6:]}\u202c")
    expect(hands.page.locator("#birth")).to_have_value(new.born)
    assert hands.page.inner_text(NOTE) == ""
    hands.press("Enter")
    hands.type(new.name)
    hands.press("F4")
    hands.at("/residents/{id}")


def test_a_permit_and_a_foreign_card_choose_their_document(hands: Hands, house: House) -> None:
    opened(hands, house, "permit")
    day = datetime.date(1990 if hands.language == "ug" else 1980, 1, 1)
    serial = 1 if hands.language == "ug" else 7
    for area, kind in (("810000", "P1"), ("965156", "P2"), ("650099", "01")):
        hands.page.fill("#document_number", "")
        hands.type(number_of(area, day, serial))
        assert hands.page.input_value("#document_type") == kind
        assert hands.page.input_value("#birth") == str(day)
    hands.page.fill("#document_number", number_of("820000", day, serial))
    hands.picture("number-permit")
    hands.press("Enter")
    hands.type("阿依古丽")
    hands.press("F4")
    hands.at("/residents/{id}")


def test_a_card_readers_burst_fills_the_field_and_moves_on_once(hands: Hands, house: House) -> None:
    opened(hands, house, "burst")
    new = somebody(hands.language)
    hands.type(new.number)
    hands.press("Enter")
    hands.focus_comes_to("name_0")
    assert hands.page.input_value("#document_number") == new.number
    assert hands.page.input_value("#birth") == new.born
    hands.go("/residents/new?")
    hands.page.focus("#document_number")
    hands.page.fill("#document_number", "")
    hands.page.evaluate(READER, ["document_number", new.number, 2])
    hands.focus_comes_to("name_0")
    assert hands.page.input_value("#document_number") == new.number
    hands.page.wait_for_timeout(80)
    hands.press("Enter")
    hands.focus_comes_to("name_1")


def test_a_burst_into_the_search_box_searches_once(hands: Hands, house: House) -> None:
    new = somebody(hands.language)
    sit_down(hands, house, house.employ(f"scan.{hands.language}"))
    hands.go("/residents")
    hands.focus_comes_to("bar-q")
    hands.type(new.number)
    hands.press("Enter", "Enter")
    hands.at("/residents/found/*", "/residents/new?*")
    sent = [one for one in hands.requests if one.method == "POST" and one.url.endswith("/find")]
    assert len(sent) == 1
    assert new.number in str(sent[0].post_data)


def test_a_key_that_is_held_down_is_one_step(hands: Hands, house: House) -> None:
    opened(hands, house, "pressed")
    hands.page.keyboard.down("Enter")
    hands.page.keyboard.down("Enter")
    hands.page.keyboard.down("Enter")
    hands.page.keyboard.up("Enter")
    hands.focus_comes_to("name_0")
