"""The clinic's devices, for its administrator: received, enrolled by a code, in repair, lost, still here."""

from __future__ import annotations

import typing
import uuid

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from wtforms import StringField
from wtforms.validators import Length

from saas.accounts import entering
from saas.accounts.blueprint import blueprint
from saas.accounts.forms import needed
from saas.accounts.tries import Tries, wait_text
from saas.web import clock
from saas.web.devices import devices as own
from saas.web.forms import Form
from saas.web.guard import needs
from saas.web.log import note
from saas.web.request import here

if typing.TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

MOVES: dict[str, object] = {
    "received": lazy_gettext("It is here"),
    "in_use": lazy_gettext("In use"),
    "repair": lazy_gettext("In repair"),
    "lost": lazy_gettext("Lost"),
}
_TRIES = "devices/enrol"
"""Counted as an account of its own: no user name has a stroke."""


class EnrolDeviceForm(Form):
    """The code that an operator made for a device of this clinic."""

    device_code_once = StringField(
        lazy_gettext("Code of the device"),
        [needed(), Length(max=40)],
        description=lazy_gettext("12 digits, told by an operator; they work once, within 15 minutes."),
    )


@blueprint.get("/settings/devices")
@needs("clinic.manage")
def devices() -> ResponseReturnValue:
    """The clinic's devices, and the form that enrols one."""
    return _page(EnrolDeviceForm())


@blueprint.post("/settings/devices")
@needs("clinic.manage")
def device_enrol() -> ResponseReturnValue:
    """Enrol the device that the code was made for, here and nowhere else."""
    form = EnrolDeviceForm()
    if not form.arrived():
        return _page(form)
    if not form.validate():
        return _page(form), 422
    tries = Tries(here.clinic.card.id, _TRIES)
    seconds = tries.wait()
    if seconds:
        form.device_code_once.errors = [wait_text(seconds)]
        return _page(form), 429
    number = own().enrol(entering.browser().token, form.device_code_once.data)
    if number is None:
        tries.failed()
        form.device_code_once.errors = [
            gettext("No received device of this institution has this code, or it has run out.")
        ]
        return _page(form), 422
    tries.forgive()
    note("device.enrolled", purpose="administration", detail={"device": number})
    flash(gettext("The device is enrolled."), "done")
    return redirect(url_for("accounts.devices"), code=303)


@blueprint.post("/settings/devices/<uuid:device_id>/move")
@needs("clinic.manage")
def device_move(device_id: uuid.UUID) -> ResponseReturnValue:
    """Say that a device came, is in use, in repair, lost, or found again."""
    if device_id not in {device.id for device in own().devices(here.clinic.card)}:
        abort(404)
    state = request.form.get("state", "")
    if own().move(entering.browser().token, device_id, state):
        note("device.moved", purpose="administration", detail={"device": str(device_id), "state": state})
        flash(gettext("Saved."), "done")
    else:
        flash(gettext("This is not possible any more. Look where the device stands."), "warn")
    return redirect(url_for("accounts.devices"), code=303)


@blueprint.post("/settings/devices/confirm")
@needs("clinic.manage")
def devices_confirm() -> ResponseReturnValue:
    """Say which devices the clinic still has; nobody asks where they are."""
    count = own().confirm(entering.browser().token, _ticked(), clock.today())
    if count:
        note("devices.confirmed", purpose="administration", detail={"devices": count})
        flash(gettext("Saved."), "done")
    return redirect(url_for("accounts.devices"), code=303)


def _ticked() -> list[uuid.UUID]:
    found = []
    for text in request.form.getlist("device_ids"):
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found


def _page(form: EnrolDeviceForm) -> str:
    return render_template(
        "accounts/devices.html",
        form=form,
        devices=own().devices(here.clinic.card),
        kinds=own().kinds,
        states=own().states,
        moves=MOVES,
    )
