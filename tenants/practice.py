"""Practice clinics: made beside a clinic for training, filled with invented people, never counted.

A practice clinic is one from its first row on and for good: no statement of the product marks a clinic as
one later, or takes the mark away, so that no clinic with residents becomes one.
"""

from __future__ import annotations

import dataclasses
import typing

from psycopg import sql

from tenants.importing import reached
from tenants.naming import schema_of
from tenants.operators import write_act
from tenants.placing import MAIN
from tenants.provisioning import Order, Provisioner, free_numbers
from tenants.roster import ClinicLine, SiteLine
from tenants.turns import own_turn

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tenants.cards import ClinicCard
    from tenants.connecting import Connection
    from tenants.extension import Tenants

MARK = "P"
"""What a practice clinic's code ends with; no official code does."""
NAME_ZH, NAME_UG = "练习·", "مەشىق · "
LOCK_TIMEOUT = "5s"


@dataclasses.dataclass(frozen=True)
class Practising:
    """What the application knows and the caretaker does not: how people are invented, and where they are."""

    fill: Callable[[ClinicCard], int]
    """Adds the invented people to a practice clinic without residents; how many."""
    emptied: Sequence[str]
    """The tables that hold nothing but what belongs to them."""


class PracticeRefused(Exception):  # noqa: N818 - reads as what happened
    """It cannot be; nothing has changed."""


def practice_of(tenants: Tenants, card: ClinicCard) -> ClinicCard | None:
    """The practice clinic beside a clinic."""
    return next((one for one in tenants.clinics() if one.practice_of == card.id), None)


def make(tenants: Tenants, card: ClinicCard) -> ClinicCard:
    """A practice clinic beside this one, with its names and places and nobody in it; told to its staff."""
    if card.practice_of is not None:
        raise PracticeRefused(f"{card.code} is a practice clinic itself")
    if practice_of(tenants, card) is not None:
        raise PracticeRefused(f"{card.code} has its practice clinic already; --renew fills it anew")
    logins = tenants.logins
    with (
        logins.connect("owner", autocommit=True) as connection,
        own_turn(connection),
        reached(logins) as others,
    ):
        home = _home(card, {MAIN: connection, **others})
        line = _line(connection, card)
        if tenants.clinics(line.code):
            raise PracticeRefused(f"another clinic has the code {line.code}")
        number = next(free_numbers(connection, tenants.settings.clinic_numbers, others.values()), None)
        if number is None:
            raise PracticeRefused("no clinic number of this database's range is free")
        order = Order(number, line, _sites(home, card), card.cell, card.id, card.code)
        Provisioner(tenants).provision(connection, order, others.get(card.cell))
        write_act(connection, card.id, "clinic.practice_made", line.code)
    made = practice_of(tenants, card)
    if made is None:
        message = f"{line.code} is not there"
        raise LookupError(message)
    return made


def empty(tenants: Tenants, card: ClinicCard, emptied: Sequence[str]) -> None:
    """Take everybody's data out of a practice clinic; staff, places, settings and the access log stay."""
    if card.practice_of is None:
        raise PracticeRefused(f"{card.code} is no practice clinic; its data is never emptied")
    _refuse_moving(card)
    with tenants.logins.connect("owner") as connection:
        if card.cell == MAIN:
            _truncate(connection, card, emptied)
        else:
            with tenants.logins.of(card.cell).connect("owner") as there:
                _truncate(there, card, emptied)
        write_act(connection, card.id, "clinic.practice_emptied")


def _truncate(connection: Connection, card: ClinicCard, emptied: Sequence[str]) -> None:
    tables = sql.SQL(", ").join(sql.Identifier(schema_of(card.number), name) for name in emptied)
    connection.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(LOCK_TIMEOUT))
    connection.execute(sql.SQL("TRUNCATE {}").format(tables))


def _home(card: ClinicCard, reached_cells: Mapping[str, Connection]) -> Connection:
    """The connection to the cell in which the clinic lives, and its practice clinic too."""
    _refuse_moving(card)
    if card.cell not in reached_cells:
        raise PracticeRefused(f"{card.code} lives in cell {card.cell}, which cannot be reached")
    return reached_cells[card.cell]


def _refuse_moving(card: ClinicCard) -> None:
    if card.moving_to is not None:
        raise PracticeRefused(f"{card.code} is being moved to cell {card.moving_to}")


def _line(connection: Connection, card: ClinicCard) -> ClinicLine:
    columns = [name for name in ClinicLine._fields if name != "line"]
    query = sql.SQL("SELECT {} FROM platform.clinic WHERE id = {}").format(
        sql.SQL(", ").join(map(sql.Identifier, columns)), card.id
    )
    row = connection.execute(query).fetchone()
    if row is None:
        raise PracticeRefused(f"{card.code} is not there any more")
    own = dict(zip(columns, row, strict=True))
    own["code"] += MARK
    own["name_zh"] = f"{NAME_ZH}{own['name_zh']}"
    own["name_ug"] = f"{NAME_UG}{own['name_ug']}" if own["name_ug"] else ""
    return ClinicLine(line=0, **own)


def _sites(connection: Connection, card: ClinicCard) -> list[SiteLine]:
    query = sql.SQL(
        "SELECT code, name_zh FROM {}.site WHERE kind <> 'centre' AND closed_at IS NULL ORDER BY code"
    ).format(sql.Identifier(schema_of(card.number)))
    return [SiteLine(0, code, card.code, name) for code, name in connection.execute(query)]
