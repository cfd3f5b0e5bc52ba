"""Finding the people and places of the clinic."""

from __future__ import annotations

import typing

import sqlalchemy as sa
from flask import abort

from saas.accounts import permissions
from saas.accounts.models import Site, Staff
from saas.db import session
from saas.web.looking import is_looking
from saas.web.request import here

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence


def me() -> Staff:
    """The signed-in person as the whole row; what a post writes to it is saved, and seen from there on."""
    if not (is_looking() or isinstance(here.staff, Staff)):
        here.staff = session.get_one(Staff, here.staff.id)
    return typing.cast("Staff", here.staff)


def by_username(username: str) -> Staff | None:
    """The person with this user name, however it was typed."""
    return session.scalars(sa.select(Staff).where(Staff.username == username.lower())).one_or_none()


def everybody() -> Sequence[Staff]:
    """All staff: those who may sign in first, then by user name."""
    order = (Staff.disabled_at.is_not(None), Staff.username)
    return session.scalars(sa.select(Staff).order_by(*order)).all()


def staff_or_404(staff_id: uuid.UUID, *, for_change: bool = False) -> Staff:
    """One person of this clinic. ``for_change`` reads her anew and holds the row to the end."""
    query = sa.select(Staff).where(Staff.id == staff_id)
    if for_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one_or_none() or abort(404)


def hold_administrators() -> set[uuid.UUID]:
    """Who can manage the clinic now; the rows are held, so that two cannot remove each other."""
    query = (
        sa.select(Staff.id)
        .where(Staff.roles.contains([permissions.CLINIC_ADMIN]), Staff.disabled_at.is_(None))
        .order_by(Staff.id)
        .with_for_update()
    )
    return set(session.scalars(query))


def all_sites() -> Sequence[Site]:
    """Every site: the centre first, closed ones last, then by code."""
    order = (Site.closed_at.is_not(None), Site.kind != "centre", Site.code)
    return session.scalars(sa.select(Site).order_by(*order)).all()


def site_or_404(site_id: uuid.UUID, *, for_change: bool = False) -> Site:
    """One site of this clinic. ``for_change`` reads it anew and holds the row to the end."""
    query = sa.select(Site).where(Site.id == site_id)
    if for_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one_or_none() or abort(404)
