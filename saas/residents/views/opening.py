"""Opening a record with a reason, and closing it again (rights I7)."""

from __future__ import annotations

import typing

from flask import abort, flash, redirect, url_for
from flask_babel import gettext

from saas.residents import guarding, openings
from saas.residents.messages import isolated
from saas.residents.opening_forms import OpeningForm
from saas.residents.views import blueprint, gate
from saas.web import clock, log
from saas.web.formats import moment
from saas.web.guard import needs
from saas.web.request import here

if typing.TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

REFUSED = 422


@blueprint.post("/<uuid:resident_id>/open")
@needs("residents.read")
def open_record(resident_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for a category and a reason, and open the record for 60 minutes. Not renewed by itself."""
    form = OpeningForm()
    if guarding.is_in_care(resident_id):
        return redirect(gate.way_back(resident_id, form.back.data), code=303)
    if not form.arrived():
        log.note("residents.gate", residents=[resident_id])
        return gate.gate_page(resident_id, form, 200)
    holds = form.validate()
    if form.refuse_what_is_missing() or not holds:
        return gate.gate_page(resident_id, form, REFUSED)
    return _opened(resident_id, form)


def _opened(resident_id: uuid.UUID, form: OpeningForm) -> ResponseReturnValue:
    reason = openings.Reason(form.category.data, form.reason.data)
    made = openings.begin(
        resident_id,
        reason,
        here.clinic.keys,
        form_id=form.form_uuid,
        at=clock.now(),
        by=here.staff.id,
    )
    if made is None or made.ends_at <= clock.now():
        abort(409)
    # The category alone: the log outlives the reason's own place, and holds no words about a person.
    log.note("residents.open_record", residents=[resident_id], detail={"category": made.category})
    until = isolated(moment(made.ends_at))
    flash(gettext("Open until %(time)s (Beijing time). The resident is shown this.", time=until), "done")
    return redirect(gate.way_back(resident_id, form.back.data), code=303)


@blueprint.post("/<uuid:resident_id>/close")
@needs("residents.read")
def close_record(resident_id: uuid.UUID) -> ResponseReturnValue:
    """End one's own opening before its time."""
    opening = guarding.opening_of_this_request()
    if opening is not None:
        openings.close(opening, clock.now())
    log.note("residents.close_record", residents=[resident_id])
    flash(gettext("The record is closed."), "done")
    return redirect(url_for("residents.index"), code=303)
