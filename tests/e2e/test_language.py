"""F9 in the middle of a form: the other language, and not a letter, caret, choice or place lost."""

from __future__ import annotations

import typing

import pytest

from tenants.console.sessions import PATH
from tests.e2e.hands import Hands, sit_down
from tests.e2e.test_operators import sit_down as console_sit_down
from tests.support import operating, world

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext

    from tests.e2e.house import House

OTHER = {"ug": "zh", "zh": "ug"}
HTML = {"ug": ("ug", "rtl"), "zh": ("zh-Hans-CN", "ltr")}
CARET = "[document.activeElement.selectionStart, document.activeElement.selectionEnd]"


def spoken(hands: Hands) -> tuple[str, str]:
    """Language and direction of the page."""
    return tuple(hands.page.evaluate("[document.documentElement.lang, document.documentElement.dir]"))


def switch(hands: Hands, to: str) -> None:
    """Press F9 and wait for the other language."""
    hands.press("F9")
    hands.page.wait_for_function("lang => document.documentElement.lang === lang", arg=HTML[to][0])


def test_the_switch_in_the_middle_of_a_form_loses_nothing(hands: Hands, house: House) -> None:
    here, other = hands.language, OTHER[hands.language]
    sit_down(hands, house, house.employ(f"switch.{here}"))
    hands.go("/residents/new")
    assert spoken(hands) == HTML[here]
    hands.focus_comes_to("document_number")
    hands.type("65009919630507")
    hands.press("Enter")
    hands.type("ئايگۈل 阿依古丽 Aygül")
    hands.press("Shift+Home", "ArrowLeft", "ArrowRight", "ArrowRight", "Shift+ArrowRight")
    hands.page.check("#sex_code-1")
    hands.page.fill("#address_detail", "  12-قورۇ  ")
    hands.page.evaluate("document.getElementById('name_0').focus()")
    before = hands.page.evaluate(CARET)
    values = form_values(hands)
    for language in (other, here):
        switch(hands, language)
        assert spoken(hands) == HTML[language]
        assert form_values(hands) == values
        assert hands.has_focus() == "name_0"
        assert hands.page.evaluate(CARET) == before
        assert not hands.page.query_selector_all("[aria-invalid=true]")
        hands.picture(f"form-switched-to-{language}")
    hands.press("End")
    hands.type("!")
    assert hands.page.input_value("#name_0").endswith("Aygül!")
    assert hands.clicks == 0


def form_values(hands: Hands) -> dict[str, str]:
    """What stands in the form, without what every page makes anew."""
    return dict(
        hands.page.evaluate(
            "Object.fromEntries(Array.from(new FormData(document.querySelector('form[data-main]')))"
            ".filter(([name]) => name !== 'csrf_token'))"
        )
    )


def test_the_switch_on_the_sign_in_page_keeps_the_name_and_the_pc_remembers_it(
    hands: Hands, house: House, window: Callable[..., BrowserContext]
) -> None:
    here, other = hands.language, OTHER[hands.language]
    hands.go("/sign-in")
    hands.type(world.NORTH)
    hands.press("Enter")
    hands.type("doctor.000")
    switch(hands, other)
    assert hands.page.input_value("#username") == "doctor.000"
    assert hands.page.input_value("#clinic") == world.NORTH
    hands.go("/sign-in")
    assert spoken(hands) == HTML[other]
    assert here != other


def test_the_language_belongs_to_the_person_on_whatever_pc_she_sits(
    hands: Hands, house: House, window: Callable[..., BrowserContext]
) -> None:
    here, other = hands.language, OTHER[hands.language]
    doctor = house.employ(f"hers.{here}")
    sit_down(hands, house, doctor)
    hands.go("/residents")
    switch(hands, other)
    elsewhere = Hands(window(here), house.url, here)
    sit_down(elsewhere, house, doctor)
    elsewhere.go("/account")
    assert spoken(elsewhere) == HTML[other]
    elsewhere.check_quiet()


def test_the_switch_waits_while_an_input_method_composes(hands: Hands, house: House) -> None:
    sit_down(hands, house, house.employ(f"ime.{hands.language}"))
    hands.go("/residents/new")
    hands.focus_comes_to("document_number")
    hands.press("Enter")
    session = hands.context.new_cdp_session(hands.page)
    session.send("Input.imeSetComposition", {"text": "ayigu", "selectionStart": 5, "selectionEnd": 5})
    hands.press("F9")
    hands.page.wait_for_timeout(300)
    assert spoken(hands) == HTML[hands.language]
    session.send("Input.insertText", {"text": "阿依古丽"})
    switch(hands, OTHER[hands.language])
    assert hands.page.input_value("#name_0") == "阿依古丽"


def headings(hands: Hands, path: str = "") -> list[str]:
    """The title of the page in this language, in the other, and in this one again."""
    if path:
        hands.go(path)
    found = [hands.page.inner_text("h1")]
    for language in (OTHER[hands.language], hands.language):
        switch(hands, language)
        found.append(hands.page.inner_text("h1"))
        assert not hands.page.is_visible("#line")
    return found


@pytest.mark.parametrize("path", ["/staff", "/nothing/here"])
def test_a_refused_page_is_the_same_page_in_the_other_language(hands: Hands, house: House, path: str) -> None:
    sit_down(hands, house, house.employ(f"refused.{hands.language}"))
    here, there, again = headings(hands, path)
    assert here == again != there
    hands.at(path)
    forget_refusals(hands)


def forget_refusals(hands: Hands) -> None:
    """The browser complains of every 404, also of one that was asked for."""
    hands.complaints = [one for one in hands.complaints if "a status of 404" not in one]


def test_a_refused_page_of_the_console_is_the_same_in_the_other_language(hands: Hands, house: House) -> None:
    console_sit_down(hands, house, operating.add(house.app, "viewer"))
    for path in (f"{PATH}/clinics", f"{PATH}/nothing"):
        here, there, again = headings(hands, path)
        assert here == again != there
        hands.at(path)
    forget_refusals(hands)


def test_the_locked_screen_and_a_wrong_password_are_told_in_the_other_language(
    hands: Hands, house: House
) -> None:
    person = house.employ(f"locked.{hands.language}")
    sit_down(hands, house, person)
    house.age(person, 11)
    hands.go("/residents")
    hands.at("/unlock*")
    headings(hands)
    hands.page.fill("#password", "quite wrong")
    hands.press("F4")
    hands.wait("#errors, [aria-invalid=true]")
    here, there, again = headings(hands)
    assert here == again != there
    hands.go(f"{PATH}/sign-in")
    hands.page.fill("#operator_name", "nobody")
    hands.page.fill("#password", "quite wrong")
    hands.press("F4")
    hands.wait("#errors, [aria-invalid=true]")
    here, there, again = headings(hands)
    assert here == again != there
    assert hands.page.input_value("#operator_name") == "nobody"
