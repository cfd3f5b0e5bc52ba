"""Before every route that names a resident: the guard, and the page that asks for a reason."""

from __future__ import annotations

import typing

from flask import abort, render_template, request, url_for

from saas.residents import guarding, reading, showing
from saas.residents.opening_forms import OpeningForm, VisitForm
from saas.residents.summaries import summaries
from saas.web import clock, i18n, log
from saas.web.request import here, hold_back

if typing.TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

FORBIDDEN = 403


def meets(resident_id: uuid.UUID) -> ResponseReturnValue | None:
    """None when the signed-in person cares for this resident; otherwise the page that asks for a reason."""
    if request.endpoint in guarding.EXEMPT:
        return None
    opened = request.blueprint in guarding.OPENED_BY_A_REASON
    shut = next((one for one in _named(resident_id) if not guarding.is_in_care(one, opened=opened)), None)
    return None if shut is None else _refused(shut)


def _named(resident_id: uuid.UUID) -> list[uuid.UUID]:
    """Everybody whom the address names: of two people side by side the other one too."""
    if request.endpoint in guarding.SHOWS_ONE_ALONE:
        return [resident_id]
    others = (request.view_args or {}).items()
    return [resident_id, *(one for name, one in others if name in guarding.OTHERS)]


def _refused(resident_id: uuid.UUID) -> ResponseReturnValue:
    posted = request.method not in {"GET", "HEAD"}
    if posted:
        hold_back()
    log.note(str(request.endpoint), residents=[resident_id])
    form = OpeningForm(None)
    form.back.data = "" if posted else request.path
    return gate_page(resident_id, form, FORBIDDEN, held=posted)


def gate_page(
    resident_id: uuid.UUID, form: OpeningForm, status: int, *, held: bool = False
) -> ResponseReturnValue:
    """Who it is, as a search shows her, and the two ways in."""
    found = summaries([resident_id])
    if not found:
        abort(404)
    visit = VisitForm(None)
    visit.offer_sites(reading.own_sites(here.staff), i18n.current())
    page = render_template(
        "residents/gate.html",
        line=showing.lines(found, here.clinic.keys, clock.today())[0],
        resident_id=resident_id,
        form=form,
        visit=visit,
        held=held,
    )
    return page, status


def way_back(resident_id: uuid.UUID, back: str | None) -> str:
    """Where she wanted to go: a page of this resident, and nothing else."""
    home = url_for("residents.show", resident_id=resident_id)
    if any(page.startswith(home) for page, _, _ in here.drafts.held()):
        return url_for("web.held")
    return back if back and back.startswith(f"{home}/") and guarding.leads_to_a_page(back) else home
