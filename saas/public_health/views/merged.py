"""An address of a merged record leads to the person as she is now; what was typed is kept for her form."""

from __future__ import annotations

import typing

from flask import request

from saas.residents import guarding, person
from saas.residents.views.merged import led_on
from saas.web.request import here

if typing.TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

_DRAFTS = {
    "public_health.fill": "public_health.fill:{stayed}:{code}",
    "public_health.joint_visit": "public_health.joint_visit:{stayed}",
    "public_health.amend": "public_health.amend:{record_id}",
}
"""Forms, and the names of their drafts."""


def lead_on() -> ResponseReturnValue | None:
    """Answer for a merged id in the address; where she stands the guard has read."""
    values = dict(request.view_args or {})
    asked = typing.cast("uuid.UUID | None", values.get("resident_id"))
    if asked is None or guarding.standing_of(asked) != "merged":
        return None
    stayed = person.stayers([asked])[asked]
    endpoint = str(request.endpoint)
    if request.method == "POST" and endpoint in _DRAFTS:
        name = _DRAFTS[endpoint].format(stayed=stayed, **values)
        here.drafts.keep(name, request.form.to_dict(flat=False))
    elif request.method == "POST":
        return led_on(asked, stayed)
    return led_on(asked, stayed, endpoint, values | {"resident_id": stayed})
