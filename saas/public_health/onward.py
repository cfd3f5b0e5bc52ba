"""From one person of the list to the next: which list an address names, and where one goes after saving."""

from __future__ import annotations

import typing
import uuid

from flask import abort, flash, request, url_for
from flask_babel import gettext

from saas.public_health import finding, open_duties, owing, worklist
from saas.public_health.rules import worklist as rule
from saas.public_health.worklist import ALL_SITES, ORDERS, Asked
from saas.residents import reading
from saas.residents.views.listing import site_with_id
from saas.web import clock
from saas.web.request import here

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from saas.accounts.models import Site
    from saas.public_health.worklist import Row


def asked_for() -> Asked:
    """The whole list that the page's own fields name; 404 for one that there is not."""
    found = (request.args.get("filter"), request.args.get("site"), request.args.get("order"))
    return _known(*found)


def list_posted() -> Asked:
    """The same of a form that was sent."""
    return _known(*(request.form.get(name) for name in ("filter", "site", "order")))


def _known(code: str | None, site: str | None, order: str | None) -> Asked:
    asked = Asked(code or "now", site or ALL_SITES, order or worklist.CARE)
    if asked.filter not in rule.FILTERS or asked.order not in ORDERS:
        abort(404)
    return asked


def calls_asked_for() -> Asked:
    """The list of calls, of all her places or of one."""
    return Asked(worklist.CALLS, request.args.get("site", ALL_SITES))


def arguments(asked: Asked) -> dict[str, str]:
    """The same in an address."""
    return {"filter": asked.filter, "site": asked.site, "order": asked.order}


def site_ids(asked: Asked, sites: Sequence[Site]) -> list[uuid.UUID]:
    """The places that a list is about: one of her own, or all of them; 404 for a place that is not hers."""
    if asked.site == ALL_SITES:
        return [one.id for one in sites]
    return [(site_with_id(sites, asked.site) or abort(404)).id]


def walked() -> Asked | None:
    """The list from which the page of this request was opened; words that are not hers count as none."""
    asked = Asked.read(request.args.get("list", ""))
    if asked is not None and asked.words and finding.opened(asked) is None:
        return asked.sought("")
    return asked


def visit_url(line: rule.Line, resident_id: uuid.UUID, asked: Asked, position: int) -> str:
    """The form that closes a person's most urgent duty, with the way back to her place in the list."""
    return _form_url(line, resident_id, list=asked.at(position).text)


def _form_url(line: rule.Line, resident_id: uuid.UUID, **place: str) -> str:
    code = rule.visit_form(line)
    if code == rule.JOINT:
        return url_for("public_health.joint_visit", resident_id=resident_id, **place)  # type: ignore[arg-type]
    return url_for("public_health.fill", resident_id=resident_id, code=code, **place)  # type: ignore[arg-type]


def own_visit_url(resident_id: uuid.UUID) -> str:
    """The same form for whom one has found by herself; where nothing is owed, the forms to choose from."""
    today = clock.today()
    items = (owing.as_rule(one, open_duties.state_on(one, today)) for one in owing.open_items(resident_id))
    line = rule.line(str(resident_id), "", items, today)
    if line is None:
        return url_for("public_health.record_list", resident_id=resident_id)
    return _form_url(line, resident_id)


def next_url(asked: Asked, whom: uuid.UUID) -> str:
    """The visit of the person who comes next; after the last one the list, which says so.

    Who sought one person goes back to what she sought: the next of the list is nobody whom she meant.
    """
    if asked.words:
        return line_url(asked, whom)
    today = clock.today()
    row = worklist.following(asked, whom, site_ids(asked, reading.own_sites(here.staff)), today)
    line = None if row is None else worklist.lines_of([row.id], today).get(row.id)
    if row is None or line is None:
        flash(gettext("That was the last one of this list."), "done")
        return list_url(asked)
    return url_of(row, line, asked)


def url_of(row: Row, line: rule.Line, asked: Asked) -> str:
    """Where Enter on a line leads to."""
    if asked.filter == worklist.CALLS:
        place = asked.at(row.position).text
        return url_for("public_health.fill", resident_id=row.id, code="call_outcome", list=place)
    return visit_url(line, row.id, asked, row.position)


def list_url(asked: Asked, **more: str) -> str:
    """The list itself, with the words that were sought in it."""
    more |= {"words": asked.words} if asked.words else {}
    if asked.filter == worklist.CALLS:
        return url_for("today.calls", site=asked.site, **more)  # type: ignore[arg-type]
    return url_for("today.index", **arguments(asked), **more)  # type: ignore[arg-type]


def line_url(asked: Asked, whom: uuid.UUID) -> str:
    """The list, with the focus on this person's line."""
    return list_url(asked, at=str(whom))


def line_asked_for() -> uuid.UUID | None:
    """The person at whose line one comes back to the list."""
    try:
        return uuid.UUID(request.args.get("at", ""))
    except ValueError:
        return None
