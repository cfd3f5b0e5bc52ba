"""The rows of one clinic from one database into another, table by table, counted and summed on both sides."""

from __future__ import annotations

import dataclasses
import typing

from psycopg import sql

from tenants.archives.contents import RowSum, rows_query
from tenants.moving.rules import MoveRefused

if typing.TYPE_CHECKING:
    import sqlalchemy as sa

    from tenants.connecting import Connection

Sum = tuple[int, str]
"""Count and checksum of a table's rows, as text in the order of their keys."""

_STAMP = sql.SQL(
    "SELECT count(*), coalesce(bit_xor(hashtextextended(ctid::text || ' ' || xmin::text, 0)), 0) FROM {}"
)
"""Another one whenever a row was added, changed or removed since: a new version of a row has a new place."""


def columns_of(table: sa.Table) -> list[str]:
    """The columns that hold something of their own."""
    return [column.name for column in table.columns if column.computed is None]


def stamp(connection: Connection, schema: str, table: sa.Table) -> tuple[int, int]:
    """Cheap to find, and another one when the table has changed."""
    row = connection.execute(_STAMP.format(sql.Identifier(schema, table.name))).fetchone()
    return (row[0], row[1]) if row else (0, 0)


@dataclasses.dataclass(frozen=True)
class Ways:
    """The owner's transactions in old and new cell, and the clinic's schema (one name in both)."""

    source: Connection
    target: Connection
    schema: str

    def waiting(self, table: sa.Table) -> Sum:
        """The sum of a table as it is in the old cell."""
        return _summed(self.source, rows_query(self.schema, table, columns_of(table)))

    def arrived(self, table: sa.Table) -> Sum:
        """The sum of a table as it is in the new cell."""
        return _summed(self.target, rows_query(self.schema, table, columns_of(table)))

    def copied(self, table: sa.Table) -> Sum:
        """Copy all rows of a table; their sum."""
        query = rows_query(self.schema, table, columns_of(table))
        return self._sent(query, table, sql.Identifier(self.schema, table.name))

    def copied_after(self, table: sa.Table, column: str) -> tuple[Sum, Sum]:
        """Copy the rows behind the last one that has arrived, of a table that only grows by this number.

        Returns the sum of what was sent and of what the new cell has from there on.
        """
        name = sql.Identifier(self.schema, table.name)
        key = sql.Identifier(column)
        last = sql.SQL("SELECT coalesce(max({}), 0) FROM {}").format(key, name)
        row = self.target.execute(last).fetchone()
        newer = sql.SQL("COPY (SELECT {} FROM {} WHERE {} > {} ORDER BY {}) TO STDOUT").format(
            _listed(columns_of(table)), name, key, row[0] if row else 0, key
        )
        return self._sent(newer, table, name), _summed(self.target, newer)

    def refresh(self, tables: list[sa.Table]) -> None:
        """Make changed tables equal to the old cell's; in ``tables`` parents stand before their children.

        Rows that went go, children first; then the others are put or changed, parents first.
        """
        for table in tables:
            draft = _draft_of(table)
            make = sql.SQL("CREATE TEMP TABLE {} (LIKE {}) ON COMMIT DROP")
            self.target.execute(make.format(draft, sql.Identifier(self.schema, table.name)))
            self._sent(rows_query(self.schema, table, columns_of(table)), table, draft)
        for table in reversed(tables):
            self.target.execute(_removal(self.schema, table))
        for table in tables:
            self.target.execute(_put(self.schema, table))

    def _sent(self, query: sql.Composed, table: sa.Table, place: sql.Identifier) -> Sum:
        """Stream a query's rows into a table; never more than a piece of them in memory."""
        taken = RowSum()
        put = sql.SQL("COPY {} ({}) FROM STDIN").format(place, _listed(columns_of(table)))
        with (
            self.source.cursor() as reading,
            self.target.cursor() as writing,
            reading.copy(query) as out,
            writing.copy(put) as arriving,
        ):
            for piece in out:
                taken.take(piece)
                arriving.write(piece)
        return taken.rows, taken.sha256


def compare(table: sa.Table, here: Sum, there: Sum) -> None:
    """Raises ``MoveRefused`` unless both sides hold the same rows."""
    if here != there:
        message = f"table {table.name} differs after copying: {here[0]} rows here, {there[0]} there"
        raise MoveRefused(message)


def _draft_of(table: sa.Table) -> sql.Identifier:
    return sql.Identifier("pg_temp", f"fresh_{table.name}")


def _removal(schema: str, table: sa.Table) -> sql.Composed:
    return sql.SQL("DELETE FROM {} AS old WHERE NOT EXISTS (SELECT FROM {} AS new WHERE {})").format(
        sql.Identifier(schema, table.name),
        _draft_of(table),
        sql.SQL(" AND ").join(
            sql.SQL("old.{0} = new.{0}").format(sql.Identifier(column.name)) for column in table.primary_key
        ),
    )


def _put(schema: str, table: sa.Table) -> sql.Composed:
    columns = columns_of(table)
    keys = [column.name for column in table.primary_key]
    changes = [
        sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in columns if name not in keys
    ]
    act = sql.SQL("DO UPDATE SET ") + sql.SQL(", ").join(changes) if changes else sql.SQL("DO NOTHING")
    return sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {} ON CONFLICT ({}) {}").format(
        sql.Identifier(schema, table.name),
        _listed(columns),
        _listed(columns),
        _draft_of(table),
        _listed(keys),
        act,
    )


def _summed(connection: Connection, query: sql.Composed) -> Sum:
    taken = RowSum()
    with connection.cursor() as reading, reading.copy(query) as out:
        for piece in out:
            taken.take(piece)
    return taken.rows, taken.sha256


def _listed(names: list[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))
