"""The search box: whom the words lead to while they are typed, by keys alone, on every page."""

from __future__ import annotations

import typing

import pytest
from playwright.sync_api import expect

from saas.accounts.models import Site, Staff
from saas.db import new_id
from saas.residents import writing
from saas.residents.rules import identity
from saas.web import clock
from saas.web.clinic import clinic_of
from saas.web.models import ClinicSetting
from tests.e2e.accessible import violations
from tests.e2e.hands import sit_down
from tests.support import world

if typing.TYPE_CHECKING:
    from playwright.sync_api import Route

    from tests.e2e.hands import Hands
    from tests.e2e.house import House

BOX, LIST, LINES = "#bar-q", "#bar-found", "#bar-found li"
SUGGEST = "/residents/suggest"
PAUSE = 300
"""Milliseconds after the last letter, by when the box has asked."""
PEOPLE = [
    ("زەمزەم قەشقەرى", "再木再木·喀什喀日", "1962-03-04"),
    ("زەمزەم پولات", "再木再米·坡拉提", "1991"),
    ("", "再木宰姆·吾麦尔", "2019-08-01"),
]


@pytest.fixture(scope="module")
def people(house: House) -> list[str]:
    """Three people with names that sound alike; their ids."""
    card = world.card_of(house.app, world.NORTH)
    with house.app.app_context(), world.inside(house.app, card) as session:
        keys = clinic_of(card, session.query(ClinicSetting).one()).keys
        site, staff = session.query(Site).first(), session.query(Staff).first()
        assert site is not None
        assert staff is not None
        texts = {"sex_code": "2", "village": "试验1村", "site_id": str(site.id), "print_language": "ug"}
        made = []
        for place, (ug, zh, birth) in enumerate(PEOPLE):
            own = {"name_0": zh, "name_1": ug, "birth": birth, "phone_0": f"0007654{place:04d}"}
            fields = identity.tidied(dict.fromkeys(identity.FIELDS, "") | texts | own)
            made.append(writing.made(fields, keys, form_id=new_id(), at=clock.now(), by=staff.id))
        session.add_all(made)
        return [str(one.id) for one in made]


def answered(hands: Hands) -> None:
    """The pause after the last letter is over, and what the words lead to stands there."""
    hands.let_pass(PAUSE)
    hands.wait(LINES)


def test_whom_the_words_lead_to_is_shown_while_they_are_typed(
    hands: Hands, house: House, people: list[str]
) -> None:
    sit_down(hands, house, house.employ(f"box.{hands.language}"))
    hands.go_in_stopped_time("/account")
    hands.press("F2")
    hands.focus_comes_to("bar-q")
    hands.type("زەمزەم" if hands.language == "ug" else "再木再木")
    answered(hands)
    expect(hands.page.locator(LINES)).to_have_count(3)
    hands.let_time_run()
    hands.picture("search-box")
    assert violations(hands.page) == []
    hands.press("ArrowDown", "ArrowDown")
    chosen = hands.page.get_attribute(BOX, "aria-activedescendant")
    assert hands.page.get_attribute(f"#{chosen}", "aria-selected") == "true"
    hands.picture("search-box-chosen")
    assert violations(hands.page) == []
    hands.press("Escape")
    expect(hands.page.locator(LIST)).to_be_hidden()
    assert hands.has_focus() == "bar-q"
    assert hands.page.url.endswith("/account"), "Esc closes the list and goes nowhere"
    hands.type(" ")
    hands.press("Backspace")
    hands.wait(LINES)
    first = str(hands.page.get_attribute(LINES, "data-url"))
    hands.enter("Enter")
    assert hands.page.url.endswith(first), "Enter opens the first"
    assert first.rsplit("/", 1)[-1] in people
    assert hands.clicks == 0


@pytest.mark.usefixtures("people")
def test_a_line_holds_both_names_each_by_itself(hands: Hands, house: House) -> None:
    sit_down(hands, house, house.employ(f"line.{hands.language}"))
    hands.go_in_stopped_time("/residents")
    hands.type("540001")
    answered(hands)
    names = hands.page.locator(f"{LINES} .names bdi")
    assert [name.get_attribute("lang") for name in names.all()] == ["zh", "ug"]
    assert names.all_inner_texts() == [PEOPLE[1][1], PEOPLE[1][0]]
    assert "…0001" in hands.page.inner_text(LINES)
    assert hands.page.get_attribute(f"{LINES} .code", "dir") == "ltr"


