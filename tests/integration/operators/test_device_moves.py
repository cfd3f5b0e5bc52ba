"""A device in the console: sent, sent on, back in the stock, a code for enrolling; with history and acts."""

from __future__ import annotations

import itertools
import re
import typing
import uuid

import psycopg
import pytest

from tenants.console.register import token_hash
from tenants.console.sessions import PATH
from tenants.devices.moves import BY_OPERATOR, SHIPPED, STATES, STOCK, offered_to_operator
from tenants.devices.words import GOALS
from tests.support import operating, world
from tests.support.handed_out import asset_number, device
from tests.support.rosters import ask
from tests.support.signing_in import browser_of, enter, text_of

if typing.TYPE_CHECKING:
    from flask import Flask

    from tenants.cards import ClinicCard
    from tests.support.operating import Desk


@pytest.fixture(scope="module")
def cards(app: Flask) -> tuple[ClinicCard, ClinicCard]:
    """Two clinics."""
    one, two = (world.provision(app, world.free_code(), f"设备{n}院", sites=0) for n in "甲乙")
    return one, two


def row(app: Flask, device_id: uuid.UUID) -> tuple[typing.Any, ...]:
    query = "SELECT state, clinic_id, waybill, token_hash IS NOT NULL FROM platform.device WHERE id = %s"
    return ask(app, query, device_id)[0]


def moves(app: Flask, device_id: uuid.UUID) -> list[tuple[str, str, str]]:
    query = "SELECT old_state, new_state, by FROM platform.device_move WHERE device_id = %s ORDER BY at"
    return typing.cast("list[tuple[str, str, str]]", ask(app, query, device_id))


def acts(app: Flask, card: ClinicCard) -> list[tuple[str, str]]:
    query = (
        "SELECT act, detail FROM platform.operator_act WHERE clinic_id = %s AND act ~ '^device' ORDER BY at"
    )
    return typing.cast("list[tuple[str, str]]", ask(app, query, card.id))


def test_from_the_stock_to_one_clinic_on_to_another_and_back(
    app: Flask, cards: tuple[ClinicCard, ClinicCard]
) -> None:
    operator = operating.add(app)
    desk, device_id = operating.sign_in(app, operator), device(app)
    (one, two), page, asset = cards, f"/devices/{device_id}", asset_number(app, device_id)
    before = acts(app, one), acts(app, two)
    sent = {"was": "stock", "clinic_code": one.code, "waybill": "W1"}
    assert desk.do(f"{page}/send", sent).status_code == 303
    assert row(app, device_id) == ("shipped", one.id, "W1", False)
    assert desk.do(f"{page}/send", sent).status_code == 422, "it has this device already"
    assert desk.do(f"{page}/move", {"was": "shipped", "goal": "received"}).status_code == 303
    on = {"was": "received", "clinic_code": two.code, "waybill": "W2"}
    assert desk.do(f"{page}/send", on).status_code == 303
    assert row(app, device_id) == ("shipped", two.id, "W2", False)
    assert desk.do(f"{page}/move", {"was": "shipped", "goal": "stock"}).status_code == 303
    assert row(app, device_id) == ("stock", None, "", False)
    assert text_of(desk.at(page)).count(operator.name) >= 5
    ways = [("stock", "shipped"), ("shipped", "received"), ("received", "stock"), ("stock", "shipped")]
    assert moves(app, device_id) == [(*way, operator.name) for way in [*ways, ("shipped", "stock")]]
    assert acts(app, one)[len(before[0]) :] == [
        ("device.shipped", asset),
        ("device.moved", f"{asset}: shipped > received"),
        ("device.moved", f"{asset}: received > stock"),
    ]
    back = ("device.moved", f"{asset}: shipped > stock")
    assert acts(app, two)[len(before[1]) :] == [("device.shipped", asset), back]


