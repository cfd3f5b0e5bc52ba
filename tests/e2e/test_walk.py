"""A doctor's way through the house by keyboard alone, in each language: sign in, register, find again."""

from __future__ import annotations

import typing

import pytest

from tests.e2e.hands import Hands, sign_in, sit_down
from tests.e2e.people import somebody
from tests.support import world

if typing.TYPE_CHECKING:
    from tests.e2e.house import House

MOST_KEYS_TO_REGISTER = 60  # 18 of them are the number
MOST_KEYS_TO_FIND = 6


def test_a_doctor_signs_in_by_the_institutions_code(hands: Hands, house: House) -> None:
    hands.go("/sign-in")
    hands.picture("sign-in")
    sign_in(hands, house.employ(f"code.{hands.language}").username)
    assert world.SIGNS[world.NORTH] in hands.text()
    hands.picture("list-first")
    hands.type("ay")
    assert hands.has_focus() == "bar-q", "a name is typed at once, whatever has the focus"
    assert hands.page.input_value("#bar-q") == "ay"
    assert hands.clicks == 0


def test_a_doctor_signs_in_by_a_part_of_the_institutions_name(hands: Hands, house: House) -> None:
    doctor = house.employ(f"name.{hands.language}", code=world.SOUTH)
    hands.go("/sign-in")
    hands.page.keyboard.insert_text("南方")  # as an input method does: both signs at once
    hands.wait("#clinic-list [role=option]")
    hands.picture("sign-in-choosing")
    hands.press("ArrowDown", "Enter", "Enter")
    hands.focus_comes_to("username")
    hands.type(doctor.username)
    hands.press("Enter")
    hands.type(world.PASSWORD)
    hands.press("Enter")
    hands.at("/today")
    assert world.SIGNS[world.SOUTH] in hands.text()
    assert hands.clicks == 0
    # The same PC remembers the institution: the next sign-in begins with the name.
    hands.follow("form[action='/sign-out'] button:not([name])")
    hands.at("/sign-in")
    assert world.SIGNS[world.SOUTH] in hands.text()
    hands.focus_comes_to("username")


def test_a_wrong_password_says_so_and_keeps_the_rest(hands: Hands, house: House) -> None:
    doctor = house.employ(f"wrong.{hands.language}")
    hands.go("/sign-in")
    hands.type(world.NORTH)
    hands.press("Enter")
    hands.type(doctor.username)
    hands.press("Enter")
    hands.type("not the password 000")
    hands.press("Enter")
    hands.wait("#errors")
    hands.picture("sign-in-wrong")
    assert hands.page.input_value("#username") == doctor.username
    assert hands.page.input_value("#password") == ""


def test_registering_and_finding_again_takes_few_keys_and_no_click(
    hands: Hands, house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    new = somebody(hands.language)
    sit_down(hands, house, house.employ(f"walk.{hands.language}"))
    hands.go("/residents")
    hands.focus_comes_to("bar-q")
    register(hands, new.number, new.name, new.phone)
    registered = hands.keys
    address = hands.page.url.removeprefix(hands.url)
    assert new.name in hands.page.inner_text("h1")
    assert new.number not in hands.page.content(), "the number stays masked"
    hands.picture("resident")
    keys = {"register": registered}
    for way, words in (("name", new.part), ("number", new.number), ("phone", new.phone)):
        keys[way] = find(hands, words, address)
    hands.press("F3")
    hands.at("/today")
    hands.picture("list")
    with capsys.disabled():
        print(f"\n{hands.language}: keys {keys}, clicks {hands.clicks}")  # noqa: T201
    assert registered <= MOST_KEYS_TO_REGISTER
    assert keys["name"] - len(new.part) + 3 <= MOST_KEYS_TO_FIND, "three letters are the rule"
    assert hands.clicks == 0


def register(hands: Hands, number: str, name: str, phone: str) -> None:
    """From the empty search: nobody has this number, so register her."""
    hands.focus_comes_to("bar-q")
    hands.type(number)
    hands.enter("Enter")
    # Who is slow is told by the box itself that nobody has this number, and Enter registers her at once.
    if "/found/" in hands.page.url:
        hands.picture("found-nobody")
        hands.enter("Enter")
    hands.at("/residents/new?*")
    hands.focus_comes_to("document_number")
    hands.picture("form")
    hands.press("Enter")
    hands.focus_comes_to("name_0")
    hands.type(name)
    hands.press("Enter", "Enter", "Enter", "Enter")
    hands.focus_comes_to("phone_0")
    hands.type(phone)
    hands.press("F4")
    hands.at("/residents/{id}")


def find(hands: Hands, words: str, address: str) -> int:
    """From any page to this resident's; the keys that it took."""
    before = hands.keys
    hands.press("F2")
    hands.type(words)
    # The page where one looks may be hers already: the address alone does not tell that the answer is there.
    hands.enter("Enter")
    hands.at("/residents/found/*", address)
    if "/found/" in hands.page.url:
        hands.page.wait_for_function("document.activeElement.closest('tbody') !== null")
        hands.press("Enter")
        hands.at(address)
    taken = hands.keys - before
    hands.press("F3")
    hands.at("/today")
    return taken
