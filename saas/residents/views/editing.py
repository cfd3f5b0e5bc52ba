"""Editing a resident; when someone else saved first, both inputs are kept and compared."""

from __future__ import annotations

import typing

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from saas.residents import numbering, reading, stored, writing
from saas.residents.forms import ResidentForm
from saas.residents.rules import identity, masks
from saas.residents.views import blueprint, conflict, pages, typed, waiting
from saas.web import clock, log
from saas.web.guard import needs
from saas.web.request import here

if typing.TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from saas.residents.models import Resident
    from saas.residents.rules.identity import Fields


@blueprint.route("/<uuid:resident_id>/edit", methods=["GET", "POST"])
@needs("residents.write")
def edit(resident_id: uuid.UUID) -> ResponseReturnValue:
    """The form of a resident, a draft that waits, or the change."""
    resident = reading.one(resident_id) if request.method == "GET" else writing.locked(resident_id)
    if resident is None:
        abort(404)
    if resident.standing == "merged":
        return typed.for_the_one_who_stayed(resident)
    theirs = stored.fields_of(resident, here.clinic.keys)
    if request.method == "GET":
        return _opened(resident, theirs)
    form = ResidentForm()
    before = pages.opened_form(form.was.data, resident.id)
    if conflict.is_answer():
        return _compared(form, resident, theirs, before)
    if not form.arrived():
        return pages.form_page(form, resident)
    mine = identity.tidied(form.typed((before or theirs)["document_number"]))
    return _decided(form, resident, (before, theirs, mine))


@blueprint.post("/<uuid:resident_id>/edit/afresh")
@needs("residents.write")
def edit_afresh(resident_id: uuid.UUID) -> ResponseReturnValue:
    """Let the draft go and open the form as it is stored."""
    if reading.one(resident_id) is None:
        abort(404)
    here.drafts.drop(draft_of(resident_id))
    typed.let_go(resident_id)
    return redirect(url_for("residents.edit", resident_id=resident_id), code=303)


def draft_of(resident_id: uuid.UUID) -> str:
    """The name of this form's draft."""
    return f"residents.edit:{resident_id}"


def _opened(resident: Resident, theirs: Fields) -> ResponseReturnValue:
    waits = typed.kept(resident.id, theirs)
    if waits and conflict.is_about_typed():
        return conflict.conflict_page(resident, None, theirs, waits, status=200)
    page = draft_of(resident.id)
    draft = here.drafts.fetch(page)
    if draft is None and waits:
        return typed.offer(resident.id)
    if draft is None:
        form = ResidentForm(None)
        _show(form, theirs, theirs)
        form.version.data = str(resident.version)
        form.was.data = pages.sealed_form(theirs, resident.id)
        return pages.form_page(form, resident)
    if request.args.get("draft") == "continue":
        return pages.form_page(ResidentForm(MultiDict(draft)), resident)
    return render_template(
        "residents/draft.html",
        kept_at=here.drafts.kept_at(page),
        continue_url=url_for("residents.edit", resident_id=resident.id, draft="continue"),
        afresh_url=url_for("residents.edit_afresh", resident_id=resident.id),
    )


def _show(form: ResidentForm, fields: Fields, stored_fields: Fields) -> None:
    """Texts in the form; a number that is stored shows its mask only."""
    form.show(fields)
    if fields["document_number"] == stored_fields["document_number"]:
        form.document_number.data = masks.masked(fields["document_number"])


def _compared(
    form: ResidentForm, resident: Resident, theirs: Fields, before: Fields | None
) -> ResponseReturnValue:
    """The answer to the page of two versions: choose, and save or compare once more."""
    mine = pages.opened_form(request.form.get("mine"), resident.id)
    if mine is None or before is None:
        abort(422)
    if not form.arrived() or conflict.undecided(before, mine):
        status = pages.REFUSED if form.arrived() else 200
        base = pages.opened_form(request.form.get("base"), resident.id)
        return conflict.conflict_page(resident, base, before, mine, status=status)
    return _decided(form, resident, (before, theirs, conflict.merged(before, mine)))


def _decided(
    form: ResidentForm, resident: Resident, versions: tuple[Fields | None, Fields, Fields]
) -> ResponseReturnValue:
    """Save, ask, refuse or compare: ``versions`` are the form before, as stored, and as typed."""
    before, theirs, mine = versions
    if mine == theirs:
        return _saved(resident, [])
    holds = form.validate()
    verdict = pages.judged(mine, theirs)
    _show(form, mine, before or theirs)
    if verdict.refused or not holds:
        form.refuse(verdict.refused)
        return pages.form_page(form, resident, status=pages.REFUSED)
    if form.version.data != str(resident.version):
        return conflict.conflict_page(resident, before, theirs, mine)
    if pages.settled(form, verdict):
        pages.use_old_number_in_full(form, verdict)
        return pages.form_page(form, resident, verdict)
    changed = writing.change(resident, mine, here.clinic.keys, at=clock.now(), by=here.staff.id)
    return _saved(resident, changed)


def _saved(resident: Resident, changed: list[str]) -> ResponseReturnValue:
    # Whoever was registered before there were record numbers, or had no place to be counted at, gets one.
    numbering.give([resident], here.clinic.keys)
    here.drafts.drop(draft_of(resident.id))
    typed.let_go(resident.id)
    alike = waiting.ask_about_alike(resident, changed)
    log.note("residents.edit", residents=[resident.id, *alike], detail={"changed": changed})
    flash(gettext("Saved.") if changed else gettext("Nothing had changed."), "done")
    return redirect(url_for("residents.show", resident_id=resident.id), code=303)
