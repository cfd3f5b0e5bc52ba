"""What is read of a person whose form is signed: once, in one round trip, and then handed on."""

from __future__ import annotations

import dataclasses
import typing

import sqlalchemy as sa

from saas.db import Fixed, Message, fetched
from saas.formkit import folder
from saas.residents import person
from saas.residents.models import Resident

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence

ROWS = sa.select(
    Resident.id,
    Resident.site_id,
    Resident.merged_into_id,
    Resident.birth_date,
    Resident.birth_precision,
    Resident.sex_code,
    Resident.standing,
    Resident.ended_on,
    Resident.created_at,
    Resident.updated_at,
)
"""Residents as rules need them."""
_ID = sa.bindparam("id", type_=sa.Uuid, required=True)
_HELD = Fixed(sa.select(Resident.id).where(Resident.id == _ID).with_for_update())
_PERSON = Fixed(ROWS.where(Resident.id.in_(person.person_ids(_ID))))


@dataclasses.dataclass(frozen=True)
class Book:
    """A person: her rows, her own and those merged into her, all that was signed, and what a room asked."""

    id: uuid.UUID
    rows: Mapping[uuid.UUID, typing.Any]
    folder: folder.Folder
    besides: Sequence[Sequence[typing.Any]]

    @property
    def ids(self) -> tuple[uuid.UUID, ...]:
        """The ids of her rows; her own first."""
        return person.own_first(self.id, self.rows)


def held(resident_id: uuid.UUID, *besides: Fixed) -> Book | None:
    """Her book, read while her row is held to the end of this request; None when there is no such row.

    ``besides`` are a room's own statements about all her rows, whose one value is ``ids``.
    """
    return _read(resident_id, besides, _HELD.of(id=resident_id))


def opened(resident_id: uuid.UUID, *besides: Fixed) -> Book | None:
    """The same of a row that somebody holds already, or of which nothing is to be written."""
    return _read(resident_id, besides)


def _read(resident_id: uuid.UUID, besides: Sequence[Fixed], *first: Message) -> Book | None:
    """Nearly everybody is one row, so that one is asked for at once; who is several is asked for again."""
    ids: tuple[uuid.UUID, ...] = (resident_id,)
    while True:
        asked = [folder.asked(ids), *(one.of(ids=list(ids)) for one in besides)]
        rows, signed, *told = fetched(*first, _PERSON.of(id=resident_id), *asked)[len(first) :]
        found = {row.id: row for row in rows}
        if resident_id not in found:
            return None
        if found.keys() == set(ids):
            return Book(resident_id, found, folder.Folder(ids, signed), told)
        ids, first = person.own_first(resident_id, found), ()
