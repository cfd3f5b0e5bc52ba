"""What this room does each night: everybody's duties anew, because days pass. The round begins it."""

from __future__ import annotations

import logging
import typing

import sqlalchemy as sa

from saas.public_health import owing
from saas.web import clock
from saas.web.models import ClinicSetting
from saas.web.room import Job

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from saas.web.jobs import Errand

DAILY = "public_health.daily"
_log = logging.getLogger(__name__)


def waiting(session: Session) -> Iterator[tuple[str, uuid.UUID]]:
    """The clinic's work of today, until it is done."""
    for setting in session.scalars(sa.select(ClinicSetting)):
        if _is_due(setting):
            yield DAILY, setting.id


def daily(errand: Errand) -> None:
    """Once a day of the calendar; a second job of the same day finds it done.

    The day is that of the beginning: what midnight overtakes is computed again. Jobs of one clinic run one
    after the other.
    """
    today = clock.today()
    with errand.inside() as session:
        if not _is_due(session.scalars(sa.select(ClinicSetting)).one()):
            return
    owing.refresh_all(errand.inside, errand.look_up)
    with errand.inside() as session:
        session.scalars(sa.select(ClinicSetting).with_for_update()).one().computed_on = today


def _is_due(setting: ClinicSetting) -> bool:
    return setting.computed_on is None or setting.computed_on < clock.today()


def leave(_: Errand) -> None:
    """Left as it is; the next round tries again."""
    _log.error("the work of the day could not be finished", extra={"job": DAILY})


JOBS = (Job(DAILY, daily, leave),)
