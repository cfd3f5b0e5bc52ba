"""Taking a batch back on the day it was run: whoever nobody has worked with since stands 'undone'."""

from __future__ import annotations

import typing

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from saas.db import Base
from saas.residents.bringing import batches
from saas.residents.bringing.running import alone
from saas.residents.bringing.tasks import taken
from saas.residents.models import Resident, ResidentKey, ResidentLink
from saas.web import clock

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from saas.web.jobs import Errand

_HER_OWN = {"resident_name", "resident_key", "resident_link", "resident"}
"""Tables whose rows come with her, or are looked at one by one below."""


def undo(errand: Errand) -> None:
    """Nothing is deleted, and nothing is told of how many stayed: that some were merged is nobody's word.

    A head who brought in one name and took it back would else learn that the person was here (rights N5).
    """
    task = taken(errand, batches.DONE, with_file=False)
    if task is None:
        return
    with errand.inside() as session:
        alone(session)
        batch = batches.held(errand.id)
        if batch is None or batch.state != batches.DONE or batch.undone_at is None:
            return
        ids = _taken_back(session, errand.id, task.by)
        _forget_questions(session, errand.id)
        batch.state = batches.UNDONE
        session.flush()
        task.log(session, "residents.list_undone", ids, {})


def _taken_back(session: Session, batch_id: uuid.UUID, by: uuid.UUID) -> list[uuid.UUID]:
    statement = (
        sa.update(Resident)
        .where(
            Resident.import_batch_id == batch_id,
            Resident.standing == "here",
            Resident.version == 1,
            *(~sa.exists(use) for use in _uses()),
        )
        .values(standing="undone", updated_at=clock.now(), updated_by=by, version=Resident.version + 1)
        .returning(Resident.id)
        .execution_options(synchronize_session=False)
    )
    return sorted(session.scalars(statement))


def _uses() -> Iterator[sa.Select[typing.Any]]:
    """Everything that shows that somebody has worked with her: a row of any table that is about her.

    Computed from the tables that there are, so that a later one counts from its first day.
    """
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            about_her = any(key.column.table.name == "resident" for key in column.foreign_keys)
            if about_her and table.name not in _HER_OWN:
                yield sa.select(column).where(column == Resident.id)
    other, key, link = aliased(Resident), ResidentKey, ResidentLink
    yield sa.select(other.id).where(other.merged_into_id == Resident.id)
    yield sa.select(key.id).where(key.resident_id == Resident.id, key.kind == "card")
    decided = sa.or_(link.kind != "later", link.ended_at.is_not(None))
    yield sa.select(link.id).where(
        sa.or_(link.resident_id == Resident.id, link.other_id == Resident.id), decided
    )


def _forget_questions(session: Session, batch_id: uuid.UUID) -> None:
    """Nobody is asked any more about somebody who was taken back."""
    gone = sa.select(Resident.id).where(Resident.import_batch_id == batch_id, Resident.standing == "undone")
    session.execute(
        sa.delete(ResidentLink)
        .where(
            ResidentLink.kind == "later",
            ResidentLink.ended_at.is_(None),
            sa.or_(ResidentLink.resident_id.in_(gone), ResidentLink.other_id.in_(gone)),
        )
        .execution_options(synchronize_session=False)
    )