def test_the_database_lets_an_operator_move_as_the_pure_table_says(
    app: Flask, cards: tuple[ClinicCard, ClinicCard]
) -> None:
    one, two = cards
    desk = operating.sign_in(app, operating.add(app))
    cookie = desk.get_cookie(operating.COOKIE, domain="127.0.0.1", path=PATH)
    assert cookie is not None
    call = "SELECT platform.operator_device_move(%s, %s, %s, %s, %s, 'W')"
    allowed: set[tuple[str, str]] = set()
    sent: set[tuple[str, str]] = set()
    with world.caretaker(app).logins.connect("operator", autocommit=True) as login:
        for old, new in itertools.product(STATES, STATES):
            device_id = device(app, old, None if old == STOCK else one.id)
            values = (token_hash(cookie.value), device_id, old, new, two.id)
            if login.execute(call, values).fetchone() == (True,):
                (sent if new == SHIPPED and old != STOCK else allowed).add((old, new))
    assert allowed == BY_OPERATOR
    assert {old for old, _ in sent} == {old for old in STATES if (old, STOCK) in BY_OPERATOR}


@pytest.mark.parametrize(
    "wrong", ["was", "none", "same", "closed", "no waybill", "long", "nobody's", "hidden"]
)
def test_a_shipment_with_a_fault_moves_nothing(
    app: Flask, desk: Desk, cards: tuple[ClinicCard, ClinicCard], wrong: str
) -> None:
    one, two = cards
    device_id = device(app, "received", one.id)
    form = {"was": "received", "clinic_code": two.code, "waybill": "W9"}
    shut = world.provision(app, world.free_code(), "已关院", sites=0) if wrong == "closed" else two
    if wrong == "closed":
        ask(app, "UPDATE platform.clinic SET state = 'closed', suspended_at = now() WHERE id = %s", shut.id)
    form |= {
        "was": {"was": "stock"},
        "none": {"clinic_code": ""},
        "same": {"clinic_code": one.code},
        "closed": {"clinic_code": shut.code},
        "no waybill": {"waybill": " "},
        "long": {"waybill": "W" * 101},
        "nobody's": {"clinic_code": "000000000"},
        "hidden": {"waybill": "W\u202e1"},
    }[wrong]
    answer = desk.do(f"/devices/{device_id}/send", form)
    assert answer.status_code == (303 if wrong == "was" else 422)
    assert row(app, device_id) == ("received", one.id, "W0", False)
    assert moves(app, device_id) == []


def test_a_code_enrols_in_its_clinic_and_stands_on_the_page_once(
    app: Flask, desk: Desk, cards: tuple[ClinicCard, ClinicCard]
) -> None:
    one, _ = cards
    admin = world.sign_in(app, world.add_staff(app, one, f"head{uuid.uuid4().hex[:6]}", "clinic_admin"))
    device_id = device(app, "received", one.id)
    page = desk.do(f"/devices/{device_id}/code")
    assert page.status_code == 200
    found = re.search(r"\d{4} \d{4} \d{4}", page.get_data(as_text=True))
    assert found is not None
    assert found[0] not in desk.at(f"/devices/{device_id}").get_data(as_text=True)
    assert admin.send("/settings/devices", {"device_code_once": found[0]}).status_code == 303
    assert row(app, device_id)[0] == "enrolled"
    assert acts(app, one)[-1] == ("device.code_made", asset_number(app, device_id))
    assert desk.do(f"/devices/{device_id}/code").status_code == 303, "it is enrolled"
    assert row(app, device_id)[3] is False


def test_a_device_of_a_closed_clinic_comes_back(
    app: Flask, desk: Desk, cards: tuple[ClinicCard, ClinicCard]
) -> None:
    one, _ = cards
    for state in ("enrolled", "in_use", "repair"):
        device_id = device(app, state, one.id)
        assert desk.do(f"/devices/{device_id}/move", {"was": state, "goal": "stock"}).status_code == 303
        assert row(app, device_id)[:2] == ("stock", None)


