"""Health cards: printing one, voiding a lost one at once, scanning one into the search box."""

from __future__ import annotations

import typing

import segno
from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from saas.accounts import once
from saas.residents import cards, reading, writing
from saas.residents.care_forms import CardForm
from saas.residents.views import blueprint, pages, panels
from saas.web import clock, log
from saas.web.guard import needs
from saas.web.request import here

if typing.TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from saas.residents.models import Resident


@blueprint.route("/<uuid:resident_id>/card", methods=["GET", "POST"])
@needs("residents.write")
def card(resident_id: uuid.UUID) -> ResponseReturnValue:
    """Choose the name, then the card itself, shown once: its number is kept nowhere."""
    find = reading.one if request.method == "GET" else writing.locked
    resident = find(resident_id) or abort(404)
    log.note("residents.card", residents=[resident.id])
    if shown := once.again():
        return shown
    form, names = CardForm(), [name.text for name in resident.names]
    form.offer(names)
    if not form.is_submitted():
        form.names.data = [str(place) for place in range(len(names))]
    if not form.arrived():
        return _form_page(form, resident)
    if not form.validate():
        return _form_page(form, resident, status=pages.REFUSED)
    number, check = cards.make(resident, here.clinic.keys, at=clock.now(), by=here.staff.id)
    return once.page(
        "residents/card_print.html",
        picture=segno.make(number, error="m").svg_data_uri(scale=4, border=2, dark="#000", light="#fff"),
        names=form.chosen(names),
        check=check,
        goes_on=url_for("residents.show", resident_id=resident.id),
    )


@blueprint.post("/<uuid:resident_id>/card/void")
@needs("residents.read")
def card_void(resident_id: uuid.UUID) -> ResponseReturnValue:
    """A lost card: it finds nobody from now on. Whoever may read may do this, in a suspended clinic too."""
    resident = writing.locked(resident_id) or abort(404)
    log.note("residents.card_void", residents=[resident.id])
    if cards.void(resident, at=clock.now(), by=here.staff.id):
        undo = url_for("residents.card_restore", resident_id=resident.id)
        pages.flash_with_undo(gettext("The card is void: it finds nobody any more."), undo)
    return redirect(url_for("residents.show", resident_id=resident.id), code=303)


@blueprint.post("/<uuid:resident_id>/card/restore")
@needs("residents.read")
def card_restore(resident_id: uuid.UUID) -> ResponseReturnValue:
    """It was not lost after all: undo within ten minutes, as long as no new card was made."""
    resident = writing.locked(resident_id) or abort(404)
    log.note("residents.card_restore", residents=[resident.id])
    if cards.restore(resident, at=clock.now()):
        flash(gettext("Undone."), "done")
    else:
        flash(gettext("This card stays void. Make a new one."), "warn")
    return redirect(url_for("residents.show", resident_id=resident.id), code=303)


def scanned(words: str) -> ResponseReturnValue | None:
    """The answer to a card in the search box; None when the words are no card of this clinic.

    A voided card leads to nobody. That somebody tried it is told to the person by her log.
    """
    row = cards.card_of(words, here.clinic.keys)
    if row is None:
        return None
    if row.voided_at is None:
        log.note("residents.find", residents=[row.resident_id], detail={"by": "card"})
        return redirect(url_for("residents.show", resident_id=row.resident_id), code=303)
    log.note("residents.find", residents=[row.resident_id], detail={"by": "void card"})
    flash(gettext("This card was reported lost and is void. Ask for the name, and make a new card."), "warn")
    return redirect(url_for("residents.index"), code=303)


def _form_page(form: CardForm, resident: Resident, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "residents/card.html",
        form=form,
        resident=resident,
        names=[name.text for name in resident.names],
        card=panels.card_shown(resident),
    )
    return page, status