def test_who_is_not_there_is_registered_with_the_words(hands: Hands, house: House) -> None:
    sit_down(hands, house, house.employ(f"nobody.{hands.language}"))
    hands.go_in_stopped_time("/residents")
    word = "چچچغغغژژژ"
    hands.type(word)
    answered(hands)
    assert hands.page.is_visible("#bar-found-add")
    hands.let_time_run()
    hands.picture("search-box-nobody")
    assert violations(hands.page) == []
    hands.press("Enter")
    hands.at("/residents/new?*")
    assert hands.page.input_value("#name_0") == word
    assert word not in hands.page.url


@pytest.mark.usefixtures("people")
def test_an_older_question_is_cancelled_and_its_answer_opens_nobody(hands: Hands, house: House) -> None:
    sit_down(hands, house, house.employ(f"older.{hands.language}"))
    held: list[Route] = []
    failed: list[str] = []
    hands.page.route(f"**{SUGGEST}", lambda route: route.continue_() if held else held.append(route))
    hands.page.on("requestfailed", lambda request: failed.append(request.url))
    hands.go_in_stopped_time("/residents")
    hands.type("زەم")
    with hands.page.expect_request(f"**{SUGGEST}"):
        hands.let_pass(PAUSE)
    hands.type("زەم پولات")
    answered(hands)
    assert [one.endswith(SUGGEST) for one in failed] == [True], "the first one is broken off"
    assert len(asked(hands)) == 2
    hands.press("Enter")
    hands.at("/residents/{id}")
    assert "پولات" in hands.page.inner_text("h1")


COMPOSING = """() => {
  const box = document.getElementById("bar-q");
  box.dispatchEvent(new CompositionEvent("compositionstart"));
  box.value = "zai";
  box.dispatchEvent(new InputEvent("input", { isComposing: true, bubbles: true }));
}"""
COMPOSED = """() => {
  const box = document.getElementById("bar-q");
  box.value = "再木再木";
  box.dispatchEvent(new CompositionEvent("compositionend"));
}"""

KEY_OF_THE_INPUT_METHOD = """key => document.getElementById("bar-q").dispatchEvent(
  new KeyboardEvent("keydown", { key, code: "Enter", isComposing: true, bubbles: true, cancelable: true }))"""
TYPED_AND_COMPOSING = """() => {
  const box = document.getElementById("bar-q");
  box.value = "z";
  box.dispatchEvent(new InputEvent("input", { bubbles: true }));
  box.dispatchEvent(new CompositionEvent("compositionstart"));
  box.value = "zai";
  box.dispatchEvent(new InputEvent("input", { isComposing: true, bubbles: true }));
}"""


def asked(hands: Hands) -> list[str]:
    """The addresses of the questions that the box has sent."""
    return [one.url for one in hands.requests if one.url.endswith(SUGGEST)]


@pytest.mark.usefixtures("people")
def test_requests_wait_for_a_pause_and_for_the_input_method(hands: Hands, house: House) -> None:
    sit_down(hands, house, house.employ(f"pause.{hands.language}"))
    hands.go_in_stopped_time("/residents")
    hands.type("زەمزەم")
    answered(hands)
    assert len(asked(hands)) == 1, "six letters in one go are one question"
    hands.page.evaluate(COMPOSING)
    hands.let_pass(PAUSE)
    hands.page.wait_for_timeout(300)
    assert len(asked(hands)) == 1, "nothing is asked while the input method composes"
    hands.page.evaluate(COMPOSED)
    with hands.page.expect_request(f"**{SUGGEST}"):
        hands.let_pass(PAUSE)
    assert len(asked(hands)) == 2
    for key in ("Enter", "Process"):
        hands.page.evaluate(KEY_OF_THE_INPUT_METHOD, key)
    hands.page.wait_for_timeout(300)
    assert hands.page.url.endswith("/residents"), "Enter that ends a syllable opens nobody"
    expect(hands.page.locator(LIST)).to_be_visible()


@pytest.mark.usefixtures("people")
def test_a_slash_leads_to_the_box_and_an_input_method_asks_nothing(hands: Hands, house: House) -> None:
    sit_down(hands, house, house.employ(f"waits.{hands.language}"))
    hands.go_in_stopped_time("/account/password")
    hands.press("Tab")
    hands.page.evaluate("document.activeElement.blur()")
    hands.press("/")
    hands.focus_comes_to("bar-q")
    assert hands.page.input_value(BOX) == "", "the key leads to the box and is not typed into it"
    hands.page.evaluate(TYPED_AND_COMPOSING)
    hands.let_pass(PAUSE)
    hands.page.wait_for_timeout(300)
    assert asked(hands) == []
