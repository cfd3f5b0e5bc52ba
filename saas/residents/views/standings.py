"""Where a resident stands: moved, died, left, back again; each change can be undone at once."""

from __future__ import annotations

import typing

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from saas.residents import consents, tokens, writing
from saas.residents.care_forms import StandingForm
from saas.residents.rules import standing as rule
from saas.residents.views import blueprint, pages
from saas.web import clock, log
from saas.web.guard import needs
from saas.web.request import here

if typing.TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from saas.residents.models import Resident


@blueprint.route("/<uuid:resident_id>/standing", methods=["GET", "POST"])
@needs("residents.write")
def standing(resident_id: uuid.UUID) -> ResponseReturnValue:
    """The form, or the change. Nothing is deleted: she is found by every search, and marked."""
    resident = _one(resident_id)
    if request.method == "GET":
        return _form_page(_opened(resident), resident)
    form = StandingForm()
    if not form.arrived():
        return _form_page(form, resident)
    typed = (form.standing.data or "", form.ended_on.data or "", form.note.data or "")
    found = rule.findings(*typed, consents.birth_of(resident), clock.today())
    if not form.validate() or found:
        form.refuse(found)
        return _form_page(form, resident, status=pages.REFUSED)
    if form.version.data != str(resident.version) and rule.read(*typed) != _as_stored(resident):
        form.version.data = str(resident.version)
        return _form_page(form, resident, status=409)
    return _changed(resident, rule.read(*typed))


@blueprint.post("/<uuid:resident_id>/standing/undo")
@needs("residents.write")
def standing_undo(resident_id: uuid.UUID) -> ResponseReturnValue:
    """Back to what it was before the last change, unless somebody has changed it since."""
    resident = _one(resident_id)
    kept = tokens.opened_fields(request.args.get("before", ""), _place(resident), here.clinic.keys)
    log.note("residents.standing", residents=[resident.id], detail={"undo": True})
    if kept is None or kept["version"] != str(resident.version):
        flash(gettext("Somebody has changed this since. Nothing was undone."), "warn")
    else:
        _put(resident, rule.read(kept["standing"], kept["ended_on"], kept["note"]))
        flash(gettext("Undone."), "done")
    return redirect(url_for("residents.show", resident_id=resident.id), code=303)


def _one(resident_id: uuid.UUID) -> Resident:
    """The resident, held for a change; one who is another row now has no standing of her own."""
    resident = writing.locked(resident_id)
    if resident is None or resident.standing not in rule.CHOICES:
        abort(404)
    return resident


def _changed(resident: Resident, new: rule.Standing) -> ResponseReturnValue:
    before = _as_stored(resident)
    log.note("residents.standing", residents=[resident.id], detail={"standing": new.standing})
    if new == before:
        flash(gettext("Nothing had changed."), "done")
        return redirect(url_for("residents.show", resident_id=resident.id), code=303)
    _put(resident, new)
    kept = {
        "standing": before.standing,
        "ended_on": before.ended_on.isoformat() if before.ended_on else "",
        "note": before.note,
        "version": str(resident.version),
    }
    sealed = tokens.sealed_fields(kept, _place(resident), here.clinic.keys)
    undo = url_for("residents.standing_undo", resident_id=resident.id, before=sealed)
    pages.flash_with_undo(gettext("Saved."), undo)
    return redirect(url_for("residents.show", resident_id=resident.id), code=303)


def _put(resident: Resident, new: rule.Standing) -> None:
    writing.stand(resident, new, at=clock.now(), by=here.staff.id)


def _as_stored(resident: Resident) -> rule.Standing:
    return rule.Standing(resident.standing, resident.ended_on, resident.ended_note)


def _opened(resident: Resident) -> StandingForm:
    form, on = StandingForm(None), resident.ended_on
    form.standing.data, form.note.data = resident.standing, resident.ended_note
    form.ended_on.data = (on or clock.today()).isoformat() if resident.standing != rule.HERE or on else ""
    form.version.data = str(resident.version)
    return form


def _form_page(form: StandingForm, resident: Resident, status: int = 200) -> ResponseReturnValue:
    log.note("residents.standing", residents=[resident.id])
    page = render_template(
        "residents/standing.html",
        form=form,
        resident=resident,
        names=[name.text for name in resident.names],
        now_standing=_as_stored(resident) if status == 409 else None,  # noqa: PLR2004 - HTTP
    )
    return page, status


def _place(resident: Resident) -> str:
    return f"standing_before:{resident.id}"
