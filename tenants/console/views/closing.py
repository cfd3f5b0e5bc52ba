"""Closing a clinic for good, its final archive, its removal by two operators, and opening it again."""

from __future__ import annotations

import typing
import uuid

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext

from tenants.closing_rules import LEAST_KEEP_DAYS, MOST_KEEP_DAYS, SHORTEST_PURPOSE
from tenants.console import checklist, clinics, closings, orders
from tenants.console.blueprint import blueprint, console
from tenants.console.closing_form import ClosingForm
from tenants.console.guarding import me, opens, works
from tenants.console.order_kinds import about
from tenants.console.register import ONBOARDING, VIEWER

if typing.TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from tenants.console.closings import Step
    from tenants.console.desk import Row


@blueprint.get("/closings")
@opens(ONBOARDING, VIEWER)
def closing_list() -> ResponseReturnValue:
    """Every closed institution, and how far each has come."""
    return render_template("operators/closings.html", found=closings.under_way())


@blueprint.get("/clinics/<uuid:clinic_id>/closing")
@opens(ONBOARDING, VIEWER)
def closing(clinic_id: uuid.UUID) -> ResponseReturnValue:
    """How far it has come, what may be done now, and why not what may not."""
    return _page(_or_404(clinic_id), ClosingForm())


@blueprint.post("/clinics/<uuid:clinic_id>/closing")
@opens(ONBOARDING)
def closing_step(clinic_id: uuid.UUID) -> ResponseReturnValue:
    """Order one step; the worker asks again whether it may be."""
    found, form = _or_404(clinic_id), ClosingForm()
    if not form.arrived():
        return _page(found, form)
    name = request.form.get("step", "")
    step = closings.STEPS.get(name)
    if step is None:
        form.form_errors.append(gettext("Choose what is to be done."))
        return _page(found, form), 422
    if not _holds(form, step, found) or not _is_allowed(form, step, found):
        return _page(found, form), 422
    arguments: dict[str, object] = {}
    if step.reason:
        arguments["reason"] = form.text_of("reason")
    if step.days:
        arguments["keep_days"] = int(form.digits_of("keep_days"))
    order_id = form.id_of_order(name)
    orders.place(order_id, step.kind, clinic_id, arguments)
    return redirect(url_for("operators.order", order_id=order_id), code=303)


def _is_allowed(form: ClosingForm, step: Step, clinic: Row) -> bool:
    standing = closings.standing_of(clinic, closings.row_of(clinic))
    reason = step.why_not(standing, me().name, console().shell.now())
    if reason:
        form.form_errors.append(closings.said(reason))
    return reason is None


def _holds(form: ClosingForm, step: Step, clinic: Row) -> bool:
    """Whether what the step needs was typed; each fault stands beside its field."""
    holds = form.validate()
    if step.reason and len(form.text_of("reason")) < SHORTEST_PURPOSE:
        text = gettext("Say in at least %(num)s signs what it is for.", num=SHORTEST_PURPOSE)
        form.reason.errors, holds = [text], False
    if step.days and not _are_days(form.digits_of("keep_days")):
        text = gettext(
            "A number of days from %(least)s to %(most)s.", least=LEAST_KEEP_DAYS, most=MOST_KEEP_DAYS
        )
        form.keep_days.errors, holds = [text], False
    if step.code and form.digits_of("typed_code") != clinic["code"]:
        form.typed_code.errors = [gettext("This is not the code of this institution.")]
        holds = False
    return holds


def _are_days(text: str) -> bool:
    digits = text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_KEEP_DAYS))
    return digits and LEAST_KEEP_DAYS <= int(text) <= MOST_KEEP_DAYS


def _page(clinic: Row, form: ClosingForm) -> str:
    row, who, now = closings.row_of(clinic), me().name, console().shell.now()
    standing = closings.standing_of(clinic, row)
    refusals = {name: step.why_not(standing, who, now) for name, step in closings.STEPS.items()}
    offered = {name: step for name, step in closings.STEPS.items() if refusals[name] is None and works()}
    form.begin()
    return render_template(
        "operators/closing.html",
        clinic=clinic,
        form=form,
        row=row,
        standing=standing,
        steps=offered,
        asks={
            what: any(getattr(step, what) for step in offered.values()) for what in ("reason", "days", "code")
        },
        why_not={name: closings.said(reason) for name, reason in refusals.items()},
        works=works(),
        state=checklist.STATES[clinic["state"]],
        now=now,
        about=about,
        devices=closings.devices_of(clinic),
        waiting=[one for one in orders.latest(clinic["id"]) if one["state"] == "waiting"],
        least_days=LEAST_KEEP_DAYS,
    )


def _or_404(clinic_id: uuid.UUID) -> Row:
    return clinics.find(clinic_id) or abort(404)
