"""Rights I12: a suspended clinic takes no new work and can read and print its care data for 30 days."""

from __future__ import annotations

import dataclasses
import datetime
import re
import typing
import uuid

import psycopg
import pytest
import sqlalchemy as sa

from saas.accounts.permissions import GRANTS
from saas.web import clock
from saas.web.clinic import READABLE_FOR, is_closed
from saas.web.models import Draft
from tests.isolation import households
from tests.isolation.routes import browser_at, csrf_token, routes
from tests.rights.conftest import Home
from tests.support import world
from tests.support.signing_in import browser_of, enter, text_of, token_of, with_token

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.isolation.routes import Route
    from tests.support.world import Browser

    Move = Callable[..., None]

DAYS = datetime.timedelta(days=30)
MOMENT = datetime.timedelta(minutes=1)
CLOSED = {"zh": "此机构暂停使用已满30天", "ug": "ئاپپارات ۋاقىتلىق توختىتىلغىلى"}
NOT_OPEN = {"zh": "已满30天，不能登录", "ug": "ھېچكىم تىزىمغا كىرەلمەيدۇ"}
WRITES = (".write", ".manage", ".merge")


@pytest.fixture
def home(app: Flask) -> Home:
    """A furnished clinic of one test, because its state is changed."""
    return Home(app, households.furnish(app, world.PASSWORD))


def command(home: Home, word: str) -> str:
    """``shipa clinics suspend`` or ``resume``, as the operator gives it."""
    done = home.app.test_cli_runner().invoke(args=["clinics", word, home.household.card.code])
    assert done.exit_code == 0, done.output
    return done.stdout


def suspended_at(home: Home) -> datetime.datetime | None:
    with world.caretaker(home.app).logins.connect("owner") as connection:
        query = "SELECT suspended_at FROM platform.clinic WHERE code = %s"
        row = connection.execute(query, (home.household.card.code,)).fetchone()
    assert row is not None
    at: datetime.datetime | None = row[0]
    return at


def guarded(app: Flask) -> list[Route]:
    """Every route that asks who is there, whatever its method, permission or stage."""
    return [route for route in routes(app) if not route.entrance.public]


def role_for(route: Route) -> str:
    """Somebody whom the route would let in, were the clinic open."""
    holders = GRANTS[route.entrance.permission] if route.entrance.permission else GRANTS["account.own"]
    return next(role for role in ("village_doctor", "clinic_admin", "audit_reviewer") if role in holders)


def ask(home: Home, route: Route, browser: Browser | None = None) -> TestResponse:
    """Go to a route with one of everything, a valid token with each post."""
    role = role_for(route)
    browser = browser or home.browser(role, route.stage)
    ids = home.ids_for(role)
    body = {} if route.method == "GET" else {**ids, "csrf_token": csrf_token(home.app, browser)}
    return browser.open(route.path(home.app, ids), method=route.method, data=body)


def resident_page(home: Home, browser: Browser | None = None) -> TestResponse:
    return (browser or home.browser()).get(f"/residents/{home.resident_id}")


@pytest.mark.timeout(120)
def test_for_30_days_care_data_are_read_and_nothing_new_is_taken(home: Home, moved_clock: Move) -> None:
    command(home, "suspend")
    moved_clock(seconds=(DAYS - MOMENT).total_seconds())
    wrong = []
    for route in guarded(home.app):
        if route.entrance.permission:
            refused = ask(home, route).status_code == 403
            if refused != route.entrance.permission.endswith(WRITES):
                wrong.append(str(route))
    assert wrong == []
    until = suspended_at(home)
    assert until is not None
    shown = (until + DAYS).astimezone(clock.BEIJING).strftime("%Y-%m-%d %H:%M")
    page = resident_page(home)
    assert page.status_code == 200
    assert "CANARY" in text_of(page)
    assert shown in text_of(page)


def test_within_30_days_people_still_sign_in(home: Home, moved_clock: Move) -> None:
    command(home, "suspend")
    moved_clock(seconds=(DAYS - MOMENT).total_seconds())
    username = home.household.people["village_doctor"].username
    browser = browser_of(home.app)
    # The suspension itself is told first (rights N12).
    assert enter(browser, home.household.card, username).headers["Location"] == "/notices"
    assert browser.send("/notices").headers["Location"] == "/"
    assert resident_page(home, browser).status_code == 200


@pytest.mark.timeout(120)
def test_after_30_days_every_request_is_refused_with_the_reason(home: Home, moved_clock: Move) -> None:
    command(home, "suspend")
    moved_clock(seconds=(DAYS + MOMENT).total_seconds())
    walked = guarded(home.app)
    wrong = []
    for route in walked:
        answer = ask(home, route)
        text = text_of(answer)
        told = any(words in text for words in CLOSED.values())
        if answer.status_code != 403 or not told or "CANARY" in text:
            wrong.append(f"{route} {answer.status_code}")
    assert wrong == []
    assert {route.stage for route in walked} >= {"full", "locked", "second_factor", "new_password"}


def test_a_session_of_the_last_day_does_not_outlive_it(home: Home, moved_clock: Move) -> None:
    command(home, "suspend")
    moved_clock(seconds=(DAYS - MOMENT).total_seconds())
    browser = home.browser()
    assert resident_page(home, browser).status_code == 200
    moved_clock(minutes=2)
    assert resident_page(home, browser).status_code == 403


