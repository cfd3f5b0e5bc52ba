"""Everything of one person: herself and all records that were merged into her. No row ever moves."""

from __future__ import annotations

import typing

import sqlalchemy as sa

from saas.db import Fixed, fetched, one_of_ids, session
from saas.residents.models import Resident
from saas.web.looking import once

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable


def person_ids(resident_id: uuid.UUID | sa.BindParameter[uuid.UUID]) -> sa.Select[uuid.UUID]:
    """The ids whose rows belong to this person, for ``.in_()``: her own and, transitively, the merged ones.

    Whatever is read of a person is read over these: numbers, visits, consents, records.
    """
    one = sa.select(Resident.id).where(Resident.id == resident_id).cte(recursive=True, nesting=True)
    one = one.union(sa.select(Resident.id).where(Resident.merged_into_id == one.c.id))
    return sa.select(one.c.id)


_IDS = Fixed(person_ids(sa.bindparam("id", type_=sa.Uuid, required=True)))


@once
def ids_of(resident_id: uuid.UUID) -> list[uuid.UUID]:
    """``person_ids``, fetched; her own first."""
    (rows,) = fetched(_IDS.of(id=resident_id))
    return list(own_first(resident_id, (one for (one,) in rows)))


def own_first(resident_id: uuid.UUID, ids: Iterable[uuid.UUID]) -> tuple[uuid.UUID, ...]:
    """The ids of a person's rows; her own before those that were merged into her."""
    return tuple(sorted(ids, key=lambda one: one != resident_id))


def ids_of_all(ids: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """These, and every row that was merged into one of them."""
    asked = sa.cast(list(ids), sa.ARRAY(sa.Uuid))
    one = sa.select(Resident.id).where(Resident.id == sa.any_(asked)).cte(recursive=True, nesting=True)
    one = one.union(sa.select(Resident.id).where(Resident.merged_into_id == one.c.id))
    return list(session.scalars(sa.select(one.c.id)))


def who_stayed(chosen: sa.Select[uuid.UUID] | sa.CompoundSelect[uuid.UUID]) -> sa.Select[uuid.UUID]:
    """Who the chosen residents are now: a merged one is the one who stayed, the others are themselves.

    Every search goes through here, so that old numbers and names keep finding the person.
    """
    up = sa.select(Resident.id, Resident.merged_into_id)
    up_to = up.where(Resident.id.in_(chosen)).cte(recursive=True, nesting=True)
    up_to = up_to.union(up.where(Resident.id == up_to.c.merged_into_id))
    return sa.select(up_to.c.id).where(up_to.c.merged_into_id.is_(None))


def stayers(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Who each of these residents is now; ids that the clinic does not have are left out."""
    (rows,) = fetched(_STAYERS.of(ids=list(ids)))
    return dict(rows)


def _stayers() -> sa.Select[uuid.UUID, uuid.UUID]:
    first = sa.select(Resident.id.label("asked"), Resident.id, Resident.merged_into_id)
    up = first.where(one_of_ids(Resident.id)).cte(recursive=True, nesting=True)
    further = sa.select(up.c.asked, Resident.id, Resident.merged_into_id)
    up = up.union(further.where(Resident.id == up.c.merged_into_id))
    return sa.select(up.c.asked, up.c.id).where(up.c.merged_into_id.is_(None))


_STAYERS = Fixed(_stayers())
