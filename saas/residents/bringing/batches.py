"""The batches of a clinic: their states, what was chosen for them, their sealed files."""

from __future__ import annotations

import base64
import datetime
import json
import typing

import sqlalchemy as sa

from saas.db import new_id, session
from saas.residents.models import ImportBatch
from saas.web import clock
from saas.web.models import ClinicSetting

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from saas.web.keys import ClinicKeys
    from saas.web.sheets.marks import Row

UPLOADED, CHECKING, CHECKED, RUNNING = "uploaded", "checking", "checked", "running"
DONE, FAILED, DROPPED, UNDONE = "done", "failed", "dropped", "undone"
WAITING = (CHECKING, RUNNING)
OPEN = (UPLOADED, CHECKED)
"""States in which the head has something to decide."""

CHECK_LIST, RUN_LIST = "residents.check_list", "residents.run_list"
UNDO_LIST, MATCH_LIST = "residents.undo_list", "residents.match_list"

LONGEST_WINDOW = 7
"""Days for which lists can be brought in before the clinic's head must open anew."""
_SHOWN = 20


def open_until(until: datetime.datetime | None) -> None:
    """Open the window until then; with None, close it."""
    session.scalars(sa.select(ClinicSetting)).one().import_until = until


def is_open(until: datetime.datetime | None) -> bool:
    """Whether the window that the head opened has not yet closed."""
    return until is not None and clock.now() < until


def closes_at(days: int) -> datetime.datetime:
    """The end of today (1) or of a later day, in Beijing."""
    last = clock.today() + datetime.timedelta(days=min(max(days, 1), LONGEST_WINDOW))
    return datetime.datetime.combine(last, datetime.time(), clock.BEIJING)


def place_of(batch_id: uuid.UUID, part: str) -> str:
    """The place that a seal of this batch is bound to."""
    return f"import_batch:{batch_id}:{part}"


def add(file_name: str, body: bytes, head: Sequence[Row], keys: ClinicKeys, by: uuid.UUID) -> ImportBatch:
    """A new batch. Only its seals hold anything of the file, in the database as elsewhere."""
    batch = ImportBatch(id=new_id(), file_name=file_name[-120:], created_at=clock.now(), created_by=by)
    batch.body = keys.seal_file(body, place_of(batch.id, "body"))
    sealed = keys.seal(json.dumps(head), place_of(batch.id, "head"))
    batch.mapping = {"head": base64.b64encode(sealed).decode(), "mark": keys.hash("list", body.hex()).hex()}
    session.add(batch)
    session.flush()
    return batch


def head_of(batch: ImportBatch, keys: ClinicKeys) -> list[Row]:
    """The first lines of the file."""
    sealed = base64.b64decode(batch.mapping["head"])
    return typing.cast("list[Row]", json.loads(keys.open(sealed, place_of(batch.id, "head"))))


def body_of(batch: ImportBatch, keys: ClinicKeys) -> bytes:
    """The file. Raises ValueError when the batch has ended."""
    if batch.body is None:
        message = "the file of an ended batch is gone"
        raise ValueError(message)
    return keys.open_file(batch.body, place_of(batch.id, "body"))


def latest() -> list[ImportBatch]:
    """The last batches, newest first."""
    return list(session.scalars(sa.select(ImportBatch).order_by(ImportBatch.id.desc()).limit(_SHOWN)))


def one(batch_id: uuid.UUID) -> ImportBatch | None:
    """The batch of this clinic with this id."""
    return session.get(ImportBatch, batch_id)


def held(batch_id: uuid.UUID) -> ImportBatch | None:
    """The batch, held until the end of the transaction."""
    query = sa.select(ImportBatch).where(ImportBatch.id == batch_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def same_file(batch: ImportBatch) -> ImportBatch | None:
    """An earlier batch of the very same file that was run and stands: its lines would come twice.

    This looks at the head's own acts, which the room lists, and at nobody in the clinic (rights N5).
    """
    mark = batch.mapping.get("mark")
    query = sa.select(ImportBatch).where(
        ImportBatch.id != batch.id,
        ImportBatch.state == DONE,
        ImportBatch.mapping["mark"].astext == mark,
    )
    return session.scalars(query.order_by(ImportBatch.id.desc()).limit(1)).first()


def begin(batch: ImportBatch, state: str) -> None:
    """Let the worker's next look at it be from the beginning."""
    batch.state, batch.progress, batch.message = state, 0, ""
    batch.started_at, batch.finished_at = None, None


def end(batch: ImportBatch, state: str) -> None:
    """The batch has come to an end: its file is not kept a moment longer."""
    batch.state, batch.body, batch.finished_at = state, None, clock.now()
    batch.mapping = {name: value for name, value in batch.mapping.items() if name != "head"}


def can_be_undone(batch: ImportBatch) -> bool:
    """Until the end of the day on which it was run, and once."""
    if batch.state != DONE or batch.undone_at is not None or batch.finished_at is None:
        return False
    return batch.finished_at.astimezone(clock.BEIJING).date() == clock.today()


def waiting(batch: ImportBatch) -> str:
    """The job that the batch waits for; empty when it waits for none."""
    if batch.state in WAITING:
        return CHECK_LIST if batch.state == CHECKING else RUN_LIST
    if batch.state != DONE:
        return ""
    if batch.undone_at is not None:
        return UNDO_LIST
    return "" if batch.mapping.get("compared") else MATCH_LIST


def unfinished(session: sa.orm.Session) -> list[tuple[str, uuid.UUID]]:
    """For the worker's round: whatever waits for a job, whether it has one or not."""
    found = session.scalars(sa.select(ImportBatch).where(ImportBatch.state.in_([*WAITING, DONE])))
    return [(job, batch.id) for batch in found if (job := waiting(batch))]
