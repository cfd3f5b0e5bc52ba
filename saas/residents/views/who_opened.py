"""Who opened this person's record: every row of the access log that names her, shown and printed."""

from __future__ import annotations

import typing

from flask import abort, render_template, request, url_for
from flask_babel import force_locale

from saas.audit import shown
from saas.audit.paging import asked_before
from saas.residents import openings, person, reading, showing
from saas.residents.opening_forms import CATEGORY_LABELS, VERDICT_LABELS
from saas.residents.views import blueprint
from saas.web import acts, clock, i18n, log
from saas.web.guard import needs
from saas.web.request import here

if typing.TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from saas.residents.models import Resident

OTHER = {"ug": "zh", "zh": "ug"}


@blueprint.get("/<uuid:resident_id>/who-opened")
@needs("residents.read")
def who_opened(resident_id: uuid.UUID) -> ResponseReturnValue:
    """Fifty rows a page, the newest first; asking for it is a row too, which the next look shows."""
    resident, before = _resident(resident_id), asked_before()
    ids = person.ids_of(resident_id)
    rows = shown.about(ids, here.clinic.keys.log_key, before=before, limit=shown.PAGE + 1)
    log.note("residents.who_opened", residents=[resident_id], purpose="told")
    page = rows[: shown.PAGE]
    last = page[-1].number if len(rows) > shown.PAGE else None
    return render_template(
        "residents/who_opened.html",
        **_of(resident),
        rows=page,
        openings=openings.shown(openings.of_person(ids), here.clinic.keys) if before is None else [],
        first_url=None if before is None else url_for("residents.who_opened", resident_id=resident_id),
        later_url=last and url_for("residents.who_opened", resident_id=resident_id, before=last),
        **words(),
    )


@blueprint.get("/<uuid:resident_id>/who-opened/print")
@needs("residents.read")
def who_opened_print(resident_id: uuid.UUID) -> ResponseReturnValue:
    """Every row, in the resident's own language of prints, or in the other one when she wants it."""
    resident, ids = _resident(resident_id), person.ids_of(resident_id)
    rows = shown.about(ids, here.clinic.keys.log_key)
    log.note("residents.who_opened_print", residents=[resident_id], purpose="told")
    own = i18n.known(resident.print_language) or "ug"
    tongue = i18n.TONGUES[i18n.known(OTHER[own]) or own if request.args.get("in") == "other" else own]
    with force_locale(tongue.locale):
        return render_template(
            "residents/who_opened_print.html",
            **_of(resident),
            rows=rows,
            openings=openings.shown(openings.of_person(ids), here.clinic.keys),
            printed_at=clock.now(),
            other_paper=i18n.TONGUES[i18n.known(OTHER[tongue.code]) or "ug"],
            other="" if request.args.get("in") == "other" else "other",
            language=tongue.code,
            html_lang=tongue.html_lang,
            direction=tongue.direction,
            **words(),
        )


def words() -> dict[str, object]:
    """The words for acts, purposes, categories and verdicts."""
    return {
        "act_words": acts.words_of,
        "purpose_words": acts.purpose_of,
        "categories": CATEGORY_LABELS,
        "verdicts": VERDICT_LABELS,
    }


def _resident(resident_id: uuid.UUID) -> Resident:
    return reading.one(resident_id) or abort(404)


def _of(resident: Resident) -> dict[str, object]:
    return {
        "resident_id": resident.id,
        "names": [name.text for name in resident.names],
        "placeholder": showing.placeholder(resident),
    }
