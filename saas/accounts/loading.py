"""Who is signed in, for the request pipeline and for Flask-Login."""

from __future__ import annotations

import typing

import sqlalchemy as sa

from saas.accounts.models import Staff
from saas.db import Fixed, fetched, rows_like, session
from saas.web.looking import is_looking
from saas.web.models import ClinicSetting
from saas.web.request import here, signed_in

if typing.TYPE_CHECKING:
    import uuid


# Built once: it stands before every page.
_WHO = sa.bindparam("staff_id", type_=sa.Uuid, required=True)
_BOTH = sa.select(ClinicSetting, Staff).outerjoin(Staff, Staff.id == _WHO)
_BOTH_SEEN = Fixed(_BOTH)
_setting, _person = rows_like(ClinicSetting), rows_like(Staff)
_BORDER = len(ClinicSetting.__table__.c)


def load(staff_id: uuid.UUID) -> tuple[ClinicSetting, Staff | None]:
    """The clinic's settings and the person of a session, in one query.

    A page that looks has them as rows like the models', which no session follows: to write to them raises.
    """
    if not is_looking():
        setting, staff = session.execute(_BOTH, {"staff_id": staff_id}).one()
        return setting, staff
    ((row,),) = fetched(_BOTH_SEEN.of(staff_id=staff_id))
    return _setting(row[:_BORDER]), _person(row[_BORDER:]) if row[_BORDER] else None


def signed_in_person() -> Staff | None:
    """The person of this request; the server's session row decided who that is."""
    return typing.cast("Staff", here.staff) if signed_in() else None
