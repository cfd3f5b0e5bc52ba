"""The covered screen, the end of a session, and tokens that are worth nothing afterwards."""

from __future__ import annotations

import typing

import pytest
import sqlalchemy as sa

from saas.web.models import ClinicSetting
from tests.support import world
from tests.support.signing_in import (
    NEW_PASSWORD,
    is_inside,
    log_of,
    text_of,
    token_of,
    with_token,
)

if typing.TYPE_CHECKING:
    from tests.integration.accounts.conftest import West
    from tests.support.world import Browser

Move = typing.Callable[..., None]


def unlock(browser: Browser, password: str = world.PASSWORD, **more: str) -> typing.Any:  # noqa: ANN401
    """Give the password of the covered screen."""
    return browser.send("/unlock", {"password": password, **more})


def test_the_screen_is_covered_after_five_minutes_and_not_before(west: West, moved_clock: Move) -> None:
    browser = west.as_doctor()
    moved_clock(minutes=4, seconds=58)
    assert is_inside(browser)
    moved_clock(minutes=5, seconds=1)
    answer = browser.get("/account")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/unlock")
    page = browser.get("/unlock")
    assert "ئادىل سىناق" in text_of(page)
    assert 'href="/residents' not in page.get_data(as_text=True)
    assert 'action="/residents' not in page.get_data(as_text=True)


def test_that_somebody_is_there_is_written_once_a_minute(west: West, moved_clock: Move) -> None:
    doctor, door = west.as_doctor(), west.app.extensions["door"]

    def seen() -> object:
        doctor.get("/account")
        return door.open(token_of(doctor))[0].last_seen

    first = seen()
    moved_clock(seconds=50)
    assert seen() == first, "a read costs no write each time"
    moved_clock(seconds=11)
    assert seen() != first


def test_the_clinic_chooses_its_time(west: West, moved_clock: Move) -> None:
    admin = west.as_admin()
    fields = {"name_zh": west.card.name_zh, "paper": "A4", "default_language": "ug"}
    seen = {"seen": seen_of(admin)}
    assert admin.send("/settings", {**fields, **seen, "lock_minutes": "10"}).status_code == 303
    browser = west.as_doctor()
    moved_clock(minutes=9)
    assert is_inside(browser)
    moved_clock(minutes=10, seconds=1)
    assert browser.get("/account").headers["Location"] == "/unlock"


def seen_of(browser: Browser) -> str:
    """What the settings page was filled in from."""
    from tests.support.signing_in import hidden  # noqa: PLC0415

    return hidden(browser.get("/settings"), "seen")


def test_the_persons_password_uncovers_with_a_new_token(west: West, moved_clock: Move) -> None:
    browser = west.as_doctor()
    before = token_of(browser)
    moved_clock(minutes=6)
    browser.get("/account")
    assert unlock(browser, "somebody else's").status_code == 422
    assert browser.get("/account").status_code == 303
    answer = unlock(browser, back="/account?x=1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account?x=1")
    assert token_of(browser) != before
    assert is_inside(browser)
    assert not is_inside(with_token(west.app, before))
    assert log_of(west.app, west.card, "unlocked")


@pytest.mark.parametrize(
    "back",
    ["", "//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:x", "/sign-out"],
)
def test_unlocking_leads_nowhere_else(refusing: West, moved_clock: Move, back: str) -> None:
    browser = refusing.as_doctor()
    moved_clock(minutes=6)
    assert unlock(browser, back=back).headers["Location"] == "/"


def test_where_she_was_is_offered_from_this_site_alone(west: West, moved_clock: Move) -> None:
    browser = west.as_doctor()
    moved_clock(minutes=6)
    for referrer, kept in (
        ("http://127.0.0.1:8000/account?a=1", 'value="/account?a=1"'),
        ("http://evil.example/account", 'name="back" type="hidden" value=""'),
    ):
        page = browser.get("/unlock", headers={"Referer": referrer}).get_data(as_text=True)
        assert kept in page


def test_wrong_passwords_at_the_covered_screen_slow_down(west: West, moved_clock: Move) -> None:
    browser = west.as_doctor()
    moved_clock(minutes=6)
    assert [unlock(browser, "wrong").status_code for _ in range(4)] == [422] * 4
    assert unlock(browser).status_code == 422
    moved_clock(seconds=10)
    assert unlock(browser).status_code == 303


def test_a_post_under_the_cover_is_held_and_offered_after_the_password(west: West, moved_clock: Move) -> None:
    browser = west.as_admin()
    csrf = browser.csrf()
    moved_clock(minutes=6)
    fields = {"csrf_token": csrf, "name": "CANARY-9", "username": "held", "own_password": "p" * 9}
    answer = browser.post("/staff/new", data=fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/unlock")
    assert unlock(browser).headers["Location"] == "/held"
    held = browser.get("/held").get_data(as_text=True)
    assert "CANARY-9" in held
    assert "p" * 9 not in held


def test_somebody_else_ends_the_session(west: West, moved_clock: Move) -> None:
    browser = west.as_doctor()
    token = token_of(browser)
    moved_clock(minutes=6)
    browser.get("/account")
    assert browser.send("/sign-out", {"switch": "1"}).headers["Location"] == "/sign-in"
    other = with_token(west.app, token)
    assert other.get("/unlock").headers["Location"] == "/sign-in"


def test_after_fifteen_idle_minutes_the_session_is_over(west: West, moved_clock: Move) -> None:
    browser = west.as_doctor()
    moved_clock(minutes=15, seconds=1)
    assert browser.get("/account").headers["Location"] == "/sign-in"
    assert unlock(browser).headers["Location"] == "/sign-in"


def test_after_ten_hours_of_work_the_session_is_over(west: West, moved_clock: Move) -> None:
    with world.inside(west.app, west.card) as session:
        session.execute(sa.update(ClinicSetting).values(lock_minutes=10))
    browser = west.as_doctor()
    for _ in range(66):
        moved_clock(minutes=9)
        assert is_inside(browser)
    moved_clock(minutes=6)
    assert browser.get("/account").headers["Location"] == "/sign-in"


def replayed_after(west: West, act: typing.Callable[[], None]) -> bool:
    """Whether the doctor's token still opens a page after something was done."""
    browser = west.as_doctor()
    other = with_token(west.app, token_of(browser))
    assert is_inside(other)
    act()
    return is_inside(other)


def test_disabling_acts_with_the_next_request(west: West) -> None:
    path = f"/staff/{west.doctor.staff_id}/disable"
    assert not replayed_after(west, lambda: only_303(west.as_admin().send(path)))


def test_ending_sessions_acts_with_the_next_request(west: West) -> None:
    path = f"/staff/{west.doctor.staff_id}/end-sessions"
    assert not replayed_after(west, lambda: only_303(west.as_admin().send(path)))


def test_a_password_change_ends_every_other_session(west: West) -> None:
    fields = {"own_password": world.PASSWORD}
    fields |= {"new_password": NEW_PASSWORD, "new_password_again": NEW_PASSWORD}
    browser = west.as_doctor()
    before = token_of(browser)
    assert not replayed_after(west, lambda: only_303(browser.send("/account/password", fields)))
    assert is_inside(browser)
    assert token_of(browser) != before
    assert not is_inside(with_token(west.app, before))


def only_303(answer: typing.Any) -> None:  # noqa: ANN401 - a test response
    """The act was done."""
    assert answer.status_code == 303
