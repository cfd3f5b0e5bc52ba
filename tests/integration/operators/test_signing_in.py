"""An operator signs in: with a second factor, in a register of her own, slowed down and signed out."""

from __future__ import annotations

import functools
import typing

import flask
import psycopg
import pytest

from saas.accounts import labels, second_factor
from saas.web import clock
from saas.web.errors import TEXTS
from tenants.console.sessions import PATH
from tests.support import operating, rosters, world
from tests.support.rosters import ask
from tests.support.signing_in import hidden, text_of

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.conftest import ClinicWorld
    from tests.support.operating import Desk

NEW = {"new_password": "quite another 000 horse", "new_password_again": "quite another 000 horse"}


def enter(desk: Desk, name: str, password: str = world.PASSWORD) -> TestResponse:
    return desk.do("/sign-in", {"operator_name": name, "password": password})


def leads_to(answer: TestResponse) -> str:
    assert answer.status_code == 303, text_of(answer)
    return str(answer.headers["Location"])


def cookie(desk: Desk) -> str:
    found = desk.get_cookie(operating.COOKIE, domain="127.0.0.1", path=PATH)
    return found.value if found else ""


def test_password_and_telephone_open_the_console_and_each_step_has_a_token_of_its_own(app: Flask) -> None:
    operator, desk = operating.add(app), operating.visitor(app)
    assert leads_to(desk.at("/clinics")) == f"{PATH}/sign-in"
    assert leads_to(enter(desk, operator.name)) == f"{PATH}/second-factor"
    first = cookie(desk)
    assert leads_to(desk.at("/clinics")) == f"{PATH}/second-factor"
    code = operator.code
    assert desk.do("/second-factor", {"second_code_once": "000000"}).status_code == 422
    assert leads_to(desk.do("/second-factor", {"second_code_once": code})) == f"{PATH}/"
    assert cookie(desk) not in ("", first)
    assert desk.at("/clinics").status_code == 200
    assert operator.name in desk.at("/clinics").get_data(as_text=True)
    other = operating.visitor(app)
    enter(other, operator.name)
    assert other.do("/second-factor", {"second_code_once": code}).status_code == 422, "a code counts once"


def test_a_clock_that_goes_wrong_is_told_for_codes_of_the_past_alone_and_counts_as_a_wrong_try(
    app: Flask, moved_clock: Callable[..., None]
) -> None:
    operator, desk = operating.add(app), operating.visitor(app)
    old = operator.code
    moved_clock(minutes=10)
    to_come = operator.code
    moved_clock(minutes=-5)
    assert leads_to(enter(desk, operator.name)) == f"{PATH}/second-factor"
    with app.test_request_context():
        wrong, late = labels.refused_code(late=False), labels.refused_code(late=True)
    for code, words in ((old, late), (to_come, wrong), ("000000", wrong)):
        answer = desk.do("/second-factor", {"second_code_once": code})
        assert (answer.status_code, words in text_of(answer)) == (422, True)
    assert desk.do("/second-factor", {"second_code_once": old}).status_code == 429


def test_what_an_operator_may_not_open_sends_her_to_who_runs_the_console(app: Flask) -> None:
    viewer = operating.sign_in(app, operating.add(app, "viewer"))
    desk = operating.sign_in(app, operating.add(app))
    for answer, status in ((viewer.at("/rosters"), 403), (desk.at("/nothing"), 404)):
        page = answer.get_data(as_text=True)
        with app.test_request_context():
            of_a_clinic = str(TEXTS[status][1])
        assert (answer.status_code, of_a_clinic in page, f'btn-primary" href="{PATH}/"' in page) == (
            status,
            False,
            True,
        )


