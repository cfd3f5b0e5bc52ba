"""Who is signed in, for the request pipeline and for Flask-Login."""

from __future__ import annotations

import typing

import sqlalchemy as sa

from saas.accounts import people
from saas.accounts.models import Staff
from saas.db import Fixed, fetched, rows_like
from saas.web.models import ClinicSetting
from saas.web.request import here, signed_in

if typing.TYPE_CHECKING:
    import uuid

    from saas.db import Message


# Built once: it stands before every page.
_WHO = sa.bindparam("staff_id", type_=sa.Uuid, required=True)
_BOTH = Fixed(sa.select(ClinicSetting, Staff).outerjoin(Staff, Staff.id == _WHO))
_setting, _person = rows_like(ClinicSetting), rows_like(Staff)
_BORDER = len(ClinicSetting.__table__.c)


def load(staff_id: uuid.UUID, *after: Message) -> tuple[ClinicSetting, Staff | None]:
    """The clinic's settings and the person of a session, in one query; ``after`` is sent with it.

    Rows like the models', which no session follows: to write to them raises. Who changes her own row has it
    from ``people.me``; who changes the settings reads them.
    """
    (row,), *_ = fetched(_BOTH.of(staff_id=staff_id), *after)
    return _setting(row[:_BORDER]), _person(row[_BORDER:]) if row[_BORDER] else None


def speak(language: str) -> None:
    """Keep on the signed-in person's own row in which language she reads."""
    people.me().language = language


def signed_in_person() -> Staff | None:
    """The person of this request; the server's session row decided who that is."""
    return typing.cast("Staff", here.staff) if signed_in() else None
