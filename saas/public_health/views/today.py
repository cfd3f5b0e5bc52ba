"""The list of today: what the clinic owes, most urgent first; Enter opens the visit, saving the next one."""

from __future__ import annotations

import typing

from flask import Blueprint, redirect, render_template, request, url_for

from saas.public_health import calls as calling
from saas.public_health import finding, onward, today_lines, worklist
from saas.residents import reading
from saas.residents.views.listing import page_asked_for
from saas.web import clock, log
from saas.web.guard import needs
from saas.web.request import here

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from saas.public_health.worklist import Asked

blueprint = Blueprint("today", "saas.public_health", template_folder="templates", url_prefix="/today")


@blueprint.get("")
@needs("public_health.read")
def index() -> ResponseReturnValue:
    """Whom the clinic owes something at one's own places; 50 a page, one request."""
    whole, sites = onward.asked_for(), reading.own_sites(here.staff)
    asked, own = whole.sought(request.args.get("words", "")), onward.site_ids(whole, sites)
    sought = finding.sought(asked, own)
    number = _page(asked, own) if sought is None else 1
    found = worklist.listed(asked, own, clock.today(), number, None if sought is None else sought.ids)
    lines = today_lines.lines(found, asked, clock.today())
    log.note("today.index", residents=[one.id for one in found.rows], detail={"filter": asked.filter})
    return render_template(
        "today/index.html",
        lines=lines,
        focus=today_lines.focus(found, onward.line_asked_for()),
        asked=asked,
        sites=sites,
        sought=sought,
        list_url=onward.list_url(whole),
        filters=today_lines.filters(found.counts, asked),
        orders=today_lines.ORDERS,
        book_url=url_for("today.workbook", **onward.arguments(asked)),  # type: ignore[arg-type]
        paper_url=url_for("today.paper", **onward.arguments(asked)),  # type: ignore[arg-type]
        sheet_url=url_for("today.sheet", **onward.arguments(asked)),  # type: ignore[arg-type]
        earlier_url=_turned(asked, number - 1) if number > 1 else None,
        later_url=_turned(asked, number + 1) if found.has_more else None,
    )


@blueprint.post("/find")
@needs("public_health.read", held=False)
def find() -> ResponseReturnValue:
    """Words to find somebody by within a list; they go on sealed, so that the page can be asked for again."""
    asked = onward.list_posted()
    return redirect(onward.list_url(asked.sought(finding.sealed())), code=303)


@blueprint.get("/calls")
@needs("public_health.read")
def calls() -> ResponseReturnValue:
    """Whom to telephone: the clinic owes them something; 50 a page, numbers in full only one at a time."""
    asked, sites = onward.calls_asked_for(), reading.own_sites(here.staff)
    own = onward.site_ids(asked, sites)
    number = _page(asked, own)
    found = worklist.listed(asked, own, clock.today(), number)
    lines = today_lines.lines(found, asked, clock.today())
    log.note("today.calls", residents=[one.id for one in found.rows])
    return render_template(
        "today/calls.html",
        lines=lines,
        focus=today_lines.focus(found, onward.line_asked_for()),
        asked=asked,
        sites=sites,
        back=calling.came_back(own, clock.today()),
        earlier_url=_turned(asked, number - 1) if number > 1 else None,
        later_url=_turned(asked, number + 1) if found.has_more else None,
    )


@blueprint.get("/print")
@needs("public_health.read")
def sheet() -> ResponseReturnValue:
    """The list of the day on A5 paper with boxes to tick: the first 50, her own, for the day's care."""
    asked = onward.asked_for()
    sites = reading.own_sites(here.staff)
    found = worklist.listed(asked, onward.site_ids(asked, sites), clock.today())
    lines = today_lines.lines(found, asked, clock.today())
    log.note("today.sheet", residents=[one.id for one in found.rows], purpose="care-of-the-day")
    return render_template(
        "today/print.html",
        lines=lines,
        filter_label=today_lines.FILTERS[asked.filter],
        day=clock.today(),
        back_url=onward.list_url(asked),
    )


@blueprint.app_context_processor
def about_a_call() -> dict[str, object]:
    """For what stands above the form of a call: the person's own numbers, and what she is called about."""
    return {"call_about": today_lines.call_about}


def _page(asked: Asked, own: Sequence[uuid.UUID]) -> int:
    """The page that the address asks for, or hers from whom one comes back."""
    whom = onward.line_asked_for()
    return page_asked_for() if whom is None else worklist.page_of(asked, whom, own, clock.today())


def _turned(asked: Asked, number: int) -> str:
    return onward.list_url(asked, page=str(number))