def test_what_is_not_offered_moves_nothing(
    app: Flask, desk: Desk, cards: tuple[ClinicCard, ClinicCard]
) -> None:
    device_id = device(app, "retired", cards[0].id)
    for goal in (*STATES, "", "nowhere"):
        assert desk.do(f"/devices/{device_id}/move", {"was": "retired", "goal": goal}).status_code == 303
    assert moves(app, device_id) == []
    assert "/send" not in desk.at(f"/devices/{device_id}").get_data(as_text=True)


def test_the_clinics_people_read_it_in_words(app: Flask, desk: Desk) -> None:
    card = world.provision(app, world.free_code(), "读者院", sites=0)
    person = world.add_staff(app, card, "doctor", "village_doctor")
    device_id = device(app, "in_use", card.id)
    desk.do(f"/devices/{device_id}/move", {"was": "in_use", "goal": "stock"})
    browser = browser_of(app)
    assert enter(browser, card, person.username).headers["Location"] == "/notices"
    said = text_of(browser.get("/notices"))
    assert asset_number(app, device_id) in said
    assert "in_use" not in said
    assert "device.moved" not in said


def test_a_viewer_moves_nothing(app: Flask, cards: tuple[ClinicCard, ClinicCard]) -> None:
    viewer, device_id = operating.sign_in(app, operating.add(app, "viewer")), device(app)
    page = f"/devices/{device_id}"
    assert "<form" not in viewer.at(page).get_data(as_text=True).split("<main", 1)[1].split("</main", 1)[0]
    for path, form in (
        ("send", {"was": "stock", "clinic_code": cards[0].code, "waybill": "W"}),
        ("move", {"was": "stock", "goal": "retired"}),
        ("code", {}),
    ):
        assert viewer.do(f"{page}/{path}", form).status_code == 403
    assert row(app, device_id)[0] == "stock"


@pytest.mark.parametrize("stand", ["no session", "viewer", "half"])
def test_the_functions_ask_for_a_live_session_of_an_onboarding_operator(app: Flask, stand: str) -> None:
    operator = operating.add(app, "viewer" if stand == "viewer" else "onboarding")
    desk = operating.sign_in(app, operator, "second_factor" if stand == "half" else "full")
    cookie = desk.get_cookie(operating.COOKIE, domain="127.0.0.1", path=PATH)
    assert cookie is not None
    token = b"nothing" if stand == "no session" else token_hash(cookie.value)
    device_id = device(app)
    with world.caretaker(app).logins.connect("operator", autocommit=True) as login:
        for call in (
            "SELECT platform.operator_device_move(%s, %s, 'stock', 'retired', NULL, '')",
            "SELECT platform.operator_device_code(%s, %s, 'x')",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                login.execute(call.encode(), (token, device_id))
    assert row(app, device_id)[0] == "stock"


def test_the_database_sends_nothing_to_a_closed_clinic(app: Flask, desk: Desk) -> None:
    shut, device_id = world.provision(app, world.free_code(), "已关院", sites=0), device(app)
    ask(app, "UPDATE platform.clinic SET state = 'closed', suspended_at = now() WHERE id = %s", shut.id)
    cookie = desk.get_cookie(operating.COOKIE, domain="127.0.0.1", path=PATH)
    assert cookie is not None
    call = "SELECT platform.operator_device_move(%s, %s, 'stock', 'shipped', %s, 'W')"
    with world.caretaker(app).logins.connect("operator", autocommit=True) as login:
        sent = login.execute(call, (token_hash(cookie.value), device_id, shut.id)).fetchone()
    assert (sent, row(app, device_id)[0]) == ((False,), "stock")


def test_the_list_is_of_one_institution_where_its_code_is_typed(
    app: Flask, desk: Desk, cards: tuple[ClinicCard, ClinicCard]
) -> None:
    one, two = cards
    mine, theirs = device(app, "in_use", one.id), device(app, "in_use", two.id)
    page = desk.at("/devices", clinic=one.code).get_data(as_text=True)
    assert asset_number(app, mine) in page
    assert asset_number(app, theirs) not in page


def test_every_goal_has_its_words() -> None:
    assert {goal for state in STATES for goal in offered_to_operator(state)} == GOALS.keys()
