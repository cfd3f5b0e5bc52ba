"""The queue of pairs that somebody is to look at, and how pairs come into it."""

from __future__ import annotations

import dataclasses
import typing

from flask import flash, render_template, url_for
from flask_babel import gettext

from saas.residents import likeness, linking, stored
from saas.residents.forms import site_name
from saas.residents.linking import Hand
from saas.residents.views import blueprint
from saas.residents.views.listing import page_asked_for
from saas.web import clock, i18n, log
from saas.web.guard import needs
from saas.web.request import here

if typing.TYPE_CHECKING:
    import datetime
    import uuid

    from flask.typing import ResponseReturnValue

    from saas.residents.models import Resident

_TELLING = {"document_number", "name_0", "name_1", "name_2", "birth"}
"""The fields that, when they change, may show that two records are one person."""


@dataclasses.dataclass(frozen=True)
class Line:
    """One pair of the queue in words."""

    url: str
    asked_at: datetime.datetime
    asked_by: str
    sites: list[str]
    proposed: bool


@blueprint.get("/to-look-at")
@needs("residents.write")
def queue() -> ResponseReturnValue:
    """Pairs to be looked at, the oldest first, 25 pairs a page; names are seen one pair at a time."""
    number = page_asked_for()
    pairs, has_more = linking.waiting(number)
    ids = dict.fromkeys(one for pair in pairs for one in (pair.resident_id, pair.other_id))
    log.note("residents.queue", residents=ids)
    return render_template(
        "residents/queue.html",
        lines=[_line(pair) for pair in pairs],
        earlier_url=url_for("residents.queue", page=number - 1) if number > 1 else None,
        later_url=url_for("residents.queue", page=number + 1) if has_more else None,
    )


def _line(pair: linking.Waiting) -> Line:
    language = i18n.current()
    sites = [site_name(site, language) for site in (pair.site, pair.other_site)]
    return Line(
        url=url_for("residents.pair", resident_id=pair.resident_id, other_id=pair.other_id),
        asked_at=pair.created_at,
        asked_by=pair.asked_by,
        sites=list(dict.fromkeys(sites)),
        proposed=pair.kind == "merge",
    )


def hand() -> Hand:
    """The signed-in person and this moment."""
    return Hand(here.staff.id, clock.now())


def ask_about_alike(resident: Resident, changed: list[str]) -> list[uuid.UUID]:
    """After a change that tells who she is: people who look the same now join the queue. Never blocks."""
    if not _TELLING.intersection(changed):
        return []
    fields = stored.fields_of(resident, here.clinic.keys)
    alike = likeness.found(fields, here.clinic.keys, apart_from=resident.id)
    fresh = [one.id for one in alike if not linking.between(resident.id, one.id, ("later", "merge"))]
    for other in fresh:
        linking.ask_later(resident.id, other, hand())
    if fresh:
        flash(gettext("Another record looks like the same person. Both wait to be looked at."), "warn")
    return fresh
