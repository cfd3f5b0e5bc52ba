"""What goes wrong loses nothing: an error beside its field, two people at one resident, a form sent twice."""

from __future__ import annotations

import typing

import sqlalchemy as sa

from tests.e2e.accessible import violations
from tests.e2e.hands import Hands, sit_down
from tests.e2e.people import somebody
from tests.e2e.test_walk import register
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext

    from tests.e2e.house import House


def count(house: House, name: str) -> int:
    """How many residents of the northern clinic have this name."""
    card = world.card_of(house.app, world.NORTH)
    with world.inside(house.app, card) as session:
        query = sa.text("SELECT count(*) FROM resident_name WHERE text = :name")
        return int(session.scalar(query, {"name": name}) or 0)


def test_an_error_stands_beside_its_field_and_the_input_stays(hands: Hands, house: House) -> None:
    sit_down(hands, house, house.employ(f"error.{hands.language}"))
    hands.go("/residents/new")
    hands.focus_comes_to("document_number")
    hands.page.fill("#phone_0", "12")
    hands.page.fill("#village", "يېڭى كەنت")
    hands.page.fill("#birth", "1963-13-40")
    hands.press("F4")
    hands.wait("#errors")
    hands.picture("form-error")
    assert violations(hands.page) == []
    for field in ("name_0", "birth", "phone_0"):
        control = hands.page.locator(f"#{field}")
        assert control.get_attribute("aria-invalid") == "true", field
        described = (control.get_attribute("aria-describedby") or "").split()
        assert f"{field}-error" in described, field
        assert hands.page.inner_text(f"#{field}-error"), field
    assert hands.page.input_value("#phone_0") == "12"
    assert hands.page.input_value("#birth") == "1963-13-40"
    assert hands.page.input_value("#village") == "يېڭى كەنت"
    assert hands.has_focus() == "name_0"
    assert hands.page.url == f"{hands.url}/residents/new"


def test_a_number_with_a_wrong_check_digit_is_told_and_can_be_kept(hands: Hands, house: House) -> None:
    new = somebody(hands.language)
    wrong = new.number[:17] + ("0" if new.number[17] != "0" else "1")
    sit_down(hands, house, house.employ(f"digit.{hands.language}"))
    hands.go("/residents/new")
    hands.focus_comes_to("document_number")
    hands.type(wrong)
    hands.press("Enter")
    hands.type(new.name)
    hands.press("F4")
    hands.wait("#asked")
    hands.picture("form-asked")
    assert violations(hands.page) == []
    assert hands.page.input_value("#document_number") == wrong
    assert count(house, new.name) == 0
    hands.press("F4")
    hands.at("/residents/{id}")
    assert count(house, new.name) == 1


def test_two_people_at_one_resident_see_both_versions_and_choose(
    hands: Hands, house: House, window: Callable[..., BrowserContext]
) -> None:
    new = somebody(hands.language)
    first, second = (house.employ(f"conflict{n}.{hands.language}") for n in (1, 2))
    sit_down(hands, house, first)
    hands.go("/residents")
    register(hands, new.number, new.name, new.phone)
    address = hands.page.url.removeprefix(hands.url)
    other = Hands(window(hands.language), house.url, hands.language)
    sit_down(other, house, second)
    for one in (hands, other):
        one.go(f"{address}/edit")
    other.page.fill("#village", "بىرىنچى كەنت")
    other.press("F4")
    other.at(address)
    hands.page.fill("#village", "ئىككىنچى كەنت")
    hands.page.fill("#address_detail", "5-قورۇ")
    hands.press("F4")
    hands.wait("text=ئىككىنچى كەنت")
    hands.picture("conflict")
    assert violations(hands.page) == []
    assert "بىرىنچى كەنت" in hands.text()
    assert "5-قورۇ" in hands.text()
    hands.page.check("input[name=choose-village][value=mine]")
    hands.press("F4")
    hands.at(address)
    assert "ئىككىنچى كەنت" in hands.text()
    assert "5-قورۇ" in hands.text()
    other.check_quiet()


def test_a_form_that_is_sent_twice_registers_one_person(hands: Hands, house: House) -> None:
    new = somebody(hands.language)
    sit_down(hands, house, house.employ(f"twice.{hands.language}"))
    hands.go("/residents/new")
    hands.page.fill("#name_0", new.name)
    hands.page.fill("#birth", new.born[:4])
    hands.page.check("#sex_code-0")
    body = hands.page.evaluate(
        "new URLSearchParams(new FormData(document.querySelector('form[data-main]'))).toString()"
    )
    hands.press("F4", "F4")
    hands.page.keyboard.press("Control+Enter")
    hands.at("/residents/{id}")
    address = hands.page.url
    # And the line was lost after the first answer: the same form comes once more.
    again = hands.page.evaluate(
        "body => fetch('/residents/new', {method: 'POST', body, headers: "
        "{'Content-Type': 'application/x-www-form-urlencoded'}}).then(answer => answer.url)",
        body,
    )
    assert again == address
    assert count(house, new.name) == 1


def test_a_lost_line_keeps_the_form_and_offers_to_send_it_again(hands: Hands, house: House) -> None:
    new = somebody(hands.language)
    sit_down(hands, house, house.employ(f"line.{hands.language}"))
    # Before the page is opened: on an open one it is not heeded at once.
    lost = [True]
    hands.page.route(
        "**/residents/new",
        lambda route: route.abort() if lost and route.request.method == "POST" else route.continue_(),
    )
    hands.go("/residents/new")
    hands.page.fill("#name_0", new.name)
    hands.page.fill("#birth", new.born[:4])
    hands.page.check("#sex_code-0")
    hands.press("F4")
    hands.wait("#line button")
    hands.picture("line-lost")
    assert hands.page.input_value("#name_0") == new.name
    assert count(house, new.name) == 0
    lost.clear()
    hands.press("Enter")
    hands.at("/residents/{id}")
    assert count(house, new.name) == 1
    hands.complaints = [word for word in hands.complaints if "ERR_FAILED" not in word]
