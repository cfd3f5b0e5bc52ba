"""Who opened the records of very many people on one day (rights N5): an alert that the log itself gives.

No feature decides anything by it. See ``saas/decisions/0011-ceiling-of-opened-records.md``.
"""

from __future__ import annotations

import datetime
import typing
import uuid

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from saas.audit.models import AccessLog
from saas.web.clock import BEIJING

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

CEILING = 150
"""Distinct persons. The busiest doctors of published figures see somewhat more than 100 people a day;
half as many again leaves room for calls and for looking up. Whoever opens more should be asked."""

_STRIDE = 512
"""Rows that may be read in vain before the first one that is looked for."""
_SLACK = datetime.timedelta(minutes=5)
"""Rows are numbered as they commit, and bear the time at which their answer was ready."""

_CROSSED = sa.text("""
    WITH opened AS (
        SELECT staff_id, max(staff_name) AS staff_name, (at AT TIME ZONE 'Asia/Shanghai')::date AS day,
            person, min(at) AS at
        FROM access_log CROSS JOIN LATERAL jsonb_array_elements_text(resident_ids) AS person
        WHERE number >= :first AND at >= :since AND status < 400 AND act = ANY(:acts)
            AND staff_id IS NOT NULL
        GROUP BY staff_id, day, person
    ), ranked AS (
        SELECT *, row_number() OVER (PARTITION BY staff_id, day ORDER BY at, person) AS place,
            count(*) OVER (PARTITION BY staff_id, day) AS persons
        FROM opened
    )
    SELECT staff_id, staff_name, day, persons, at FROM ranked WHERE place = :place ORDER BY at
""").bindparams(sa.bindparam("acts", type_=ARRAY(sa.Text)))


class Crossing(typing.NamedTuple):
    """A day on which somebody opened more than the ceiling; ``at`` is when she crossed it."""

    staff_id: uuid.UUID
    staff_name: str
    day: datetime.date
    persons: int
    at: datetime.datetime


def crossings(
    session: Session, since: datetime.datetime, acts: Sequence[str], ceiling: int = CEILING
) -> list[Crossing]:
    """Every crossing after a moment, the earliest first. ``acts`` are those that show one record."""
    midnight = datetime.datetime.combine(since.astimezone(BEIJING).date(), datetime.time(), BEIJING)
    values = {
        "first": _first_number(session, midnight - _SLACK),
        "since": midnight,
        "acts": list(acts),
        "place": ceiling + 1,
    }
    found = [Crossing(*row) for row in session.execute(_CROSSED, values)]
    return [one for one in found if one.at > since]


def _first_number(session: Session, moment: datetime.datetime) -> int:
    """A number shortly before the first row of a moment: by halving, since the log has no index by time."""
    log = AccessLog.__table__.c
    low, high = 0, session.scalar(sa.select(sa.func.max(log.number))) or 0
    while high - low > _STRIDE:
        middle = (low + high) // 2
        ahead = sa.select(log.at).where(log.number >= middle).order_by(log.number).limit(1)
        at = session.scalar(ahead)
        low, high = (middle, high) if at is not None and at < moment else (low, middle)
    return low
