"""An operator who changes institutions in the console: what she types, is shown, and orders."""

from __future__ import annotations

import re
import typing

from tests.support import operating, world
from tests.support.ordering import order_of, outcome_of
from tests.support.rosters import ask

if typing.TYPE_CHECKING:
    import uuid

    from flask import Flask
    from werkzeug.test import TestResponse

    from tenants.cards import ClinicCard
    from tests.support.operating import Desk, Operator

KINDS = ("rename", "recode", "merge", "move-site")


class Office(typing.NamedTuple):
    """An operator, and two clinics; the first has two village clinics."""

    app: Flask
    operator: Operator
    desk: Desk
    one: ClinicCard
    other: ClinicCard

    def asked(self, kind: str) -> dict[str, str]:
        """What she types for a change."""
        return {
            "rename": {"name_zh": "新名卫生院", "name_ug": "يېڭى نام"},
            "recode": {"code": world.free_code()},
            "merge": {"other": self.other.code},
            "move-site": {"site": f"{self.one.code}001", "other": self.other.code},
        }[kind]

    def send(self, kind: str, data: dict[str, str], step: str = "preview") -> TestResponse:
        """Send a form of the first clinic."""
        return self.desk.do(f"/clinics/{self.one.id}/{kind}", {**data, "step": step})

    def orders(self) -> list[tuple[typing.Any, ...]]:
        """The orders for either clinic and where they stand."""
        query = "SELECT id, state FROM platform.house_order WHERE clinic_id = ANY (%s) ORDER BY ordered_at"
        return ask(self.app, query, [self.one.id, self.other.id])

    def ordered(self, kind: str, data: dict[str, str] | None = None) -> uuid.UUID:
        """From the form to the order, as her browser sends it."""
        asked = data or self.asked(kind)
        shown = carried(self.send(kind, asked))
        return order_of(self.send(kind, shown, "order").headers["Location"])


def two_clinics(app: Flask) -> Office:
    """Two clinics of one test alone, and an operator who is signed in."""
    operator = operating.add(app)
    cards = []
    for sites in (2, 0):
        code = world.free_code()
        cards.append(world.provision(app, code, f"变更{code}卫生院", sites=sites))
        world.add_staff(app, cards[-1], "doctor", "village_doctor")
    return Office(app, operator, operating.sign_in(app, operator), *cards)


def carried(answer: TestResponse) -> dict[str, str]:
    """What the page that shows a change sends on."""
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200, page
    found = {}
    for tag in re.findall(r"<input[^>]*hidden[^>]*>", page):
        name, value = re.search(r'name="(\w+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name is not None and name[1] not in {"csrf_token", "back"}:
            found[name[1]] = value[1] if value else ""
    assert found["plan"]
    return found


def acts(app: Flask, card: ClinicCard) -> list[tuple[str, str]]:
    """What was done to a clinic since it was made, and by whom."""
    query = "SELECT act, operator FROM platform.operator_act WHERE clinic_id = %s ORDER BY at, id"
    return [(act, who) for act, who in ask(app, query, card.id)][1:]


def change_of(app: Flask, order_id: uuid.UUID) -> str:
    """The number of the change that an order made."""
    return str(outcome_of(app, order_id)["change"])
