"""Finding residents and listing them: in the order of their records, never by name, 50 a page."""

from __future__ import annotations

import dataclasses
import re
import typing

import sqlalchemy as sa

from saas.accounts.models import Site, Staff
from saas.db import session
from saas.residents import stored
from saas.residents.models import Resident, ResidentKey, ResidentName
from saas.residents.rules import citizen_id, names, phones
from saas.residents.summaries import Summary, summaries

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from saas.web.keys import ClinicKeys

HIDDEN = ("merged", "undone")
"""Rows that are nobody's line: another row is this person now, or her import was taken back."""
PAGE = 50
"""Residents on one page (rights N2 and N5)."""
LONGEST_QUERY = 200
_DOCUMENT = re.compile(r"[0-9A-Z]{4,30}")
_PLACEHOLDER_NUMBER = re.compile(r"[0-9]{1,6}")
_ESCAPE = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})


@dataclasses.dataclass(frozen=True)
class Page:
    """One page of a list; ``has_more`` when another one follows."""

    residents: Sequence[Summary]
    number: int
    has_more: bool


def one(resident_id: uuid.UUID) -> Resident | None:
    """The resident of this clinic with this id."""
    return session.get(Resident, resident_id)


def listed(site_id: uuid.UUID | None, page: int) -> Page:
    """The residents of a site, or of the clinic; the last registered first. Pages count from 1."""
    query = sa.select(Resident.id).where(Resident.standing.not_in(HIDDEN))
    if site_id is not None:
        query = query.where(Resident.site_id == site_id)
    return _page(query, page)


def found(words: str, keys: ClinicKeys, page: int) -> Page:
    """Whom the words lead to: part of any name, a document's number, a phone, a placeholder's number.

    Each word must occur in one written form of the name; their order is free.
    """
    ways = [*_by_name(words), *_by_number(words, keys), *_by_placeholder(words)]
    if not ways:
        return Page([], page, has_more=False)
    return _page(sa.select(Resident.id).where(Resident.id.in_(sa.union(*ways))), page)


def holders(number: str, keys: ClinicKeys, apart_from: uuid.UUID | None) -> list[Summary]:
    """Who else has this document number; at most three, they are shown as links."""
    same = sa.select(ResidentKey.resident_id).where(
        ResidentKey.kind == "document",
        ResidentKey.hash == stored.number_hash(keys, "document_number", number),
    )
    query = sa.select(Resident.id).where(Resident.id.in_(same))
    if apart_from is not None:
        query = query.where(Resident.id != apart_from)
    return summaries(query.order_by(Resident.id).limit(3))


def sites() -> list[Site]:
    """The places of the clinic: the centre first, then by code."""
    return list(session.scalars(sa.select(Site).order_by(Site.kind, Site.code)))


def staff_name(staff_id: uuid.UUID) -> str:
    """The name of a member of staff."""
    return session.scalars(sa.select(Staff.name).where(Staff.id == staff_id)).one()


def document_of(words: str, keys: ClinicKeys) -> uuid.UUID | None:
    """The one person whose document has exactly this number; None for none and for several."""
    hashes = _document_hashes(words, keys)
    query = sa.select(ResidentKey.resident_id).where(
        ResidentKey.kind == "document", ResidentKey.hash.in_(hashes)
    )
    ids = list(session.scalars(query.distinct().limit(2)))
    return ids[0] if len(ids) == 1 else None


def _page(query: sa.Select[uuid.UUID], page: int) -> Page:
    ordered = query.order_by(Resident.id.desc()).offset((page - 1) * PAGE).limit(PAGE + 1)
    rows = summaries(ordered)
    return Page(rows[:PAGE], page, has_more=len(rows) > PAGE)


def _by_name(words: str) -> list[sa.Select[uuid.UUID]]:
    parts = names.query_keys(words)
    if not parts:
        return []
    patterns = (f"%{part.translate(_ESCAPE)}%" for part in parts)
    holds = (ResidentName.search_key.like(pattern, escape="\\") for pattern in patterns)
    return [sa.select(ResidentName.resident_id).where(*holds)]


def _by_number(words: str, keys: ClinicKeys) -> list[sa.Select[uuid.UUID]]:
    hashes = _document_hashes(words, keys)
    if not phones.findings(words, "phone_0"):
        hashes.append(stored.number_hash(keys, "phone_0", words))
    return [sa.select(ResidentKey.resident_id).where(ResidentKey.hash.in_(hashes))] if hashes else []


def _document_hashes(words: str, keys: ClinicKeys) -> list[bytes]:
    """Of the number as it is, and of an old one of 15 digits also as it is stored."""
    number = citizen_id.normalised(words)
    if not _DOCUMENT.fullmatch(number):
        return []
    longer = citizen_id.converted(number)
    written = [number] if longer is None else [number, longer]
    return [stored.number_hash(keys, "document_number", one) for one in written]


def _by_placeholder(words: str) -> list[sa.Select[uuid.UUID]]:
    if not _PLACEHOLDER_NUMBER.fullmatch(words):
        return []
    return [sa.select(Resident.id).where(Resident.placeholder_number == int(words))]
