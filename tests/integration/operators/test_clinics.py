"""Clinics in the console: by place and standing, with a checklist, suspended and resumed, rooms switched."""

from __future__ import annotations

import typing
import uuid

import pytest
from bs4 import BeautifulSoup

from tenants.console import checklist
from tenants.console.register import token_hash
from tenants.console.sessions import PATH
from tests.support import operating, world
from tests.support.rosters import ask
from tests.support.signing_in import browser_of, enter, text_of

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tenants.cards import ClinicCard
    from tests.support.operating import Desk


@pytest.fixture
def card(app: Flask) -> ClinicCard:
    """A clinic that was just provisioned."""
    made = world.provision(app, world.free_code(), "控制台试点院", sites=1)
    ask(app, "UPDATE platform.clinic SET state = 'provisioned' WHERE id = %s", made.id)
    return world.card_of(app, made.code)


def state(app: Flask, card: ClinicCard) -> str:
    return world.card_of(app, card.code).state


def move(desk: Desk, card: ClinicCard, was: str, goes_to: str, reason: str = "") -> int:
    answer = desk.do(f"/clinics/{card.id}/move", {"was": was, "goes_to": goes_to, "reason": reason})
    return answer.status_code


def acts(app: Flask, card: ClinicCard) -> list[tuple[str, str]]:
    query = (
        "SELECT act, detail FROM platform.operator_act "
        "WHERE clinic_id = %s AND act <> 'clinic.created' ORDER BY at"
    )
    return typing.cast("list[tuple[str, str]]", ask(app, query, card.id))


def complete(app: Flask, desk: Desk, card: ClinicCard) -> None:
    """Everything that the system finds, and everything ticked, but for the days of pilot."""
    for name in ("head", "second"):
        world.add_staff(app, card, name, "clinic_admin")
    schema = card.binding.schema
    ask(app, f"UPDATE {schema}.staff_secret SET totp_key = 'x', totp_confirmed_at = now()")  # noqa: S608
    ask(app, f"UPDATE {schema}.clinic_setting SET version = 2")  # noqa: S608
    ask(app, "UPDATE platform.clinic SET name_ug = 'سىناق' WHERE id = %s", card.id)
    for item in sorted(checklist.TICKED):
        assert desk.do(f"/clinics/{card.id}/tick", {"item": item, "done": "1"}).status_code == 303


def test_a_clinic_walks_the_whole_way_one_step_at_a_time(app: Flask, card: ClinicCard) -> None:
    operator = operating.add(app)
    desk = operating.sign_in(app, operator)
    assert move(desk, card, "provisioned", "configured") == 422
    complete(app, desk, card)
    for was, goes_to in (("provisioned", "trained"), ("provisioned", "live"), ("provisioned", "nowhere")):
        assert move(desk, card, was, goes_to, "wish") == 422
    for was, goes_to in (("provisioned", "configured"), ("configured", "trained"), ("trained", "pilot")):
        assert move(desk, card, was, goes_to) == 303
    assert move(desk, card, "pilot", "live") == 422, "fourteen days of pilot"
    ask(app, "UPDATE platform.clinic SET state_since = now() - interval '14 days' WHERE id = %s", card.id)
    assert move(desk, card, "pilot", "live") == 303
    assert state(app, card) == "live"
    done = [act for act, _ in acts(app, card)]
    assert done == ["checklist.ticked"] * 4 + ["clinic.moved"] * 4
    who = ask(
        app,
        "SELECT DISTINCT operator FROM platform.operator_act "
        "WHERE act <> 'clinic.created' AND clinic_id = %s",
        card.id,
    )
    assert who == [(operator.name,)]


def test_the_language_changes_on_a_refused_move_and_keeps_what_was_typed(
    desk: Desk, card: ClinicCard
) -> None:
    typed = {"was": "provisioned", "goes_to": "trained", "reason": "moves house"}
    refused = desk.do(f"/clinics/{card.id}/move", typed)
    assert refused.status_code == 422
    page = refused.get_data(as_text=True)
    assert 'form="move-form" name="_language"' in page, "its address takes no switch by itself"
    again = desk.do(
        f"/clinics/{card.id}/move", {"was": "provisioned", "reason": "moves house", "_language": "zh"}
    )
    assert again.status_code == 200
    assert 'value="moves house"' in again.get_data(as_text=True)


