"""What is known about a member of staff and a resident, for the rule of care."""

from __future__ import annotations

import typing

import sqlalchemy as sa

from saas.db import Fixed, fetched, session
from saas.residents.models import Opening, Resident, Visit
from saas.residents.rules import care

if typing.TYPE_CHECKING:
    import datetime
    import uuid

    from saas.web.parts import StaffMember


def carer(staff: StaffMember) -> care.Carer:
    """A member of staff as the rule knows her."""
    return care.Carer(staff.id, frozenset(staff.site_ids))


def of(resident: typing.Any) -> care.Registration:  # noqa: ANN401 - a resident, or ``registered``
    """A resident as the rule knows her."""
    return care.Registration(
        str(resident.site_id),
        resident.created_at,
        resident.created_by,
        imported=resident.import_batch_id is not None,
    )


_REGISTERED = Fixed(
    sa.select(
        Resident.site_id,
        Resident.created_at,
        Resident.created_by,
        Resident.import_batch_id,
        Resident.standing,
    ).where(Resident.id == sa.bindparam("id", type_=sa.Uuid, required=True))
)


def registered(resident_id: uuid.UUID) -> typing.Any:  # noqa: ANN401 - a row, for ``of``
    """The few columns of a resident's that the rule reads, where she is read whole later, under a lock."""
    return next(iter(fetched(_REGISTERED.of(id=resident_id))[0]), None)


def contacts_today(resident_id: uuid.UUID, now: datetime.datetime) -> list[care.Contact]:
    """The visits that began since midnight."""
    query = sa.select(Visit.site_id, Visit.started_at, Visit.started_by, Visit.ended_at).where(
        Visit.resident_id == resident_id, Visit.started_at >= care.day_began(now)
    )
    return [
        care.Contact(str(site_id), began, by, taken_back=ended == began)
        for site_id, began, by, ended in session.execute(query)
    ]


def live_opening(resident_id: uuid.UUID, staff_id: uuid.UUID, now: datetime.datetime) -> Opening | None:
    """The opening of hers that holds now; the one that ends last."""
    query = (
        sa.select(Opening)
        .where(Opening.resident_id == resident_id, Opening.staff_id == staff_id, Opening.ends_at > now)
        .order_by(Opening.ends_at.desc())
    )
    found = session.scalars(query)
    return next((one for one in found if care.is_open(care.Open(one.opened_at, one.ends_at), now)), None)
