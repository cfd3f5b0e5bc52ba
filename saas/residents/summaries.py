"""Residents as lists need them: one query of plain rows, no objects; three times less work per page."""

from __future__ import annotations

import datetime
import typing
import uuid

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from saas.db import session
from saas.residents.models import Resident, ResidentKey, ResidentName


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


def summaries(chosen: sa.Select[uuid.UUID]) -> list[Summary]:
    """The residents whose ids are chosen, the last registered first."""
    ids = chosen.subquery()
    document, phone = aliased(ResidentKey), aliased(ResidentKey)
    query = (
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
    return [
        Summary(*row[:7], row[7] or [], _sealed(row[8], row[9]), _sealed(row[10], row[11]), row[12])
        for row in session.execute(query)
    ]


def _names() -> sa.ScalarSelect[list[str]]:
    texts = sa.func.array_agg(aggregate_order_by(ResidentName.text, ResidentName.position))
    return sa.select(texts).where(ResidentName.resident_id == Resident.id).scalar_subquery()


def _first(key: type[ResidentKey], kind: str) -> sa.ColumnElement[bool]:
    return sa.and_(key.resident_id == Resident.id, key.kind == kind, key.position == 0)


def _sealed(key_id: uuid.UUID | None, value: bytes | None) -> Sealed | None:
    return None if key_id is None or value is None else Sealed(key_id, value)
