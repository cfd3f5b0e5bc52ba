"""What was decided about two residents: different, to be looked at, proposed as one, a household.

A decision is between two people, so it is found whichever of their merged records it was written for.
"""

from __future__ import annotations

import typing

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from saas.accounts.models import Site, Staff
from saas.db import Fixed, fetched, new_id, one_of_ids, session
from saas.residents import person
from saas.residents.models import Resident, ResidentLink

if typing.TYPE_CHECKING:
    import datetime
    import uuid
    from collections.abc import Sequence

PAIRS = 25
"""Pairs on one page of the queue: fifty people (rights N5)."""
OPEN = sa.and_(ResidentLink.ended_at.is_(None), ResidentLink.confirmed_at.is_(None))
_LOOK = ("later", "merge")


class Hand(typing.NamedTuple):
    """Who decides, and when."""

    by: uuid.UUID
    at: datetime.datetime


def ask_later(one: uuid.UUID, other: uuid.UUID, hand: Hand) -> None:
    """Put two residents into the queue; a proposal and an earlier "different" are taken back."""
    settle(one, other, ("merge", "different"), hand)
    _write("later", one, other, hand)


def set_different(one: uuid.UUID, other: uuid.UUID, hand: Hand) -> None:
    """They are two people: remembered, and never asked again."""
    settle(one, other, _LOOK, hand)
    _write("different", one, other, hand)


def link_household(one: uuid.UUID, other: uuid.UUID, hand: Hand) -> None:
    """Two people who both wish to be shown as one household; nobody is its head."""
    _write("household", one, other, hand)


def unlink_household(one: uuid.UUID, other: uuid.UUID) -> bool:
    """Forget that two people are a household: the row goes. False when there was none."""
    found = between(one, other, ("household",))
    for link in found:
        session.delete(link)
    return bool(found)


def settle(one: uuid.UUID, other: uuid.UUID, kinds: Sequence[str], hand: Hand) -> None:
    """End what is open of these kinds between two people."""
    for link in between(one, other, kinds):
        link.ended_at, link.ended_by = hand.at, hand.by
    session.flush()


def between(one: uuid.UUID, other: uuid.UUID, kinds: Sequence[str]) -> list[ResidentLink]:
    """What is open of these kinds between two people, whichever of them was written first."""
    ones, others = person.person_ids(one), person.person_ids(other)
    query = sa.select(ResidentLink).where(
        OPEN,
        ResidentLink.kind.in_(kinds),
        sa.or_(
            sa.and_(ResidentLink.resident_id.in_(ones), ResidentLink.other_id.in_(others)),
            sa.and_(ResidentLink.resident_id.in_(others), ResidentLink.other_id.in_(ones)),
        ),
    )
    return list(session.scalars(query.order_by(ResidentLink.id)))


def different_from(resident_id: uuid.UUID) -> set[uuid.UUID]:
    """Who was already said to be somebody else than this person."""
    links = of_person(resident_id, ("different",))
    return set(person.stayers({one for link in links for one in (link.resident_id, link.other_id)}).values())


def of_person(resident_id: uuid.UUID, kinds: Sequence[str]) -> list[ResidentLink]:
    """What is open of these kinds between this person and anybody."""
    ids = person.person_ids(resident_id)
    query = sa.select(ResidentLink).where(
        OPEN,
        ResidentLink.kind.in_(kinds),
        sa.or_(ResidentLink.resident_id.in_(ids), ResidentLink.other_id.in_(ids)),
    )
    return list(session.scalars(query.order_by(ResidentLink.id)))


_ABOUT = Fixed(
    sa.select(*ResidentLink.__table__.c)
    .where(
        ResidentLink.ended_at.is_(None),
        sa.or_(one_of_ids(ResidentLink.resident_id), one_of_ids(ResidentLink.other_id)),
    )
    .order_by(ResidentLink.confirmed_at, ResidentLink.id)
)


def about(resident_id: uuid.UUID) -> list[ResidentLink]:
    """All of ``of_person``, of whatever kind, and the merges, in one read: rows to look at."""
    (rows,) = fetched(_ABOUT.of(ids=person.ids_of(resident_id)))
    return rows


def merges_into(resident_id: uuid.UUID) -> list[ResidentLink]:
    """The confirmed merges into this very record that were not undone, the first one first."""
    query = sa.select(ResidentLink).where(
        ResidentLink.kind == "merge",
        ResidentLink.resident_id == resident_id,
        ResidentLink.confirmed_at.is_not(None),
        ResidentLink.ended_at.is_(None),
    )
    return list(session.scalars(query.order_by(ResidentLink.confirmed_at, ResidentLink.id)))


class Waiting(typing.NamedTuple):
    """One pair of the queue: no name stands in it, who they are is seen one pair at a time."""

    kind: str
    resident_id: uuid.UUID
    other_id: uuid.UUID
    created_at: datetime.datetime
    asked_by: str
    site: Site
    other_site: Site


def waiting(page: int) -> tuple[list[Waiting], bool]:
    """The pairs that somebody is to look at, the oldest first, and whether there are more."""
    one, other, site, other_site = aliased(Resident), aliased(Resident), aliased(Site), aliased(Site)
    columns = (ResidentLink.kind, ResidentLink.resident_id, ResidentLink.other_id, ResidentLink.created_at)
    query = (
        sa.select(*columns, Staff.name, site, other_site)
        .join(one, one.id == ResidentLink.resident_id)
        .join(other, other.id == ResidentLink.other_id)
        .join(site, site.id == one.site_id)
        .join(other_site, other_site.id == other.site_id)
        .join(Staff, Staff.id == ResidentLink.created_by)
        .where(OPEN, ResidentLink.kind.in_(_LOOK), one.standing != "undone", other.standing != "undone")
        .order_by(ResidentLink.id)
        .offset((page - 1) * PAIRS)
        .limit(PAIRS + 1)
    )
    rows = [Waiting(*row) for row in session.execute(query)]
    return rows[:PAIRS], len(rows) > PAIRS


def _write(kind: str, one: uuid.UUID, other: uuid.UUID, hand: Hand) -> None:
    """One open row per pair and kind, the smaller id first; the same again, or at once, is harmless."""
    first, second = sorted((one, other))
    session.execute(
        insert(ResidentLink)
        .values(
            id=new_id(),
            kind=kind,
            resident_id=first,
            other_id=second,
            created_at=hand.at,
            created_by=hand.by,
        )
        .on_conflict_do_nothing(
            index_elements=["kind", "resident_id", "other_id"],
            index_where=ResidentLink.ended_at.is_(None),
        )
    )
