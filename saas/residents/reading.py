"""Residents as lists show them: in the order of their records, never by name, 50 a page."""

from __future__ import annotations

import dataclasses
import re
import typing

import sqlalchemy as sa

from saas.accounts.models import Site, Staff
from saas.db import Fixed, fetched, one_of_ids, rows_like, session
from saas.residents import numbering, person, stored
from saas.residents.models import Resident, ResidentKey, ResidentName
from saas.residents.rules import citizen_id, standing
from saas.residents.summaries import Summary, of_chosen, rows
from saas.web.looking import once

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from saas.web.keys import ClinicKeys
    from saas.web.parts import StaffMember

HIDDEN = ("merged", "undone")
"""Rows that are nobody's line: another row is this person now, or her import was taken back."""
PAGE = 50
"""Residents on one page (rights N2 and N5)."""
_DOCUMENT = re.compile(r"[0-9A-Z]{4,30}")


@dataclasses.dataclass(frozen=True)
class Page:
    """One page of a list; ``has_more`` when another one follows."""

    residents: Sequence[Summary]
    number: int
    has_more: bool


_OF = sa.bindparam("id", type_=sa.Uuid, required=True)
_ONE = Fixed(sa.select(*Resident.__table__.c).where(Resident.id == _OF))
_NAMES = Fixed(
    sa.select(ResidentName.position, ResidentName.text)
    .where(ResidentName.resident_id == _OF)
    .order_by(ResidentName.position)
)
_KEYS = Fixed(
    sa.select(*ResidentKey.__table__.c)
    .where(ResidentKey.resident_id == _OF)
    .order_by(ResidentKey.kind, ResidentKey.position)
)
_seen = rows_like(Resident, "names", "keys")


@once
def one(resident_id: uuid.UUID) -> Resident | None:
    """The resident of this clinic with this id, to look at, with her names and numbers, in one round trip.

    A row like the model's, which no session follows: to write to it raises. Who changes a resident has
    her from ``writing.locked``.
    """
    found, names, keys = fetched(*(each.of(id=resident_id) for each in (_ONE, _NAMES, _KEYS)))
    return typing.cast("Resident", _seen([*found[0], names, keys])) if found else None


def listed(site_ids: Sequence[uuid.UUID], page: int, *, ended: bool = False) -> Page:
    """The residents of these places; the last registered first. Pages count from 1.

    Those who moved, died or left only when asked for (``ended``); a search finds them always.
    """
    found = rows((_WITH_ENDED if ended else _HERE).of(ids=list(site_ids), skipped=(page - 1) * PAGE))
    return Page(found[:PAGE], page, has_more=len(found) > PAGE)


_SITES = Fixed(sa.select(*Site.__table__.c).order_by(Site.kind, Site.code))
_place = rows_like(Site)


def sites() -> list[Site]:
    """The places of the clinic, to look at: the centre first, then by code."""
    return [_place(row) for row in fetched(_SITES.of())[0]]


def own_sites(staff: StaffMember) -> list[Site]:
    """The places of the clinic at which this person works."""
    own = set(staff.site_ids)
    return [site for site in sites() if str(site.id) in own]


_PLACE = Fixed(
    sa.select(Site.name_zh, Site.name_ug, Staff.name)
    .join(Staff, Staff.id == sa.bindparam("by", type_=sa.Uuid, required=True))
    .where(Site.id == _OF)
)


def place_and_hand(resident: Resident) -> typing.Any:  # noqa: ANN401 - a row: the site's names, her name
    """The names of a resident's place of care, and of who changed her last."""
    return fetched(_PLACE.of(id=resident.site_id, by=resident.updated_by))[0][0]


def staff_name(staff_id: uuid.UUID) -> str:
    """The name of a member of staff."""
    return session.scalars(sa.select(Staff.name).where(Staff.id == staff_id)).one()


def document_of(words: str, keys: ClinicKeys) -> uuid.UUID | None:
    """The one person whose document or record has exactly this number; None for none and for several."""
    hashes = [*_document_hashes(words, keys), *numbering.hashes(words, keys)]
    if not hashes:
        return None
    holds = sa.select(ResidentKey.resident_id).where(
        ResidentKey.kind.in_(("document", numbering.KIND)), ResidentKey.hash.in_(hashes)
    )
    query = sa.select(Resident.id).where(Resident.id.in_(person.who_stayed(holds)))
    ids = list(session.scalars(query.where(Resident.standing != "undone").limit(2)))
    return ids[0] if len(ids) == 1 else None


def _page(*conditions: sa.ColumnElement[bool]) -> Fixed:
    query = sa.select(Resident.id).where(*conditions, one_of_ids(Resident.site_id))
    skipped = sa.bindparam("skipped", type_=sa.BigInteger, required=True)
    return of_chosen(query.order_by(Resident.id.desc()).offset(skipped).limit(PAGE + 1))


_HERE = _page(Resident.standing == standing.HERE)
_WITH_ENDED = _page(Resident.standing.not_in(HIDDEN))


def _document_hashes(words: str, keys: ClinicKeys) -> list[bytes]:
    """Of the number as it is, and of an old one of 15 digits also as it is stored."""
    number = citizen_id.normalised(words)
    if not _DOCUMENT.fullmatch(number):
        return []
    longer = citizen_id.converted(number)
    written = [number] if longer is None else [number, longer]
    return [stored.number_hash(keys, "document_number", one) for one in written]