@pytest.mark.parametrize("ending", ["idle", "locked"])
def test_what_an_ended_or_covered_session_sends_is_not_kept(
    home: Home, moved_clock: Move, ending: str
) -> None:
    doctor = home.household.people["village_doctor"]
    browser = home.browser()
    command(home, "suspend")
    moved_clock(seconds=(DAYS + MOMENT).total_seconds())
    if ending == "locked":
        browser = browser_at(home.app, doctor, "locked")
    drafts = drafts_of(home)
    token, csrf = token_of(browser), csrf_token(home.app, browser)
    for path in ("/unlock", f"/residents/{home.resident_id}/edit", "/drafts"):
        browser = with_token(home.app, token)
        body = {"csrf_token": csrf, "password": world.PASSWORD, "village": "NEW-WORK", "_page": "/residents"}
        answer = browser.post(path, data=body)
        refused = (303, "/sign-in") if ending == "idle" else (403, None)
        assert (answer.status_code, answer.headers.get("Location")) == refused, path
    assert drafts_of(home) == drafts


def drafts_of(home: Home) -> list[uuid.UUID]:
    """What is kept of unfinished work, whoever's."""
    with world.inside(home.app, home.household.card) as session:
        return sorted(session.scalars(sa.select(Draft.id)))


@pytest.mark.parametrize("language", ["zh", "ug"])
def test_the_reason_is_told_in_both_languages(home: Home, moved_clock: Move, language: str) -> None:
    command(home, "suspend")
    moved_clock(seconds=(DAYS + MOMENT).total_seconds())
    browser = home.browser()
    back = f"/residents/{home.resident_id}"
    switched = browser.send("/language", {"_language": language, "back": back})
    assert switched.headers["Location"] == back
    page = resident_page(home, browser)
    assert CLOSED[language] in text_of(page)
    at_the_door = enter(browser, home.household.card, "village_doctor")
    assert NOT_OPEN[language] in text_of(at_the_door)


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/recovery"])
def test_after_30_days_nobody_signs_in(
    home: Home, moved_clock: Move, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    command(home, "suspend")
    moved_clock(seconds=(DAYS + MOMENT).total_seconds())
    # Not even a clinic's role is taken: whether a password was right cannot be told from outside.
    monkeypatch.setattr("saas.web.clinic.door", lambda: pytest.fail("the clinic was entered"))
    browser = browser_of(home.app)
    fields = {"clinic": home.household.card.code, "username": "village_doctor"}
    secrets = {
        "password": world.PASSWORD,
        "sheet_code_once": "1",
        "new_password": "x",
        "new_password_again": "x",
    }
    answer = browser.send(path, {**fields, **secrets})
    assert answer.status_code == 422
    assert any(words in text_of(answer) for words in NOT_OPEN.values())
    assert browser.get_cookie("shipa_session", domain="127.0.0.1") is None


def test_a_refused_look_at_a_resident_is_in_the_access_log(home: Home, moved_clock: Move) -> None:
    command(home, "suspend")
    moved_clock(seconds=(DAYS + MOMENT).total_seconds())
    (row,) = home.logged_by(lambda: resident_page(home))
    doctor = home.household.people["village_doctor"]
    assert (row.status, row.resident_ids, row.staff_id) == (403, [home.resident_id], str(doctor.staff_id))


def test_resume_gives_everything_back_and_a_new_suspension_its_30_days(home: Home, moved_clock: Move) -> None:
    before = resident_page(home).get_data(as_text=True)
    command(home, "suspend")
    moved_clock(seconds=(DAYS + MOMENT).total_seconds())
    browser = home.browser()
    assert resident_page(home, browser).status_code == 403
    command(home, "resume")
    assert suspended_at(home) is None
    after = resident_page(home, browser).get_data(as_text=True)
    assert main_of(after) == main_of(before)
    assert browser.get("/residents/new").status_code == 200
    command(home, "suspend")
    at = suspended_at(home)
    assert at is not None
    assert abs(at - datetime.datetime.now(datetime.UTC)) < MOMENT


def main_of(page: str) -> str:
    """What the page says of the resident, without the frame and its tokens."""
    main = page.split("<main", 1)[1].split("</main>", 1)[0]
    return re.sub(r'name="(csrf_token|form_id)"\s+value="[^"]*"', "", main)


def test_saying_it_twice_does_not_begin_the_30_days_anew(home: Home) -> None:
    command(home, "suspend")
    first = suspended_at(home)
    assert "already" in command(home, "suspend")
    assert suspended_at(home) == first


@pytest.mark.parametrize(
    "change",
    [
        "state = 'suspended', suspended_at = NULL",
        "state = 'live', suspended_at = now()",
    ],
)
def test_the_database_keeps_the_time_with_the_suspension(home: Home, change: str) -> None:
    with (
        world.caretaker(home.app).logins.connect("owner") as connection,
        pytest.raises(psycopg.errors.CheckViolation),
    ):
        connection.execute(
            f"UPDATE platform.clinic SET {change} WHERE code = %s".encode(),  # noqa: S608 - of above
            (home.household.card.code,),
        )


def test_the_30_days_end_at_their_moment_and_without_a_time_at_once(home: Home) -> None:
    now = clock.now()
    at = {
        after: dataclasses.replace(home.household.card, state="suspended", suspended_at=now - after)
        for after in (DAYS - MOMENT, DAYS, DAYS + MOMENT)
    }
    assert READABLE_FOR == DAYS
    assert [is_closed(card, now) for card in at.values()] == [False, True, True]
    assert is_closed(dataclasses.replace(home.household.card, state="suspended"), now)
    assert not is_closed(home.household.card, now)
