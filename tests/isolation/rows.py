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
    return _read(app, [card.binding.schema], dict.fromkeys(("web_session", "clinic", "device"), str(card.id)))


def all_rows(app: Flask, *cards: ClinicCard) -> Rows:
    """Each row of these clinics, of ``platform`` and of ``ref``."""
    return _read(app, [*(card.binding.schema for card in cards), "platform", "ref"], {})


def _read(app: Flask, schemas: list[str], platform: dict[str, str]) -> Rows:
    """One statement over the kept connection: in a new one each table's catalogue rows are read anew."""
    connection = world.owner(app)
    tables = [row[0] for row in connection.execute(_TABLES, (schemas,))]
    parts = [f"SELECT '{table}', t::text FROM {table} t" for table in tables]  # noqa: S608
    for table in platform:
        column = "id" if table == "clinic" else "clinic_id"
        parts.append(
            f"SELECT 'platform.{table}', t::text FROM platform.{table} t WHERE {column}::text = %s"  # noqa: S608
        )
    found: Rows = {
        table: collections.Counter() for table in (*tables, *(f"platform.{table}" for table in platform))
    }
    for table, row in connection.execute(" UNION ALL ".join(parts).encode(), tuple(platform.values())):
        found[table][row] += 1
    return found


def changed_tables(before: Rows, after: Rows) -> set[str]:
    """The tables in which a row came, went or changed, without their schema."""
    names = {*before, *after}
    return {name.partition(".")[2] for name in names if before.get(name) != after.get(name)}
