"""When the figures are counted: some minutes after a change, every night, and when somebody asks.

No mark is kept for "something changed": every signed record, enrolment, visit and new resident has a
time-ordered key, so the newest one is looked up in an index and compared with the time of the figures.
What changes without a new row (a birth date, a move) is counted in the night.
"""

from __future__ import annotations

import datetime
import logging
import typing
import uuid

import sqlalchemy as sa

from saas.formkit.models import Record
from saas.public_health.figures import counting, leaving, snapshots
from saas.public_health.models import Enrolment
from saas.public_health.rules import indicators_periods as periods
from saas.residents.models import Resident, Visit
from saas.web import clock
from saas.web.jobs import defer_after_commit
from saas.web.models import ClinicSetting
from saas.web.room import Job

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from saas.web.jobs import Errand

COMPUTE, COUNT = "figures.compute", "figures.count"
REST = datetime.timedelta(minutes=15)
"""Between two counts that follow changes by themselves."""
_CHANGING: tuple[type[typing.Any], ...] = (Record, Enrolment, Visit, Resident)
_log = logging.getLogger(__name__)


def ask(clinic_id: uuid.UUID) -> None:
    """Have the figures counted anew once this request has committed."""
    defer_after_commit(COUNT, clinic_id)


def unfinished(session: Session) -> Iterator[tuple[str, uuid.UUID]]:
    """Whether this clinic's figures are older than its facts, or of an earlier day."""
    clinic_id = session.scalars(sa.select(ClinicSetting.id)).one()
    if is_due(session, clock.now()):
        yield COMPUTE, clinic_id


def is_due(session: Session, now: datetime.datetime) -> bool:
    """Due after a night, and after a change when the last count is a while ago."""
    last = snapshots.last_computed(session)
    if last is None:
        return _any_since(session, None)
    if _day(last) < _day(now):
        return True
    return now - last >= REST and _any_since(session, last)


def _any_since(session: Session, moment: datetime.datetime | None) -> bool:
    first = uuid.UUID(int=0) if moment is None else first_key(moment)
    return any(session.scalar(sa.select(sa.exists().where(table.id >= first))) for table in _CHANGING)


def first_key(moment: datetime.datetime) -> uuid.UUID:
    """The lowest key that can have been made from this moment on (UUID version 7: milliseconds lead)."""
    return uuid.UUID(int=int(moment.timestamp() * 1000) << 80)


def _day(moment: datetime.datetime) -> datetime.date:
    return moment.astimezone(clock.BEIJING).date()


def compute(errand: Errand) -> None:
    """Count: everything at first, of a night what ran or ended lately, after a change what runs."""
    now = clock.now()
    today = _day(now)
    with errand.inside() as session:
        last, unlisted = snapshots.last_computed(session), snapshots.without_lists(session)
    if last is None:
        names = periods.every(today)
    elif _day(last) < today:
        unlisted &= set(periods.every(today))
        names = [*dict.fromkeys([*periods.lately(today), *sorted(unlisted)])]
    else:
        names = periods.running(today)
    counting.compute(errand.inside, today, now, names, lambda _: errand.look_up())
    _publish(errand)


def count(errand: Errand) -> None:
    """Count every kept period, because somebody asks for it."""
    now = clock.now()
    names = periods.every(_day(now))
    counting.compute(errand.inside, _day(now), now, names, lambda _: errand.look_up())
    _publish(errand)


def _publish(errand: Errand) -> None:
    """Hand over what may leave the clinic; small cells are hidden before they do."""
    with errand.inside() as session:
        leaving.copy(session, errand.outbox, _day(clock.now()))


def leave(_: Errand) -> None:
    """Left as it is: the worker's next round finds that the figures are old."""
    _log.error("the figures could not be counted", extra={"job": COMPUTE})


JOBS = (Job(COMPUTE, compute, leave), Job(COUNT, count, leave))

__all__ = ["COMPUTE", "COUNT", "JOBS", "ask", "is_due", "unfinished"]
