"""One resident's page."""

from __future__ import annotations

import typing

from flask import abort, render_template

from saas.residents import codes, reading, showing, stored
from saas.residents.forms import site_name
from saas.residents.rules import masks, standing
from saas.residents.views import blueprint, links, panels
from saas.web import clock, i18n, log
from saas.web.guard import needs
from saas.web.request import here

if typing.TYPE_CHECKING:
    import datetime
    import uuid

    from flask.typing import ResponseReturnValue

    from saas.residents.models import Resident


@blueprint.get("/<uuid:resident_id>")
@needs("residents.read")
def show(resident_id: uuid.UUID) -> ResponseReturnValue:
    """Identity and contact of one resident; the document's number stays masked."""
    resident = reading.one(resident_id)
    if resident is None:
        abort(404)
    linked = links.of(resident)
    log.note("residents.show", residents=[resident.id, *linked.ids])
    fields = stored.fields_of(resident, here.clinic.keys)
    place = reading.place_and_hand(resident)
    return render_template(
        "residents/show.html",
        resident=resident,
        links=linked,
        fields=fields,
        names=[name.text for name in resident.names],
        placeholder=showing.placeholder(resident),
        age=showing.age_text(resident, _until(resident)),
        sex=codes.SEX_LABELS[resident.sex_code],
        document_type=codes.DOCUMENT_LABELS.get(fields["document_type"], ""),
        document_number=masks.masked(fields["document_number"]),
        phones=[fields[field] for field in ("phone_0", "phone_1", "phone_2") if fields[field]],
        print_language=codes.LANGUAGE_LABELS[resident.print_language],
        site=site_name(place, i18n.current()),
        changed_by=place.name,
        **panels.shown(resident),
    )


def _until(resident: Resident) -> datetime.date:
    """The day on which her age is told: today, or the day of her death."""
    died = resident.standing == standing.DIED
    return resident.ended_on if died and resident.ended_on else clock.today()
