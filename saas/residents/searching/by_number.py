"""Whom a number leads to: a whole one, or its last four or six characters; no other part of it."""

from __future__ import annotations

import re
import typing

import sqlalchemy as sa

from saas.db import session
from saas.residents import stored
from saas.residents.models import Resident, ResidentKey
from saas.residents.rules import citizen_id, phones
from saas.residents.summaries import Sealed

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from saas.residents.searching.within import Within
    from saas.web.keys import ClinicKeys

_DOCUMENT = re.compile(r"[0-9A-Z]{4,30}")
_RECORD = re.compile(r"[0-9]{17}")
_RECORD_END = re.compile(r"[0-9]{8}")
_TAIL = re.compile(r"[0-9]{3}(?:[0-9]{2})?[0-9A-Z]")
_PLACEHOLDER_NUMBER = re.compile(r"[0-9]{1,6}")
# The digits of a health card, whatever a Uyghur layout made of the letters before them.
_CARD = re.compile(r"[^0-9]{0,12}([0-9]{39})")
_SIX = 6


def ids_of(words: str, keys: ClinicKeys, most: int, within: Within | None = None) -> list[uuid.UUID]:
    """Residents with this number, the last registered first; those with the whole number before ends."""
    number = citizen_id.normalised(words)
    among = sa.true() if within is None else within.holds(ResidentKey.resident_id)
    whole = _ids(sa.and_(ResidentKey.hash.in_(_hashes(words, number, keys)), among), most)
    ends = _by_end(number, keys, most, among)
    found = [*whole, *_by_placeholder(words), *ends, *_by_record_end(number, keys)]
    return list(dict.fromkeys(found))[:most]


def _hashes(words: str, number: str, keys: ClinicKeys) -> list[bytes]:
    hashes = []
    if _DOCUMENT.fullmatch(number):
        written = [number, citizen_id.converted(number) or number]
        hashes += [stored.number_hash(keys, "document_number", one) for one in dict.fromkeys(written)]
    if not phones.findings(words, "phone_0"):
        hashes.append(stored.number_hash(keys, "phone_0", words))
    if _RECORD.fullmatch(number):
        hashes.append(keys.hash("record", number))
    card = _CARD.fullmatch(number)
    return [*hashes, keys.hash("card", card[1])] if card else hashes


def _by_end(number: str, keys: ClinicKeys, most: int, among: sa.ColumnElement[bool]) -> Sequence[uuid.UUID]:
    """By the keyed hash of the end; four and six characters have one, no other length."""
    if not _TAIL.fullmatch(number):
        return []
    column = ResidentKey.tail_six if len(number) == _SIX else ResidentKey.tail_four
    return _ids(sa.and_(column == keys.hash(f"tail {len(number)}", number), among), most)


def _by_record_end(number: str, keys: ClinicKeys) -> list[uuid.UUID]:
    """A record number is said by its last eight: found by six of them, the others are looked at."""
    if not _RECORD_END.fullmatch(number):
        return []
    query = sa.select(ResidentKey.resident_id, ResidentKey.id, ResidentKey.value).where(
        ResidentKey.kind == "record", ResidentKey.tail_six == keys.hash("tail 6", number[-_SIX:])
    )
    rows = session.execute(query).all()
    return [row[0] for row in rows if stored.opened(Sealed(row[1], row[2]), keys).endswith(number)]


def _by_placeholder(words: str) -> Sequence[uuid.UUID]:
    if not _PLACEHOLDER_NUMBER.fullmatch(words):
        return []
    return session.scalars(sa.select(Resident.id).where(Resident.placeholder_number == int(words))).all()


def _ids(condition: sa.ColumnElement[bool], most: int) -> Sequence[uuid.UUID]:
    query = (
        sa.select(ResidentKey.resident_id)
        .where(condition, ResidentKey.voided_at.is_(None))
        .distinct()
        .order_by(ResidentKey.resident_id.desc())
        .limit(most)
    )
    return session.scalars(query).all()
