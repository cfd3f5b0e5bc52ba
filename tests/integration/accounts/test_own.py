"""One's own account: password, language, sessions, second factor; each asks who one is."""

from __future__ import annotations

import re
import typing

import pytest

from tests.support import world
from tests.support.signing_in import (
    NEW_PASSWORD,
    code_of,
    enter,
    hidden,
    is_inside,
    log_of,
    secret_of,
    staff_of,
    text_of,
    token_of,
    with_token,
)
from tests.support.slips import shown_key

if typing.TYPE_CHECKING:
    from tests.integration.accounts.conftest import West

GOOD = {
    "own_password": world.PASSWORD,
    "new_password": NEW_PASSWORD,
    "new_password_again": NEW_PASSWORD,
}


def test_the_page_shows_name_roles_and_sites_and_no_secret(west: West) -> None:
    page = west.as_doctor().get("/account")
    html = page.get_data(as_text=True)
    assert "ئادىل سىناق" in html
    assert "$argon2id$" not in html
    assert west.as_admin().get("/account").status_code == 200


def test_the_password_is_changed_with_the_present_one(west: West) -> None:
    browser = west.as_doctor()
    assert browser.get("/account/password").status_code == 200
    assert browser.send("/account/password", GOOD).headers["Location"] == "/account"
    assert enter(west.browser(), west.card, "doctor").status_code == 422
    assert enter(west.browser(), west.card, "doctor", NEW_PASSWORD).status_code == 303
    row = log_of(west.app, west.card, "password.changed")[0]
    assert NEW_PASSWORD not in str(row.detail)


@pytest.mark.parametrize(
    "bad",
    [
        {"own_password": "not mine at all"},
        {"own_password": ""},
        {"new_password": "short", "new_password_again": "short"},
        {"new_password": "1234567890", "new_password_again": "1234567890"},
        {"new_password": world.PASSWORD, "new_password_again": world.PASSWORD},
        {"new_password_again": "something else"},
        {"new_password": "tomurqara\u202e gulluk", "new_password_again": "tomurqara\u202e gulluk"},
    ],
)
def test_a_change_that_does_not_hold_changes_nothing(refusing: West, bad: dict[str, str]) -> None:
    browser = refusing.as_doctor()
    before = secret_of(refusing.app, refusing.doctor).password_hash
    answer = browser.send("/account/password", GOOD | bad)
    assert answer.status_code == 422
    assert secret_of(refusing.app, refusing.doctor).password_hash == before
    assert not any(word in answer.get_data(as_text=True) for word in (NEW_PASSWORD, world.PASSWORD))


def test_the_language_is_kept_on_her_account(west: West) -> None:
    browser = west.as_doctor()
    assert browser.send("/account/language", {"language": "zh"}).status_code == 303
    page = browser.get("/account").get_data(as_text=True)
    assert 'lang="zh-Hans-CN"' in page
    assert "已保存。" in page, "said in the language that she chose"
    assert 'lang="zh-Hans-CN"' in west.as_doctor().get("/account").get_data(as_text=True)
    browser.send("/account/language", {"language": "xx"})
    doctor = staff_of(west.app, west.card, "doctor")
    assert doctor is not None
    assert doctor.language == "zh"


def test_ones_sessions_are_listed_and_ended_one_by_one(west: West) -> None:
    here, there = west.as_doctor(), west.as_doctor()
    page = here.get("/account/sessions").get_data(as_text=True)
    ids = re.findall(r'name="session_id" value="([0-9a-f-]{36})"', page)
    assert len(ids) == 1
    assert here.send("/account/sessions/end", {"session_id": ids[0]}).status_code == 303
    assert not is_inside(there)
    assert is_inside(here)


def test_all_other_sessions_are_ended_at_once(west: West) -> None:
    here, *others = (west.as_doctor() for _ in range(4))
    assert here.send("/account/sessions/end", {"session_id": "others"}).status_code == 303
    assert [is_inside(other) for other in others] == [False] * 3
    assert is_inside(here)


def test_another_persons_session_is_not_found(west: West) -> None:
    admin = west.as_admin()
    row, _ = west.app.extensions["door"].open(token_of(admin))
    answer = west.as_doctor().send("/account/sessions/end", {"session_id": str(row.id)})
    assert answer.status_code == 404
    assert is_inside(admin)


def test_a_second_factor_is_set_up_from_inside(west: West) -> None:
    browser = west.as_doctor()
    page = browser.get("/account/second-factor")
    fields = {"key": hidden(page, "key"), "second_code_once": code_of(shown_key(page))}
    refused = browser.send("/account/second-factor", {**fields, "own_password": "wrong"})
    assert refused.status_code == 422
    assert not secret_of(west.app, west.doctor).has_second_factor
    fields["key"] = hidden(refused, "key")
    done = browser.send("/account/second-factor", {**fields, "own_password": world.PASSWORD})
    assert done.status_code == 200
    assert len(re.findall(r"\d{4} \d{4} \d{4}", text_of(done))) == 10
    assert enter(west.browser(), west.card, "doctor").headers["Location"] == "/second-factor"


def test_new_recovery_codes_replace_the_old_ones(west: West) -> None:
    admin = west.as_admin()
    made = admin.send("/account/recovery-codes", {"own_password": world.PASSWORD})
    fresh = re.findall(r"\d{4} \d{4} \d{4}", text_of(made))
    browser = west.browser()
    enter(browser, west.card, "admin")
    old = browser.send("/second-factor", {"second_code_once": "011112222333"})
    assert old.status_code == 422
    assert browser.send("/second-factor", {"second_code_once": fresh[7]}).status_code == 303


def test_an_administrator_keeps_her_second_factor(refusing: West) -> None:
    answer = refusing.as_admin().send("/account/second-factor/remove", {"own_password": world.PASSWORD})
    assert answer.status_code == 404
    assert secret_of(refusing.app, refusing.admin).has_second_factor


def test_guessing_ones_own_password_slows_down(west: West) -> None:
    browser = west.as_doctor()
    for _ in range(3):
        browser.send("/account/password", GOOD | {"own_password": "guess"})
    assert browser.send("/account/password", GOOD).status_code == 422
    assert is_inside(with_token(west.app, token_of(browser)))


@pytest.mark.parametrize(
    "path", ["/account", "/account/password", "/account/sessions", "/account/second-factor"]
)
def test_nobody_else_sees_these_pages(refusing: West, path: str) -> None:
    assert refusing.browser().get(path).headers["Location"] == "/sign-in"
