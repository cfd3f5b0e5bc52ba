"""The population of a year, typed for each place with its source (§1.8)."""

from __future__ import annotations

import typing

from flask import flash, redirect, render_template, request, url_for
from flask_babel import ngettext

from saas.public_health.figures import jobs
from saas.public_health.figures.population import judged, labels, sign, standing
from saas.public_health.views.figures import blueprint
from saas.residents import reading
from saas.web import clock
from saas.web.forms import Form as Page
from saas.web.guard import needs
from saas.web.request import here

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

REFUSED = 422


@blueprint.get("/population")
@needs("figures.manage")
def population() -> ResponseReturnValue:
    """The numbers of this year as they stand, and empty fields for new ones."""
    return _page(Page(), {"year": str(clock.today().year)}, {})


@blueprint.post("/population")
@needs("figures.manage")
def population_submit() -> ResponseReturnValue:
    """Sign the numbers that were typed; an empty field changes nothing."""
    page, typed = Page(), request.form.to_dict()
    if not page.arrived():
        return _page(page, typed, {})
    found = judged(typed, reading.sites(), clock.today())
    if found.errors or not page.validate():
        return _page(page, typed, found.errors), REFUSED
    signed = sign(found, here.clinic.keys, by=here.staff.id, at=clock.now(), form_id=page.form_uuid)
    jobs.ask(here.clinic.card.id)
    flash(
        ngettext("The number of one place is signed.", "The numbers of %(num)s places are signed.", signed),
        "done",
    )
    return redirect(url_for("figures.population"), code=303)


def _page(page: Page, typed: Mapping[str, str], errors: Mapping[str, list[str]]) -> str:
    year = typed.get("year", "")
    held = int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else clock.today().year  # noqa: PLR2004
    return render_template(
        "figures/population.html",
        form=page,
        sites=reading.sites(),
        standing=standing(held),
        year=held,
        typed=typed,
        errors=errors,
        labels=labels(),
    )
