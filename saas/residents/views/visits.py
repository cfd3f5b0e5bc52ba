"""Today's visits at one's places: "she is here", who waits, who has gone."""

from __future__ import annotations

import typing

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext

from saas.residents import guarding, openings, reading, showing, visiting
from saas.residents.opening_forms import VisitForm
from saas.residents.views import blueprint
from saas.residents.views.gate import way_back
from saas.residents.views.listing import page_asked_for, turned
from saas.web import clock, log
from saas.web.guard import needs
from saas.web.request import here

if typing.TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from saas.residents.models import Visit


@blueprint.get("/visits")
@needs("visits.read")
def visits() -> ResponseReturnValue:
    """Who came today to one's places: those who wait first; 50 a page."""
    number = page_asked_for()
    found = visiting.queue(here.staff, clock.now(), number)
    page = reading.Page([one.resident for one in found[: visiting.PAGE]], number, len(found) > visiting.PAGE)
    log.note("residents.visits", residents=list(dict.fromkeys(one.id for one in page.residents)))
    lines = showing.lines(page.residents, here.clinic.keys, clock.today())
    return render_template(
        "residents/visits.html",
        queue=list(zip(found, lines, strict=False)),
        earlier_url=turned(page, -1, "residents.visits"),
        later_url=turned(page, 1, "residents.visits"),
    )


@blueprint.post("/<uuid:resident_id>/visits")
@needs("visits.write")
def visit_begin(resident_id: uuid.UUID) -> ResponseReturnValue:
    """She is here: a visit from now on, at one of one's own places.

    For somebody outside one's care it is also an opening: the resident is shown it and a reviewer
    sees it, so that this is no way around the reason.
    """
    was_in_care = guarding.is_in_care(resident_id, opened=False)
    form, registration = VisitForm(), guarding.registration_of(resident_id)
    site = visiting.place_for(
        reading.sites(), here.staff.site_ids, form.site_id.data or "", registration.site_id
    )
    if site is None:
        abort(404)
    visit = visiting.begin(resident_id, site.id, form_id=form.form_uuid, at=clock.now(), by=here.staff.id)
    if visit is None:
        abort(409)
    if not was_in_care:
        _tell(visit)
    log.note("residents.visit_begin", residents=[resident_id], detail={"outside": not was_in_care})
    undo = url_for("residents.visit_undo", resident_id=resident_id, visit_id=visit.id)
    _flash(gettext("The visit has begun."), undo)
    return redirect(way_back(resident_id, None), code=303)


def _tell(visit: Visit) -> None:
    openings.begin(
        visit.resident_id,
        openings.Reason("came_for_care"),
        here.clinic.keys,
        form_id=visit.form_id,
        at=visit.started_at,
        by=here.staff.id,
    )


@blueprint.post("/<uuid:resident_id>/visits/<uuid:visit_id>/end")
@needs("visits.write")
def visit_end(resident_id: uuid.UUID, visit_id: uuid.UUID) -> ResponseReturnValue:
    """She has gone."""
    visiting.end(_visit(resident_id, visit_id), at=clock.now(), by=here.staff.id)
    log.note("residents.visit_end", residents=[resident_id])
    undo = url_for("residents.visit_reopen", resident_id=resident_id, visit_id=visit_id)
    _flash(gettext("The visit has ended."), undo)
    return redirect(url_for("residents.visits"), code=303)


@blueprint.post("/<uuid:resident_id>/visits/<uuid:visit_id>/reopen")
@needs("visits.write")
def visit_reopen(resident_id: uuid.UUID, visit_id: uuid.UUID) -> ResponseReturnValue:
    """She is still here."""
    visiting.reopen(_visit(resident_id, visit_id))
    log.note("residents.visit_reopen", residents=[resident_id])
    return redirect(url_for("residents.visits"), code=303)


@blueprint.post("/<uuid:resident_id>/visits/<uuid:visit_id>/undo")
@needs("visits.write")
def visit_undo(resident_id: uuid.UUID, visit_id: uuid.UUID) -> ResponseReturnValue:
    """It was begun by mistake: it is in no queue and opens nothing. What was told stays told."""
    visit = _visit(resident_id, visit_id)
    if visiting.take_back(visit, at=clock.now(), by=here.staff.id):
        opening = openings.by_form(visit.form_id)
        if opening is not None:
            openings.close(opening, clock.now())
        flash(gettext("The visit is taken back."), "done")
    else:
        flash(gettext("Too late to take it back: end the visit instead."), "warn")
    log.note("residents.visit_undo", residents=[resident_id])
    return redirect(url_for("residents.visits"), code=303)


def _flash(text: object, undo_url: str) -> None:
    """A message with a button; Flask keeps any message that JSON knows."""
    flash(typing.cast("str", {"text": str(text), "undo_url": undo_url}), "done")


def _visit(resident_id: uuid.UUID, visit_id: uuid.UUID) -> Visit:
    return visiting.one(resident_id, visit_id) or abort(404)
