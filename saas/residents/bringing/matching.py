"""After a run: whom clinical staff are to look at, because she may be here twice. One by one, later."""

from __future__ import annotations

import collections
import typing

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from saas.db import new_id
from saas.residents.bringing import batches
from saas.residents.bringing.running import alone, stored_of
from saas.residents.bringing.tasks import taken
from saas.residents.models import Resident, ResidentKey, ResidentLink, ResidentName
from saas.residents.reading import HIDDEN
from saas.web import clock

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Sequence

    from sqlalchemy.orm import Session

    from saas.web.jobs import Errand

Pair = tuple["uuid.UUID", "uuid.UUID"]
PEOPLE_A_LOOK = 500
MOST_QUESTIONS = 5
"""Pairs of one name that staff are asked about per person: a common name is no question."""
_YEAR = 366


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
            _ask_later(session, likely(session, ids[at : at + PEOPLE_A_LOOK]), task.by)
        batch.mapping = batch.mapping | {"compared": True}


def _alike(session: Session, ids: Sequence[uuid.UUID]) -> set[Pair]:
    """Pairs with the same document number; or, unless each has one, with a name, sex and year of birth."""
    pairs = {_ordered(one, other) for one, other in session.execute(_by_number(ids))}
    asked: collections.Counter[uuid.UUID] = collections.Counter()
    for one, other in session.execute(_by_name(ids)):
        asked[one] += 1
        if asked[one] <= MOST_QUESTIONS:
            pairs.add(_ordered(one, other))
    return pairs


def _by_number(ids: Sequence[uuid.UUID]) -> sa.Select[uuid.UUID, uuid.UUID]:
    key, other, theirs = aliased(ResidentKey), aliased(ResidentKey), aliased(Resident)
    return (
        sa.select(key.resident_id, other.resident_id)
        .join(other, sa.and_(other.hash == key.hash, other.resident_id != key.resident_id))
        .join(theirs, theirs.id == other.resident_id)
        .where(key.resident_id.in_(ids), key.kind == "document", other.kind == "document")
        .where(theirs.standing.not_in(HIDDEN))
    )


def _by_name(ids: Sequence[uuid.UUID]) -> sa.Select[uuid.UUID, uuid.UUID]:
    """Two people who each have a document of another number are two people, whatever they are called."""
    mine, theirs = aliased(Resident), aliased(Resident)
    name, other_name = aliased(ResidentName), aliased(ResidentName)
    return (
        sa.select(mine.id, theirs.id)
        .join(name, name.resident_id == mine.id)
        .join(other_name, other_name.search_key == name.search_key)
        .join(theirs, sa.and_(theirs.id == other_name.resident_id, theirs.id != mine.id))
        .where(mine.id.in_(ids), theirs.sex_code == mine.sex_code, theirs.standing.not_in(HIDDEN))
        .where(sa.func.abs(mine.birth_date - theirs.birth_date) <= _YEAR)
        .where(~sa.and_(_has_document(mine), _has_document(theirs)))
        .distinct()
        .order_by(mine.id, theirs.id)
    )


def _has_document(resident: type[Resident]) -> sa.ColumnElement[bool]:
    return (
        sa.select(ResidentKey.id)
        .where(ResidentKey.resident_id == resident.id, ResidentKey.kind == "document")
        .exists()
    )


def _ordered(one: uuid.UUID, other: uuid.UUID) -> Pair:
    """Of two people the smaller id stands first."""
    return min(one, other), max(one, other)


likely: Callable[[Session, Sequence[uuid.UUID]], set[Pair]] = _alike
"""Which of these residents may be somebody who is here already; the one place to point elsewhere."""


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
