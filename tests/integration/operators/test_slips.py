"""Printed invitations: one per clinic without an administrator, for one use, seven days (rights N12)."""

from __future__ import annotations

import re
import typing
import uuid

import pytest

from saas.accounts import permissions, second_factor
from saas.accounts.codes import in_groups
from saas.web import clock
from tenants.console.views import slips
from tests.support import operating, world
from tests.support.rosters import ask
from tests.support.signing_in import at_once, browser_of, hidden, log_of, staff_of, text_of

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from werkzeug.test import TestResponse

    from tenants.cards import ClinicCard
    from tests.support.operating import Desk
    from tests.support.world import Browser

PASSWORD = "quite another 000 horse"
_CODE = re.compile(r"\d{4}(?: \d{4}){4}")


@pytest.fixture
def county(app: Flask) -> str:
    """A county with two new clinics and one that has an administrator."""
    name = f"县{uuid.uuid4().hex[:8]}"
    for number in range(3):
        card = world.provision(app, world.free_code(), f"{name}{number}", sites=0)
        ask(app, "UPDATE platform.clinic SET county_zh = %s WHERE id = %s", name, card.id)
        if number == 2:
            world.add_staff(app, card, "there", "clinic_admin")
    return name


def cards(app: Flask, county: str) -> list[ClinicCard]:
    codes = ask(app, "SELECT code FROM platform.clinic WHERE county_zh = %s ORDER BY code", county)
    return [world.card_of(app, code) for (code,) in codes]


def printed(desk: Desk, county: str) -> dict[str, str]:
    """The codes on the slips, by institution."""
    answer = desk.do("/slips", {"prefecture": "试验地区", "county": county})
    assert answer.status_code == 200
    return slips_of(answer)


def slips_of(answer: TestResponse) -> dict[str, str]:
    slips = answer.get_data(as_text=True).split('class="paper invitation"')[1:]
    found = {}
    for slip in slips:
        codes = set(_CODE.findall(slip))
        assert len(codes) == 1, "the same in both languages"
        found[re.findall(r'class="code">(\d{9})<', slip)[0]] = codes.pop()
    return found


def come(browser: Browser, card: ClinicCard, code: str, **changes: str) -> TestResponse:
    form = {
        "clinic": card.code,
        "asked": "",
        "slip_code_once": code,
        "name": "ئايگۈل سىناق",
        "new_password": PASSWORD,
        "new_password_again": PASSWORD,
    }
    return browser.send("/invitation", form | changes)


def test_one_slip_per_clinic_without_an_administrator_in_both_languages(
    app: Flask, desk: Desk, county: str
) -> None:
    chosen = text_of(desk.at("/slips", prefecture="试验地区", county=county))
    first, second, third = cards(app, county)
    assert first.code in chosen
    assert third.code not in chosen
    answer = desk.do("/slips", {"prefecture": "试验地区", "county": county})
    codes = slips_of(answer)
    assert codes.keys() == {first.code, second.code}
    assert len(set(codes.values())) == 2
    page = answer.get_data(as_text=True)
    for said in (
        'lang="ug" dir="rtl"',
        'lang="zh-Hans-CN" dir="ltr"',
        "data:image/svg+xml",
        "/invitation",
        ">head<",
    ):
        assert page.count(said) >= 2, said
    for card in (first, second):
        query = "SELECT act FROM platform.operator_act WHERE clinic_id = %s ORDER BY at"
        assert ask(app, query, card.id) == [("clinic.created",), ("invitation.printed",)]
    stored = ask(
        app, "SELECT code_hash, until - printed_at FROM platform.invitation WHERE clinic_id = %s", first.id
    )
    assert codes[first.code].replace(" ", "") not in stored[0][0]
    assert stored[0][0].startswith("$argon2id$")
    assert stored[0][1].days == 7


def test_the_first_administrator_comes_with_it_once(app: Flask, desk: Desk, county: str) -> None:
    card = cards(app, county)[0]
    code = printed(desk, county)[card.code]
    browser = browser_of(app)
    page = browser.get(f"/invitation?clinic={card.code}").get_data(as_text=True)
    assert f'value="{card.code}" checked' in page
    answer = come(browser, card, code)
    assert answer.headers["Location"] == "/second-factor/set-up"
    person = staff_of(app, card, "head")
    assert person is not None
    assert (person.name, person.roles) == ("ئايگۈل سىناق", [permissions.CLINIC_ADMIN])
    enrol = browser.get("/second-factor/set-up")
    found = re.search(r'class="code">([A-Z2-7 ]{32,48})<', enrol.get_data(as_text=True))
    assert found
    now = second_factor.current_code(found[1].replace(" ", ""), clock.now())
    shown = browser.send("/second-factor/set-up", {"key": hidden(enrol, "key"), "second_code_once": now})
    assert shown.status_code == 200
    browser.send("/second-factor/set-up", {"done": "1"})
    browser.send("/recovery-sheet")
    browser.send("/recovery-sheet/printed")
    told = text_of(browser.get("/notices"))
    assert "operator." in told, "who printed the invitation"
    assert "invitation.printed" not in told
    browser.send("/notices")
    assert browser.get("/staff").status_code == 200
    assert [row.detail["by"] for row in log_of(app, card, "staff.added")] == ["invitation"]
    again = come(browser_of(app), card, code)
    assert again.status_code == 422
    assert card.code not in text_of(desk.at("/slips", prefecture="试验地区", county=county))


