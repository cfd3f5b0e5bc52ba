"""The one guard of records; ``views/gate.py`` puts it before every route whose address names a resident."""

from __future__ import annotations

import typing

from flask import abort, current_app, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RoutingException

from saas.residents import reading, relations
from saas.residents.rules import care
from saas.web import clock
from saas.web.looking import is_looking
from saas.web.request import here

if typing.TYPE_CHECKING:
    import uuid

    from saas.residents.models import Opening

EXEMPT = frozenset({"residents.open_record", "residents.visit_begin"})
"""What leads in: opening with a reason, and "she is here". Each is reviewed in ``tests/rights``."""

OTHERS = frozenset({"other_id", "gone_id"})
"""Names under which an address holds a second person; the guard stands before her as well."""

SHOWS_ONE_ALONE = frozenset({"residents.household_remove"})
"""Routes that show and change nothing of the second one: a link goes at the wish of either side."""

OPENED_BY_A_REASON = frozenset({"residents", "public_health"})
"""The rooms that an opening opens: the ordinary record, with its follow-ups and examinations. A room that
is not named here stays shut; family planning, mental health and STI never stand here (rights I7, I9)."""


def is_in_care(resident_id: uuid.UUID, *, opened: bool = True) -> bool:
    """Whether the signed-in person cares for this resident; 404 when there is no such resident.

    Most residents are of her places: then this costs no query of its own on a page that shows them.
    ``opened``: an opening with a reason counts too; the request then bears its category as purpose.
    """
    registration = _registration(resident_id)
    if registration is None:
        abort(404)
    carer, now = relations.carer(here.staff), clock.now()
    if care.belongs(carer, registration, now):
        return True
    if care.came_today(carer, relations.contacts_today(resident_id, now), now):
        return True
    opening = relations.live_opening(resident_id, carer.id, now) if opened else None
    if opening is None:
        return False
    g.opening, g.purpose = opening, f"opening.{opening.category}"
    return True


def opening_of_this_request() -> Opening | None:
    """The opening by which the record of this request is open, if nothing else opens it."""
    return typing.cast("Opening | None", g.get("opening"))


def registration_of(resident_id: uuid.UUID) -> care.Registration:
    """Where a resident belongs; 404 when there is none."""
    return relations.of(relations.registered(resident_id) or abort(404))


def standing_of(resident_id: uuid.UUID) -> str | None:
    """Where somebody whom the address names stands ("here", "merged" …), as the guard has read it."""
    return typing.cast("dict[uuid.UUID, str]", g.get("standings", {})).get(resident_id)


def _registration(resident_id: uuid.UUID) -> care.Registration | None:
    # A page that looks needs the whole of her anyway, and reads her once.
    found = reading.one(resident_id) if is_looking() else relations.registered(resident_id)
    if found is None:
        return None
    g.setdefault("standings", {})[resident_id] = found.standing
    return relations.of(found)


def leads_to_a_page(path: str) -> bool:
    """True when there is a page at this address."""
    routes = current_app.create_url_adapter(request)
    try:
        return routes is not None and bool(routes.match(path, method="GET"))
    except (HTTPException, RoutingException):
        return False
