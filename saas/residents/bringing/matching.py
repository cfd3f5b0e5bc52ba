"""After a run: whom clinical staff are to look at, because she may be here twice. One by one, later."""

from __future__ import annotations

import collections
import typing

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from saas.db import new_id
from saas.residents import likeness, numbering
from saas.residents.bringing import batches
from saas.residents.bringing.running import alone, stored_of
from saas.residents.bringing.tasks import taken
from saas.residents.models import Resident, ResidentKey, ResidentLink, ResidentName
from saas.residents.reading import HIDDEN
from saas.residents.rules.likeness import YEARS_APART
from saas.web import clock

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from saas.web.jobs import Errand
    from saas.web.keys import ClinicKeys

Pair = tuple["uuid.UUID", "uuid.UUID"]
PEOPLE_A_LOOK = 500
MOST_QUESTIONS = 5
"""Pairs of one name that staff are asked about per person: a common name is no question."""


def match(errand: Errand) -> None:
    """Put the likely pairs into the queue of clinical staff; the head is told nothing of it (rights N5)."""
    task = taken(errand, batches.DONE, with_file=False)
    if task is None:
        return
    with errand.inside() as session:
        alone(session)
        batch = batches.held(errand.id)
        if batch is None or batches.waiting(batch) != batches.MATCH_LIST:
            return
        ids = stored_of(session, errand.id)
        for at in range(0, len(ids), PEOPLE_A_LOOK):
            errand.look_up()
            _number(session, ids[at : at + PEOPLE_A_LOOK], task.keys)
            _ask_later(session, _likely(session, ids[at : at + PEOPLE_A_LOOK]), task.by)
        batch.mapping = batch.mapping | {"compared": True}


def _number(session: Session, ids: Sequence[uuid.UUID], keys: ClinicKeys) -> None:
    """Record numbers after the run: the statements they need depend on what the place has given already."""
    people = session.scalars(sa.select(Resident).where(Resident.id.in_(ids))).all()
    numbering.give(people, keys)
    session.flush()
    for one in people:
        session.expunge(one)


def _likely(session: Session, ids: Sequence[uuid.UUID]) -> set[Pair]:
    """Pairs with the same number; or, unless each has a document, alike in name, sex, year and place."""
    pairs = {_ordered(one, other) for one, other in session.execute(_same_number(ids))}
    asked: collections.Counter[uuid.UUID] = collections.Counter()
    for one, other in sorted(set(_same_name(session, ids))):
        asked[one] += 1
        if asked[one] <= MOST_QUESTIONS:
            pairs.add(_ordered(one, other))
    return pairs


def _ordered(one: uuid.UUID, other: uuid.UUID) -> Pair:
    """Of two people the smaller id stands first."""
    return min(one, other), max(one, other)


def _has_document(resident: type[Resident]) -> sa.ColumnElement[bool]:
    return sa.exists().where(ResidentKey.resident_id == resident.id, ResidentKey.kind == "document")


def _pairs(
    ids: Sequence[uuid.UUID],
) -> tuple[type[Resident], type[Resident], sa.ColumnElement[bool]]:
    mine, theirs = aliased(Resident), aliased(Resident)
    seen = sa.and_(theirs.id != mine.id, theirs.standing.not_in(HIDDEN), mine.standing.not_in(HIDDEN))
    return mine, theirs, sa.and_(seen, mine.id.in_(ids))


def _same_number(ids: Sequence[uuid.UUID]) -> sa.Select[uuid.UUID, uuid.UUID]:
    mine, theirs, seen = _pairs(ids)
    key, other = aliased(ResidentKey), aliased(ResidentKey)
    return (
        sa.select(mine.id, theirs.id)
        .join(key, sa.and_(key.resident_id == mine.id, key.kind == "document"))
        .join(other, sa.and_(other.hash == key.hash, other.kind == "document"))
        .join(theirs, sa.and_(theirs.id == other.resident_id, seen))
    )


def _same_name(session: Session, ids: Sequence[uuid.UUID]) -> Iterator[Pair]:
    """By the coarse sound first, which an index answers; then by the likeness of the written forms."""
    mine, theirs, seen = _pairs(ids)
    name, other = aliased(ResidentName), aliased(ResidentName)
    years = sa.func.abs(sa.extract("year", mine.birth_date) - sa.extract("year", theirs.birth_date))
    near = sa.and_(theirs.sex_code == mine.sex_code, years <= YEARS_APART)
    found = (
        sa.select(mine.id, theirs.id, name.text, other.text)
        .join(name, name.resident_id == mine.id)
        .join(other, other.sounds.overlap(name.sounds))
        .join(theirs, sa.and_(theirs.id == other.resident_id, seen))
        .where(near, sa.or_(theirs.site_id == mine.site_id, _share_a_phone(mine, theirs)))
        # Two people who each have a document of another number are two, whatever they are called.
        .where(~sa.and_(_has_document(mine), _has_document(theirs)))
    )
    texts: dict[str, list[tuple[Pair, str]]] = {}
    for one, two, text, written in session.execute(found):
        texts.setdefault(text, []).append(((one, two), written))
    for text, others in texts.items():
        told = likeness.same_name(text, [written for _, written in others])
        yield from (pair for (pair, _), same in zip(others, told, strict=True) if same)


def _share_a_phone(mine: type[Resident], theirs: type[Resident]) -> sa.ColumnElement[bool]:
    phone, other = aliased(ResidentKey), aliased(ResidentKey)
    return sa.exists().where(
        phone.resident_id == mine.id,
        phone.kind == "phone",
        other.hash == phone.hash,
        other.kind == "phone",
        other.resident_id == theirs.id,
    )


def _ask_later(session: Session, pairs: set[Pair], by: uuid.UUID) -> None:
    """One question per pair, unless it was answered or is being asked; the smaller id first."""
    if not pairs:
        return
    link = ResidentLink
    people = {one for pair in pairs for one in pair}
    asked = sa.select(link.resident_id, link.other_id).where(link.resident_id.in_(people))
    # A merge may name the larger id first.
    answered = {_ordered(one, other) for one, other in session.execute(asked)}
    rows = [
        {
            "id": new_id(),
            "kind": "later",
            "resident_id": one,
            "other_id": other,
            "reason": "import",
            "created_at": clock.now(),
            "created_by": by,
        }
        for one, other in sorted(pairs - answered)
    ]
    if rows:
        session.execute(insert(link), rows)