def test_back_and_out_of_work_say_why_and_two_operators_meet(
    app: Flask, desk: Desk, card: ClinicCard
) -> None:
    complete(app, desk, card)
    assert move(desk, card, "provisioned", "configured") == 303
    assert move(desk, card, "provisioned", "configured") == 422, "what the page showed is over"
    for goes_to in ("provisioned", "suspended"):
        assert move(desk, card, "configured", goes_to) == 422
        assert move(desk, card, "configured", goes_to, "  ") == 422
        assert move(desk, card, "configured", goes_to, "turned \u202e round") == 422
    assert move(desk, card, "configured", "suspended", "moves house") == 303
    assert state(app, card) == "suspended"
    assert move(desk, card, "suspended", "live", "x") == 422, "it comes back where it was"
    assert move(desk, card, "suspended", "closed", "x") == 422, "closing says for how long its data stay"
    assert move(desk, card, "suspended", "configured", "moved") == 303
    assert acts(app, card)[-2:] == [
        ("clinic.suspended", "configured > suspended: moves house"),
        ("clinic.resumed", "suspended > configured: moved"),
    ]


def test_people_work_from_provisioned_on_and_read_while_it_is_suspended(
    app: Flask, desk: Desk, card: ClinicCard
) -> None:
    world.add_staff(app, card, "doctor", "village_doctor")
    assert enter(browser_of(app), card, "doctor").status_code == 303
    assert move(desk, card, "provisioned", "suspended", "x") == 303
    assert enter(browser_of(app), card, "doctor").status_code == 303, "it reads"
    ask(app, "UPDATE platform.clinic SET suspended_at = now() - interval '31 days' WHERE id = %s", card.id)
    assert enter(browser_of(app), card, "doctor").status_code == 422, "its 30 days of reading are over"
    runner = app.test_cli_runner()
    assert "is provisioned" in runner.invoke(args=["clinics", "resume", card.code]).stdout
    assert state(app, card) == "provisioned"


def test_no_word_of_the_standing_closes_a_clinic_or_opens_a_closed_one(app: Flask, card: ClinicCard) -> None:
    """Closing has its own way: the function of the standing refuses it, whatever SQL reaches the login."""
    desk = operating.sign_in(app, operating.add(app))
    cookie = desk.get_cookie(operating.COOKIE, domain="127.0.0.1", path=PATH)
    assert cookie is not None
    call = "SELECT platform.operator_move(%s, %s, %s, %s, 'x')"
    with world.caretaker(app).logins.connect("operator", autocommit=True) as login:

        def moved(was: str, goes_to: str) -> bool:
            return login.execute(call, (token_hash(cookie.value), card.id, was, goes_to)).fetchone() == (
                True,
            )

        assert not moved("provisioned", "closed")
        assert moved("provisioned", "suspended")
        ask(
            app, "UPDATE platform.clinic SET suspended_at = now() - interval '31 days' WHERE id = %s", card.id
        )
        assert not moved("suspended", "closed")
        ask(app, "UPDATE platform.clinic SET state = 'closed' WHERE id = %s", card.id)
        assert not moved("closed", "provisioned")
    assert state(app, card) == "closed"
    assert f'/clinics/{card.id}/move"' not in desk.at(f"/clinics/{card.id}").get_data(as_text=True)


def test_a_tick_says_who_and_when_and_is_taken_back(app: Flask, card: ClinicCard) -> None:
    operator = operating.add(app)
    desk = operating.sign_in(app, operator)
    page = f"/clinics/{card.id}"
    for _ in range(2):
        desk.do(f"{page}/tick", {"item": "licence", "done": "1"})
    assert operator.name in text_of(desk.at(page))
    desk.do(f"{page}/tick", {"item": "licence", "done": "0"})
    assert acts(app, card) == [("checklist.ticked", "licence"), ("checklist.unticked", "licence")]
    for item in ("schema", "administrator", "", "x" * 300):
        assert desk.do(f"{page}/tick", {"item": item, "done": "1"}).status_code == 422


def test_a_button_says_what_it_is_about_in_its_own_name(desk: Desk, card: ClinicCard) -> None:
    page = BeautifulSoup(desk.at(f"/clinics/{card.id}").get_data(as_text=True), "html.parser")
    buttons = page.select("button[id^=tick-], button[id^=room-]")
    assert len(buttons) > 4
    for button in buttons:
        row = button.find_parent("tr")
        hidden = button.select_one(".visually-hidden")
        assert row is not None
        assert hidden is not None
        assert hidden.get_text() == row.select_one("th").get_text()  # type: ignore[union-attr]


