"""After a run: whom clinical staff are to look at, because she may be here twice. One by one, later."""

from __future__ import annotations

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
    """Pairs with the same document number; or with a name of one key, the same sex, births a year apart."""
    mine, theirs = aliased(Resident), aliased(Resident)
    of_two = sa.select(mine.id, theirs.id).select_from(mine).where(mine.id.in_(ids))
    seen = sa.and_(theirs.id != mine.id, theirs.standing.not_in(HIDDEN), mine.standing.not_in(HIDDEN))
    key, other_key = aliased(ResidentKey), aliased(ResidentKey)
    by_number = (
        of_two.join(key, sa.and_(key.resident_id == mine.id, key.kind == "document"))
        .join(other_key, sa.and_(other_key.hash == key.hash, other_key.kind == "document"))
        .join(theirs, sa.and_(theirs.id == other_key.resident_id, seen))
    )
    name, other_name = aliased(ResidentName), aliased(ResidentName)
    near = sa.func.abs(mine.birth_date - theirs.birth_date) <= _YEAR
    by_name = (
        of_two.join(name, name.resident_id == mine.id)
        .join(other_name, other_name.search_key == name.search_key)
        .join(theirs, sa.and_(theirs.id == other_name.resident_id, seen))
        .where(theirs.sex_code == mine.sex_code, near)
    )
    rows = [*session.execute(by_number), *session.execute(by_name)]
    return {(min(one, other), max(one, other)) for one, other in rows}


likely: Callable[[Session, Sequence[uuid.UUID]], set[Pair]] = _alike
"""Which of these residents may be somebody who is here already; the one place to point elsewhere."""


def _ask_later(session: Session, pairs: set[Pair], by: uuid.UUID) -> None:
    """One question per pair, unless it was answered or is being asked; the smaller id first."""
    if not pairs:
        return
    link = ResidentLink
    asked = sa.select(link.resident_id, link.other_id).where(
        sa.or_(
            sa.tuple_(link.resident_id, link.other_id).in_(pairs),
            sa.tuple_(link.other_id, link.resident_id).in_(pairs),
        )
    )
    answered = {(min(one, other), max(one, other)) for one, other in session.execute(asked)}
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
