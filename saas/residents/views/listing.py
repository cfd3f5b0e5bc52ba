"""Residents of a site, and whom a search finds. The words of a search travel sealed."""

from __future__ import annotations

import typing
import uuid

from flask import abort, redirect, render_template, request, url_for

from saas.residents import reading, tokens
from saas.residents.showing import Line, lines
from saas.residents.views import blueprint, carding
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


@blueprint.post("/find")
@needs("residents.read")
def find() -> ResponseReturnValue:
    """Take the words of a search; a document's whole number opens its person at once."""
    words = request.form.get("q", "").strip()[: reading.LONGEST_QUERY]
    if not words:
        return redirect(url_for("residents.index"), code=303)
    if (scanned := carding.scanned(words)) is not None:
        return scanned
    only = reading.document_of(words, here.clinic.keys)
    if only is not None:
        log.note("residents.find", residents=[only], detail={"by": "document"})
        return redirect(url_for("residents.show", resident_id=only), code=303)
    sealed = tokens.sealed(words, words_place(), here.clinic.keys)
    return redirect(url_for("residents.found", words=sealed), code=303)


@blueprint.get("/found/<words>")
@needs("residents.read")
def found(words: str) -> ResponseReturnValue:
    """Whom the sealed words lead to; reload, Back and the language switch stay possible."""
    opened = tokens.opened(words, words_place(), here.clinic.keys)
    if opened is None:
        abort(404)
    page = reading.found(opened, here.clinic.keys, page_asked_for())
    log.note("residents.found", residents=[resident.id for resident in page.residents])
    return render_template(
        "residents/found.html",
        lines=_lines(page),
        words=words,
        search_text=opened,
        earlier_url=turned(page, -1, "residents.found", words=words),
        later_url=turned(page, 1, "residents.found", words=words),
    )


def words_place() -> str:
    """Search words open only for the person who typed them."""
    return f"residents.words:{here.staff.id}"


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
