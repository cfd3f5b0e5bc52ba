"""Clinics by place and standing; one clinic with its checklist, its numbers and its rooms."""

from __future__ import annotations

import typing
import uuid

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext

from tenants.cell_desk import CellSilent
from tenants.console import checklist, elsewhere, orders, standings
from tenants.console import clinics as known
from tenants.console.act_words import detail_parts
from tenants.console.blueprint import blueprint, console
from tenants.console.forms import ReasonForm
from tenants.console.guarding import opens
from tenants.console.order_kinds import about
from tenants.console.paging import asked_page, asked_text, pages
from tenants.console.register import ONBOARDING
from tenants.placing import MAIN

if typing.TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from tenants.console.desk import Row

FAMILY_PLANNING = "family_planning"
BASIC = "residents"
"""Always on; in the list of rooms it says that the list was chosen."""

KINDS: dict[str, object] = {
    "township_health_centre": lazy_gettext("Township health centre"),
    "community_health_centre": lazy_gettext("Community health centre"),
    "community_health_station": lazy_gettext("Community health station"),
}


@blueprint.get("/clinics")
@opens(ONBOARDING)
def clinics() -> ResponseReturnValue:
    """One page of clinics, with how many stand where."""
    state, page, places = asked_text("state"), asked_page(), known.places()
    prefecture, county = asked_text("prefecture"), asked_text("county")
    wanted = known.Wanted(
        prefecture=prefecture,
        # Of another prefecture's county, which stood chosen before, the new one has none.
        county="" if prefecture and county not in dict(places).get(prefecture, []) else county,
        state=state if state in checklist.STATES else "",
        words=asked_text("q"),
    )
    rows, of = known.listed(wanted, page)
    kept = {"prefecture": wanted.prefecture, "county": wanted.county, "q": wanted.words}
    return render_template(
        "operators/clinics.html",
        clinics=rows,
        of=of,
        wanted=wanted,
        kept=kept,
        places=places,
        counts=known.counts(wanted),
        states=checklist.STATES,
        paging=pages(page, of, "operators.clinics", state=wanted.state, **kept),
    )


@blueprint.get("/clinics/<uuid:clinic_id>")
@opens(ONBOARDING)
def clinic(clinic_id: uuid.UUID) -> ResponseReturnValue:
    """What the system and the operators know of one clinic."""
    return _page(_or_404(clinic_id), ReasonForm())


@blueprint.post("/clinics/<uuid:clinic_id>/move")
@opens(ONBOARDING)
def clinic_move(clinic_id: uuid.UUID) -> ResponseReturnValue:
    """To another standing: forward when its items hold, otherwise with a reason."""
    found, form = _or_404(clinic_id), ReasonForm()
    if not form.arrived():
        return _page(found, form)
    goes_to, was = request.form.get("goes_to", ""), request.form.get("was", "")
    refusal = _refusal(found, was, goes_to, form)
    if refusal:
        form.form_errors.append(refusal)
        return _page(found, form), 422
    reason = (form.reason.data or "").strip()
    if not known.move(found, goes_to, reason):
        flash(gettext("Somebody else changed it meanwhile. Look again."), "warn")
    else:
        flash(gettext("Saved."), "done")
    return redirect(url_for("operators.clinic", clinic_id=clinic_id), code=303)


@blueprint.post("/clinics/<uuid:clinic_id>/tick")
@opens(ONBOARDING)
def clinic_tick(clinic_id: uuid.UUID) -> ResponseReturnValue:
    """An item was seen to, or was not after all."""
    _or_404(clinic_id)
    item = request.form.get("item", "")
    if item not in checklist.TICKED:
        abort(422)
    known.tick(clinic_id, item, done=request.form.get("done") == "1")
    return redirect(url_for("operators.clinic", clinic_id=clinic_id), code=303)


