"""The second factor: each code once, recovery codes, and nothing without it."""

from __future__ import annotations

import re
import typing

import pytest

from saas.accounts import labels
from tests.support import world
from tests.support.signing_in import (
    at_once,
    code_of,
    enter,
    hidden,
    is_inside,
    log_of,
    secret_of,
    set_up_administrator,
    text_of,
    token_of,
    with_token,
)
from tests.support.slips import shown_key

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.accounts.conftest import West
    from tests.support.world import Browser


def half_way(west: West) -> Browser:
    """The administrator after her password."""
    browser = west.browser()
    assert enter(browser, west.card, "admin").headers["Location"] == "/second-factor"
    return browser


def test_the_password_alone_opens_no_page(west: West) -> None:
    browser = half_way(west)
    for page in ("/", "/account", "/staff", "/residents", "/settings"):
        answer = browser.get(page)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/second-factor")
    assert browser.send("/settings", {"paper": "A5"}).headers["Location"] == "/second-factor"
    assert log_of(west.app, west.card, "signed_in") == []


def test_the_right_code_opens_and_gives_another_token(west: West) -> None:
    browser = half_way(west)
    before = token_of(browser)
    answer = browser.send("/second-factor", {"second_code_once": code_of(west.admin_key)})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert is_inside(browser)
    assert token_of(browser) != before
    assert not is_inside(with_token(west.app, before))
    assert len(log_of(west.app, west.card, "signed_in")) == 1


def test_a_code_that_was_used_is_refused(west: West, moved_clock: Callable[..., None]) -> None:
    code = code_of(west.admin_key)
    assert half_way(west).send("/second-factor", {"second_code_once": code}).status_code == 303
    again = half_way(west).send("/second-factor", {"second_code_once": code})
    assert again.status_code == 422
    moved_clock(seconds=30)
    fresh = {"second_code_once": code_of(west.admin_key)}
    assert half_way(west).send("/second-factor", fresh).status_code == 303


def test_a_code_sent_twice_at_once_opens_one_door(west: West) -> None:
    browsers = [half_way(west) for _ in range(4)]
    tokens = [browser.csrf() for browser in browsers]
    code, statuses = code_of(west.admin_key), []

    def send(browser: Browser, csrf: str) -> None:
        data = {"csrf_token": csrf, "second_code_once": code}
        statuses.append(browser.post("/second-factor", data=data).status_code)

    at_once(send, zip(browsers, tokens, strict=True))
    assert sorted(statuses) == [303, 422, 422, 422]


def test_a_clock_that_goes_wrong_is_told_for_codes_of_the_past_alone_and_counts_as_a_wrong_try(
    west: West, moved_clock: Callable[..., None]
) -> None:
    browser, old = half_way(west), code_of(west.admin_key)
    moved_clock(minutes=10)
    to_come = code_of(west.admin_key)
    moved_clock(minutes=-5)
    with west.app.test_request_context():
        wrong, clock = labels.refused_code(late=False), labels.refused_code(late=True)
    said = []
    for code in (old, to_come, "000000"):
        answer = browser.send("/second-factor", {"second_code_once": code})
        text = text_of(answer)
        said.append((answer.status_code, clock in text, wrong in text))
        assert not is_inside(browser)
    assert said == [(422, True, False), (422, False, True), (422, False, True)]
    assert browser.send("/second-factor", {"second_code_once": old}).status_code == 429


def test_a_used_code_is_not_told_to_be_late(west: West, moved_clock: Callable[..., None]) -> None:
    code = code_of(west.admin_key)
    assert half_way(west).send("/second-factor", {"second_code_once": code}).status_code == 303
    moved_clock(minutes=5)
    again = half_way(west).send("/second-factor", {"second_code_once": code})
    with west.app.test_request_context():
        assert labels.refused_code(late=False) in text_of(again)


@pytest.mark.parametrize("code", ["000000", "12345", "", "abcdef", "۱۲۳۴۵۶", "1" * 25])
def test_a_wrong_code_is_refused_beside_its_field(west: West, code: str) -> None:
    browser = half_way(west)
    answer = browser.send("/second-factor", {"second_code_once": code})
    assert answer.status_code == 422
    assert 'id="second_code_once-error"' in answer.get_data(as_text=True)
    assert not is_inside(browser)


