"""Asking for consent, printing its sheet, taking it back. Nothing else ever looks at the answers."""

from __future__ import annotations

import typing

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from saas.db import session
from saas.residents import codes, consents, reading, sheets
from saas.residents.care_forms import ConsentForm
from saas.residents.rules import consent as rule
from saas.residents.views import blueprint, pages
from saas.web import changes, clock, i18n, log
from saas.web.guard import needs
from saas.web.request import here

if typing.TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from saas.residents.models import Resident
    from saas.residents.sheets import Sheet

YES, NO = "yes", "no"
BOTH = "both"


@blueprint.route("/<uuid:resident_id>/consent", methods=["GET", "POST"])
@needs("residents.write")
def consent(resident_id: uuid.UUID) -> ResponseReturnValue:
    """The sheet in the person's own language, and her answer: two buttons of one size."""
    resident = reading.one(resident_id) or abort(404)
    sheet = sheets.current(_about(), _sheet_language(resident))
    if request.method == "GET":
        return _asked(_empty_form(resident), resident, sheet)
    form = ConsentForm()
    if not form.arrived():
        return _asked(form, resident, sheet)
    if request.form.get("answer") == NO:
        return _decided(resident, consents.Decision(sheet, form.form_uuid, given=False))
    return _agreed(form, resident, sheet)


@blueprint.post("/<uuid:resident_id>/consent/withdraw")
@needs("residents.read")
def consent_withdraw(resident_id: uuid.UUID) -> ResponseReturnValue:
    """Take it back: one step, at once, no reason, by any member of staff, in a suspended clinic too."""
    resident = reading.one(resident_id) or abort(404)
    purpose = request.form.get("purpose", "")
    if purpose in rule.ASKED:
        consents.withdraw(resident.id, purpose, by=here.staff.id)
        changes.tell(resident.id)
    log.note("residents.consent_withdraw", residents=[resident.id])
    flash(gettext("Taken back. Nothing else changes."), "done")
    return redirect(url_for("residents.show", resident_id=resident.id), code=303)


@blueprint.get("/<uuid:resident_id>/consent/sheet")
@needs("residents.read")
def consent_sheet(resident_id: uuid.UUID) -> ResponseReturnValue:
    """The sheet for printing: in the person's language, in the other one, or both on one paper."""
    resident = reading.one(resident_id) or abort(404)
    log.note("residents.consent_sheet", residents=[resident.id])
    about = _about()
    both = request.args.get("sheet") == BOTH
    languages = list(i18n.TONGUES) if both else [_sheet_language(resident)]
    return render_template(
        "residents/consent_sheet.html",
        resident=resident,
        about=about,
        purpose=codes.PURPOSE_LABELS[about],
        shown=BOTH if both else languages[0],
        sheets=[sheets.current(about, language) for language in languages],
        names=[name.text for name in resident.names],
    )


def _agreed(form: ConsentForm, resident: Resident, sheet: Sheet) -> ResponseReturnValue:
    """A "yes" with who said it and how; without one of the two buttons nothing is decided."""
    birth = consents.birth_of(resident)
    giver, way, name = form.giver.data or "", form.way.data or "", form.name.data or ""
    found = rule.findings(giver, way, name, birth, clock.today())
    answered = request.form.get("answer") == YES
    if not form.validate() or found or not answered:
        form.refuse(found)
        if not answered:
            form.form_errors.append(gettext("Nothing is decided yet: press one of the two answers."))
        return _asked(form, resident, sheet, status=pages.REFUSED)
    typed = name if way == rule.TYPED else ""
    decision = consents.Decision(sheet, form.form_uuid, given=True, giver=giver, way=way, name=typed)
    return _decided(resident, decision)


def _decided(resident: Resident, decision: consents.Decision) -> ResponseReturnValue:
    """Written down; the log says that the question was asked, never what the answer was."""
    consents.decide(resident, decision, here.clinic.keys, by=here.staff.id)
    session.flush()
    changes.tell(resident.id)
    log.note("residents.consent", residents=[resident.id], detail={"purpose": decision.sheet.purpose})
    flash(gettext("Written down."), "done")
    onward = changes.next_step(decision.sheet.purpose, resident.id) if decision.given else None
    return redirect(onward or url_for("residents.show", resident_id=resident.id), code=303)


def _asked(form: ConsentForm, resident: Resident, sheet: Sheet, status: int = 200) -> ResponseReturnValue:
    log.note("residents.consent", residents=[resident.id])
    page = render_template(
        "residents/consent.html",
        form=form,
        resident=resident,
        sheet=sheet,
        languages=codes.LANGUAGE_LABELS,
        names=[name.text for name in resident.names],
    )
    return page, status


def _empty_form(resident: Resident) -> ConsentForm:
    form = ConsentForm(None)
    if rule.is_child(consents.birth_of(resident), clock.today()):
        form.giver.data = rule.GUARDIAN
    return form


def _about() -> str:
    """Which question; the first one unless another is asked for."""
    about = request.args.get("about", rule.RECORD)
    return about if about in rule.ASKED else abort(404)


def _sheet_language(resident: Resident) -> i18n.Language:
    """The language of the sheet: the person's, or the one that was asked for; never the page's."""
    return i18n.known(request.args.get("sheet")) or i18n.known(resident.print_language) or "ug"
