"""Undo for 10 minutes: the button in the notice that a form was saved."""

from __future__ import annotations

import typing
import uuid

from flask import abort, flash, redirect, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from saas.formkit import records
from saas.formkit.records import TakenError
from saas.public_health import people, taking_back
from saas.public_health.rules.taking_back import Refusal
from saas.residents import reading, showing
from saas.web import log
from saas.web.guard import needs
from saas.web.request import signed_in

if typing.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask import Blueprint
    from flask.typing import ResponseReturnValue

    from saas.formkit.desk import Desk, Subject
    from saas.formkit.models import Record

REFUSALS: Mapping[Refusal, object] = {
    Refusal.NOT_HERS: _l("Only the person who signed this can take it back."),
    Refusal.BUILT_ON: _l("Something has been recorded on top of this meanwhile, so it stays."),
    Refusal.TOO_LATE: _l("More than 10 minutes have passed, so it stays."),
}


def undo_url(subject: Subject, record: Record) -> str:
    """Where what a page signed is taken back, with the place in the list from which it was opened."""
    values = {"resident_id": str(subject.id), "record_id": str(record.id), **people.place()}
    return url_for("public_health.take_back", **values)  # type: ignore[arg-type]


def register(blueprint: Blueprint, desk: Desk) -> None:
    """The button, and the name that its notice shows."""

    @needs("public_health.write")
    def take_back(resident_id: uuid.UUID, record_id: uuid.UUID) -> ResponseReturnValue:
        return _taken_back(desk, desk.person(resident_id, hold=True), record_id)

    address = "/residents/<uuid:resident_id>/records/<uuid:record_id>/take-back"
    blueprint.add_url_rule(address, "take_back", take_back, methods=["POST"])
    blueprint.app_context_processor(lambda: {"saved_for": saved_for})


def saved_for(resident_id: str) -> Sequence[str]:
    """The names of the person for whom a form was just saved; the page that says so shows her."""
    resident = reading.one(uuid.UUID(resident_id)) if signed_in() else None
    if resident is None:
        return ()
    log.note("records.saved", residents=[resident.id])
    return [name.text for name in resident.names] or [showing.placeholder(resident)]


def _taken_back(desk: Desk, subject: Subject, record_id: uuid.UUID) -> ResponseReturnValue:
    record = desk.record(subject, record_id)
    if record.amends is not None:
        abort(404)
    made = records.of_page(record)
    desk.demand(allowed=all(desk.may_sign(desk.form(each.form_code)) for each in made))
    refused = taking_back.refusal(subject, made)
    if taking_back.is_done(made) and refused is not Refusal.NOT_HERS:
        log.note("records.take_back", residents=subject.logged, detail={"record": record.id, "again": True})
        return _form_again(desk, subject, made)
    if refused is not None:
        return _refused(desk, subject, record, refused)
    try:
        taking_back.take_back(subject, made)
    except TakenError:
        return _refused(desk, subject, record, Refusal.BUILT_ON)
    taking_back.reopen(desk, subject, made)
    for each in made:
        log.note("records.take_back", residents=subject.logged, detail={"record": each.id})
    flash(gettext("Taken back: it counts no more. What you typed stands here again."), "done")
    return _form_again(desk, subject, made)


def _form_again(desk: Desk, subject: Subject, made: Sequence[Record]) -> ResponseReturnValue:
    """The page that made them, at its place in the list."""
    if taking_back.is_joint(made):
        return redirect(desk.url("joint_visit", subject, **desk.place()), code=303)
    return redirect(desk.url("fill", subject, code=made[0].form_code, **desk.place()), code=303)


def _refused(desk: Desk, subject: Subject, record: Record, why: Refusal) -> ResponseReturnValue:
    """Nothing changes; the record's own page has the ways that are left."""
    log.note("records.take_back_refused", residents=subject.logged, detail={"record": record.id, "why": why})
    other = gettext("Correct it here, or mark it as entered in error.")
    flash(f"{REFUSALS[why]} {other}", "warn")
    return redirect(desk.url("record", subject, record_id=records.newest(record).id), code=303)