def test_printing_again_makes_new_codes_and_the_old_ones_work_no_more(
    app: Flask, desk: Desk, county: str
) -> None:
    card = cards(app, county)[0]
    old, new = printed(desk, county)[card.code], printed(desk, county)[card.code]
    assert old != new
    assert come(browser_of(app), card, old).status_code == 422
    assert come(browser_of(app), card, new).status_code == 303


def test_a_lost_slip_is_printed_alone_and_the_others_go_on_working(
    app: Flask, desk: Desk, county: str
) -> None:
    first, second, third = cards(app, county)
    codes = printed(desk, county)
    form = {"prefecture": "试验地区", "county": county}
    alone = slips_of(desk.do("/slips", form | {"alone": str(second.id)}))
    assert alone.keys() == {second.code}
    assert come(browser_of(app), second, codes[second.code]).status_code == 422
    assert come(browser_of(app), second, alone[second.code]).status_code == 303
    assert come(browser_of(app), first, codes[first.code]).status_code == 303
    for stranger in (str(third.id), str(uuid.uuid4()), "x"):
        assert desk.do("/slips", form | {"alone": stranger}).status_code == 303


def test_a_code_works_for_its_own_clinic_seven_days_and_with_a_good_password(
    app: Flask, desk: Desk, county: str, moved_clock: Callable[..., None]
) -> None:
    first, second, third = cards(app, county)
    codes = printed(desk, county)
    browser = browser_of(app)
    wrong: list[dict[str, str]] = [
        {"clinic": second.code},
        {"clinic": third.code},
        {"slip_code_once": "0" * 20},
        {"slip_code_once": ""},
        {"name": ""},
        {"name": "a\u202eb"},
        {"new_password": "short", "new_password_again": "short"},
        {"new_password_again": "something else"},
    ]
    for changes in wrong:
        moved_clock(seconds=61)
        assert come(browser, first, codes[first.code], **changes).status_code == 422, changes
    assert staff_of(app, first, "head") is None
    moved_clock(days=7)
    assert come(browser_of(app), first, codes[first.code]).status_code == 422
    assert staff_of(app, first, "head") is None


def test_spaces_and_wide_digits_do_not_matter(app: Flask, desk: Desk, county: str) -> None:
    card = cards(app, county)[0]
    code = printed(desk, county)[card.code]
    wide = "".join(
        chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in in_groups(code.replace(" ", ""))
    )
    assert come(browser_of(app), card, wide).status_code == 303


def test_guessing_a_code_is_slowed_down(app: Flask, desk: Desk, county: str) -> None:
    card = cards(app, county)[0]
    printed(desk, county)
    codes = [come(browser_of(app), card, f"{n:020d}").status_code for n in range(6)]
    assert codes[0] == 422
    assert codes[-1] == 429


def test_of_two_at_once_one_comes(app: Flask, desk: Desk, county: str) -> None:
    card = cards(app, county)[0]
    code = printed(desk, county)[card.code]
    answers: list[int] = []
    browsers = [(browser_of(app),) for _ in range(2)]
    for (browser,) in browsers:
        browser.get("/invitation")
    at_once(lambda browser: answers.append(come(browser, card, code).status_code), browsers)
    assert sorted(answers) == [303, 422]


def test_a_suspended_clinic_takes_no_administrator_and_gets_no_slip(
    app: Flask, desk: Desk, county: str
) -> None:
    card = cards(app, county)[0]
    code = printed(desk, county)[card.code]
    app.test_cli_runner().invoke(args=["clinics", "suspend", card.code])
    assert come(browser_of(app), card, code).status_code == 422
    assert card.code not in printed(desk, county)


def test_the_language_of_the_frame_changes_and_the_codes_stay(app: Flask, desk: Desk, county: str) -> None:
    answer = desk.do("/slips", {"prefecture": "试验地区", "county": county})
    once = hidden(answer, "once")
    codes = slips_of(answer)
    again = desk.do("/slips", {"once": once, "_language": "zh"})
    assert slips_of(again) == codes
    assert '<html lang="zh' in again.get_data(as_text=True)
    stranger = operating.sign_in(app, operating.add(app))
    assert not slips_of(stranger.do("/slips", {"once": once, "_language": "zh"}))


def test_a_batch_takes_those_without_a_slip_that_works_before_the_others(
    app: Flask, desk: Desk, county: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slips, "MOST", 1)
    first, second, _ = cards(app, county)
    codes = printed(desk, county)
    assert codes.keys() == {first.code}
    assert printed(desk, county).keys() == {second.code}, "the next batch, and not the first one anew"
    assert come(browser_of(app), first, codes[first.code]).status_code == 303


def test_a_county_is_one_choice_with_its_prefecture(app: Flask, desk: Desk, county: str) -> None:
    first, _, _ = cards(app, county)
    page = desk.at("/slips", place=f"试验地区/{county}").get_data(as_text=True)
    assert first.code in page
    assert f'value="试验地区/{county}" lang="zh" selected' in page
    nowhere = desk.at("/slips", place=f"别处/{county}").get_data(as_text=True)
    assert first.code not in nowhere
    assert 'class="empty"' not in nowhere, "nothing is said of a county that is not there"
    assert desk.at("/slips", place="\0/x").status_code == 200


def test_a_county_that_is_not_there_prints_nothing(desk: Desk) -> None:
    assert desk.do("/slips", {"prefecture": "试验地区", "county": "nowhere\x00"}).status_code == 303
    assert desk.do("/slips").status_code == 303
    assert desk.at("/slips").status_code == 200
