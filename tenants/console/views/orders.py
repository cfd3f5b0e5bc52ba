"""An order to the house: how far it is, and what came out."""

from __future__ import annotations

import typing
import uuid

from flask import abort, jsonify, render_template, url_for

from tenants.console import orders as kept
from tenants.console.blueprint import blueprint
from tenants.console.guarding import opens
from tenants.console.order_kinds import about
from tenants.console.order_words import progress_words, said
from tenants.console.register import ONBOARDING

if typing.TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from tenants.console.desk import Row


@blueprint.get("/orders/<uuid:order_id>")
@opens(ONBOARDING)
def order(order_id: uuid.UUID) -> ResponseReturnValue:
    """Where it stands, and what it did."""
    found = _or_404(order_id)
    of_kind, waits = about(found["kind"]), found["state"] == "waiting"
    back = url_for("operators.clinic", clinic_id=found["clinic_id"]) if found["code"] else ""
    return render_template(
        "operators/order.html",
        order=found,
        about=of_kind,
        state=kept.STATES[found["state"]],
        words=progress_words(found),
        waits=waits,
        nobody_works=waits and kept.nobody_works(),
        refusal=said(found["outcome"]) if found["state"] in ("refused", "failed") else "",
        shown=of_kind.shown(found) if found["state"] == "done" else "",
        back=back or url_for("operators.clinics"),
    )


@blueprint.get("/orders/<uuid:order_id>/progress")
@opens(ONBOARDING, quiet=True)
def order_progress(order_id: uuid.UUID) -> ResponseReturnValue:
    """For the bar that asks by itself; asking keeps no session awake."""
    found = _or_404(order_id)
    told = {"done": found["done"], "of": found["of"], "words": progress_words(found)}
    return jsonify({**told, "ended": found["state"] != "waiting"})


def _or_404(order_id: uuid.UUID) -> Row:
    return kept.find(order_id) or abort(404)
