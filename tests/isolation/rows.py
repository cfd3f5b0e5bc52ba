"""Everything that stands in a clinic's tables, and what differs between two looks at it."""

from __future__ import annotations

import collections
import typing

from tests.support import world

if typing.TYPE_CHECKING:
    from flask import Flask

    from tenants.cards import ClinicCard

Rows = dict[str, collections.Counter[str]]

_TABLES = (
    "SELECT nspname || '.' || relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace "
    "WHERE relkind IN ('r', 'p') AND nspname = ANY(%s) ORDER BY 1"
)


def rows_of(app: Flask, card: ClinicCard) -> Rows:
    """Each row of the clinic as text, by table; with its own rows of ``platform``."""
    return _read(app, [card.binding.schema], {"web_session": str(card.id), "clinic": str(card.id)})


def all_rows(app: Flask, *cards: ClinicCard) -> Rows:
    """Each row of these clinics, of ``platform`` and of ``ref``."""
    return _read(app, [*(card.binding.schema for card in cards), "platform", "ref"], {})


def _read(app: Flask, schemas: list[str], platform: dict[str, str]) -> Rows:
    with world.caretaker(app).logins.connect("owner") as connection:
        tables = [row[0] for row in connection.execute(_TABLES, (schemas,))]
        found: Rows = {}
        for table in tables:
            found[table] = collections.Counter(
                row[0]
                for row in connection.execute(f"SELECT t::text FROM {table} t".encode())  # noqa: S608
            )
        for table, clinic_id in platform.items():
            column = "id" if table == "clinic" else "clinic_id"
            query = f"SELECT t::text FROM platform.{table} t WHERE {column}::text = %s"  # noqa: S608
            found[f"platform.{table}"] = collections.Counter(
                row[0] for row in connection.execute(query.encode(), (clinic_id,))
            )
        return found


def changed_tables(before: Rows, after: Rows) -> set[str]:
    """The tables in which a row came, went or changed, without their schema."""
    names = {*before, *after}
    return {name.partition(".")[2] for name in names if before.get(name) != after.get(name)}
