"""What a restore keeps of the clinic as it was: the log, what people took back, what must never go back.

Which rows and columns those are is declared beside each table (``info["restore"]``):

- ``later_rows``: rows whose key the archive does not know are kept, unless they refer to a row that went;
  some columns are changed on the way (SQL on ``o``);
- ``set_once``: columns that were empty in the archive and are filled now stay filled (a withdrawal, an end);
- ``newest``: of two rows the columns of the one whose first column is later;
- ``greatest``: a number never goes back;
- ``reset``: columns that are empty after a restore.
"""

from __future__ import annotations

import dataclasses
import typing

import psycopg
from psycopg import sql

from tenants.archives.contents import columns_of

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import sqlalchemy as sa

    from tenants.connecting import Connection


_LATER_ROWS = sql.SQL("""
    INSERT INTO {new} ({columns}) SELECT {values} FROM {old} o
    WHERE NOT EXISTS (SELECT FROM {new} n WHERE {same}){refers} ON CONFLICT DO NOTHING
""")


@dataclasses.dataclass
class Kept:
    """How many rows of each kind were kept, by words; and what could not be read any more."""

    counts: dict[str, int] = dataclasses.field(default_factory=dict)
    lost: list[str] = dataclasses.field(default_factory=list)


class Keeping:
    """Carries over from the schema as it was (``old``) what the restored one (``new``) lacks."""

    def __init__(self, connection: Connection, metadata: sa.MetaData, old: str, new: str) -> None:
        self._connection = connection
        self._metadata = metadata
        self._old, self._new = old, new
        self._there = columns_of(connection, old)
        self._here = columns_of(connection, new)

    def run(self) -> Kept:
        """Carry everything over, each thing by itself: what is damaged is told and not kept."""
        kept = Kept()
        for table in self._metadata.sorted_tables:
            for name, statement in self._statements(table):
                try:
                    with self._connection.transaction():
                        count = self._connection.execute(statement).rowcount
                except psycopg.Error as error:
                    kept.lost.append(f"{name}: {str(error).splitlines()[0]}")
                    continue
                if count:
                    kept.counts[name] = count
        return kept

    def _statements(self, table: sa.Table) -> Iterator[tuple[str, sql.Composed]]:
        wanted = table.info.get("restore", {})
        if wanted.get("reset"):
            empty = sql.SQL(", ").join(sql.SQL("{} = NULL").format(_id(c)) for c in wanted["reset"])
            yield f"{table.name} reset", sql.SQL("UPDATE {} SET {}").format(self._in_new(table), empty)
        there = set(self._there.get(table.name, ()))
        if not there.issuperset(column.name for column in table.primary_key):
            return
        if "later_rows" in wanted:
            yield f"{table.name}: later rows", self._later_rows(table, wanted["later_rows"])
        for columns in wanted.get("set_once", ()):
            if there.issuperset(columns):
                only = sql.SQL("n.{0} IS NULL AND o.{0} IS NOT NULL").format(_id(columns[0]))
                yield f"{table.name}.{columns[0]}", self._taken_over(table, columns, only)
        for columns in wanted.get("newest", ()):
            if there.issuperset(columns):
                only = sql.SQL("o.{0} > coalesce(n.{0}, '-infinity')").format(_id(columns[0]))
                yield f"{table.name}.{columns[0]}", self._taken_over(table, columns, only)
        for column in wanted.get("greatest", ()):
            if column in there:
                yield (
                    f"{table.name}.{column}",
                    self._taken_over(table, [column], sql.SQL("o.{0} > n.{0}").format(_id(column))),
                )

    def _taken_over(self, table: sa.Table, columns: Sequence[str], only: sql.Composed) -> sql.Composed:
        settings = (sql.SQL("{0} = o.{0}").format(_id(column)) for column in columns)
        return sql.SQL("UPDATE {} n SET {} FROM {} o WHERE {} AND {}").format(
            self._in_new(table),
            sql.SQL(", ").join(settings),
            sql.Identifier(self._old, table.name),
            _same_row(table),
            only,
        )

    def _later_rows(self, table: sa.Table, changed: dict[str, typing.LiteralString]) -> sql.Composed:
        both = [name for name in self._here[table.name] if name in self._there[table.name]]
        values = [self._value(table, name, changed) for name in both]
        return _LATER_ROWS.format(
            new=self._in_new(table),
            columns=sql.SQL(", ").join(map(_id, both)),
            values=sql.SQL(", ").join(values),
            old=sql.Identifier(self._old, table.name),
            same=_same_row(table),
            refers=sql.SQL("").join(self._refers(table)),
        )

    def _value(self, table: sa.Table, name: str, changed: dict[str, typing.LiteralString]) -> sql.Composed:
        if name not in changed:
            return sql.SQL("o.{}").format(_id(name))
        return sql.SQL(changed[name]).format(new=self._in_new(table))

    def _refers(self, table: sa.Table) -> Iterator[sql.Composed]:
        """Conditions that what a row refers to is still there."""
        for key in table.foreign_keys:
            condition = " AND (o.{column} IS NULL OR EXISTS (SELECT FROM {other} WHERE {its} = o.{column}))"
            yield sql.SQL(condition).format(
                column=_id(key.parent.name),
                other=sql.Identifier(self._new, key.column.table.name),
                its=_id(key.column.name),
            )

    def _in_new(self, table: sa.Table) -> sql.Identifier:
        return sql.Identifier(self._new, table.name)


def _same_row(table: sa.Table) -> sql.Composed:
    columns = (_id(column.name) for column in table.primary_key)
    return sql.SQL(" AND ").join(sql.SQL("n.{0} = o.{0}").format(column) for column in columns)


def _id(name: str) -> sql.Identifier:
    return sql.Identifier(name)
