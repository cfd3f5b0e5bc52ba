"""A practice clinic made, filled anew and removed from the console; each once, whoever dies."""

from __future__ import annotations

import dataclasses
import typing
import uuid

import pytest

from saas.accounts.models import Staff
from saas.demo import practice as invented
from saas.residents.models import Resident
from tenants import house_orders
from tests.integration.institutions.test_practice import counted
from tests.support import operating, world
from tests.support.ordering import order_of, outcome_of, state_of
from tests.support.rosters import ask
from tests.support.signing_in import browser_of, enter

if typing.TYPE_CHECKING:
    from flask import Flask

    from tenants.cards import ClinicCard
    from tests.support.operating import Desk


@pytest.fixture
def card(app: Flask) -> ClinicCard:
    """A clinic of this test alone."""
    code = world.free_code()
    return world.provision(app, code, f"练{code}卫生院")


def wish(desk: Desk, card: ClinicCard, name: str, order_id: uuid.UUID | None = None) -> uuid.UUID:
    sent = {"wish": f"practice.{name}", "order_id": str(order_id or uuid.uuid4())}
    return order_of(desk.do(f"/clinics/{card.id}/practice", sent).headers["Location"])


def done(app: Flask, desk: Desk, card: ClinicCard, name: str) -> str:
    order_id = wish(desk, card, name)
    operating.work_off(app)
    return state_of(app, order_id)


def acts(app: Flask, card: ClinicCard) -> list[str]:
    query = "SELECT act FROM platform.operator_act WHERE clinic_id = %s ORDER BY at, id"
    return [act for (act,) in ask(app, query, card.id)][1:]


def test_it_is_made_filled_anew_removed_and_made_again(app: Flask, card: ClinicCard) -> None:
    operator = operating.add(app)
    desk = operating.sign_in(app, operator)
    assert "practice.made" in desk.at(f"/clinics/{card.id}/practice").get_data(as_text=True)
    assert done(app, desk, card, "made") == "done"
    made = world.card_of(app, f"{card.code}P")
    assert counted(app, made, Resident) == invented.RESIDENTS
    page = desk.at(f"/clinics/{card.id}/practice").get_data(as_text=True)
    assert made.code in page
    assert "practice.made" not in page
    query = "SELECT act, operator FROM platform.operator_act WHERE clinic_id = ANY (%s) ORDER BY at, id"
    assert ask(app, query, [card.id, made.id])[1:] == [
        ("clinic.created", operator.name),
        ("clinic.practice_made", operator.name),
    ]
    world.add_staff(app, made, "trainee", "village_doctor")
    people = counted(app, made, Staff)
    assert done(app, desk, card, "renewed") == "done"
    assert (counted(app, made, Resident), counted(app, made, Staff)) == (invented.RESIDENTS, people)
    assert done(app, desk, card, "removed") == "done"
    assert counted(app, made, Resident) == 0
    assert enter(browser_of(app), made, "trainee").status_code != 303
    assert "practice.made" in desk.at(f"/clinics/{card.id}/practice").get_data(as_text=True)
    assert done(app, desk, card, "made") == "done"
    assert counted(app, made, Resident) == invented.RESIDENTS
    assert enter(browser_of(app), made, "trainee").status_code == 303
    assert acts(app, card) == ["clinic.practice_made"] * 2
    assert acts(app, made) == ["clinic.practice_emptied"] * 2


def test_the_same_button_twice_is_one_order(app: Flask, card: ClinicCard, desk: Desk) -> None:
    order_id = uuid.uuid4()
    assert {wish(desk, card, "made", order_id) for _ in range(3)} == {order_id}
    operating.work_off(app)
    assert wish(desk, card, "made", order_id) == order_id
    operating.work_off(app)
    assert (state_of(app, order_id), acts(app, card)) == ("done", ["clinic.practice_made"])


@pytest.mark.parametrize(
    "case",
    [(["made"], "made", "has its practice"), ([], "renewed", "has no"), ([], "removed", "has no")],
)
def test_what_cannot_be_is_refused_in_words(
    app: Flask, card: ClinicCard, desk: Desk, case: tuple[list[str], str, str]
) -> None:
    before, name, says = case
    for each in before:
        assert done(app, desk, card, each) == "done"
    order_id = wish(desk, card, name)
    operating.work_off(app)
    assert (state_of(app, order_id), says in outcome_of(app, order_id)["text"]) == ("refused", True)
    page = desk.at(f"/orders/{order_id}").get_data(as_text=True)
    assert 'role="alert"' in page
    assert says not in page, "said in the language of the page"


@pytest.mark.parametrize(
    "sent", [{}, {"wish": "practice.made"}, {"wish": "x", "order_id": str(uuid.uuid4())}]
)
def test_what_no_page_sends_orders_nothing(
    app: Flask, card: ClinicCard, desk: Desk, sent: dict[str, str]
) -> None:
    assert desk.do(f"/clinics/{card.id}/practice", sent).status_code == 422
    assert ask(app, "SELECT count(*) FROM platform.house_order WHERE clinic_id = %s", card.id) == [(0,)]


@pytest.mark.parametrize("name", ["made", "renewed"])
def test_a_worker_that_dies_before_the_people_came_is_followed_by_one_that_brings_them(
    app: Flask, card: ClinicCard, desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    tenants = world.caretaker(app)
    if name == "renewed":
        assert done(app, desk, card, "made") == "done"
    order_id = wish(desk, card, name)
    assert tenants.practising is not None

    def dies(_: ClinicCard) -> int:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(tenants, "practising", dataclasses.replace(tenants.practising, fill=dies))
        with pytest.raises(SystemExit):
            house_orders.work(tenants, order_id, lambda: None)
    made = world.card_of(app, f"{card.code}P")
    assert (state_of(app, order_id), counted(app, made, Resident)) == ("waiting", 0)
    operating.work_off(app)
    assert (state_of(app, order_id), counted(app, made, Resident)) == ("done", invented.RESIDENTS)
    assert acts(app, card) == ["clinic.practice_made"]
    assert acts(app, made) == (["clinic.practice_emptied"] if name == "renewed" else [])


def test_removing_is_whole_or_not_at_all(
    app: Flask, card: ClinicCard, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert done(app, desk, card, "made") == "done"
    made = world.card_of(app, f"{card.code}P")
    order_id = wish(desk, card, "removed")

    def dies(*_: object, **__: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(house_orders.Task, "done", dies)
        with pytest.raises(SystemExit):
            house_orders.work(world.caretaker(app), order_id, lambda: None)
    assert counted(app, made, Resident) == invented.RESIDENTS
    assert (world.card_of(app, made.code).state, acts(app, made)) == ("live", [])
    operating.work_off(app)
    assert (counted(app, made, Resident), world.card_of(app, made.code).state) == (0, "closed")
