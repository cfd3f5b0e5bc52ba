"""The same short walk on Chromium 80, the oldest browser that is promised."""

from __future__ import annotations

import os
import typing
from pathlib import Path

import pytest

from tests.e2e.people import somebody
from tests.e2e.test_today import doctor_with
from tests.support import world
from tests.support.old_browser import OldBrowser

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.house import House

PICTURES = os.environ.get("SHIPA_PICTURES", "")
LANG = {"ug": "ug", "zh": "zh-Hans-CN"}
OTHER = {"ug": "zh", "zh": "ug"}


@pytest.fixture
def old() -> Iterator[OldBrowser]:
    """Chromium 80; at the end it must have complained of nothing."""
    with OldBrowser(seconds=30) as browser:
        yield browser
        # The browser's own word about an answer of 422; what was wrong stands on the page.
        assert [word for word in browser.complaints if "status of 422" not in word] == []


def focus(old: OldBrowser, element: str) -> None:
    """Wait until the element with this id has the focus."""
    old.wait_for(f"document.activeElement && document.activeElement.id === {element!r}")


def picture(old: OldBrowser, name: str) -> None:
    """Keep what the window shows, when a folder for pictures was given."""
    if PICTURES:
        old.screenshot(Path(PICTURES) / f"{name}.png")


def test_the_walk_on_chromium_80(old: OldBrowser, house: House, language: str) -> None:
    doctor, new = house.employ(f"old.{language}"), somebody(language)
    signed_in(old, house, doctor.username, language)
    old.type(new.number)
    old.press("Enter")
    old.wait_for("location.pathname.startsWith('/residents/found/')")
    old.wait_for("document.activeElement && document.activeElement.matches('main a')")
    old.press("Enter")
    old.wait_for("location.pathname === '/residents/new'")
    focus(old, "document_number")
    old.press("Enter")
    focus(old, "name_0")
    old.type(new.name)
    switched(old, OTHER[language], new.name)
    switched(old, language, new.name)
    picture(old, f"old-form.{language}")
    old.press("F4")
    old.wait_for("/^.residents.[0-9a-f-]{36}$/.test(location.pathname)")
    picture(old, f"old-resident.{language}")
    named(old, new.name)
    found(old, new.part, new.name)


def signed_in(
    old: OldBrowser, house: House, username: str, language: str, institution: str = world.NORTH
) -> None:
    """Through the sign-in page, by keys."""
    old.open(f"{house.url}/sign-in")
    old.eval(f"document.cookie = 'shipa_language={language}; path=/'")
    old.open(f"{house.url}/sign-in")
    assert "Chrome/80." in old.eval("navigator.userAgent")
    focus(old, "clinic")
    picture(old, f"old-sign-in.{language}")
    for field, text in (("clinic", institution), ("username", username), ("password", world.PASSWORD)):
        focus(old, field)
        old.type(text)
        old.press("Enter")
    old.wait_for("location.pathname === '/today'")
    old.wait_for("document.activeElement !== document.body")


def switched(old: OldBrowser, language: str, text: str) -> None:
    """F9: the other language, with the text and the focus where they were."""
    old.press("F9")
    old.wait_for(f"document.documentElement.lang === {LANG[language]!r}")
    focus(old, "name_0")
    assert old.eval("document.getElementById('name_0').value") == text
    assert old.eval("document.getElementById('name_0').selectionStart") == len(text)


def found(old: OldBrowser, part: str, name: str) -> None:
    """Find her again by a part of her name."""
    old.press("F2")
    focus(old, "bar-q")
    old.type(part)
    old.press("Enter")
    old.wait_for("document.activeElement && document.activeElement.matches('tbody a')")
    old.press("Enter")
    old.wait_for("/^.residents.[0-9a-f-]{36}$/.test(location.pathname)")
    named(old, name)


def named(old: OldBrowser, name: str) -> None:
    """Wait until the page is this resident's."""
    old.wait_for(
        f"document.querySelector('h1') && document.querySelector('h1').textContent.includes({name!r})"
    )


def test_the_list_of_today_on_chromium_80(old: OldBrowser, house: House, language: str) -> None:
    doctor = doctor_with(house, language, 2, "hypertension")
    signed_in(old, house, "village_doctor", language, doctor.card.code)
    old.open(f"{house.url}/today?filter=hypertension")
    old.wait_for("document.activeElement && document.activeElement.matches('tbody a')")
    picture(old, f"old-today.{language}")
    old.press("Enter")
    begun(old)
    first = old.eval("location.pathname")
    old.eval("document.getElementById('symptoms-1').click()")
    old.eval("document.getElementById('systolic_bp').focus()")
    old.type("151")
    old.press("Escape")
    old.wait_for("location.pathname === '/today'")
    old.wait_for(f"document.activeElement && document.activeElement.pathname === {first!r}")
    old.press("Enter")
    begun(old)
    assert old.eval("document.getElementById('systolic_bp').value") == "151"
    saved_and_taken_back(old, first, language)


def begun(old: OldBrowser) -> None:
    """A visit's page stands there, with the cursor in its first field."""
    old.wait_for("location.pathname.endsWith('/forms/ht_followup')")
    old.wait_for("document.activeElement && document.activeElement.name === 'symptoms'")


def saved_and_taken_back(old: OldBrowser, first: str, language: str) -> None:
    """F4 opens the next person, F7 takes it back."""
    fill = "document.getElementById({!r}).value = {!r}"
    for name, text in (("systolic_bp", "138"), ("diastolic_bp", "88"), ("heart_rate", "72")):
        old.eval(fill.format(name, text))
    old.eval("document.getElementById('adverse_reaction-1').click()")
    old.press("F4")
    old.wait_for(f"location.pathname.endsWith('/forms/ht_followup') && location.pathname !== {first!r}")
    old.wait_for("document.querySelector('.flash-undo') !== null")
    picture(old, f"old-next.{language}")
    old.press("F7")
    old.wait_for(f"location.pathname === {first!r}")
    begun(old)
    assert old.eval("document.getElementById('systolic_bp').value") == "138"
