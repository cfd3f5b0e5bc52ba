"""Registering a resident."""

from __future__ import annotations

import itertools
import typing

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from saas.residents import numbering, reading, stored, tokens, writing
from saas.residents.forms import ResidentForm
from saas.residents.rules import address, identity
from saas.residents.views import alike, blueprint, pages
from saas.residents.views.conflict import conflict_page
from saas.residents.views.finding import words_place
from saas.web import clock, log
from saas.web.guard import needs
from saas.web.request import here

if typing.TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from saas.residents.likeness import Alike
    from saas.residents.models import Resident
    from saas.residents.rules.identity import Fields

DRAFT = "residents.add"


@blueprint.route("/new", methods=["GET", "POST"])
@needs("residents.write")
def add() -> ResponseReturnValue:
    """The empty form, a draft that waits, or a new resident."""
    if request.method == "GET":
        return _opened()
    form = ResidentForm()
    if alike.goes_back() or (not form.arrived() and not alike.was_asked()):
        return pages.form_page(form, None)
    holds = form.validate()
    fields = identity.tidied(form.typed())
    form.show(fields)
    verdict = pages.judged(fields, None)
    if verdict.refused or not holds:
        form.refuse(verdict.refused)
        return pages.form_page(form, None, status=pages.REFUSED)
    existing = writing.by_form(form.form_uuid)
    if existing is not None:
        return _already_in(existing, fields)
    if pages.settled(form, verdict):
        pages.use_old_number_in_full(form, verdict)
        return pages.form_page(form, None, verdict)
    return _compared(form, fields)


def _compared(form: ResidentForm, fields: Fields) -> ResponseReturnValue:
    """Nobody is alike, or the answers about those who are: saved, or the one who is there is opened."""
    likely = alike.found(fields)
    if likely and (not form.arrived() or alike.fresh(likely)):
        return alike.page(form, fields, likely)
    if not form.arrived():
        return pages.form_page(form, None)
    return alike.same_person(fields) or _registered(form, fields, likely)


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
    """What was searched for in vain begins the form."""
    words = tokens.opened(request.args.get("words", ""), words_place(), here.clinic.keys)
    return identity.begun(words) if words else {}


def _registered(form: ResidentForm, fields: Fields, likely: list[Alike]) -> ResponseReturnValue:
    resident = writing.register(
        fields, here.clinic.keys, form_id=form.form_uuid, at=clock.now(), by=here.staff.id
    )
    if resident is None:
        # The same form came twice at once; the other one was quicker.
        existing = writing.by_form(form.form_uuid)
        assert existing is not None  # noqa: S101 - the unique constraint has just said so
        return _already_in(existing, fields)
    here.drafts.drop(DRAFT)
    told = alike.remember(resident, likely)
    detail = {answer: len(ids) for answer, ids in told.items() if ids}
    log.note("residents.add", residents=[resident.id, *itertools.chain(*told.values())], detail=detail)
    flash(gettext("Registered."), "done")
    if numbering.key_of(resident) is None:
        flash(gettext("The record numbers of this place are used up. Tell the administrator."), "warn")
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