def test_the_first_password_is_changed_and_the_second_factor_set_up_at_the_first_sign_in(app: Flask) -> None:
    operator = operating.add(app, temporary=True, factor=False)
    desk = operating.visitor(app)
    assert leads_to(enter(desk, operator.name)) == f"{PATH}/new-password"
    same = dict.fromkeys(NEW, world.PASSWORD)
    for wrong in (same, {**NEW, "new_password_again": "other"}, dict.fromkeys(NEW, "short")):
        assert desk.do("/new-password", wrong).status_code == 422
    assert leads_to(desk.do("/new-password", NEW)) == f"{PATH}/second-factor/set-up"
    assert leads_to(desk.at("/clinics")) == f"{PATH}/second-factor/set-up"
    page = desk.at("/second-factor/set-up")
    sealed = hidden(page, "key")
    key = text_of(page).replace(" ", "")
    assert desk.do("/second-factor/set-up", {"key": sealed, "second_code_once": "000000"}).status_code == 422
    with app.app_context():
        console = operating.console_of(app)
        row = console.register.open(cookie(desk))
        assert row is not None
        opened = console.seal.open_hex(sealed, f"totp-offer:{row.id}")
        assert console.seal.open_hex(sealed, "totp-offer:of somebody else") is None
    assert opened is not None
    assert opened in key
    code = second_factor.current_code(opened, clock.now())
    assert leads_to(desk.do("/second-factor/set-up", {"key": sealed, "second_code_once": code})) == f"{PATH}/"
    assert desk.at("/clinics").status_code == 200
    again = operating.visitor(app)
    assert enter(again, operator.name).status_code == 422, "the first password works no more"
    assert leads_to(enter(again, operator.name, NEW["new_password"])) == f"{PATH}/second-factor"


def test_unknown_mistaken_and_disabled_look_the_same(app: Flask) -> None:
    operator, gone = operating.add(app), operating.add(app)
    with world.caretaker(app).logins.connect("owner") as connection:
        connection.execute("UPDATE platform.operator SET disabled_at = now() WHERE id = %s", (gone.id,))
    said = {
        text_of(enter(operating.visitor(app), name, password)).replace(name, "")
        for name, password in (
            ("nobody.of.this.name", world.PASSWORD),
            (operator.name, "wrong"),
            (gone.name, world.PASSWORD),
        )
    }
    assert len(said) == 1


def test_failures_from_before_the_clock_was_set_back_shut_nobody_out(
    app: Flask, moved_clock: Callable[..., None]
) -> None:
    operator, desk = operating.add(app), operating.visitor(app)
    moved_clock(hours=2)
    assert [enter(desk, operator.name, "wrong").status_code for _ in range(6)][-1] == 429
    moved_clock(hours=-2)
    assert leads_to(enter(desk, operator.name)) == f"{PATH}/second-factor"


def test_guessing_is_slowed_down_and_a_right_sign_in_forgives(
    app: Flask, moved_clock: Callable[..., None]
) -> None:
    operator, desk = operating.add(app), operating.visitor(app)
    answers = [enter(desk, operator.name, "wrong").status_code for _ in range(6)]
    assert answers[:3] == [422] * 3
    assert answers[-1] == 429
    told = enter(desk, operator.name)
    assert told.status_code == 429, "the right password is not looked at either"
    assert int(told.headers["Retry-After"]) >= 1
    moved_clock(seconds=61)
    enter(desk, operator.name)
    desk.do("/second-factor", {"second_code_once": operator.code})
    assert desk.at("/clinics").status_code == 200
    with world.caretaker(app).logins.connect("owner") as connection:
        query = "SELECT count(*) FROM platform.operator_failure WHERE count > 3 AND key = %s"
        with app.app_context():
            key = operating.console_of(app).register._keys(operator.name, "")[0]
        assert connection.execute(query, (key,)).fetchone() == (0,)


@pytest.mark.parametrize("ending", ["signed out", "idle", "old", "disabled", "clock set back"])
def test_a_session_that_is_over_opens_nothing(
    app: Flask, ending: str, moved_clock: Callable[..., None]
) -> None:
    operator = operating.add(app)
    desk = operating.sign_in(app, operator)
    assert desk.at("/clinics").status_code == 200
    token = cookie(desk)
    if ending == "signed out":
        desk.do("/sign-out")
    elif ending == "disabled":
        done = app.test_cli_runner().invoke(args=["operators", "disable", operator.name])
        assert done.exit_code == 0
    else:
        moved_clock(minutes={"idle": 15, "old": 600, "clock set back": -20}[ending])
    replay = operating.visitor(app)
    replay.set_cookie(operating.COOKIE, token, domain="127.0.0.1", path=PATH)
    told = leads_to(replay.at("/clinics"))
    assert told == f"{PATH}/sign-in?over=idle"
    assert "notice-warn" in replay.get(told).get_data(as_text=True)


