"""Residents as lists need them: one query of plain rows, no objects; three times less work per page."""

from __future__ import annotations

import datetime
import typing
import uuid

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from saas.db import Fixed, fetched, one_of_ids
from saas.residents.models import Resident, ResidentKey, ResidentName

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

    from saas.db import Message


class Sealed(typing.NamedTuple):
    """A number as it is stored, with the row that it opens for."""

    id: uuid.UUID
    value: bytes


class Summary(typing.NamedTuple):
    """What a list shows of one resident; numbers are still sealed."""

    id: uuid.UUID
    sex_code: str
    birth_date: datetime.date | None
    birth_precision: str
    placeholder: str
    placeholder_number: int | None
    village: str
    names: list[str]
    document: Sealed | None
    phone: Sealed | None
    standing: str


def summaries(ids: Iterable[uuid.UUID]) -> list[Summary]:
    """These residents, the last registered first."""
    asked = list(ids)
    return rows(_OF_IDS.of(ids=asked)) if asked else []


def rows(message: Message) -> list[Summary]:
    """What a statement of ``of_chosen`` finds."""
    return [
        Summary._make((*row[:7], row[7] or [], _sealed(*row[8:10]), _sealed(*row[10:12]), row[12]))
        for row in fetched(message)[0]
    ]


def of_chosen(chosen: sa.Select[uuid.UUID]) -> Fixed:
    """The statement for those whose ids are chosen, the last registered first."""
    ids = chosen.subquery()
    document, phone = aliased(ResidentKey), aliased(ResidentKey)
    return Fixed(
        sa.select(
            Resident.id,
            Resident.sex_code,
            Resident.birth_date,
            Resident.birth_precision,
            Resident.placeholder,
            Resident.placeholder_number,
            Resident.village,
            _names(),
            document.id,
            document.value,
            phone.id,
            phone.value,
            Resident.standing,
        )
        .join(ids, ids.c.id == Resident.id)
        .outerjoin(document, _first(document, "document"))
        .outerjoin(phone, _first(phone, "phone"))
        .order_by(Resident.id.desc())
    )


def _names() -> sa.ScalarSelect[list[str]]:
    texts = sa.func.array_agg(aggregate_order_by(ResidentName.text, ResidentName.position))
    return sa.select(texts).where(ResidentName.resident_id == Resident.id).scalar_subquery()


def _first(key: type[ResidentKey], kind: str) -> sa.ColumnElement[bool]:
    return sa.and_(key.resident_id == Resident.id, key.kind == kind, key.position == 0)


def _sealed(key_id: uuid.UUID | None, value: bytes | None) -> Sealed | None:
    return None if key_id is None or value is None else Sealed(key_id, value)


_OF_IDS = of_chosen(sa.select(Resident.id).where(one_of_ids(Resident.id)))
