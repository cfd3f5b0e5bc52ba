"""Devices for onboarding operators: how many came where, and one list; commands move them."""

from __future__ import annotations

import datetime
import typing

from flask import render_template
from flask_babel import lazy_gettext

from tenants.console.blueprint import blueprint, console
from tenants.console.guarding import opens
from tenants.console.paging import PAGE, asked_page, asked_text, pages
from tenants.console.register import ONBOARDING
from tenants.devices import reading
from tenants.devices.moves import STATES

if typing.TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

CONFIRMED_WITHIN = datetime.timedelta(days=35)
"""A clinic is asked once a month."""
KINDS: dict[str, object] = {
    "laptop": lazy_gettext("Laptop"),
    "tablet": lazy_gettext("Tablet"),
    "phone": lazy_gettext("Mobile phone"),
    "printer": lazy_gettext("Printer"),
    "id_reader": lazy_gettext("ID card reader"),
    "scanner": lazy_gettext("Scanner"),
    "blood_pressure": lazy_gettext("Blood pressure monitor"),
    "glucose": lazy_gettext("Glucose meter"),
    "ecg": lazy_gettext("ECG machine"),
}
WORDS: dict[str, object] = {
    "stock": lazy_gettext("in the stock"),
    "shipped": lazy_gettext("on its way"),
    "received": lazy_gettext("received, not enrolled"),
    "enrolled": lazy_gettext("enrolled"),
    "in_use": lazy_gettext("in use"),
    "repair": lazy_gettext("in repair"),
    "lost": lazy_gettext("lost"),
    "retired": lazy_gettext("retired"),
}


@blueprint.get("/devices")
@opens(ONBOARDING)
def devices() -> ResponseReturnValue:
    """The report per county and kind, and a page of the list."""
    desk, page, state, text = console().desk, asked_page(), asked_text("state"), asked_text("q")
    state = state if state in STATES else ""
    values = {"state": state, "clinic": "", "part": reading.part_of(text)}
    of = desk.value("SELECT count(*) " + reading.WHERE, **values)
    part = {"most": PAGE, "after": (page - 1) * PAGE}
    since = console().shell.now().date() - CONFIRMED_WITHIN
    return render_template(
        "operators/devices.html",
        report=desk.rows(reading.REPORT, **reading.report_values(since)),
        devices=desk.rows(reading.LIST + " LIMIT %(most)s OFFSET %(after)s", **values, **part),
        of=of,
        kinds=KINDS,
        states=WORDS,
        state=state,
        text=text,
        paging=pages(page, of, "operators.devices", state=state, q=text),
    )
