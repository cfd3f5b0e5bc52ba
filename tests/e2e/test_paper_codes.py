"""Codes of two digits by the keys of the paper: one after the other soon is one code, with a pause two."""

from __future__ import annotations

import typing

import pytest
from playwright.sync_api import expect

from tests.e2e.accessible import violations
from tests.e2e.hands import sit_down
from tests.e2e.test_records import new_patient

if typing.TYPE_CHECKING:
    from tests.e2e.hands import Hands
    from tests.e2e.house import House

LONGER_THAN_SOON = 750
"""Milliseconds after which a second digit is a choice of its own."""


@pytest.fixture
def at_form(hands: Hands, house: House) -> typing.Callable[[str], None]:
    """Opens a form about somebody new."""
    patient = new_patient(house, hands.language)
    sit_down(hands, house, patient.doctor)

    def open_form(code: str) -> None:
        hands.go_in_stopped_time(f"{patient.page}/forms/{code}")

    return open_form


def chosen(hands: Hands, name: str) -> list[str]:
    """The codes that are chosen in a group."""
    found = hands.page.eval_on_selector_all(
        f"input[name={name}]:checked", "inputs => inputs.map(input => input.value)"
    )
    return [str(code) for code in found]


def pause(hands: Hands) -> None:
    """Let the time of a second digit pass."""
    hands.let_pass(LONGER_THAN_SOON)


def test_one_and_nought_are_ten(hands: Hands, at_form: typing.Callable[[str], None]) -> None:
    at_form("ht_followup")
    hands.focus_comes_to("symptoms-1")
    hands.press("2", "1", "0")
    assert chosen(hands, "symptoms") == ["2", "10"], "the 1 on the way took nothing away"
    expect(hands.page.locator("#symptoms_text")).to_be_visible()
    hands.press("0")
    assert chosen(hands, "symptoms") == ["2"], "0 alone is 10 as before"


def test_one_alone_goes_on_by_itself(hands: Hands, at_form: typing.Callable[[str], None]) -> None:
    at_form("ht_followup")
    hands.focus_comes_to("symptoms-1")
    hands.press("1")
    pause(hands)
    hands.focus_comes_to("systolic_bp")
    assert chosen(hands, "symptoms") == ["1"]


def test_a_digit_that_makes_no_code_is_typed_where_the_cursor_goes(
    hands: Hands, at_form: typing.Callable[[str], None]
) -> None:
    at_form("ht_followup")
    hands.focus_comes_to("symptoms-1")
    hands.press("1", "1", "3", "8")
    hands.focus_comes_to("diastolic_bp")
    assert chosen(hands, "symptoms") == ["1"]
    assert hands.page.input_value("#systolic_bp") == "138"


def test_enter_waits_for_nothing(hands: Hands, at_form: typing.Callable[[str], None]) -> None:
    at_form("ht_followup")
    hands.focus_comes_to("symptoms-1")
    hands.press("1", "Enter")
    assert hands.has_focus() == "systolic_bp"
    pause(hands)
    assert hands.has_focus() == "systolic_bp"


def test_soon_is_one_code_and_later_are_two(hands: Hands, at_form: typing.Callable[[str], None]) -> None:
    at_form("dm_followup")
    hands.page.focus("#danger_signs-1")
    hands.press("1", "2")
    assert chosen(hands, "danger_signs") == ["12"]
    pause(hands)
    hands.press("1")
    pause(hands)
    hands.press("2")
    assert chosen(hands, "danger_signs") == ["1", "2", "12"]


def test_every_long_number_of_the_examination_without_a_pause(
    hands: Hands, at_form: typing.Callable[[str], None]
) -> None:
    at_form("health_exam")
    hands.page.focus("#symptoms-1")
    inputs = hands.page.eval_on_selector_all("input[name=symptoms]", "all => all.map(one => one.value)")
    codes = [str(code) for code in inputs if len(code) > 1]
    for code in codes:
        hands.press(*code)
    assert chosen(hands, "symptoms") == codes
    assert len(codes) == 16


def test_a_single_choice_of_two_digits_takes_the_cursor_on(
    hands: Hands, at_form: typing.Callable[[str], None]
) -> None:
    at_form("service_declined")
    hands.focus_comes_to("event_code-elderly_annual")
    hands.press("1", "1")
    hands.focus_comes_to("was_told")
    assert chosen(hands, "event_code") == ["referral_followup"]


def test_the_key_of_an_answer_that_stands_confirms_it(
    hands: Hands, at_form: typing.Callable[[str], None]
) -> None:
    at_form("ht_followup")
    hands.focus_comes_to("symptoms-1")
    hands.press("1")
    pause(hands)
    hands.focus_comes_to("systolic_bp")
    hands.page.focus("#symptoms-1")
    hands.press("1")
    pause(hands)
    hands.focus_comes_to("systolic_bp")
    assert chosen(hands, "symptoms") == ["1"], "none of these stays none of these"
    hands.page.focus("#symptoms-1")
    hands.press("2", "2")
    assert chosen(hands, "symptoms") == [], "of several, the key takes one back"


def test_a_second_digit_after_the_outcome_of_a_call_does_not_spoil_the_day(
    hands: Hands, at_form: typing.Callable[[str], None]
) -> None:
    at_form("call_outcome")
    hands.focus_comes_to("outcome-1")
    hands.press("1", "1")
    assert chosen(hands, "outcome") == ["1"]
    pause(hands)
    day = hands.page.locator("#next_due_date")
    expect(day).not_to_have_value("")
    proposed = day.input_value()
    hands.press("1")
    assert day.input_value() == proposed
    hands.press("Enter")
    hands.focus_comes_to("next_due_date")


def test_two_digits_that_could_be_two_choices_say_what_they_were_taken_for(
    hands: Hands, at_form: typing.Callable[[str], None]
) -> None:
    at_form("health_exam")
    hands.page.focus("#symptoms-1")
    said = hands.page.locator("#symptoms .together")
    hands.press("2")
    assert chosen(hands, "symptoms") == ["2"], "the first digit is a choice at once"
    hands.press("3")
    assert chosen(hands, "symptoms") == ["23"]
    expect(said).to_contain_text("23:")
    pause(hands)
    hands.press("2")
    expect(said).to_have_count(0)
    pause(hands)
    hands.press("3")
    assert chosen(hands, "symptoms") == ["2", "3", "23"]
    pause(hands)
    hands.press("1", "0")
    assert chosen(hands, "symptoms") == ["2", "3", "10", "23"]
    expect(said).to_have_count(0)
    hands.press("2", "0")
    assert chosen(hands, "symptoms") == ["2", "3", "10", "20", "23"]
    expect(said).to_contain_text("20:")
    hands.let_time_run()
    hands.picture("two-digits")
    assert violations(hands.page) == []


def test_one_choice_of_two_digits_needs_no_word(hands: Hands, at_form: typing.Callable[[str], None]) -> None:
    at_form("service_declined")
    hands.focus_comes_to("event_code-elderly_annual")
    hands.press("1", "1")
    hands.focus_comes_to("was_told")
    assert hands.page.locator(".together").count() == 0
