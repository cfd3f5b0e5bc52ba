"""Bad answers at the browser: refused beside their field, everything typed stays, saved once when mended."""

from __future__ import annotations

import datetime
import typing

import pytest
from playwright.sync_api import expect

from saas.web import clock
from tests.e2e.accessible import violations
from tests.e2e.hands import Hands, sit_down
from tests.e2e.test_records import Patient, new_patient, stored

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import BrowserContext

    from tests.e2e.house import House

TYPED = {"systolic_bp": "138", "diastolic_bp": "88", "heart_rate": "72", "other_signs": "  يۆتەل 咳嗽 <b>"}
TOMORROW = str(clock.today() + datetime.timedelta(days=2))
BAD: dict[str, dict[str, str]] = {
    "letters in a number": {"systolic_bp": "13x"},
    "swapped pressures": {"systolic_bp": "88", "diastolic_bp": "138"},
    "a day in the future": {"service_date": TOMORROW},
    "a visit before birth": {"service_date": "1960-05-06"},
}
"""Somebody born on 7 May 1960 has the visit."""


@pytest.fixture
def patient(house: House, language: str) -> Patient:
    """A new person and a new doctor."""
    return new_patient(house, language)


def fill(hands: Hands, texts: dict[str, str]) -> None:
    """All that the page asks of a follow-up, typed; the cursor ends in a field of text."""
    hands.page.check("#symptoms-2")
    for name, text in texts.items():
        hands.page.fill(f"#{name}", text)
    hands.page.check("#adverse_reaction-1")
    hands.page.focus("#other_signs")


def values(hands: Hands, *names: str) -> dict[str, str]:
    """What stands in fields."""
    return {name: hands.page.input_value(f"#{name}") for name in names}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_it_is_refused_beside_its_field_and_mended_without_typing_the_rest(
    hands: Hands, house: House, patient: Patient, bad: dict[str, str]
) -> None:
    sit_down(hands, house, patient.doctor)
    hands.go(f"{patient.page}/forms/ht_followup")
    hands.focus_comes_to("symptoms-1")
    day = hands.page.input_value("#service_date")
    fill(hands, TYPED | bad)
    hands.press("F4")
    hands.wait("#errors")
    hands.picture(f"bad-{next(iter(bad))}")
    assert violations(hands.page) == []
    for name in bad:
        assert hands.page.get_attribute(f"#{name}", "aria-invalid") == "true"
        assert hands.page.inner_text(f"#{name}-error")
    assert values(hands, *(TYPED | bad)) == TYPED | bad
    assert hands.page.is_checked("#symptoms-2")
    assert len(stored(house, patient)) == 2
    for name in bad:
        hands.page.fill(f"#{name}", TYPED.get(name, day))
    hands.page.focus("#other_signs")
    save(hands, patient)
    assert stored(house, patient)[-1].answers["other_signs"] == TYPED["other_signs"].strip()
    assert len(stored(house, patient)) == 3


def save(hands: Hands, patient: Patient) -> None:
    """F4, and once more where the rules ask."""
    hands.press("F4")
    hands.wait("#asked, table.answers")
    if hands.page.locator("#asked").count():
        hands.press("F4")
    hands.at(f"{patient.page}/records/{{id}}")


def begin(one: Hands, path: str, sign: str) -> None:
    """A form filled in and left; its draft is kept, and waits when its doctor comes back."""
    word = sign.split(maxsplit=1)[0]
    one.go(path)
    one.focus_comes_to("symptoms-1")
    # On a slow machine a look can go out before the last field is typed: wait for the one that has it.
    with one.page.expect_response(
        lambda answer: answer.url.endswith("/look") and word in (answer.request.post_data or "")
    ):
        fill(one, TYPED | {"other_signs": sign})
    one.go(path)
    expect(one.page.locator("#other_signs")).to_have_value(sign)


def test_two_doctors_at_one_visit_keep_their_own_draft_and_the_second_is_asked(
    hands: Hands, house: House, patient: Patient, window: Callable[..., BrowserContext]
) -> None:
    other = Hands(window(hands.language), house.url, hands.language)
    path = f"{patient.page}/forms/ht_followup"
    sit_down(hands, house, patient.doctor)
    sit_down(other, house, house.employ(f"beside.{hands.language}", "township_gp"))
    begin(hands, path, "first 一")
    begin(other, path, "second ئىككى")
    hands.go(path)
    expect(hands.page.locator("#other_signs")).to_have_value("first 一")
    save(hands, patient)
    assert len(stored(house, patient)) == 3
    other.page.focus("#other_signs")
    other.press("F4")
    other.wait("#asked")
    assert str(clock.today()) in other.page.inner_text("#look .notice-warn")
    assert values(other, *TYPED) == TYPED | {"other_signs": "second ئىككى"}
    assert len(stored(house, patient)) == 3, "nothing is counted twice before she has said so"
    other.press("F4")
    other.at(f"{patient.page}/records/{{id}}")
    signed = {one.answers.get("other_signs") for one in stored(house, patient)[2:]}
    assert signed == {"first 一", "second ئىككى"}
    other.check_quiet()
