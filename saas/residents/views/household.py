"""A household link: between two people, wished by both, removed in one step. No head, no list, no count."""

from __future__ import annotations

import typing
import uuid

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from saas.residents import linking, person, reading, searching
from saas.residents.showing import lines
from saas.residents.summaries import Summary
from saas.residents.views import blueprint, merged, pages
from saas.residents.views.finding import too_long
from saas.residents.views.waiting import hand
from saas.web import clock, log
from saas.web.forms import Form
from saas.web.guard import needs
from saas.web.request import here

if typing.TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from saas.residents.models import Resident

_MOST = 10
"""Rows of one search, as everywhere."""


@blueprint.get("/<uuid:resident_id>/household")
@needs("residents.write")
def household(resident_id: uuid.UUID) -> ResponseReturnValue:
    """Look for the other one."""
    return _page(reading.one(resident_id) or abort(404), [])


@blueprint.post("/<uuid:resident_id>/household")
@needs("residents.write")
def household_submit(resident_id: uuid.UUID) -> ResponseReturnValue:
    """Whom the words find; or the link with the one who was chosen, if both wish it."""
    resident = reading.one(resident_id) or abort(404)
    found = _found(resident)
    if "choosing" not in request.form or not Form().arrived():
        return _page(resident, found)
    other = _chosen()
    if other is not None and other.standing == "merged":
        # Merged while the page was open; the link is with the one who stayed, if that is somebody else.
        stayed = person.stayers([other.id])[other.id]
        if stayed == resident.id:
            return merged.led_on(other.id, stayed)
        other = reading.one(stayed)
    if other is None or other.id == resident.id or "both_wish" not in request.form:
        return _page(resident, found, pages.REFUSED)
    linking.link_household(resident.id, other.id, hand())
    log.note("residents.household", residents=[resident.id, other.id], detail={"linked": True})
    flash(gettext("Linked as one household. Either of them can have it removed."), "done")
    return redirect(url_for("residents.show", resident_id=resident.id), code=303)


@blueprint.post("/<uuid:resident_id>/household/<uuid:other_id>/remove")
@needs("residents.write")
def household_remove(resident_id: uuid.UUID, other_id: uuid.UUID) -> ResponseReturnValue:
    """Forget the link, on the word of either; the row goes and the log tells that it was there."""
    if reading.one(resident_id) is None or reading.one(other_id) is None:
        abort(404)
    gone = linking.unlink_household(resident_id, other_id)
    log.note("residents.household_remove", residents=[resident_id, other_id], detail={"removed": gone})
    flash(gettext("The household link is removed."), "done")
    return redirect(url_for("residents.show", resident_id=resident_id), code=303)


def _chosen() -> Resident | None:
    """Who was chosen; 404 for somebody whom the clinic does not have."""
    text = request.form.get("other_id", "")
    if not text:
        return None
    try:
        other = reading.one(uuid.UUID(text))
    except ValueError:
        abort(404)
    return other if other is not None and other.standing != "undone" else abort(404)


def _words() -> str:
    return request.form.get("words", "").strip()


def _found(resident: Resident) -> list[Summary]:
    words = _words()
    found = searching.search(words, here.clinic.keys).residents if words else []
    return [one for one in found if one.id != resident.id][:_MOST]


def _page(resident: Resident, found: list[Summary], status: int = 200) -> ResponseReturnValue:
    log.note("residents.household", residents=[resident.id, *(one.id for one in found)])
    shown = lines(found, here.clinic.keys, clock.today())
    chosen = request.form.get("other_id", "")
    page = render_template(
        "residents/household.html",
        form=Form(),
        resident=resident,
        words=_words(),
        too_long=too_long(_words()),
        searched=request.method == "POST",
        found=[(one.id, line) for one, line in zip(found, shown, strict=True)],
        chosen=chosen if chosen in {str(one.id) for one in found} else "",
        both_wish="both_wish" in request.form,
        sent_back=status == pages.REFUSED,
    )
    return page, status
