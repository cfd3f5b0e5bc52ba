"""The administrator's way back: her recovery sheet, once, and everybody is told."""

from __future__ import annotations

import typing

import pytest

from tests.support import world
from tests.support.signing_in import (
    NEW_PASSWORD,
    SHEET,
    code_of,
    enter,
    is_inside,
    log_of,
    secret_of,
    text_of,
    token_of,
    with_token,
)
from tests.support.slips import code_on

if typing.TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.integration.accounts.conftest import West
    from tests.support.world import Browser


def come_back(
    west: West, browser: Browser, username: str = "admin", code: str = SHEET, **more: str
) -> TestResponse:
    """Fill in the recovery page and send it."""
    fields = {"clinic": west.card.code, "username": username, "sheet_code_once": code}
    passwords = {"new_password": NEW_PASSWORD, "new_password_again": NEW_PASSWORD}
    return browser.send("/sign-in/recovery", {**fields, **passwords, **more})


def test_the_sheet_sets_password_and_leads_to_a_new_second_factor(west: West) -> None:
    working, browser = west.as_admin(), west.browser()
    answer = come_back(west, browser)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/second-factor/set-up")
    assert not is_inside(working)
    secret = secret_of(west.app, west.admin)
    assert (secret.totp_key, secret.sheet_hash, secret.codes_left) == (None, None, 0)
    assert enter(west.browser(), west.card, "admin").status_code == 422
    after = enter(west.browser(), west.card, "admin", NEW_PASSWORD)
    assert after.headers["Location"] == "/second-factor/set-up"
    rows = log_of(west.app, west.card, "recovery_sheet.used")
    assert [row.detail for row in rows] == [{"staff": str(west.admin.staff_id)}]


def test_the_sheet_works_once(west: West) -> None:
    assert come_back(west, west.browser()).status_code == 303
    assert come_back(west, west.browser()).status_code == 422


def test_all_staff_are_told_at_their_next_sign_in(west: West) -> None:
    come_back(west, west.browser())
    browser = west.browser()
    assert enter(browser, west.card, "doctor").headers["Location"] == "/notices"
    assert "ئايگۈل سىناق" in text_of(browser.get("/notices"))
    browser.send("/notices")
    assert enter(west.browser(), west.card, "doctor").headers["Location"] == "/"


def test_a_password_that_will_not_do_does_not_use_the_sheet_up(west: West) -> None:
    answer = come_back(west, west.browser(), new_password="1234567890")
    assert answer.status_code == 422
    assert log_of(west.app, west.card, "recovery_sheet.used") == []
    assert come_back(west, west.browser()).status_code == 303


@pytest.mark.parametrize(
    ("username", "code"),
    [("admin", "0" * 20), ("nobody", SHEET), ("doctor", SHEET), ("admin", "x"), ("admin", " ")],
)
def test_a_wrong_name_or_code_tells_nothing(west: West, username: str, code: str) -> None:
    browser = west.browser()
    assert come_back(west, browser, username, code).status_code == 422
    assert token_of(browser) == ""
    assert secret_of(west.app, west.admin).has_second_factor


def test_wrong_codes_slow_down(west: West) -> None:
    for _ in range(3):
        come_back(west, west.browser(), code="0" * 20)
    assert come_back(west, west.browser()).status_code == 429


def test_a_sheet_of_somebody_who_is_no_administrator_any_more_is_void(west: West) -> None:
    world.add_staff(west.app, west.card, "second", "clinic_admin")
    with world.inside(west.app, west.card) as session:
        from saas.accounts.models import Staff  # noqa: PLC0415

        admin = session.get(Staff, west.admin.staff_id)
        assert admin is not None
        admin.roles = ["village_doctor"]
    assert come_back(west, west.browser()).status_code == 422


def test_a_new_sheet_replaces_the_old_one(west: West) -> None:
    admin = west.as_admin()
    assert admin.send("/account/recovery-sheet", {"own_password": "wrong"}).status_code == 422
    made = admin.send("/account/recovery-sheet", {"own_password": world.PASSWORD})
    code = code_on(made, 5)
    assert admin.send("/account/recovery-sheet/printed").status_code == 303
    assert come_back(west, west.browser()).status_code == 422
    assert come_back(west, west.browser(), code=code).status_code == 303


def test_a_sheet_that_was_not_confirmed_does_not_count(west: West) -> None:
    made = west.as_admin().send("/account/recovery-sheet", {"own_password": world.PASSWORD})
    assert come_back(west, west.browser(), code=code_on(made, 5)).status_code == 422
    browser = west.browser()
    enter(browser, west.card, "admin")
    answer = browser.send("/second-factor", {"second_code_once": code_of(west.admin_key)})
    assert answer.headers["Location"] == "/recovery-sheet"


def test_a_doctor_has_no_sheet(refusing: West) -> None:
    for path in ("/account/recovery-sheet", "/account/recovery-codes"):
        assert refusing.as_doctor().get(path).status_code == 404


def test_the_language_switch_keeps_what_was_typed(west: West) -> None:
    browser = west.browser()
    answer = come_back(west, browser, _language="zh")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert f'value="{west.card.code}"' in page
    assert NEW_PASSWORD not in page
    assert with_token(west.app, "x").get("/sign-in/recovery").status_code == 200
