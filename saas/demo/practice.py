"""The invented people of a practice clinic, and which of its tables they are in."""

from __future__ import annotations

import functools
import typing

import sqlalchemy as sa

from saas.accounts.models import Staff
from saas.db import Base, session
from saas.demo import records, residents, staff
from saas.residents.models import Resident
from saas.web import clock
from saas.web.clinic import clinic_of
from saas.web.models import ClinicSetting

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from saas.building import Building
    from saas.web.door import ClinicCard

RESIDENTS = 60
_KEPT = frozenset({"access_log", "clinic_setting", "site", "staff", "staff_secret"})

EMPTIED = tuple(sorted(name for name in Base.metadata.tables if name not in _KEPT))
"""All tables but those of the clinic itself, of who works there, and the log, which nobody deletes."""


def fill(building: Building, card: ClinicCard) -> int:
    """Add invented residents with a year of records; how many. Refuses any other clinic, and a filled one."""
    if card.practice_of is None:
        message = f"{card.code} is no practice clinic"
        raise LookupError(message)
    with building.inside(card):
        if _somebody_is_there():
            message = f"{card.code} has residents; empty it first"
            raise LookupError(message)
        clinic, now = clinic_of(card, session.scalars(sa.select(ClinicSetting)).one()), clock.now()
        if session.scalars(sa.select(Staff).where(Staff.username == staff.INVENTED)).first() is None:
            staff.add_invented(now)
        residents.add_residents(clinic, RESIDENTS, now)
        records.add_records(clinic, now)
    return RESIDENTS


def is_filled(building: Building, card: ClinicCard) -> bool:
    """Whether somebody is in it; the invented people come in one transaction."""
    with building.inside(card):
        return _somebody_is_there()


def parts(
    building: Building,
) -> tuple[Callable[[ClinicCard], int], tuple[str, ...], Callable[[ClinicCard], bool]]:
    """For the caretaker: filling, what is emptied, and whether it is filled."""
    return functools.partial(fill, building), EMPTIED, functools.partial(is_filled, building)


def _somebody_is_there() -> bool:
    return bool(session.scalar(sa.select(sa.func.count()).select_from(Resident)))
