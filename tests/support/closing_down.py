"""Steps of a closing in the console for tests: sent, ordered, carried out; and what stands then."""

from __future__ import annotations

import re
import typing

from tenants.house_orders import work
from tests.support import ordering, world
from tests.support.archived import give_code
from tests.support.rosters import ask
from tests.support.signing_in import text_of

if typing.TYPE_CHECKING:
    import uuid

    from flask import Flask
    from werkzeug.test import TestResponse

    from tenants.cards import ClinicCard
    from tests.support.operating import Desk

WHAT_FOR = "与县医院合并，业务已全部移交（merged）"


def send(desk: Desk, card: ClinicCard, step: str, **typed: str) -> TestResponse:
    fields = {"reason": WHAT_FOR, "keep_days": "30", "typed_code": card.code, "step": step}
    return desk.do(f"/clinics/{card.id}/closing", {**fields, **typed})


def order(app: Flask, desk: Desk, card: ClinicCard, step: str, **typed: str) -> uuid.UUID:
    """One step, ordered and carried out; its order is done."""
    answer = send(desk, card, step, **typed)
    assert answer.status_code == 303, text_of(answer)
    order_id = ordering.order_of(answer.headers["Location"])
    carry_out(app, order_id)
    assert ordering.state_of(app, order_id) == "done", ordering.outcome_of(app, order_id)
    return order_id


def carry_out(app: Flask, order_id: uuid.UUID) -> None:
    """What the worker's job does with it."""
    work(world.caretaker(app), order_id, lambda: None)


def closed(app: Flask, desk: Desk, card: ClinicCard) -> str:
    """Closed 31 days ago and archived since; returns the archive's code."""
    code = give_code(world.caretaker(app), card)
    order(app, desk, card, "close")
    ago = "UPDATE platform.closing SET closed_at = closed_at - interval '31 days' WHERE clinic_id = %s"
    ask(app, ago, card.id)
    order(app, desk, card, "archive")
    return code


def acts(app: Flask, card: ClinicCard) -> list[tuple[str, str]]:
    query = (
        "SELECT act, operator FROM platform.operator_act "
        "WHERE clinic_id = %s AND act <> 'clinic.created' ORDER BY at"
    )
    return typing.cast("list[tuple[str, str]]", ask(app, query, card.id))


def stands(app: Flask, card: ClinicCard) -> str:
    return str(ask(app, "SELECT state FROM platform.clinic WHERE id = %s", card.id)[0][0])


def offered(desk: Desk, card: ClinicCard) -> set[str]:
    page = desk.at(f"/clinics/{card.id}/closing")
    assert page.status_code == 200
    return set(re.findall(r'name="step" value="(\w+)"', page.get_data(as_text=True)))
