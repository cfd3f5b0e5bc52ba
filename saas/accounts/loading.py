"""Who is signed in, for the request pipeline and for Flask-Login."""

from __future__ import annotations

import typing

import sqlalchemy as sa

from saas.accounts.models import Staff
from saas.db import session
from saas.web.models import ClinicSetting
from saas.web.request import here, signed_in

if typing.TYPE_CHECKING:
    import uuid


# Built once: it stands before every page.
_BOTH = sa.select(ClinicSetting, Staff).outerjoin(Staff, Staff.id == sa.bindparam("staff_id"))


def load(staff_id: uuid.UUID) -> tuple[ClinicSetting, Staff | None]:
    """The clinic's settings and the person of a session, in one query."""
    setting, staff = session.execute(_BOTH, {"staff_id": staff_id}).one()
    return setting, staff


def signed_in_person() -> Staff | None:
    """The person of this request; the server's session row decided who that is."""
    return typing.cast("Staff", here.staff) if signed_in() else None
