"""The buttons of a list: run, let go, take back, ask again; and the one that closes the window."""

from __future__ import annotations

import typing

from flask import abort, flash, redirect, url_for
from flask_babel import gettext

from saas.residents.bringing import batches
from saas.residents.views import blueprint
from saas.residents.views.bringing import MANAGE, is_open
from saas.web import clock, jobs, log
from saas.web.guard import needs
from saas.web.request import here

if typing.TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from saas.residents.models import ImportBatch


@blueprint.post("/bringing/window/close")
@needs(MANAGE)
def bring_close() -> ResponseReturnValue:
    """Close the window before its time."""
    batches.open_until(None)
    log.note("residents.window_closed", purpose="administration")
    flash(gettext("The window is closed."), "done")
    return redirect(url_for("residents.bring"), code=303)


@blueprint.post("/bringing/<uuid:batch_id>/run")
@needs(MANAGE)
def bring_run(batch_id: uuid.UUID) -> ResponseReturnValue:
    """Bring a checked list in."""
    batch = _held(batch_id)
    if batch.state == batches.CHECKED and is_open():
        batches.begin(batch, batches.RUNNING)
        jobs.defer_after_commit(batches.RUN_LIST, batch.id)
        return _noted(batch, "residents.list_begun")
    return _not_now(batch)


@blueprint.post("/bringing/<uuid:batch_id>/drop")
@needs(MANAGE)
def bring_drop(batch_id: uuid.UUID) -> ResponseReturnValue:
    """Let a list go that was not run; its file is gone at once."""
    batch = _held(batch_id)
    if batch.state in batches.OPEN:
        batches.end(batch, batches.DROPPED)
        return _noted(batch, "residents.list_dropped")
    return _not_now(batch)


@blueprint.post("/bringing/<uuid:batch_id>/undo")
@needs(MANAGE)
def bring_undo(batch_id: uuid.UUID) -> ResponseReturnValue:
    """Take back, on the same day, whoever nobody has worked with since."""
    batch = _held(batch_id)
    if batches.can_be_undone(batch):
        batch.undone_at, batch.undone_by = clock.now(), here.staff.id
        jobs.defer_after_commit(batches.UNDO_LIST, batch.id)
        return _noted(batch, "residents.list_undo_asked")
    return _not_now(batch)


@blueprint.post("/bringing/<uuid:batch_id>/again")
@needs(MANAGE)
def bring_again(batch_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for the work once more, when the first asking may have got lost; twice is harmless."""
    batch = _held(batch_id)
    job = batches.waiting(batch)
    if job and job != batches.MATCH_LIST:
        jobs.defer_after_commit(job, batch.id)
        return _noted(batch, "residents.list_asked_again")
    return _not_now(batch)


def _held(batch_id: uuid.UUID) -> ImportBatch:
    return batches.held(batch_id) or abort(404)


def _noted(batch: ImportBatch, act: str) -> ResponseReturnValue:
    log.note(act, purpose="administration", detail={"batch": str(batch.id)})
    return redirect(url_for("residents.bring_show", batch_id=batch.id), code=303)


def _not_now(batch: ImportBatch) -> ResponseReturnValue:
    """Pressed twice, or too late: the page says where the list stands."""
    if batch.state == batches.CHECKED and not is_open():
        flash(gettext("The window for lists is closed. The head of the clinic can open it."), "warn")
    return redirect(url_for("residents.bring_show", batch_id=batch.id), code=303)
