"""Everything works where no script runs: sign in, change the language mid-form, register, find, correct."""

from __future__ import annotations

import typing

from tests.e2e.people import somebody
from tests.support import world

if typing.TYPE_CHECKING:
    from tests.e2e.hands import Hands
    from tests.e2e.house import House

OTHER = {"ug": "zh-Hans-CN", "zh": "ug"}


def test_the_walk_without_scripts(bare: Hands, house: House) -> None:
    new, page = somebody(bare.language), bare.page
    doctor = house.employ(f"bare.{bare.language}")
    bare.go("/sign-in")
    page.fill("#clinic", "试验卫生院")
    page.fill("#username", doctor.username)
    page.fill("#password", world.PASSWORD)
    bare.follow("button[data-save]")
    # Several institutions have this in their name: choose one; the password is asked again.
    page.check(f"input[name=clinic_code][value='{world.NORTH}']")
    assert page.input_value("#username") == doctor.username
    page.fill("#password", world.PASSWORD)
    bare.follow("button[data-save]")
    bare.at("/today")
    bare.follow("nav.menu a[href='/residents/new']")
    page.fill("#name_0", new.name)
    page.fill("#phone_0", "12")
    bare.follow("button[data-language]")
    assert page.get_attribute("html", "lang") == OTHER[bare.language]
    assert page.input_value("#name_0") == new.name
    assert page.input_value("#phone_0") == "12"
    assert page.locator("[aria-invalid=true]").count() == 0
    bare.follow("button[data-save]")
    assert page.input_value("#name_0") == new.name
    assert page.locator("#phone_0[aria-invalid=true]").count() == 1
    page.fill("#phone_0", new.phone)
    page.fill("#document_number", new.number)
    bare.follow("button[data-save]")
    bare.at("/residents/{id}")
    found_again(bare, new.part, new.name)


def found_again(bare: Hands, part: str, name: str) -> None:
    """Find her by a part of the name, and sign out."""
    page = bare.page
    page.fill("#bar-q", part)
    bare.follow("form[role=search] button")
    bare.follow("tbody th a")
    bare.at("/residents/{id}")
    assert name in page.inner_text("h1")
    bare.follow("form[action='/sign-out'] button:not([name])")
    bare.at("/sign-in")