def test_wrong_codes_slow_down_like_wrong_passwords(west: West, moved_clock: Callable[..., None]) -> None:
    browser = half_way(west)
    for _ in range(3):
        assert browser.send("/second-factor", {"second_code_once": "000000"}).status_code == 422
    right = {"second_code_once": code_of(west.admin_key)}
    answer = browser.send("/second-factor", right)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert enter(west.browser(), west.card, "admin").status_code == 429
    moved_clock(seconds=2)
    assert browser.send("/second-factor", right).status_code == 303


def test_a_recovery_code_works_once(west: West) -> None:
    fields = {"second_code_once": "3111 1222-2333"}
    assert half_way(west).send("/second-factor", fields).status_code == 303
    assert secret_of(west.app, west.admin).codes_left == 9
    assert half_way(west).send("/second-factor", fields).status_code == 422
    fields = {"second_code_once": "411112222333"}
    assert half_way(west).send("/second-factor", fields).status_code == 303


def test_an_administrator_without_one_sets_it_up_at_sign_in(west: West) -> None:
    world.add_staff(west.app, west.card, "second", "clinic_admin")
    browser = west.browser()
    assert enter(browser, west.card, "second").headers["Location"] == "/second-factor/set-up"
    assert browser.get("/").headers["Location"] == "/second-factor/set-up"
    page = browser.get("/second-factor/set-up")
    assert "data:image/svg+xml" in page.get_data(as_text=True)
    key = shown_key(page)
    wrong = {"key": hidden(page, "key"), "second_code_once": "000000"}
    again = browser.send("/second-factor/set-up", wrong)
    assert again.status_code == 422
    assert shown_key(again) == key
    right = {"key": hidden(again, "key"), "second_code_once": code_of(key)}
    done = browser.send("/second-factor/set-up", right)
    codes = re.findall(r"\d{4} \d{4} \d{4}", text_of(done))
    assert done.status_code == 200
    assert len(codes) == 10
    again = browser.send(
        "/second-factor/set-up", {"page_code_once": hidden(done, "page_code_once"), "_language": "zh"}
    )
    assert 'lang="zh-Hans-CN"' in again.get_data(as_text=True)
    assert re.findall(r"\d{4} \d{4} \d{4}", text_of(again)) == codes
    goes_on = browser.send("/second-factor/set-up", {"done": "1"})
    assert goes_on.headers["Location"] == "/recovery-sheet"
    assert not is_inside(browser)
    assert log_of(west.app, west.card, "second_factor.set")


def test_the_set_up_is_not_skipped(west: West) -> None:
    world.add_staff(west.app, west.card, "second", "clinic_admin")
    browser = west.browser()
    enter(browser, west.card, "second")
    assert browser.send("/second-factor/set-up", {"done": "1"}).status_code == 422
    assert browser.get("/").headers["Location"] == "/second-factor/set-up"


def test_a_key_of_another_session_is_not_taken(west: West) -> None:
    world.add_staff(west.app, west.card, "second", "clinic_admin")
    one, other = west.browser(), west.browser()
    enter(one, west.card, "second")
    page = one.get("/second-factor/set-up")
    key = shown_key(page)
    enter(other, west.card, "second")
    fields = {"key": hidden(page, "key"), "second_code_once": code_of(key)}
    assert other.send("/second-factor/set-up", fields).status_code == 422
    fields["key"] = "00ff"
    assert other.send("/second-factor/set-up", fields).status_code == 422


def test_the_key_is_stored_sealed(west: West) -> None:
    stored = secret_of(west.app, west.admin).totp_key
    assert stored is not None
    assert west.admin_key.encode() not in stored


def test_everybody_else_may_have_one_and_do_without(west: West) -> None:
    key = set_up_administrator(west.app, west.doctor)
    browser = west.browser()
    assert enter(browser, west.card, "doctor").headers["Location"] == "/second-factor"
    browser.send("/second-factor", {"second_code_once": code_of(key)})
    removed = browser.send("/account/second-factor/remove", {"own_password": world.PASSWORD})
    assert removed.status_code == 303
    assert enter(west.browser(), west.card, "doctor").headers["Location"] == "/"
