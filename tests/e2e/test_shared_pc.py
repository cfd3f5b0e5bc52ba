"""One PC for several people: the cover, the held entry, the switch of user, the back button."""

from __future__ import annotations

import typing

from tests.e2e.accessible import violations
from tests.e2e.hands import Hands, sit_down
from tests.e2e.people import somebody
from tests.e2e.test_mistakes import count
from tests.e2e.test_walk import register
from tests.support import world

if typing.TYPE_CHECKING:
    from tests.e2e.house import House


def test_after_five_minutes_nothing_can_be_read_and_the_password_brings_it_back(
    hands: Hands, house: House
) -> None:
    doctor = house.employ(f"cover.{hands.language}")
    sit_down(hands, house, doctor)
    hands.page.clock.install()
    hands.go("/residents/new")
    hands.focus_comes_to("document_number")
    hands.press("Enter")
    hands.type("ئايگۈل 阿依古丽")
    hands.page.clock.run_for(15_000)
    hands.wait("[data-draft-note]:not(:empty)")
    hands.page.clock.fast_forward(5 * 60_000)
    hands.page.clock.run_for(4_000)
    hands.wait("#cover")
    hands.picture("cover")
    assert "ئايگۈل" not in hands.text()
    assert not hands.page.is_visible("#name_0")
    house.age(doctor, 6)
    hands.press("Enter")
    hands.picture("unlock")
    unlock(hands)
    hands.at("/residents/new")
    hands.picture("draft")
    assert violations(hands.page) == []
    hands.follow("main a[href*='draft=continue']")
    hands.wait("#name_0")
    assert hands.page.input_value("#name_0") == "ئايگۈل 阿依古丽"


def unlock(hands: Hands) -> None:
    """Give the password to the covered screen."""
    hands.at("/unlock")
    hands.focus_comes_to("password")
    hands.type(world.PASSWORD)
    hands.press("Enter")


def test_what_was_sent_under_the_cover_is_held_and_sent_again_after_the_password(
    hands: Hands, house: House
) -> None:
    new = somebody(hands.language)
    doctor = house.employ(f"held.{hands.language}")
    sit_down(hands, house, doctor)
    hands.go("/residents/new")
    hands.page.fill("#name_0", new.name)
    hands.page.fill("#birth", "1990")
    hands.page.check("#sex_code-0")
    house.age(doctor, 6)
    hands.press("F4")
    hands.at("/unlock")
    assert count(house, new.name) == 0
    assert new.name not in hands.text()
    unlock(hands)
    hands.at("/held")
    hands.picture("held")
    assert violations(hands.page) == []
    hands.follow("main .card .btn-primary")
    hands.at("/residents/{id}")
    assert count(house, new.name) == 1


def test_the_back_button_shows_nothing_of_a_resident_after_the_sign_out(hands: Hands, house: House) -> None:
    new = somebody(hands.language)
    sit_down(hands, house, house.employ(f"back.{hands.language}"))
    hands.go("/residents")
    register(hands, new.number, new.name, new.phone)
    hands.go(hands.page.url.removeprefix(hands.url) + "/edit")
    hands.wait("#name_0")
    hands.follow("form[action='/sign-out'] button:not([name])")
    hands.at("/sign-in")
    for _ in range(3):
        hands.page.go_back()
        hands.page.wait_for_load_state()
        assert new.name not in hands.page.content()
        assert new.phone not in hands.page.content()
    hands.picture("back-after-sign-out")


def test_somebody_else_takes_over_the_pc_with_one_click(hands: Hands, house: House) -> None:
    first, second = (house.employ(f"turn{n}.{hands.language}") for n in (1, 2))
    sit_down(hands, house, first)
    hands.go("/residents")
    hands.follow("button[name=switch]")
    hands.at("/sign-in")
    hands.page.fill("#clinic", world.NORTH)
    hands.page.fill("#username", second.username)
    hands.page.fill("#password", world.PASSWORD)
    hands.press("Enter")
    hands.at("/today")
    hands.go("/account")
    assert second.username in hands.text()
    assert first.username not in hands.text()
