"""Never twice, by keyboard: three answers while registering, one person made of two, and taken back."""

from __future__ import annotations

import dataclasses
import re
import typing

import pytest

from tests.e2e.accessible import violations
from tests.e2e.hands import sit_down
from tests.e2e.people import citizen_number, somebody
from tests.support import world

if typing.TYPE_CHECKING:
    from tests.e2e.hands import Hands
    from tests.e2e.house import House
    from tests.e2e.people import Invented


@pytest.fixture
def code(house: House) -> str:
    """A clinic of the test's own, so that its queue holds nobody else's pairs."""
    return world.provision(house.app, world.free_code(), "查重院").code


def a_woman(language: str) -> Invented:
    """Somebody new, born in the year that ``register`` types."""
    new = somebody(language)
    return dataclasses.replace(new, number=citizen_number("19630507", 2 * int(new.phone[-3:]) % 1000))


def register(hands: Hands, new: Invented) -> None:
    """Without a document: name, sex, birth year, phone."""
    hands.go("/residents/new")
    hands.focus_comes_to("document_number")
    hands.press("Enter")
    hands.type(new.name)
    hands.press("Enter", "Enter", "2", "Enter")
    hands.focus_comes_to("birth")
    hands.type("1963")
    hands.press("Enter")
    hands.focus_comes_to("phone_0")
    hands.type(new.phone)
    hands.press("F4")


def asked(hands: Hands, people: int) -> None:
    """The page of likely people is open, and its first answer has the focus."""
    hands.wait(".likely")
    assert hands.page.locator(".likely").count() == people
    hands.page.wait_for_function("() => document.activeElement.value === 'same'")
    assert violations(hands.page) == []


def resident(hands: Hands) -> str:
    """Whose page is open."""
    hands.at("/residents/{id}")
    found = re.search(r"[0-9a-f-]{36}$", hands.page.url)
    assert found is not None
    return found[0]


def test_each_answer_is_one_key_and_nothing_typed_is_lost(hands: Hands, house: House, code: str) -> None:
    new = a_woman(hands.language)
    sit_down(hands, house, house.employ(f"alike.{hands.language}", code=code))
    register(hands, new)
    first = resident(hands)
    register(hands, new)
    asked(hands, 1)
    hands.picture("alike")
    before = hands.keys
    hands.press("F4")
    second = resident(hands)
    assert hands.keys - before == 1, "one key saves anyway"
    register(hands, new)
    asked(hands, 2)
    hands.press("2", "Enter", "2", "F4")
    third = resident(hands)
    assert len({first, second, third}) == 3
    register(hands, new)
    asked(hands, 3)
    goes_back_and_forth(hands, new)
    asked(hands, 3)
    hands.press("1", "F4")
    assert resident(hands) == third, "nothing typed was new, so her page is opened"
    assert hands.clicks == 0


def goes_back_and_forth(hands: Hands, new: Invented) -> None:
    """To the other language and back, to the form and back: nothing typed is lost."""
    for other in ("zh" if hands.language == "ug" else "ug", hands.language):
        hands.press("F9")
        hands.page.wait_for_function("() => document.activeElement.value === 'same'")
        hands.wait(f"html[lang^={other}]")
    hands.press("Escape")
    hands.focus_comes_to("document_number")
    assert hands.page.input_value("#name_0") == new.name
    hands.press("F4")


def test_what_was_typed_of_her_is_offered_to_her_form(hands: Hands, house: House, code: str) -> None:
    new = a_woman(hands.language)
    sit_down(hands, house, house.employ(f"offered.{hands.language}", code=code))
    register(hands, new)
    first = resident(hands)
    hands.go("/residents/new")
    hands.focus_comes_to("document_number")
    hands.type(new.number)
    hands.press("Enter")
    hands.type(new.name)
    hands.press("Enter", "Enter", "Enter", "Enter")
    hands.focus_comes_to("phone_0")
    hands.type(new.phone)
    hands.press("F4")
    asked(hands, 1)
    hands.picture("alike-differs")
    hands.press("1", "F4")
    hands.at(f"/residents/{first}/edit?draft=typed")
    hands.wait(".versions")
    assert violations(hands.page) == []
    hands.picture("typed")
    hands.press("F4")
    assert resident(hands) == first
    assert new.number[-4:] in hands.text()
    assert hands.clicks == 0


def test_two_people_make_one_of_two_and_take_it_back(hands: Hands, house: House, code: str) -> None:
    new = a_woman(hands.language)
    doctor = house.employ(f"proposes.{hands.language}", code=code)
    head = house.employ(f"confirms.{hands.language}", "clinic_admin", code=code)
    sit_down(hands, house, doctor)
    first, second = registered_twice(hands, new)
    hands.go("/residents/to-look-at")
    hands.wait("tbody tr")
    assert violations(hands.page) == []
    hands.picture("queue")
    open_pair(hands, first, second)
    hands.press("1", "F4")
    hands.at("/residents/to-look-at")
    sit_down(hands, house, head)
    open_pair(hands, first, second)
    hands.picture("pair-confirm")
    hands.press("F4")
    assert resident(hands) == first
    hands.picture("resident-merged")
    hands.page.focus(f'a[href="/residents/{first}/merge/{second}/undo"]')
    hands.press("Enter")
    hands.at(f"/residents/{first}/merge/{second}/undo")
    assert violations(hands.page) == []
    hands.picture("unmerge")
    hands.press("F4")
    assert resident(hands) == first
    hands.go(f"/residents/{second}")
    assert resident(hands) == second
    assert hands.clicks == 0


def registered_twice(hands: Hands, new: Invented) -> tuple[str, str]:
    """Two records of one person, the second saved at once."""
    register(hands, new)
    first = resident(hands)
    register(hands, new)
    asked(hands, 1)
    hands.press("F4")
    return first, resident(hands)


def open_pair(hands: Hands, one: str, other: str) -> None:
    """From the queue, by Enter on its line."""
    hands.go("/residents/to-look-at")
    hands.page.focus(f'a[href="/residents/{min(one, other)}/same/{max(one, other)}"]')
    hands.press("Enter")
    hands.page.wait_for_function("() => document.activeElement.value === 'same'")
    assert violations(hands.page) == []
