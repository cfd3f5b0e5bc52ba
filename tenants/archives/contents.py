"""What an archive holds: the tables of a clinic, row by row, and a manifest of them as its last part."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import struct
import typing

import sqlalchemy as sa
from psycopg import sql

from tenants.archives.refusals import ArchiveRefused

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tenants.connecting import Connection

    Buffer = bytes | bytearray | memoryview

LEFT_OUT = ("fp_client", "fp_record", "fp_consent", "fp_removal")
"""Family planning never leaves the clinic in an archive (rights N6); nor does any table named ``fp_``."""

TEXT_SETTINGS = (
    "SET LOCAL TimeZone = 'UTC'",
    "SET LOCAL DateStyle = 'ISO, YMD'",
    "SET LOCAL IntervalStyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
)
"""So that a row has the same text whoever asks for it, and so the same checksum."""

_FRAME = struct.Struct(">cI")
TABLE, ROWS, MANIFEST = b"T", b"R", b"M"
"""The parts of the stream: the head of a table (its name), text of its rows, and at the end the manifest."""


def is_left_out(table: str) -> bool:
    """Whether a table of a clinic never stands in an archive."""
    return table in LEFT_OUT or table.startswith("fp_")


@dataclasses.dataclass(frozen=True)
class TablePart:
    """One table: its columns in the order of the rows' text, how many rows, the checksum of their text."""

    name: str
    columns: tuple[str, ...]
    rows: int = 0
    sha256: str = ""

    def head(self) -> bytes:
        """What stands before the table's rows."""
        return json.dumps({"name": self.name, "columns": self.columns}).encode()

    @classmethod
    def read(cls, told: dict[str, typing.Any]) -> TablePart:
        """A table as an archive names it."""
        return cls(**{**told, "columns": tuple(told["columns"])})


@dataclasses.dataclass(frozen=True)
class Manifest:
    """What an archive says of itself; read only from inside the sealed part."""

    clinic: str
    code: str
    name_zh: str
    name_ug: str
    revision: str
    at: str
    purpose: str
    tables: tuple[TablePart, ...]

    def as_bytes(self) -> bytes:
        """As JSON."""
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False).encode()

    @classmethod
    def read(cls, body: bytes) -> Manifest:
        """The manifest of an archive that was opened, so written by a release of ours."""
        told = json.loads(body)
        tables = tuple(TablePart.read(part) for part in told.pop("tables"))
        return cls(**told, tables=tables)


def frame(kind: bytes, body: Buffer) -> bytes:
    """One part of the stream, with its kind and length before it."""
    return _FRAME.pack(kind, len(body)) + bytes(body)


def frames(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """The parts of a stream that comes in pieces of any length."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        at = 0
        while len(waiting) - at >= _FRAME.size:
            kind, length = _FRAME.unpack_from(waiting, at)
            if len(waiting) - at < _FRAME.size + length:
                break
            at += _FRAME.size
            yield kind, bytes(waiting[at : at + length])
            at += length
        del waiting[:at]
    if waiting:
        message = "the archive does not end with a whole part"
        raise ArchiveRefused(message)


class RowSum:
    """Counts rows and their checksum while their text goes by."""

    def __init__(self) -> None:
        self._sum = hashlib.sha256()
        self.rows = 0

    def take(self, body: Buffer) -> None:
        """More text. A line break ends a row: one inside a value is written with a backslash."""
        self._sum.update(body)
        self.rows += bytes(body).count(b"\n")

    @property
    def sha256(self) -> str:
        """The checksum so far."""
        return self._sum.hexdigest()


def columns_of(connection: Connection, schema: str) -> dict[str, tuple[str, ...]]:
    """The tables of a schema that are there, each with its columns in their order."""
    rows = connection.execute(
        "SELECT relname, array_agg(attname::text ORDER BY attnum) FROM pg_class "
        "JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped "
        "WHERE relnamespace = to_regnamespace(%s) AND relkind IN ('r', 'p') GROUP BY relname",
        (schema,),
    )
    return {name: tuple(columns) for name, columns in rows}


def rows_query(schema: str, table: sa.Table, columns: Iterable[str]) -> sql.Composed:
    """All rows by primary key: in one order, whatever was written when."""
    order = [
        sql.SQL('{} COLLATE "C"' if isinstance(column.type, sa.String) else "{}").format(
            sql.Identifier(column.name)
        )
        for column in table.primary_key
    ]
    return sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.Identifier(schema, table.name),
        sql.SQL(", ").join(order),
    )
