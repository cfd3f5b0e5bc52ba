"""Reads the access log for sealing, verifying and showing it; features never read it from here."""

from __future__ import annotations

import datetime
import typing
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from saas.audit import chain
from saas.audit.canonical import parsed
from saas.audit.models import AccessLog

BATCH = 2_000
"""Rows held in memory at once while a chain is read."""

_log = AccessLog.__table__.c

_believable = sa.and_(
    # psycopg cannot read 'infinity' nor years past 9999; such a row has been tampered with.
    _log.at >= datetime.datetime(1, 1, 2, tzinfo=datetime.UTC),
    _log.at < datetime.datetime(9999, 12, 31, tzinfo=datetime.UTC),
)
ROWS = sa.select(
    _log.number,
    sa.case((_believable, _log.at)).label("at"),
    sa.cast(_log.staff_id, sa.Text),
    _log.staff_name,
    _log.act,
    _log.status,
    # As text: psycopg would read a decimal as a float, and a change of its last digits would pass.
    sa.cast(_log.resident_ids, sa.Text),
    _log.purpose,
    sa.cast(_log.detail, sa.Text),
    _log.previous,
    _log.hash,
)
"""All columns of the log in the order of ``chain.Row``; ``row_of`` reads one."""

_HEAD = (
    sa.select(_log.number, _log.hash, sa.case((_believable, _log.at)).label("at"))
    .order_by(_log.number.desc())
    .limit(1)
)


def head(session: Session) -> chain.Seal:
    """The head of the bound clinic's chain, as a seal keeps it."""
    row = session.execute(_HEAD).one_or_none()
    if row is None:
        return chain.Seal(0, chain.GENESIS, None)
    return chain.Seal(row.number, bytes(row.hash), row.at)


def rows(session: Session) -> Iterator[chain.Row]:
    """The bound clinic's chain by number, in one snapshot, a batch at a time."""
    query = ROWS.order_by(_log.number)
    found = session.connection().execute(query, execution_options={"yield_per": BATCH})
    return (row_of(tuple(row)) for row in found)


def row_of(row: tuple[typing.Any, ...]) -> chain.Row:
    """The columns of ``ROWS`` as the chain knows them."""
    number, at, staff_id, name, act, status, residents, purpose, detail, previous, hash_ = row
    return chain.Row(
        number,
        at,
        staff_id,
        name,
        act,
        status,
        None if residents is None else parsed(residents),
        purpose,
        None if detail is None else parsed(detail),
        previous,
        hash_,
    )