def test_what_operators_did_is_told_to_the_clinics_people_in_words(
    app: Flask, desk: Desk, card: ClinicCard
) -> None:
    world.add_staff(app, card, "doctor", "village_doctor")
    desk.do(f"/clinics/{card.id}/tick", {"item": "licence", "done": "1"})
    browser = browser_of(app)
    assert enter(browser, card, "doctor").headers["Location"] == "/notices"
    said = text_of(browser.get("/notices"))
    assert "checklist.ticked" not in said
    assert "licence" not in said
    assert said.count("ئىجازەتنامە") == 1


@pytest.fixture
def county(app: Flask) -> Iterator[tuple[str, list[str]]]:
    """A county of 53 institutions, three of them trained."""
    county, codes = f"县{uuid.uuid4().hex[:8]}", []
    for number in range(53):
        codes.append(world.free_code())
        ask(
            app,
            "INSERT INTO platform.clinic (id, number, code, kind, name_zh, prefecture_zh, county_zh, state) "
            "VALUES (gen_random_uuid(), (SELECT max(number) + 1 FROM platform.clinic), %s, "
            "'township_health_centre', %s, '试验地区', %s, %s)",
            codes[-1],
            f"{county}第{number:02d}院",
            county,
            "trained" if number < 3 else "provisioned",
        )
    yield county, codes
    ask(app, "DELETE FROM platform.clinic WHERE county_zh = %s", county)


def test_lists_by_place_standing_code_and_name(desk: Desk, county: tuple[str, list[str]]) -> None:
    name, codes = county

    def shown(**asked: str) -> list[str]:
        answer = desk.at("/clinics", **asked)
        assert answer.status_code == 200
        page = answer.get_data(as_text=True)
        return [code for code in codes if code in page]

    assert len(shown(county=name)) == 50
    assert len(shown(county=name, page="2")) == 3
    assert shown(county=name, state="trained") == codes[:3]
    assert shown(q=f"{name}第07") == [codes[7]]
    assert shown(q=codes[9], county=name) == [codes[9]]
    assert len(shown(prefecture="试验地区", county=name)) == 50
    assert shown(prefecture="试验地区", county="another's", q=f"{name}第07") == [codes[7]], (
        "one chosen before"
    )
    for odd in ("%", "_", "\\", "' OR 1=1 --", "\x00x", "a" * 500):
        assert shown(q=odd, county=name) == [], odd


def test_the_page_shows_numbers_and_no_person(app: Flask, desk: Desk, card: ClinicCard) -> None:
    world.add_staff(app, card, "secretary", "village_doctor", name="CANARY-PERSON")
    browser = browser_of(app)
    enter(browser, card, "secretary")
    browser.send("/notices")
    page = desk.at(f"/clinics/{card.id}")
    assert page.status_code == 200
    assert "CANARY-PERSON" not in page.get_data(as_text=True)
    assert "secretary" not in page.get_data(as_text=True)
    assert ask(app, "SELECT sign_ins FROM platform.clinic_day WHERE clinic_id = %s", card.id) == [(1,)]
    assert desk.at(f"/clinics/{uuid.uuid4()}").status_code == 404


def test_saves_that_meet_anothers_or_break_are_counted_by_day(app: Flask, card: ClinicCard) -> None:
    admin = world.sign_in(app, world.add_staff(app, card, "head", "clinic_admin"))
    form = {"paper": "A5", "default_language": "zh", "lock_minutes": "5", "name_zh": "新名", "seen": "{}"}
    codes = [admin.send("/settings", form).status_code for _ in range(2)]
    counted = ask(app, "SELECT conflicts, failures FROM platform.clinic_day WHERE clinic_id = %s", card.id)
    assert counted == [(codes.count(409), 0)]
    assert 409 in codes


def test_rooms_are_switched_and_family_planning_never_from_here(
    app: Flask, desk: Desk, card: ClinicCard
) -> None:
    doctor = world.sign_in(app, world.add_staff(app, card, "doctor", "township_gp"))
    room = f"/clinics/{card.id}/room"
    assert doctor.get("/today").status_code == 200
    assert desk.do(room, {"room": "public_health", "on": "0"}).status_code == 303
    assert doctor.get("/today").status_code == 403
    assert doctor.get("/figures").status_code == 200
    assert doctor.get("/residents").status_code == 200
    assert "/today" not in doctor.get("/residents").get_data(as_text=True)
    assert desk.do(room, {"room": "public_health", "on": "1"}).status_code == 303
    assert doctor.get("/today").status_code == 200
    for name in ("family_planning", "residents", "accounts", ""):
        assert desk.do(room, {"room": name, "on": "1"}).status_code == 422
    assert acts(app, card) == [("room.off", "public_health"), ("room.on", "public_health")]
