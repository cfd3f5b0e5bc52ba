"""Ending somebody's part in a programme for another reason than her own wish, a step on her page."""

from __future__ import annotations

import typing

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from saas.public_health import owing, people, programmes
from saas.residents import codes
from saas.residents.rules import consent as rule
from saas.web import log
from saas.web.forms import Form
from saas.web.guard import needs
from saas.web.request import here

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping

    from flask import Blueprint
    from flask.typing import ResponseReturnValue

REFUSED = 422
REASONS: Mapping[str, object] = {
    "lost": _l("Contact is lost"),
    "not_confirmed": _l("The illness was not confirmed"),
}


def register(blueprint: Blueprint) -> None:
    """The page on which a part is ended."""
    address = "/residents/<uuid:resident_id>/programme-end"
    blueprint.add_url_rule(address, "programme_end", programme_end, methods=["GET", "POST"])


@needs("public_health.write")
def programme_end(resident_id: uuid.UUID) -> ResponseReturnValue:
    """Ask for the reason, then end it; sent twice, it is ended once."""
    subject = people.subject(resident_id)
    programme = request.args.get("about", rule.HYPERTENSION)
    if subject is None or programme not in rule.PROGRAMMES:
        abort(404)
    form, reason = Form(), request.form.get("reason", "")
    log.note("public_health.programme_end", residents=[resident_id])
    if request.method == "POST" and form.arrived() and reason in REASONS:
        programmes.end(resident_id, programme, reason, here.staff.id)
        owing.refresh(resident_id)
        flash(gettext("Ended."), "done")
        return redirect(url_for("residents.show", resident_id=resident_id), code=303)
    missing = request.method == "POST" and form.arrived()
    page = render_template(
        "public_health/programme_end.html",
        form=form,
        subject=subject,
        programme=codes.PURPOSE_LABELS[programme],
        reasons=REASONS,
        chosen=reason,
        missing=missing,
    )
    return page, REFUSED if missing else 200
