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
_LAST_PAGE = 100_000


@blueprint.get("")
@needs("residents.read")
def index() -> ResponseReturnValue:
    """The residents of one place, her own first; 50 a page, the last registered first."""
    sites = reading.sites()
    site = _site_asked_for(sites)
    page = reading.listed(site.id if site else None, _page_asked_for())
    log.note("residents.index", residents=[resident.id for resident in page.residents])
    chosen = str(site.id) if site else ALL_SITES
    return render_template(
        "residents/index.html",
        lines=_lines(page),
        sites=sites,
        chosen=chosen,
        earlier_url=_turned(page, -1, "residents.index", site=chosen),
        later_url=_turned(page, 1, "residents.index", site=chosen),
    )


def _lines(page: reading.Page) -> list[Line]:
    return lines(page.residents, here.clinic.keys, clock.today())


def _site_asked_for(sites: Sequence[Site]) -> Site | None:
    """The place in the address, else her first own one, else all; 404 for a place elsewhere."""
    asked = request.args.get("site")
    if asked == ALL_SITES:
        return None
    if asked is None:
        own = set(here.staff.site_ids)
        return next((site for site in sites if str(site.id) in own), None)
    return site_with_id(sites, asked) or abort(404)


def site_with_id(sites: Sequence[Site], text: str) -> Site | None:
    """The place with this id, if it is one of the clinic's."""
    try:
        site_id = uuid.UUID(text)
    except ValueError:
        return None
    return next((site for site in sites if site.id == site_id), None)


def _page_asked_for() -> int:
    text = request.args.get("page", "1")
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:9]) <= _LAST_PAGE:
        abort(404)
    return int(text)


def _turned(page: reading.Page, step: int, endpoint: str, **values: str) -> str | None:
    if (step < 0 and page.number == 1) or (step > 0 and not page.has_more):
        return None
    return url_for(endpoint, **{**values, "page": str(page.number + step)})  # type: ignore[arg-type]
