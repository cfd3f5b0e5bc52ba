"""Devices for onboarding operators: how many came where, one list, and each device with its way so far."""

from __future__ import annotations

import datetime
import typing
import uuid

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from wtforms import StringField
from wtforms.validators import Length

from tenants.console import devices as known
from tenants.console.blueprint import blueprint, console
from tenants.console.forms import Form, needed
from tenants.console.guarding import opens, works
from tenants.console.paging import asked_page, asked_text, pages
from tenants.console.register import ONBOARDING, VIEWER
from tenants.devices import reading
from tenants.devices.moves import RECEIVED, STATES, may_be_sent, offered_to_operator
from tenants.devices.words import GOALS, KINDS
from tenants.devices.words import STATES as WORDS

if typing.TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from tenants.console.desk import Row

CONFIRMED_WITHIN = datetime.timedelta(days=35)
"""A clinic is asked once a month."""


class SendForm(Form):
    """To which institution a device goes, and under which waybill."""

    clinic_code = StringField(lazy_gettext("Code of the institution"), [needed(), Length(max=20)])
    waybill = StringField(lazy_gettext("Waybill"), [needed(), Length(max=100)])


@blueprint.get("/devices")
@opens(ONBOARDING, VIEWER)
def devices() -> ResponseReturnValue:
    """The report per county and kind, and a page of the list."""
    page, state, text, clinic = asked_page(), asked_text("state"), asked_text("q"), asked_text("clinic")
    state = state if state in STATES else ""
    rows, of = known.listed(state, clinic, text, page)
    since = console().shell.now().date() - CONFIRMED_WITHIN
    return render_template(
        "operators/devices.html",
        report=console().desk.rows(reading.REPORT, **reading.report_values(since)),
        devices=rows,
        of=of,
        kinds=KINDS,
        states=WORDS,
        state=state,
        text=text,
        clinic_code=clinic,
        paging=pages(page, of, "operators.devices", state=state, q=text, clinic=clinic),
    )


@blueprint.get("/devices/<uuid:device_id>")
@opens(ONBOARDING, VIEWER)
def device(device_id: uuid.UUID) -> ResponseReturnValue:
    """One device: what it is, whose, where it was; and what an operator may do with it."""
    return _page(_or_404(device_id), SendForm())


@blueprint.post("/devices/<uuid:device_id>/send")
@opens(ONBOARDING)
def device_send(device_id: uuid.UUID) -> ResponseReturnValue:
    """Send it to an institution: from the stock, or on from another one."""
    found, form = _or_404(device_id), SendForm()
    if not form.arrived():
        return _page(found, form)
    holds = form.validate()
    clinic = known.clinic_of((form.clinic_code.data or "").strip())
    if form.clinic_code.data and clinic is None:
        form.clinic_code.errors = [gettext("No institution has this code.")]
    elif clinic and clinic["state"] == "closed":
        form.clinic_code.errors = [gettext("This institution is closed.")]
    elif clinic and clinic["id"] == found["clinic_id"]:
        form.clinic_code.errors = [gettext("It has this device already.")]
    elif holds and clinic:
        done = _is_still_there(found) and known.send(found, clinic["id"], form.waybill.data.strip())
        return _after(device_id, done=done)
    return _page(found, form), 422


@blueprint.post("/devices/<uuid:device_id>/move")
@opens(ONBOARDING)
def device_move(device_id: uuid.UUID) -> ResponseReturnValue:
    """Say that it came back, was received, is lost or retired."""
    found, goal = _or_404(device_id), request.form.get("goal", "")
    if goal not in offered_to_operator(found["state"]):
        return _after(device_id, done=False)
    return _after(device_id, done=_is_still_there(found) and known.move(found, goal))


@blueprint.post("/devices/<uuid:device_id>/code")
@opens(ONBOARDING)
def device_code(device_id: uuid.UUID) -> ResponseReturnValue:
    """Make the code with which its institution enrols it, and show it once."""
    found = _or_404(device_id)
    code = known.make_code(device_id)
    if code is None:
        return _after(device_id, done=False)
    return _page(found, SendForm(formdata=None), code)


def _is_still_there(found: Row) -> bool:
    """What the page showed is what is: a second operator may have moved it meanwhile."""
    return bool(request.form.get("was") == found["state"])


def _after(device_id: uuid.UUID, *, done: bool) -> ResponseReturnValue:
    if done:
        flash(gettext("Saved."), "done")
    else:
        flash(gettext("This is not possible any more. Look where the device stands."), "warn")
    return redirect(url_for("operators.device", device_id=device_id), code=303)


def _page(found: Row, form: Form, code: str = "") -> str:
    return render_template(
        "operators/device.html",
        device=found,
        form=form,
        code_once=code,
        moves=known.moves_of(found["id"]),
        kind=KINDS[found["kind"]],
        states=WORDS,
        works=works(),
        goals=[(goal, GOALS[goal]) for goal in offered_to_operator(found["state"]) if works()],
        sent=works() and may_be_sent(found["state"]),
        takes_code=works() and found["state"] == RECEIVED,
    )


def _or_404(device_id: uuid.UUID) -> Row:
    return known.find(device_id) or abort(404)
