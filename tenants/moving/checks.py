"""What must be so before a clinic is moved; anything else refuses it and changes nothing."""

from __future__ import annotations

import shutil
import typing

from psycopg import sql

from tenants.migrating import platform_pending
from tenants.moving.rules import MoveRefused, has_room
from tenants.naming import gate_role_of, schema_of
from tenants.provisioning import discard
from tenants.trees import CLINIC

if typing.TYPE_CHECKING:
    from tenants.cards import ClinicCard
    from tenants.connecting import Connection, Logins

_SIZE = (
    "SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class "
    "WHERE relnamespace = %s::regnamespace"
)
_RIGHTS_ELSEWHERE = """
    SELECT DISTINCT datname FROM pg_shdepend JOIN pg_database ON pg_database.oid = dbid
    WHERE refclassid = 'pg_authid'::regclass AND refobjid = ANY (%s::oid[]) AND datname <> ALL (%s) ORDER BY 1
"""
_PLACE = "SELECT system_identifier, current_database() FROM pg_control_system()"


def check_source(connection: Connection, card: ClinicCard) -> None:
    """The clinic is at the newest revision, so that the new copy is made as the old one is."""
    row = connection.execute(
        "SELECT revision FROM platform.clinic_revision WHERE clinic_id = %s", (card.id,)
    ).fetchone()
    if row is None or row[0] != CLINIC.head:
        message = f"it is at revision {row and row[0]}, not at {CLINIC.head}; run `shipa migrate` first"
        raise MoveRefused(message)


def check_target(logins: Logins, source: Connection, target: Connection, card: ClinicCard, to: str) -> None:
    """The new cell is of this release, its server has nothing of this number, and its disk has room."""
    if platform_pending(target):
        message = f"the tables of cell {to} are of another release; run `shipa migrate` first"
        raise MoveRefused(message)
    if _guards(source) != _guards(target):
        message = f"cell {to} is at another level of isolation than {card.cell} (`shipa check` tells)"
        raise MoveRefused(message)
    _check_number(logins, target, card, to)
    row = source.execute(_SIZE, (schema_of(card.number),)).fetchone()
    settings = logins.of(to).settings
    # Only of the embedded server it is known where its files are; of another one the copy itself tells.
    if row and settings.embedded and not has_room(row[0], shutil.disk_usage(settings.data).free):
        message = f"the disk of cell {to} has not enough room for it"
        raise MoveRefused(message)


def _guards(connection: Connection) -> bool:
    """Whether the database is at level 2: a clinic's tables have other rights there, and policies."""
    row = connection.execute("SELECT to_regprocedure('platform.guard_gate(text)') IS NOT NULL").fetchone()
    return bool(row and row[0])


def _check_number(logins: Logins, target: Connection, card: ClinicCard, to: str) -> None:
    """Neither a schema nor rights of the clinic's roles that are not this clinic's own."""
    discard(target, card.id, card.number)
    schema = schema_of(card.number)
    there = target.execute("SELECT to_regnamespace(%s) IS NOT NULL", (schema,)).fetchone()
    if there and there[0]:
        message = f"cell {to} has a schema of its number already, and not from an unfinished move"
        raise MoveRefused(message)
    roles = "SELECT array_remove(ARRAY[to_regrole(%s)::oid, to_regrole(%s)::oid], NULL)"
    row = target.execute(roles, (schema, gate_role_of(schema))).fetchone()
    foreign = target.execute(_RIGHTS_ELSEWHERE, (row[0] if row else [], _own_databases(logins, target)))
    names = [name for (name,) in foreign]
    if names:
        message = f"on the server of cell {to} the roles of its number belong to database {names[0]}"
        raise MoveRefused(message)


def _own_databases(logins: Logins, target: Connection) -> list[str]:
    """The databases of our cells on the target's server."""
    here = target.execute(_PLACE).fetchone()
    found = []
    for cell in logins.cells:
        with logins.of(cell).connect("owner") as connection:
            place = connection.execute(_PLACE).fetchone()
        if place and here and place[0] == here[0]:
            found.append(place[1])
    return found


def tables_locked(schema: str, names: list[str]) -> sql.Composed:
    """Let everybody read the tables and nobody write, until the end of the transaction."""
    listed = sql.SQL(", ").join(sql.Identifier(schema, name) for name in names)
    return sql.SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(listed)
