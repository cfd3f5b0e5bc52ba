"""Writes the access log: the one place that adds a row, as the last act before a commit."""

from __future__ import annotations

import datetime
import functools
import typing
import uuid
from collections.abc import Sequence

from sqlalchemy.orm import Session

from saas import wire
from saas.audit import chain
from saas.audit.canonical import canonical, plain, storable
from saas.db import answered
from saas.web.log import Entry

_LOCK_SPACE = 0x53484C47 << 32
"""Keeps this lock apart from other advisory locks; the table's own oid makes it the clinic's."""

_LOCK = f"SELECT pg_advisory_xact_lock({_LOCK_SPACE} + 'access_log'::regclass::oid::bigint)".encode()
_HEAD = b"SELECT number, hash FROM access_log ORDER BY number DESC LIMIT 1"
_INSERT = """
INSERT INTO access_log
    (number, at, staff_id, staff_name, status, act, resident_ids, purpose, detail, previous, hash)
VALUES """
_ROW = "(${}, ${}, ${}, ${}, ${}, ${}, ${}::jsonb, ${}, ${}::jsonb, ${}, ${})"
_COLUMNS = 11
_COMMIT = wire.Order(b"COMMIT", ())


class Author(typing.NamedTuple):
    """Who acted, when, and how the request was answered: the same for all entries of a request."""

    staff_id: uuid.UUID | None
    staff_name: str
    status: int
    at: datetime.datetime


def append(  # noqa: PLR0913 - the columns of a row
    session: Session,
    *,
    key: bytes,
    staff_id: uuid.UUID | None,
    staff_name: str,
    status: int,
    entries: Sequence[Entry],
    at: datetime.datetime,
    commit: bool = False,
) -> None:
    """Chain one row per entry to the bound clinic's access log; the caller commits right after.

    ``key`` is the clinic's hash key. Two messages to the database, since this stands on every page:
    the clinic's lock, held until the commit, and with it the head, by a statement of its own because
    a snapshot taken before the lock would miss the row that was waited for; then one INSERT, with
    ``commit`` the end of the transaction behind it; what the session's commit does besides is still the
    caller's. Without entries nothing happens, not even that.
    """
    if not entries:
        return
    author = Author(staff_id, storable(staff_name), status, at.astimezone(datetime.UTC))
    session.flush()
    connection = session.connection()
    _, found = answered(connection, [wire.Order(_LOCK, ()), wire.Order(_HEAD, ())])
    number, previous = found[0] if found else (0, chain.GENESIS)
    rows = chained(number, previous, key=key, author=author, entries=entries)
    values = [value for row in rows for value in _values(row, author)]
    insert = wire.Order(_insert(len(rows)), values)
    answered(connection, [insert, _COMMIT] if commit else [insert])


@functools.lru_cache(maxsize=64)
def _insert(rows: int) -> bytes:
    """One statement for so many rows."""
    firsts = range(1, rows * _COLUMNS, _COLUMNS)
    return (_INSERT + ", ".join(_ROW.format(*range(first, first + _COLUMNS)) for first in firsts)).encode()


def chained(
    number: int, previous: bytes, *, key: bytes, author: Author, entries: Sequence[Entry]
) -> list[chain.Row]:
    """The rows that continue a chain whose head is ``number`` with the hash ``previous``."""
    rows: list[chain.Row] = []
    for entry in entries:
        number += 1
        row = chain.Row(
            number=number,
            at=author.at,
            staff_id=None if author.staff_id is None else str(author.staff_id),
            staff_name=author.staff_name,
            act=storable(entry.act),
            status=author.status,
            resident_ids=[str(resident) for resident in entry.residents],
            purpose=storable(entry.purpose),
            detail=plain(entry.detail),
            previous=previous,
            hash=None,
        )
        previous = chain.row_hash(row, key)
        rows.append(row._replace(hash=previous))
    return rows


def _values(row: chain.Row, author: Author) -> tuple[object, ...]:
    """A row's values in the order of ``_INSERT``."""
    return (
        *(row.number, author.at, author.staff_id, author.staff_name, author.status),
        *(row.act, canonical(row.resident_ids), row.purpose, canonical(row.detail)),
        *(row.previous, row.hash),
    )
