"""The regional page: published figures by place, for viewers; nobody's person, no clinic's own numbers."""

from __future__ import annotations

import typing

from flask import Response, abort, render_template
from flask_babel import get_locale

from tenants.console import region as figures
from tenants.console.blueprint import blueprint, console
from tenants.console.guarding import opens
from tenants.console.paging import asked_text
from tenants.console.region_rules import percent
from tenants.console.region_sheet import TYPE, workbook
from tenants.console.register import VIEWER

if typing.TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from tenants.console.region import Shown


@blueprint.get("/region")
@opens(VIEWER)
def region() -> ResponseReturnValue:
    """One figure of one period: prefectures, counties, and the institutions of one county."""
    if not figures.is_open():
        return render_template("operators/region.html", shown=None)
    periods = figures.periods()
    shown = _shown(periods)
    return render_template(
        "operators/region.html",
        shown=shown,
        periods=periods,
        choices=figures.choices(shown.period) if shown else [],
        county=asked_text("county"),
        percent=percent,
    )


@blueprint.get("/region/sheet")
@opens(VIEWER)
def region_sheet() -> ResponseReturnValue:
    """The same as a file, with every institution."""
    shown = _shown(figures.periods()) if figures.is_open() else None
    if shown is None:
        abort(404)
    tongue = console().shell.tongues[_language()]
    name = f"region-{shown.choice.code}-{shown.period}.xlsx"
    headers = {"Content-Disposition": f"attachment; filename={name}", "Cache-Control": "no-store"}
    return Response(workbook(shown, rtl=tongue.direction == "rtl"), mimetype=TYPE, headers=headers)


def _shown(periods: list[str]) -> Shown | None:
    """What is asked for, or the newest; nothing while nothing is published. An unknown one is not found."""
    if not periods:
        return None
    period = asked_text("period") or periods[0]
    if period not in periods:
        abort(404)
    choices = figures.choices(period)
    key = asked_text("figure") or choices[0].key
    choice = next((one for one in choices if one.key == key), None)
    return figures.shown(period, choice) if choice else abort(404)


def _language() -> str:
    return "ug" if str(get_locale()).startswith("ug") else "zh"
