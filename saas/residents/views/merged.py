"""An address of a merged record leads to the person as she is now, whichever page it is of."""

from __future__ import annotations

import typing
import uuid

from flask import flash, redirect, request, url_for
from flask_babel import gettext

from saas.residents import person, reading
from saas.residents.views import blueprint
from saas.web import log

if typing.TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_OF_A_PERSON = ("resident_id", "other_id")
_KEEPS_WHAT_WAS_TYPED = {"residents.edit"}


@blueprint.before_request
def lead_on() -> ResponseReturnValue | None:
    """Answer for merged ids in the address: a page opens for the one who stayed, a change is not made.

    The row is the one that the view reads anyway, so this costs no query.
    """
    asked = {name: one for name, one in (request.view_args or {}).items() if name in _OF_A_PERSON}
    residents = [reading.one(one) for one in asked.values()]
    gone = [one.id for one in residents if one is not None and one.standing == "merged"]
    if not gone or (request.method == "POST" and request.endpoint in _KEEPS_WHAT_WAS_TYPED):
        return None
    now = person.stayers(asked.values())
    asked = {name: now.get(one, one) for name, one in asked.items()}
    if request.method == "POST" or len(set(asked.values())) < len(asked):
        return led_on(gone[0], asked["resident_id"])
    return led_on(gone[0], asked["resident_id"], str(request.endpoint), asked)


def led_on(
    gone: uuid.UUID,
    stayed: uuid.UUID,
    endpoint: str = "residents.show",
    values: dict[str, uuid.UUID] | None = None,
) -> ResponseReturnValue:
    """The way from a merged record to the person, with a line that says so; logged for both."""
    log.note("residents.merged", residents=[gone, stayed])
    flash(gettext("Two records of this person were merged. This is the one that stayed."), "done")
    return redirect(url_for(endpoint, **(values or {"resident_id": stayed})), code=303)  # type: ignore[arg-type]
