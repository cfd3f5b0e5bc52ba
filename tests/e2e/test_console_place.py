"""The console goes on where the hand was: after a tick, a filter, another page of a list, and a refusal."""

from __future__ import annotations

import typing

from tenants.console.sessions import PATH
from tests.e2e.test_operators import county_of, sit_down
from tests.support import operating, rosters, world
from tests.support.rosters import ask

if typing.TYPE_CHECKING:
    from tests.e2e.hands import Hands
    from tests.e2e.house import House


def at_a_clinic(hands: Hands, house: House) -> None:
    """On the page of an institution; it scrolls at once, so that the place can be read."""
    query = "SELECT id FROM platform.clinic WHERE county_zh = %s"
    (clinic_id,) = ask(house.app, query, county_of(house, 1))[0]
    sit_down(hands, house, operating.add(house.app))
    hands.page.emulate_media(reduced_motion="reduce")
    hands.go(f"{PATH}/clinics/{clinic_id}")


def is_in_sight(hands: Hands) -> bool:
    """Whether what has the focus can be seen without scrolling."""
    top, height = hands.page.evaluate(
        "[document.activeElement.getBoundingClientRect().top, window.innerHeight]"
    )
    return bool(0 <= top < height)


def test_a_tick_and_a_room_keep_the_focus_and_the_place(hands: Hands, house: House) -> None:
    at_a_clinic(hands, house)
    assert hands.page.evaluate("scrollY") == 0, "the page begins at its top"
    for button in ("tick-licence", "tick-licence", "room-figures"):
        before = hands.page.inner_text(f"#{button}")
        hands.page.focus(f"#{button}")
        at = hands.page.evaluate("scrollY")
        hands.press("Enter")
        hands.page.wait_for_function(
            "([id, text]) => document.getElementById(id)?.innerText !== text", arg=[button, before]
        )
        hands.focus_comes_to(button)
        assert hands.page.evaluate("scrollY") == at
        assert is_in_sight(hands)


def test_a_refused_move_comes_to_what_must_be_typed(hands: Hands, house: House) -> None:
    at_a_clinic(hands, house)
    hands.click("button[name=goes_to][value=suspended]")
    hands.wait("#errors")
    hands.focus_comes_to("reason")
    assert is_in_sight(hands)


def test_a_filter_and_another_page_of_the_list_keep_the_hand_at_the_list(hands: Hands, house: House) -> None:
    sit_down(hands, house, operating.add(house.app))
    hands.go(f"{PATH}/clinics")
    hands.page.fill("#q", "院")
    hands.press("Enter")
    hands.at(f"{PATH}/clinics?*q=*")
    hands.focus_comes_to("q")
    hands.page.focus("#show")
    hands.press("Enter")
    hands.focus_comes_to("show")
    hands.page.focus("#state-all")
    hands.press("Enter")
    hands.focus_comes_to("state-all")


def test_another_page_of_a_list_begins_at_its_lines(hands: Hands, house: House) -> None:
    operator = operating.add(house.app)
    desk = operating.sign_in(house.app, operator)
    lines = [rosters.line(world.free_code(), name_zh="") for _ in range(120)]
    run_id = rosters.checked(house.app, desk, rosters.csv_of(lines))
    sit_down(hands, house, operator)
    hands.go(f"{PATH}/rosters/{run_id}")
    hands.click("a[rel=next]")
    hands.at(f"{PATH}/rosters/{{id}}?*page=2*")
    hands.page.wait_for_function("document.activeElement.matches('.table-frame')")
