"""A clinic before and after its archive: asked as the owner, summed table by table, given a code."""

from __future__ import annotations

import hashlib
import typing

from psycopg import sql

from tenants.archives.codes import new_code
from tenants.archives.contents import columns_of

if typing.TYPE_CHECKING:
    from tenants.cards import ClinicCard
    from tenants.extension import Tenants

PURPOSE = "a drill of the test"
Sums = dict[str, str]


def ask(tenants: Tenants, card: ClinicCard, query: str, *values: object) -> list[tuple[typing.Any, ...]]:
    with tenants.logins.of(card.cell).connect("owner", autocommit=True) as connection:
        connection.execute(f"SET search_path = {card.binding.schema}, ref")
        cursor = connection.execute(query.encode(), values or None)
        return cursor.fetchall() if cursor.description else []


def sums(tenants: Tenants, card: ClinicCard) -> Sums:
    """A checksum of the rows of each of a clinic's tables, whatever order they come in."""
    found = {}
    with tenants.logins.of(card.cell).connect("owner", autocommit=True) as connection:
        schema = card.binding.schema
        for table, columns in columns_of(connection, schema).items():
            query = sql.SQL("SELECT {}::text FROM {} AS t").format(
                sql.SQL("ROW({})").format(sql.SQL(", ").join(map(sql.Identifier, sorted(columns)))),
                sql.Identifier(schema, table),
            )
            rows = sorted(row[0] for row in connection.execute(query))
            found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def give_code(tenants: Tenants, card: ClinicCard) -> str:
    """An archive code, as the administrator's page makes it."""
    code, public = new_code(card.id)
    ask(tenants, card, "UPDATE clinic_setting SET archive_key = %s, archive_key_at = now()", public)
    return code
