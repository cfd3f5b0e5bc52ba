"""Schemas copied with plain SQL, where making each its own way would take an hour and is not measured."""

from __future__ import annotations

import typing

from psycopg import sql

from tenants.catalogue import catalogue

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from tenants.connecting import Connection

_STATEMENTS = """
WITH relation AS (
    SELECT oid, relname FROM pg_class WHERE relnamespace = %(pattern)s::regnamespace AND relkind = 'r'
)
SELECT 1, format('CREATE TABLE %%1$I (LIKE %%2$I.%%1$I'
    ' INCLUDING ALL EXCLUDING CONSTRAINTS EXCLUDING INDEXES)', relname, %(pattern)s) FROM relation
UNION ALL
SELECT CASE contype WHEN 'f' THEN 3 ELSE 2 END,
    format('ALTER TABLE %%I ADD CONSTRAINT %%I %%s', relname, conname, pg_get_constraintdef(c.oid))
    FROM relation JOIN pg_constraint c ON conrelid = relation.oid WHERE contype <> 'n'
UNION ALL
SELECT 2, pg_get_indexdef(indexrelid, 0, true) FROM relation JOIN pg_index i ON indrelid = relation.oid
    WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND conrelid = indrelid)
UNION ALL
SELECT 4, format('INSERT INTO %%1$I (%%3$s) SELECT %%3$s FROM %%2$I.%%1$I', relname, %(pattern)s, names)
    FROM relation JOIN LATERAL (
        SELECT string_agg(quote_ident(attname), ', ') AS names FROM pg_attribute
        WHERE attrelid = relation.oid AND attnum > 0 AND NOT attisdropped AND attidentity = ''
    ) AS columns ON true
ORDER BY 1
"""
"""Read with the pattern in the search path, so that what they name is found in the copy."""


def copy_schemas(connection: Connection, pattern: str, names: Sequence[str]) -> None:
    """Make schemas with the tables, constraints, indexes and rows of another, each in one transaction.

    What an identity draws is drawn anew. The connection is in autocommit. Raises AssertionError when
    the last copy holds anything else than its pattern.
    """
    connection.execute(_path("SET", pattern))
    statements = [text for _, text in connection.execute(_STATEMENTS, {"pattern": pattern}).fetchall()]
    connection.execute("RESET search_path")
    script = ";\n".join(statements)
    for name in names:
        head = sql.SQL("BEGIN; CREATE SCHEMA {};").format(sql.Identifier(name)) + _path("SET LOCAL", name)
        connection.execute(f"{head.as_string(connection)};\n{script};\nCOMMIT".encode())
    if names:
        assert catalogue(connection, names[-1]) == catalogue(connection, pattern)


def _path(word: str, schema: str) -> sql.Composed:
    return sql.SQL("{} search_path = {}, public").format(sql.SQL(word), sql.Identifier(schema))
