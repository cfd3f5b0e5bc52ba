"""Clinics of the far cell, as tests of the console need them."""

from __future__ import annotations

import typing
import uuid

from tenants.console.register import token_hash
from tenants.console.sessions import PATH
from tenants.placing import MAIN
from tests.support import operating, world
from tests.support.rosters import ask

if typing.TYPE_CHECKING:
    from flask import Flask

    from tenants.cards import ClinicCard
    from tests.support.operating import Desk


def there(app: Flask, query: str, *values: object) -> list[tuple[typing.Any, ...]]:
    """As the owner of the far cell."""
    with world.caretaker(app).logins.of(world.FAR).connect("owner", autocommit=True) as connection:
        cursor = connection.execute(query.encode(), values or None)
        return cursor.fetchall() if cursor.description else []


def acts(app: Flask, card: ClinicCard) -> list[str]:
    """What operators did to it, in its order."""
    query = "SELECT act FROM platform.operator_act WHERE clinic_id = %s ORDER BY at"
    return [act for (act,) in ask(app, query, card.id)]


def make(app: Flask, sites: int = 2) -> ClinicCard:
    """A clinic of the far cell, provisioned and nothing more."""
    code = world.free_code()
    made = world.provision(app, code, f"远{code}卫生院", sites=sites, cell=world.FAR)
    ask(app, "UPDATE platform.clinic SET state = 'provisioned' WHERE id = %s", made.id)
    return world.card_of(app, code)


def county_of(app: Flask) -> tuple[str, ClinicCard, ClinicCard]:
    """A county with one new clinic in the main cell and one in the far one."""
    name = f"县{uuid.uuid4().hex[:8]}"
    made = []
    for cell in (MAIN, world.FAR):
        code = world.free_code()
        world.provision(app, code, f"{name}{cell}", sites=0, cell=cell)
        ask(
            app,
            "UPDATE platform.clinic SET county_zh = %s, state = 'provisioned' WHERE code = %s RETURNING 1",
            name,
            code,
        )
        made.append(world.card_of(app, code))
    return name, made[0], made[1]


def sealed_word(app: Flask, card: ClinicCard) -> dict[str, typing.Any]:
    """What the far cell says of the clinic to the operators' login."""
    query = "SELECT * FROM platform.cell_word(%(ids)s)"
    (word,) = world.caretaker(app).cell_desk.rows(world.FAR, query, ids=[card.id])
    return word


def token_of(desk: Desk) -> bytes:
    """What the database keeps of the session of this desk."""
    cookie = desk.get_cookie(operating.COOKIE, domain="127.0.0.1", path=PATH)
    assert cookie is not None
    return token_hash(cookie.value)


def rooms_of(app: Flask, card: ClinicCard) -> tuple[int, list[str]]:
    """The version of its settings, and the rooms that were chosen."""
    ((version, rooms),) = there(app, f"SELECT version, rooms FROM {card.binding.schema}.clinic_setting")  # noqa: S608
    return version, rooms
