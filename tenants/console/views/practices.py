"""The practice clinic beside an institution: made, filled anew, removed."""

from __future__ import annotations

import typing
import uuid

import uuid_utils.compat
from flask import abort, redirect, render_template, request, url_for

from tenants.console import clinics as known
from tenants.console import orders
from tenants.console import practices as kept
from tenants.console.blueprint import blueprint
from tenants.console.checklist import STATES
from tenants.console.guarding import opens
from tenants.console.register import ONBOARDING

if typing.TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from tenants.console.desk import Row


@blueprint.get("/clinics/<uuid:clinic_id>/practice")
@opens(ONBOARDING)
def clinic_practice(clinic_id: uuid.UUID) -> ResponseReturnValue:
    """Whether there is one, and what can be done."""
    return render_template(
        "operators/practice.html",
        clinic=_or_404(clinic_id),
        beside=kept.beside(clinic_id),
        states=STATES,
        # Each button is one order, however often it is pressed.
        numbers={wish: uuid_utils.compat.uuid7() for wish in kept.ABOUT},
    )


@blueprint.post("/clinics/<uuid:clinic_id>/practice")
@opens(ONBOARDING)
def clinic_practice_order(clinic_id: uuid.UUID) -> ResponseReturnValue:
    """Order it of the house; what cannot be is told by the order's page."""
    _or_404(clinic_id)
    wish = request.form.get("wish", "")
    try:
        order_id = uuid.UUID(request.form.get("order_id", ""))
    except ValueError:
        abort(422)
    if wish not in kept.ABOUT:
        abort(422)
    orders.place(order_id, wish, clinic_id, {})
    return redirect(url_for("operators.order", order_id=order_id), code=303)


def _or_404(clinic_id: uuid.UUID) -> Row:
    return known.find(clinic_id) or abort(404)
