"""The log as people read it: what is said of one person, and what the clinic's head looks at.

Only shown, never decided by: no feature asks the log anything. Every row is checked by its own seal.
That proves what stands there; that nothing is missing only ``shipa audit verify`` can show.
"""

from __future__ import annotations

import datetime
import hmac
import typing
import uuid

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from saas.audit import chain, reading
from saas.audit.models import AccessLog
from saas.db import Fixed, fetched

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

PAGE = 50
"""Rows on one page of a screen."""
REFUSED_FROM = 400
_log = AccessLog.__table__.c


class ShownRow(typing.NamedTuple):
    """One row; ``authentic`` when it is as it was written."""

    number: int
    at: datetime.datetime | None
    staff_name: str
    act: str
    is_withheld: bool
    purpose: str
    residents: tuple[str, ...]
    category: str
    authentic: bool


class Filter(typing.NamedTuple):
    """Which rows of the clinic's log: of one member of staff, of one day (from, until)."""

    staff_id: uuid.UUID | None = None
    day: tuple[datetime.datetime, datetime.datetime] | None = None


_END = 2**63 - 1
"""No row's number is above it."""
_ABOUT = Fixed(
    reading.ROWS.where(
        sa.cast(_log.resident_ids, JSONB).has_any(sa.bindparam("names", type_=ARRAY(sa.Text), required=True)),
        _log.number < sa.bindparam("before", type_=sa.BigInteger, required=True),
    )
    .order_by(_log.number.desc())
    .limit(sa.bindparam("most", type_=sa.BigInteger, required=True))
)


def about(
    residents: Iterable[uuid.UUID], key: bytes, *, before: int | None = None, limit: int | None = None
) -> list[ShownRow]:
    """Every row that names one of these ids (they are one person), the newest first."""
    names = [str(one) for one in residents]
    (found,) = fetched(_ABOUT.of(names=names, before=_END if before is None else before, most=limit))
    return [_shown(reading.row_of(row), key) for row in found]


def newest(
    session: Session, key: bytes, chosen: Filter, *, before: int | None = None, limit: int = PAGE + 1
) -> list[ShownRow]:
    """The clinic's log, the newest first."""
    conditions: list[sa.ColumnElement[bool]] = []
    if chosen.staff_id is not None:
        conditions.append(_log.staff_id == chosen.staff_id)
    if chosen.day is not None:
        conditions += [_log.at >= chosen.day[0], _log.at < chosen.day[1]]
    return _read(session, key, conditions, before, limit)


def _read(
    session: Session,
    key: bytes,
    conditions: Sequence[sa.ColumnElement[bool]],
    before: int | None,
    limit: int,
) -> list[ShownRow]:
    query = reading.ROWS.where(*conditions).order_by(_log.number.desc()).limit(limit)
    if before is not None:
        query = query.where(_log.number < before)
    return [_shown(reading.row_of(tuple(row)), key) for row in session.execute(query)]


def _shown(row: chain.Row, key: bytes) -> ShownRow:
    ids = row.resident_ids if isinstance(row.resident_ids, list) else []
    detail = row.detail if isinstance(row.detail, dict) else {}
    return ShownRow(
        number=row.number,
        at=row.at,
        staff_name=row.staff_name or "",
        act=row.act or "",
        is_withheld=(row.status or 0) >= REFUSED_FROM,
        purpose=row.purpose or "",
        residents=tuple(str(one) for one in ids),
        category=str(detail.get("category", "")),
        authentic=row.hash is not None and hmac.compare_digest(chain.row_hash(row, key), row.hash),
    )
