"""Registering a resident."""

from __future__ import annotations

import typing

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from saas.residents import reading, stored, tokens, writing
from saas.residents.forms import ResidentForm
from saas.residents.rules import address, citizen_id, identity, phones
from saas.residents.views import blueprint, pages
from saas.residents.views.conflict import conflict_page
from saas.residents.views.finding import words_place
from saas.web import clock, log
from saas.web.guard import needs
from saas.web.request import here

if typing.TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from saas.residents.models import Resident
    from saas.residents.rules.identity import Fields

DRAFT = "residents.add"
_PHONE_DIGITS = range(7, 13)


@blueprint.route("/new", methods=["GET", "POST"])
@needs("residents.write")
def add() -> ResponseReturnValue:
    """The empty form, a draft that waits, or a new resident."""
    if request.method == "GET":
        return _opened()
    form = ResidentForm()
    if not form.arrived():
        return pages.form_page(form, None)
    holds = form.validate()
    fields = identity.tidied(form.typed())
    form.show(fields)
    verdict = pages.judged(fields, None, None)
    if verdict.refused or not holds:
        form.refuse(verdict.refused)
        return pages.form_page(form, None, status=pages.REFUSED)
    existing = writing.by_form(form.form_uuid)
    if existing is not None:
        return _already_in(existing, fields)
    if pages.settled(form, verdict):
        pages.use_old_number_in_full(form, verdict)
        return pages.form_page(form, None, verdict)
    return _registered(form, fields)


@blueprint.post("/new/afresh")
@needs("residents.write")
def start_afresh() -> ResponseReturnValue:
    """Let the draft go and open an empty form."""
    here.drafts.drop(DRAFT)
    return redirect(url_for("residents.add"), code=303)


def _opened() -> ResponseReturnValue:
    draft = here.drafts.fetch(DRAFT)
    if draft is None:
        return pages.form_page(_empty_form(), None)
    if request.args.get("draft") == "continue":
        return pages.form_page(ResidentForm(MultiDict(draft)), None)
    return render_template(
        "residents/draft.html",
        kept_at=here.drafts.kept_at(DRAFT),
        continue_url=url_for("residents.add", draft="continue"),
        afresh_url=url_for("residents.start_afresh"),
    )


def _empty_form() -> ResidentForm:
    """Filled in advance: her own place, the address that it tells, the words of a search."""
    form = ResidentForm(None)
    sites, own = reading.sites(), set(here.staff.site_ids)
    sites = [one for one in sites if one.closed_at is None] or sites
    site = next((one for one in sites if str(one.id) in own), sites[0])
    form.show(
        dict.fromkeys(identity.FIELDS, "")
        | {
            "site_id": str(site.id),
            "village": address.village_of(site.name_zh),
            "township": address.township_of(here.clinic.name_zh),
            "county": here.clinic.county_zh,
            "prefecture": here.clinic.prefecture_zh,
            "province": address.PROVINCE,
            "print_language": here.clinic.setting.default_language,
        }
        | _words_of_search()
    )
    return form


def _words_of_search() -> Fields:
    """What was searched for in vain begins the form: a number, a phone or a name."""
    words = tokens.opened(request.args.get("words", ""), words_place(), here.clinic.keys)
    if not words:
        return {}
    number = citizen_id.normalised(words)
    if citizen_id.has_shape(number) or citizen_id.converted(number):
        return {"document_number": number}
    digits = phones.normalised(words)
    if digits.isdecimal() and len(digits) in _PHONE_DIGITS:
        return {"phone_0": words}
    return {} if digits.isdecimal() else {"name_0": words}


def _registered(form: ResidentForm, fields: Fields) -> ResponseReturnValue:
    resident = writing.register(
        fields, here.clinic.keys, form_id=form.form_uuid, at=clock.now(), by=here.staff.id
    )
    if resident is None:
        # The same form came twice at once; the other one was quicker.
        existing = writing.by_form(form.form_uuid)
        assert existing is not None  # noqa: S101 - the unique constraint has just said so
        return _already_in(existing, fields)
    here.drafts.drop(DRAFT)
    log.note("residents.add", residents=[resident.id])
    flash(gettext("Registered."), "done")
    return redirect(url_for("residents.show", resident_id=resident.id), code=303)


def _already_in(resident: Resident, fields: Fields) -> ResponseReturnValue:
    """The form was saved before: the same again is harmless, something else is compared."""
    theirs = stored.fields_of(resident, here.clinic.keys)
    if theirs == fields:
        here.drafts.drop(DRAFT)
        log.note("residents.add", residents=[resident.id], detail={"again": True})
        return redirect(url_for("residents.show", resident_id=resident.id), code=303)
    before = theirs if resident.version == 1 else None
    return conflict_page(resident, before, theirs, fields)
