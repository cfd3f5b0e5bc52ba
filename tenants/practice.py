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
from tenants.provisioning import Hand, Order, Provisioner, free_numbers
from tenants.refusals import Refused
from tenants.roster import ClinicLine, SiteLine
from tenants.turns import own_turn

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tenants.cards import ClinicCard
    from tenants.connecting import Connection
    from tenants.extension import Tenants

    Also = Callable[[Connection], None]

N_ = str
"""Marks a text for the catalogues: the console says it in the language of the page."""

MARK = "P"
"""What a practice clinic's code ends with; no official code does."""
NAME_ZH, NAME_UG = "练习·", "مەشىق · "
LOCK_TIMEOUT = "5s"
HAS_ONE = N_("%(code)s has its practice clinic already; --renew fills it anew")


@dataclasses.dataclass(frozen=True)
class Practising:
    """What the application knows and the caretaker does not: how people are invented, and where they are."""

    fill: Callable[[ClinicCard], int]
    """Adds the invented people to a practice clinic without residents; how many."""
    emptied: Sequence[str]
    """The tables that hold nothing but what belongs to them."""
    filled: Callable[[ClinicCard], bool]
    """Whether they are there; they come in one transaction."""


class PracticeRefused(Refused):
    """It cannot be; nothing has changed."""


def practice_of(tenants: Tenants, card: ClinicCard) -> ClinicCard | None:
    """The practice clinic beside a clinic."""
    return next((one for one in tenants.clinics() if one.practice_of == card.id), None)


def make(tenants: Tenants, card: ClinicCard, who: str = "") -> ClinicCard:
    """A practice clinic beside this one, with its names and places and nobody in it; told to its staff.

    ``who`` is an operator of the console; empty: whoever runs the command.
    """
    if card.practice_of is not None:
        raise PracticeRefused(N_("%(code)s is a practice clinic itself"), code=card.code)
    if practice_of(tenants, card) is not None:
        raise PracticeRefused(HAS_ONE, code=card.code)
    logins = tenants.logins
    with (
        logins.connect("owner", autocommit=True) as connection,
        own_turn(connection),
        reached(logins) as others,
    ):
        home = _home(card, {MAIN: connection, **others})
        line = _line(connection, card)
        if tenants.clinics(line.code):
            raise PracticeRefused(N_("another clinic has the code %(code)s"), code=line.code)
        number = next(free_numbers(connection, tenants.settings.clinic_numbers, others.values()), None)
        if number is None:
            raise PracticeRefused(N_("no clinic number of this database's range is free"))
        order = Order(number, line, _sites(home, card), card.cell, card.id, card.code)
        Provisioner(tenants, hand=Hand(who)).provision(connection, order, others.get(card.cell))
    made = practice_of(tenants, card)
    if made is None:
        message = f"{line.code} is not there"
        raise LookupError(message)
    return made


def empty(
    tenants: Tenants, card: ClinicCard, emptied: Sequence[str], who: str = "", also: Also | None = None
) -> None:
    """Take everybody's data out of a practice clinic; staff, places, settings and the access log stay.

    ``also`` is done in the transaction of the registry that says so.
    """
    if card.practice_of is None:
        raise PracticeRefused(N_("%(code)s is no practice clinic; its data is never emptied"), code=card.code)
    _refuse_moving(card)
    with tenants.logins.connect("owner") as connection:
        if card.cell == MAIN:
            _truncate(connection, card, emptied)
        else:
            with tenants.logins.of(card.cell).connect("owner") as there:
                _truncate(there, card, emptied)
        write_act(connection, card.id, "clinic.practice_emptied", who=who or None)
        if also is not None:
            also(connection)


def shut(connection: Connection, card: ClinicCard) -> None:
    """Nobody enters a practice clinic any more until it is made anew: there is nothing to be read.

    The 30 days of reading (rights I12) are for records of residents; they are over from the beginning.
    """
    connection.execute(
        "UPDATE platform.clinic SET state = 'closed', state_since = now(), suspended_from = 'live', "
        "suspended_at = now() - interval '30 days' WHERE id = %s AND practice_of IS NOT NULL",
        [card.id],
    )


def open_again(connection: Connection, card: ClinicCard, who: str) -> None:
    """A practice clinic that was shut, filled anew by now; its clinic's staff read that there is one."""
    connection.execute(
        "UPDATE platform.clinic SET state = 'live', state_since = now(), suspended_from = NULL, "
        "suspended_at = NULL WHERE id = %s AND practice_of IS NOT NULL",
        [card.id],
    )
    if card.practice_of is not None:
        write_act(connection, card.practice_of, "clinic.practice_made", card.code, who)


def _truncate(connection: Connection, card: ClinicCard, emptied: Sequence[str]) -> None:
    tables = sql.SQL(", ").join(sql.Identifier(schema_of(card.number), name) for name in emptied)
    connection.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(LOCK_TIMEOUT))
    connection.execute(sql.SQL("TRUNCATE {}").format(tables))


def _home(card: ClinicCard, reached_cells: Mapping[str, Connection]) -> Connection:
    """The connection to the cell in which the clinic lives, and its practice clinic too."""
    _refuse_moving(card)
    if card.cell not in reached_cells:
        raise PracticeRefused(
            N_("%(code)s lives in cell %(cell)s, which cannot be reached"), code=card.code, cell=card.cell
        )
    return reached_cells[card.cell]


def _refuse_moving(card: ClinicCard) -> None:
    if card.restoring:
        raise PracticeRefused(N_("%(code)s is being restored from an archive"), code=card.code)
    if card.moving_to is not None:
        raise PracticeRefused(
            N_("%(code)s is being moved to cell %(cell)s"), code=card.code, cell=card.moving_to
        )


def _line(connection: Connection, card: ClinicCard) -> ClinicLine:
    columns = [name for name in ClinicLine._fields if name != "line"]
    query = sql.SQL("SELECT {} FROM platform.clinic WHERE id = {}").format(
        sql.SQL(", ").join(map(sql.Identifier, columns)), card.id
    )
    row = connection.execute(query).fetchone()
    if row is None:
        raise PracticeRefused(N_("%(code)s is not there any more"), code=card.code)
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
