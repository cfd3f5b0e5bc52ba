"""Writes the access log: the one place that adds a row, as the last act before a commit."""

from __future__ import annotations

import datetime
import typing
import uuid
from collections.abc import Sequence

import psycopg
from sqlalchemy.orm import Session

from saas.audit import chain
from saas.audit.canonical import canonical, plain, storable
from saas.web.log import Entry

_LOCK_SPACE = 0x53484C47 << 32
"""Keeps this lock apart from other advisory locks; the table's own oid makes it the clinic's."""

_LOCK = f"SELECT pg_advisory_xact_lock({_LOCK_SPACE} + 'access_log'::regclass::oid::bigint)".encode()
_HEAD = b"SELECT number, hash FROM access_log ORDER BY number DESC LIMIT 1"
_INSERT = b"""
INSERT INTO access_log
    (number, act, resident_ids, purpose, detail, previous, hash, at, staff_id, staff_name, status)
SELECT number, act, resident_ids::jsonb, purpose, detail::jsonb, previous, hash,
    CAST(%(at)s AS timestamptz), CAST(%(staff_id)s AS uuid), CAST(%(staff_name)s AS text),
    CAST(%(status)s AS smallint)
FROM unnest(
    CAST(%(number)s AS bigint[]), CAST(%(act)s AS text[]), CAST(%(resident_ids)s AS text[]),
    CAST(%(purpose)s AS text[]), CAST(%(detail)s AS text[]), CAST(%(previous)s AS bytea[]),
    CAST(%(hash)s AS bytea[])
) AS entry (number, act, resident_ids, purpose, detail, previous, hash)
"""


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
) -> None:
    """Chain one row per entry to the bound clinic's access log; the caller commits right after.

    ``key`` is the clinic's hash key. Two messages to the database, since this stands on every page:
    the clinic's lock, held until the commit, and with it the head, by a statement of its own because
    a snapshot taken before the lock would miss the row that was waited for; then one INSERT. Nothing
    happens without entries.
    """
    if not entries:
        return
    author = Author(staff_id, storable(staff_name), status, at.astimezone(datetime.UTC))
    session.flush()
    driver = _driver(session)
    with driver.pipeline():
        driver.execute(_LOCK)
        found = driver.execute(_HEAD)
    head = found.fetchone()
    number, previous = (0, chain.GENESIS) if head is None else head
    rows = chained(number, previous, key=key, author=author, entries=entries)
    driver.execute(_INSERT, _parameters(rows, author))


def _driver(session: Session) -> psycopg.Connection[tuple[typing.Any, ...]]:
    """The driver's connection of the session's transaction."""
    driver = session.connection().connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        message = "the access log is written by psycopg"
        raise TypeError(message)
    return driver


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


def _parameters(rows: Sequence[chain.Row], author: Author) -> dict[str, object]:
    return {
        "at": author.at,
        "staff_id": author.staff_id,
        "staff_name": author.staff_name,
        "status": author.status,
        "number": [row.number for row in rows],
        "act": [row.act for row in rows],
        "resident_ids": [canonical(row.resident_ids) for row in rows],
        "purpose": [row.purpose for row in rows],
        "detail": [canonical(row.detail) for row in rows],
        "previous": [row.previous for row in rows],
        "hash": [row.hash for row in rows],
    }
