"""The chain of one person's records: each carries the hash of the one before it."""

from __future__ import annotations

import hmac
import typing

import sqlalchemy as sa

from saas.audit.canonical import canonical, plain
from saas.db import Fixed, fetched
from saas.formkit.models import Record

if typing.TYPE_CHECKING:
    import uuid

    from saas.web.keys import ClinicKeys

GENESIS = bytes(32)
"""What stands before the first record of a chain."""

_HASHED = (
    "id",
    "resident_id",
    "visit_id",
    "site_id",
    "form_code",
    "edition",
    "service_date",
    "answers",
    "computed",
    "notes",
    "next_due_on",
    "amends",
    "void",
    "reason",
    "signed_by",
    "form_id",
)


_NEWEST = sa.select(Record.hash).order_by(Record.signed_at.desc(), Record.id.desc()).limit(1)
_OF_A_RESIDENT = Fixed(_NEWEST.where(Record.resident_id == sa.bindparam("id", type_=sa.Uuid, required=True)))
_OF_THE_CLINIC = Fixed(_NEWEST.where(Record.resident_id.is_(None)))


def head(resident_id: uuid.UUID | None) -> bytes:
    """The hash of the newest record of the chain; of the clinic's own records without a resident."""
    asked = _OF_A_RESIDENT.of(id=resident_id) if resident_id else _OF_THE_CLINIC.of()
    ((newest,),) = fetched(asked)[0] or ((GENESIS,),)
    return typing.cast("bytes", newest)


def record_hash(record: Record, keys: ClinicKeys) -> bytes:
    """HMAC-SHA-256 of the record's canonical JSON and the record before it."""
    content = canonical(plain({name: getattr(record, name) for name in _HASHED}))
    return hmac.digest(keys.hash("purpose", "record"), record.previous + content.encode(), "sha256")