def test_what_is_sent_after_the_end_of_a_session_is_said_not_to_be_taken(
    app: Flask, moved_clock: Callable[..., None]
) -> None:
    desk = operating.sign_in(app, operating.add(app))
    before = ask(app, "SELECT count(*) FROM platform.roster_run")
    moved_clock(minutes=15)
    told = leads_to(rosters.post(desk, rosters.csv_of([rosters.line("650099001")])))
    assert told == f"{PATH}/sign-in?over=sent"
    first, again = (text_of(desk.get(f"{PATH}/sign-in?over={over}")) for over in ("sent", "idle"))
    assert first != again
    assert 'class="notice' not in desk.at("/sign-in").get_data(as_text=True)
    assert ask(app, "SELECT count(*) FROM platform.roster_run") == before


def test_who_only_reads_figures_reaches_no_page_of_onboarding(app: Flask) -> None:
    viewer = operating.sign_in(app, operating.add(app, "viewer"))
    assert viewer.at("/").headers["Location"] == "/operators/region"
    assert viewer.at("/clinics").status_code == 403
    assert viewer.do("/rosters/new").status_code == 403


def test_a_change_needs_the_token_of_the_page(app: Flask) -> None:
    desk = operating.sign_in(app, operating.add(app))
    assert desk.post(f"{PATH}/rosters/new", data={}).status_code == 400
    assert desk.post(f"{PATH}/sign-out", data={}).status_code == 400


def test_the_language_is_switched_at_the_door_and_inside(app: Flask) -> None:
    operator, desk = operating.add(app), operating.visitor(app)
    for language, direction in (("zh", "ltr"), ("ug", "rtl")):
        answer = desk.do("/language", {"_language": language, "back": f"{PATH}/sign-in"})
        assert leads_to(answer) == f"{PATH}/sign-in"
        assert f'dir="{direction}"' in desk.at("/sign-in").get_data(as_text=True)
    inside = operating.sign_in(app, operator)
    assert leads_to(inside.do("/language", {"_language": "zh", "back": "//elsewhere"})) == f"{PATH}/"
    assert 'dir="ltr"' in inside.at("/clinics").get_data(as_text=True)
    typed = inside.do("/sign-in", {"operator_name": operator.name, "password": "x", "_language": "ug"})
    assert operator.name in typed.get_data(as_text=True)


def test_the_cookie_is_the_consoles_own(app: Flask, north: ClinicWorld) -> None:
    operator, desk = operating.add(app), operating.visitor(app)
    answer = enter(desk, operator.name)
    (line,) = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith("shipa_operator=")]
    assert f"Path={PATH}" in line
    assert "HttpOnly" in line
    assert "SameSite=Strict" in line
    nurse = north.browser("public_health_nurse")
    assert leads_to(nurse.get(f"{PATH}/clinics")) == f"{PATH}/sign-in"


def test_no_session_is_written_after_the_database_failed_under_the_request(
    app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it had to say on the next page was not done."""
    page = app.view_functions["operators.clinics"]

    @functools.wraps(page)
    def say() -> str:
        flask.session["message"] = "Saved."
        return ""

    @functools.wraps(page)
    def say_and_stop() -> None:
        say()
        raise psycopg.OperationalError

    kept: list[object] = []
    monkeypatch.setattr(operating.console_of(app).register, "keep", lambda *told: kept.append(told))
    monkeypatch.setitem(app.view_functions, "operators.clinics", say_and_stop)
    assert (desk.at("/clinics").status_code, kept) == (503, [])
    monkeypatch.setitem(app.view_functions, "operators.clinics", say)
    assert (desk.at("/clinics").status_code, len(kept)) == (200, 1)
