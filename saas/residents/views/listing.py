"""Residents of a site."""

from __future__ import annotations

import typing
import uuid

from flask import abort, render_template, request, url_for

from saas.residents import reading
from saas.residents.showing import Line, lines
from saas.residents.views import blueprint
from saas.web import clock, log
from saas.web.guard import needs
from saas.web.request import here

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from saas.accounts.models import Site

ALL_SITES = "all"
ENDED_TOO = "all"
_LAST_PAGE = 100_000


@blueprint.get("")
@needs("residents.read")
def index() -> ResponseReturnValue:
    """The residents of one of her places, or of all of them; 50 a page, the last registered first."""
    sites = reading.own_sites(here.staff)
    site = _site_asked_for(sites)
    ended = request.args.get("standing") == ENDED_TOO
    chosen_sites = [site.id] if site else [one.id for one in sites]
    page = reading.listed(chosen_sites, page_asked_for(), ended=ended)
    log.note("residents.index", residents=[resident.id for resident in page.residents])
    chosen = str(site.id) if site else ALL_SITES
    return render_template(
        "residents/index.html",
        lines=_lines(page),
        sites=sites,
        chosen=chosen,
        ended=ended,
        earlier_url=turned(page, -1, "residents.index", site=chosen, **_also(ended=ended)),
        later_url=turned(page, 1, "residents.index", site=chosen, **_also(ended=ended)),
    )


def _lines(page: reading.Page) -> list[Line]:
    return lines(page.residents, here.clinic.keys, clock.today())


def _also(*, ended: bool) -> dict[str, str]:
    return {"standing": ENDED_TOO} if ended else {}


def _site_asked_for(sites: Sequence[Site]) -> Site | None:
    """The place in the address, else her first one, else all of hers; 404 for a place that is not hers."""
    asked = request.args.get("site")
    if asked == ALL_SITES:
        return None
    if asked is None:
        return next(iter(sites), None)
    return site_with_id(sites, asked) or abort(404)


def site_with_id(sites: Sequence[Site], text: str) -> Site | None:
    """The place with this id, if it is one of these."""
    try:
        site_id = uuid.UUID(text)
    except ValueError:
        return None
    return next((site for site in sites if site.id == site_id), None)


def page_asked_for() -> int:
    """The page of a list that the address asks for; 404 for none that can be."""
    text = request.args.get("page", "1")
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:9]) <= _LAST_PAGE:
        abort(404)
    return int(text)


def turned(page: reading.Page, step: int, endpoint: str, **values: str) -> str | None:
    """The address of the page before or after this one, if there is one."""
    if (step < 0 and page.number == 1) or (step > 0 and not page.has_more):
        return None
    return url_for(endpoint, **{**values, "page": str(page.number + step)})  # type: ignore[arg-type]
