"""The figures at month's end: pages, paper, Excel, who is missing, the population of a year."""

from __future__ import annotations

import datetime
import typing
import uuid

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import force_locale, gettext

from saas.db import session
from saas.public_health.figures import showing, snapshots, texts
from saas.public_health.figures.excel import TYPE, Head, workbook
from saas.public_health.figures.jobs import ask
from saas.public_health.figures.missing import Asked, listed
from saas.public_health.rules import indicators_periods as periods
from saas.public_health.rules.indicators_table import definitions
from saas.residents import reading
from saas.residents.showing import lines
from saas.residents.summaries import summaries
from saas.residents.views.listing import page_asked_for
from saas.web import clock, i18n, jobs, log
from saas.web.formats import moment
from saas.web.guard import needs
from saas.web.request import here, may

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from saas.accounts.models import Site

blueprint = Blueprint("figures", "saas.public_health", template_folder="templates", url_prefix="/figures")


@blueprint.get("")
@needs("figures.read")
def index() -> ResponseReturnValue:
    """Every figure of a period, by place and altogether; whole numbers, for use inside the institution."""
    name, sites = _period(), reading.sites()
    found = snapshots.shown(session, name)
    asked = _asked()
    kept = set(snapshots.kept_periods(session)) | {name}
    return render_template(
        "figures/index.html",
        tables=showing.tables(found, sites),
        period=name,
        period_names=[(one, showing.period_text(one)) for one in showing.in_order(kept)],
        computed_at=max((one.computed_at for one in found), default=None),
        own_sites=set(here.staff.site_ids) if may("public_health.read") else set(),
        progress=_progress(asked) if asked else None,
        asked=asked,
        no_worker=asked is not None and not jobs.a_worker_lives(),
        words=texts,
    )


@blueprint.get("/print")
@needs("figures.read")
def printed() -> ResponseReturnValue:
    """The same on paper, in one or both languages; small numbers kept back unless it stays inside."""
    name, sites, inside = _period(), reading.sites(), request.args.get("inside") == "1"
    found = snapshots.shown(session, name)
    sheets = []
    for tongue in _tongues():
        with force_locale(tongue.locale):
            tables = showing.tables(found, sites, passed_on=not inside)
            sheets.append(
                render_template(
                    "figures/_sheet.html",
                    tables=tables,
                    tongue=tongue,
                    language=tongue.code,
                    period_text=showing.period_text(name),
                    computed_at=max((one.computed_at for one in found), default=None),
                    inside=inside,
                    words=texts,
                )
            )
    log.note("figures.print", purpose="administration", detail={"period": name, "inside": inside})
    return render_template(
        "figures/print.html", sheets=sheets, period=name, inside=inside, chosen=request.args.get("in", "")
    )


@blueprint.get("/excel")
@needs("figures.read")
def excel() -> ResponseReturnValue:
    """The same as a file, in the language of the page."""
    name, sites, inside = _period(), reading.sites(), request.args.get("inside") == "1"
    found = snapshots.shown(session, name)
    tables = showing.tables(found, sites, passed_on=not inside)
    body = workbook(tables, _head(name, found, sites, inside=inside))
    log.note("figures.excel", purpose="administration", detail={"period": name, "inside": inside})
    file = f"figures-{here.clinic.code}-{name}{'-inside' if inside else ''}.xlsx"
    return Response(
        body,
        content_type=TYPE,
        headers={"Content-Disposition": f'attachment; filename="{file}"', "Cache-Control": "no-store"},
    )


def _head(name: str, found: Sequence[snapshots.Figure], sites: Sequence[Site], *, inside: bool) -> Head:
    ug = i18n.current() == "ug"
    named: dict[object, str] = {
        site.id: site.name_ug if ug and site.name_ug else site.name_zh for site in sites
    }
    at = max((one.computed_at for one in found), default=None)
    clinic = here.clinic.name_ug if ug and here.clinic.name_ug else here.clinic.name_zh
    return Head(
        clinic=f"{clinic} {here.clinic.code}",
        period=showing.period_text(name),
        computed_at=gettext("Counted at %(time)s (Beijing time)", time=moment(at)) if at else "",
        note=str(texts.INSIDE if inside else texts.KEPT_BACK),
        site_names={None: str(gettext("All places")), **named},
        rtl=ug,
    )


@blueprint.get("/missing")
@needs("public_health.read")
def missing() -> ResponseReturnValue:
    """Who is missing in a rate and why: people of one's own places, 50 a page, each named in the log."""
    one = definitions().get(request.args.get("figure", ""))
    name, sites = _period(), _own_sites()
    period = periods.named(name, clock.today())
    if one is None or not one.is_rate or period is None:
        abort(404)
    page = listed(session, Asked(one, period, name, [site.id for site in sites]), page_asked_for())
    reasons = dict(page.people)
    shown = summaries(reasons)
    log.note("figures.missing", residents=[each.id for each in shown], detail={"figure": one.indicator_code})
    found = lines(shown, here.clinic.keys, clock.today())
    return render_template(
        "figures/missing.html",
        definition=one,
        words=texts,
        period=name,
        period_text=showing.period_text(name),
        people=[(line, reasons[each.id]) for each, line in zip(shown, found, strict=True)],
        page=page,
        sites=sites,
        earlier_url=_turned(page.number - 1) if page.number > 1 else None,
        later_url=_turned(page.number + 1) if page.has_more else None,
    )


@blueprint.post("/count")
@needs("figures.manage")
def count() -> ResponseReturnValue:
    """Have the figures counted anew by the worker."""
    ask(here.clinic.card.id)
    asked = clock.now().isoformat()
    return redirect(url_for("figures.index", period=_period(), asked=asked), code=303)


@blueprint.get("/progress")
@needs("figures.read", quiet=True)
def progress() -> ResponseReturnValue:
    """How far the counting is, for the script of the page."""
    asked = _asked()
    if asked is None:
        abort(404)
    return _progress(asked)


def _progress(asked: datetime.datetime) -> dict[str, typing.Any]:
    of = len(periods.every(clock.today()))
    done = min(snapshots.counted_since(session, asked), of)
    words = gettext("The figures are being counted: %(done)s of %(of)s periods.", done=done, of=of)
    return {"done": done, "of": of, "words": words, "ended": done >= of}


def _asked() -> datetime.datetime | None:
    """When somebody asked for a new count; None without, and 404 for what is no time."""
    text = request.args.get("asked", "")
    if not text:
        return None
    try:
        found = datetime.datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        abort(404)
    if found.tzinfo is None:
        abort(404)
    return found


def _period() -> str:
    """The period asked for; this year without any; 404 for none."""
    name = request.args.get("period") or str(clock.today().year)
    return name if periods.named(name, clock.today()) else abort(404)


def _own_sites() -> list[Site]:
    """One of one's own places, or all of them."""
    own, asked = reading.own_sites(here.staff), request.args.get("site", "")
    if not asked:
        return own
    try:
        wanted = uuid.UUID(asked)
    except ValueError:
        abort(404)
    return [site for site in own if site.id == wanted] or abort(404)


def _tongues() -> list[i18n.Tongue]:
    chosen = i18n.known(request.args.get("in"))
    first = i18n.TONGUES[i18n.current()]
    both = [first, *(one for one in i18n.TONGUES.values() if one is not first)]
    return [i18n.TONGUES[chosen]] if chosen else both


def _turned(number: int) -> str:
    figure, site = request.args.get("figure", ""), request.args.get("site")
    return url_for("figures.missing", figure=figure, period=_period(), site=site, page=number)
