"""Openings for those who see the event and not the record: the reviewer, the head, the opener herself."""

from __future__ import annotations

import typing

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext

from saas.residents import openings, oversight
from saas.residents.opening_forms import CATEGORY_LABELS, VERDICT_LABELS, VerdictForm
from saas.residents.views import blueprint
from saas.residents.views.listing import page_asked_for
from saas.web import clock, log
from saas.web.guard import needs
from saas.web.request import here, may

if typing.TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from saas.residents.models import Opening

REFUSED = 422


@blueprint.get("/openings")
@needs("openings.read")
def openings_list() -> ResponseReturnValue:
    """Openings, unreviewed first: everybody's for reviewer and head, for others their own; 50 a page."""
    number = page_asked_for()
    rows = openings.listed(number, of_staff=_only_own())
    page = rows[: openings.PAGE]
    ids = dict.fromkeys(row.resident_id for row in page)
    log.note("residents.openings_list", residents=list(ids), purpose=_purpose())
    return render_template(
        "residents/openings.html",
        openings=openings.shown(page, here.clinic.keys),
        alerts=oversight.alerts(clock.now()) if oversight.hears_alerts(here.staff) else [],
        everybody=_only_own() is None,
        earlier_url=_turned(number - 1) if number > 1 else None,
        later_url=_turned(number + 1) if len(rows) > openings.PAGE else None,
        **_words(),
    )


@blueprint.get("/openings/<uuid:opening_id>")
@needs("openings.read")
def opening_show(opening_id: uuid.UUID) -> ResponseReturnValue:
    """One opening, with the form of a verdict for somebody else than who opened."""
    opening = openings.one(opening_id)
    if opening is None or _only_own() not in {None, opening.staff_id}:
        abort(404)
    log.note("residents.opening_show", residents=[opening.resident_id], purpose=_purpose())
    return _page(opening, VerdictForm(None))


@blueprint.post("/openings/<uuid:opening_id>")
@needs("audit.review")
def opening_review(opening_id: uuid.UUID) -> ResponseReturnValue:
    """The verdict of somebody else than who opened; it stays."""
    opening = openings.one(opening_id, for_change=True) or abort(404)
    log.note("residents.opening_review", residents=[opening.resident_id], purpose="review")
    if not openings.may_review(opening, here.staff.id):
        abort(403 if opening.staff_id == here.staff.id else 409)
    form = VerdictForm()
    if not form.arrived():
        return _page(opening, form)
    if not form.validate():
        return _page(opening, form), REFUSED
    openings.judge(opening, form.verdict.data, form.note.data or "", at=clock.now(), by=here.staff.id)
    flash(gettext("Saved."), "done")
    return redirect(url_for("residents.openings_list"), code=303)


def _purpose() -> str:
    """A reviewer reviews; everybody else only looks."""
    return "review" if may("audit.review") else "oversight"


def _only_own() -> uuid.UUID | None:
    """Whose openings this person sees: her own, unless she reviews or sees the access log."""
    if may("audit.review") or may("audit.read"):
        return None
    own: uuid.UUID = here.staff.id
    return own


def _page(opening: Opening, form: VerdictForm) -> str:
    return render_template(
        "residents/opening_show.html",
        one=openings.shown([opening], here.clinic.keys)[0],
        form=form,
        reviews=may("audit.review") and openings.may_review(opening, here.staff.id),
        **_words(),
    )


def _words() -> dict[str, object]:
    return {"categories": CATEGORY_LABELS, "verdicts": VERDICT_LABELS}


def _turned(page: int) -> str:
    return url_for("residents.openings_list", page=page)