@blueprint.post("/clinics/<uuid:clinic_id>/room")
@opens(ONBOARDING)
def clinic_room(clinic_id: uuid.UUID) -> ResponseReturnValue:
    """Switch one room on or off; never family planning, which opens only by its own list."""
    found = _or_404(clinic_id)
    room, names = request.form.get("room", ""), [name for name, _ in console().shell.rooms]
    if room not in names:
        abort(422)
    told = known.told_of(found)
    if told.facts is None:
        flash(_unknown(found, told), "warn")
        return redirect(url_for("operators.clinic", clinic_id=clinic_id), code=303)
    now_on = [name for name in names if not told.rooms or name in told.rooms]
    is_on = request.form.get("on") == "1"
    rooms = [name for name in names if (is_on if name == room else name in now_on)]
    try:
        known.switch_room(found, [BASIC, *rooms], room, on=is_on)
    except known.OnItsWay:
        flash(_on_its_way(), "warn")
    except CellSilent as error:
        flash(elsewhere.words_for(found["cell"], elsewhere.why(error)), "warn")
    return redirect(url_for("operators.clinic", clinic_id=clinic_id), code=303)


def _on_its_way() -> str:
    return str(gettext("This institution is being moved to another database. Try again in a few minutes."))


def _unknown(clinic: Row, told: known.Told) -> str:
    """Why nothing is known of its own rows; empty when it is."""
    if told.facts is not None:
        return ""
    return elsewhere.words_for(clinic["cell"], told.why) if told.why else _on_its_way()


def _refusal(clinic: Row, was: str, goes_to: str, form: ReasonForm) -> str:
    """Why a clinic cannot be moved so; empty when it can."""
    if not form.validate():
        return str(gettext("The reason cannot be kept as it is."))
    if was != clinic["state"]:
        return str(gettext("Somebody else changed it meanwhile. Look again."))
    if goes_to not in _ways(clinic):
        return str(gettext("There is no way from here to there."))
    if checklist.needs_reason(was, goes_to) and not (form.reason.data or "").strip():
        return str(gettext("Say why: it stands in the institution's own log."))
    if was in checklist.ORDER and goes_to in checklist.ORDER and not checklist.needs_reason(was, goes_to):
        return _lacking(clinic, goes_to)
    return ""


def _lacking(clinic: Row, goes_to: str) -> str:
    """What must hold before this step forward, and does not, or is not known; empty when nothing."""
    told = known.told_of(clinic)
    lacking = checklist.missing(goes_to, _held(clinic, told))
    if not lacking or told.facts is None:
        return _unknown(clinic, told)
    names = "; ".join(str(item.words) for item in lacking)
    return str(gettext("Not yet. Still missing: %(items)s", items=names))


def _ways(clinic: Row) -> list[str]:
    return checklist.next_states(clinic["state"], clinic["suspended_from"] or "")


def _held(clinic: Row, told: known.Told) -> typing.Mapping[str, bool | None]:
    return checklist.holds(told.facts, known.ticks_of(clinic["id"]), console().shell.now())


def _page(clinic: Row, form: ReasonForm) -> str:
    told = known.told_of(clinic)
    ticks = known.ticks_of(clinic["id"])
    return render_template(
        "operators/clinic.html",
        clinic=clinic,
        form=form,
        facts=told.facts,
        revision=told.revision,
        unknown=_unknown(clinic, told),
        elsewhere=clinic["cell"] != MAIN,
        unchangeable=standings.refusal(clinic),
        kind=KINDS.get(clinic["kind"], clinic["kind"]),
        days=known.days_of(clinic["id"]),
        acts=[
            {**act, "detail": detail_parts(act["act"], act["detail"], dict(console().shell.rooms))}
            for act in known.acts_on(clinic["id"])
        ],
        act_words=console().shell.act_words,
        orders=orders.latest(clinic["id"]),
        states_of_orders=orders.STATES,
        about=about,
        items=checklist.ITEMS,
        held=checklist.holds(told.facts, ticks, console().shell.now()),
        ticks=ticks,
        states=checklist.STATES,
        ways=_ways(clinic),
        rooms=[(name, words, not told.rooms or name in told.rooms) for name, words in console().shell.rooms],
    )


def _or_404(clinic_id: uuid.UUID) -> Row:
    return known.find(clinic_id) or abort(404)
