"""Visits of today: beginning, ending, taking back, and the queue of one's places."""

from __future__ import annotations

import datetime
import typing
import uuid

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from saas.accounts.models import Site
from saas.db import new_id, session
from saas.residents.models import Visit
from saas.residents.rules import care
from saas.residents.summaries import Summary, summaries

if typing.TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from saas.web.parts import StaffMember

PAGE = 50
"""Visits on one page (rights N5)."""
UNDO = datetime.timedelta(minutes=10)
"""How long a visit that was begun by mistake can be taken back."""


class Waiting(typing.NamedTuple):
    """One line of the queue."""

    visit: Visit
    resident: Summary
    may_take_back: bool

    @property
    def is_open(self) -> bool:
        """True while the resident waits or is being seen."""
        return self.visit.ended_at is None


def begin(
    resident_id: uuid.UUID, site_id: uuid.UUID, *, form_id: uuid.UUID, at: datetime.datetime, by: uuid.UUID
) -> Visit | None:
    """A visit from now on; the one that is open already, if there is one. None for another's form."""
    there = _open_today(resident_id, site_id, at)
    if there is not None:
        return there
    visit = Visit(id=new_id(), resident_id=resident_id, site_id=site_id, kind="outpatient")
    visit.started_at, visit.started_by, visit.form_id = at, by, form_id
    try:
        with session.begin_nested():
            session.add(visit)
    except IntegrityError as error:
        if "uq_visit_form_id" not in str(error.orig):
            raise
        there = session.scalars(sa.select(Visit).where(Visit.form_id == form_id)).one()
        return there if there.resident_id == resident_id else None
    return visit


def _open_today(resident_id: uuid.UUID, site_id: uuid.UUID, now: datetime.datetime) -> Visit | None:
    return session.scalars(
        sa.select(Visit).where(
            Visit.resident_id == resident_id,
            Visit.site_id == site_id,
            Visit.started_at >= care.day_began(now),
            Visit.ended_at.is_(None),
        )
    ).first()


def one(resident_id: uuid.UUID, visit_id: uuid.UUID) -> Visit | None:
    """One visit of this resident, held to the end of the request."""
    return session.scalars(
        sa.select(Visit)
        .where(Visit.id == visit_id, Visit.resident_id == resident_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def end(visit: Visit, *, at: datetime.datetime, by: uuid.UUID) -> None:
    """She has gone. A visit that has ended stays as it is."""
    if visit.ended_at is None:
        # Not in the moment it began: that would say it was begun by mistake.
        visit.ended_at = max(at, visit.started_at + datetime.timedelta(seconds=1))
        visit.ended_by = by


def reopen(visit: Visit) -> None:
    """She is still here; a visit that was taken back stays so."""
    if not is_taken_back(visit):
        visit.ended_at = visit.ended_by = None


def take_back(visit: Visit, *, at: datetime.datetime, by: uuid.UUID) -> bool:
    """It was begun by mistake; by whoever began it, within ten minutes. False when it is too late."""
    if not may_take_back(visit, by, at):
        return False
    visit.ended_at, visit.ended_by = visit.started_at, by
    return True


def may_take_back(visit: Visit, by: uuid.UUID, now: datetime.datetime) -> bool:
    """Whoever began it, within ten minutes."""
    began: datetime.datetime = visit.started_at
    return visit.started_by == by and now - began <= UNDO


def is_taken_back(visit: Visit) -> bool:
    """True when the visit was begun by mistake."""
    return visit.ended_at == visit.started_at


def place_for(sites: Iterable[Site], own: Collection[str], asked: str, resident_site: str) -> Site | None:
    """Where she is: the place that was chosen, else the resident's, else the first; only open own places."""
    offered = [site for site in sites if site.closed_at is None and str(site.id) in own]
    if asked:
        return next((site for site in offered if str(site.id) == asked), None)
    at_home = (site for site in offered if str(site.id) == resident_site)
    return next(at_home, offered[0] if offered else None)


def queue(staff: StaffMember, now: datetime.datetime, page: int) -> list[Waiting]:
    """Today's visits at her places: who waits first, in the order of coming; one more than a page."""
    places = [uuid.UUID(one) for one in staff.site_ids]
    query = (
        sa.select(Visit)
        .where(Visit.site_id.in_(places), Visit.started_at >= care.day_began(now))
        .where(sa.or_(Visit.ended_at.is_(None), Visit.ended_at > Visit.started_at))
        .order_by(Visit.ended_at.is_not(None), Visit.started_at, Visit.id)
        .offset((page - 1) * PAGE)
        .limit(PAGE + 1)
    )
    visits = list(session.scalars(query))
    people = {one.id: one for one in summaries(visit.resident_id for visit in visits)}
    return [
        Waiting(visit, people[visit.resident_id], may_take_back=may_take_back(visit, staff.id, now))
        for visit in visits
    ]
