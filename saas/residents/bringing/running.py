"""The run: every well-formed line becomes a resident, all in one transaction or none."""

from __future__ import annotations

import itertools
import typing

import sqlalchemy as sa

from saas.db import new_id
from saas.residents import writing
from saas.residents.bringing import batches
from saas.residents.bringing.checking import LINES_A_LOOK, fail, read_lines
from saas.residents.bringing.tasks import taken
from saas.residents.models import Resident
from saas.web import clock
from saas.web.sheets.refused import FileRefusedError

if typing.TYPE_CHECKING:
    import datetime
    import uuid
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from saas.residents.bringing.tasks import Task
    from saas.residents.rules.identity import Fields
    from saas.web.jobs import Errand

_SPACE = 0x53484C49 << 32
"""Keeps this lock apart from others; the table's own oid makes it the clinic's."""
ONE_AT_A_TIME = sa.text(f"SELECT pg_advisory_xact_lock({_SPACE} + 'import_batch'::regclass::oid::bigint)")
PATIENCE = (
    "SET LOCAL statement_timeout = '5min'",
    "SET LOCAL lock_timeout = '5min'",
    "SET LOCAL idle_in_transaction_session_timeout = '1min'",
)
"""In place of a page's few seconds, for this transaction only."""


def run(errand: Errand) -> None:
    """Store the lines of a checked batch. A worker that dies leaves nothing of it behind."""
    task = taken(errand, batches.RUNNING)
    if task is None:
        return
    try:
        with errand.inside() as session:
            alone(session)
            batch = batches.one(errand.id)
            if batch is None or batch.state != batches.RUNNING:
                return
            session.expunge_all()
            ids = _stored(session, task)
            _finish(session, task, ids)
    except FileRefusedError as refusal:
        fail(errand, refusal.code)


def alone(session: Session) -> None:
    """Wait for another batch of this clinic, and have the time that a long work needs."""
    for statement in PATIENCE:
        session.execute(sa.text(statement))
    session.execute(ONE_AT_A_TIME)


def _stored(session: Session, task: Task) -> list[uuid.UUID]:
    """Every line without a fault as a resident, whoever is already there (rights N5)."""
    ids: list[uuid.UUID] = []
    at, done = clock.now(), 0
    for part in _parts(read_lines(task)):
        task.errand.look_up()
        good = [fields for _, fields, problems in part if not any(one.is_fault for one in problems)]
        ids += store(session, task, good, at)
        done += len(part)
        task.tell(done)
    return ids


Part = list[tuple[int, "Fields", list[typing.Any]]]


def _parts(lines: Iterable[typing.Any]) -> Iterable[Part]:
    source = iter(lines)
    while part := list(itertools.islice(source, LINES_A_LOOK)):
        yield part


def store(session: Session, task: Task, people: list[Fields], at: datetime.datetime) -> list[uuid.UUID]:
    """Residents exactly as the form makes them: the same function, so the same seals, hashes and keys."""
    made = []
    for fields in people:
        resident = writing.made(fields, task.keys, form_id=new_id(), at=at, by=task.by)
        resident.import_batch_id = task.errand.id
        # What the database would fill in has to be asked for again, row by row; said, it has not.
        resident.standing, resident.ended_note = "here", ""
        made.append(resident)
    session.add_all(made)
    session.flush()
    ids = [resident.id for resident in made]
    session.expunge_all()
    return ids


def _finish(session: Session, task: Task, ids: list[uuid.UUID]) -> None:
    batch = batches.held(task.errand.id)
    if batch is None:
        message = "a batch is never deleted"
        raise LookupError(message)
    batches.end(batch, batches.DONE)
    batch.mapping = batch.mapping | {"stored": len(ids)}
    session.flush()
    task.log(session, "residents.list_run", ids, {"lines": batch.lines_read, "stored": len(ids)})


def stored_of(session: Session, batch_id: uuid.UUID) -> list[uuid.UUID]:
    """The residents that a batch has made, in their order."""
    query = sa.select(Resident.id).where(Resident.import_batch_id == batch_id)
    return list(session.scalars(query.order_by(Resident.id)))
