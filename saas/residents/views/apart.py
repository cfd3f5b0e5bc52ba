"""Undoing a merge: what is put back, what stays because it was edited since, and doing it."""

from __future__ import annotations

import typing

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from saas.residents import linking, merging, reading, stored
from saas.residents.messages import FIELD_LABELS
from saas.residents.rules import merging as rules
from saas.residents.views import blueprint, conflict
from saas.residents.views.waiting import hand
from saas.web import clock, log
from saas.web.forms import Form
from saas.web.guard import needs
from saas.web.request import here

if typing.TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from saas.residents.merging import Pair
    from saas.residents.models import ResidentLink


class Change(typing.NamedTuple):
    """One value of the one who stayed: as it is and as it will be."""

    label: object
    now: object
    then: object


@blueprint.get("/<uuid:resident_id>/merge/<uuid:gone_id>/undo")
@needs("residents.merge")
def unmerge(resident_id: uuid.UUID, gone_id: uuid.UUID) -> ResponseReturnValue:
    """What an undo would do, before it is done."""
    two, link = _found(resident_id, gone_id, hold=False)
    return _page(two, link) if link else _not_merged(two)


@blueprint.post("/<uuid:resident_id>/merge/<uuid:gone_id>/undo")
@needs("residents.merge")
def unmerge_submit(resident_id: uuid.UUID, gone_id: uuid.UUID) -> ResponseReturnValue:
    """Make two of one again, within 30 days; sent twice it is done once."""
    two, link = _found(resident_id, gone_id, hold=True)
    if link is None:
        return _not_merged(two)
    if not Form().arrived():
        return _page(two, link)
    if request.form.get("seen") != _seen(two) or not _in_time(link):
        return _page(two, link, conflict.LOST_RACE)
    result = merging.undo(link, two, here.clinic.keys, hand())
    detail = {"put_back": result.back, "kept": result.kept}
    log.note("residents.unmerge", residents=[resident_id, gone_id], detail=detail)
    flash(gettext("Two records again, both as they were."), "done")
    return redirect(url_for("residents.show", resident_id=resident_id), code=303)


def _found(stays_id: uuid.UUID, gone_id: uuid.UUID, *, hold: bool) -> tuple[Pair, ResidentLink | None]:
    two = merging.pair(stays_id, gone_id, hold=hold) or abort(404)
    links = linking.merges_into(stays_id) if two.stays.standing != "merged" else []
    return two, next((one for one in links if one.other_id == gone_id), None)


def _not_merged(two: Pair) -> ResponseReturnValue:
    log.note("residents.unmerge", residents=[two.stays.id, two.goes.id])
    flash(gettext("These two are not merged any more."), "done")
    return redirect(url_for("residents.show", resident_id=two.stays.id), code=303)


def _in_time(link: ResidentLink) -> bool:
    assert link.confirmed_at is not None  # noqa: S101 - only confirmed ones are read
    return rules.may_be_undone(link.confirmed_at, clock.now())


def _seen(two: Pair) -> str:
    return f"{two.stays.version} {two.goes.version}"


def _page(two: Pair, link: ResidentLink, status: int = 200) -> ResponseReturnValue:
    log.note("residents.unmerge", residents=[two.stays.id, two.goes.id])
    keys = here.clinic.keys
    result, now = merging.undone(link, two.stays, keys), stored.fields_of(two.stays, keys)
    assert link.confirmed_by is not None  # noqa: S101 - only confirmed ones are read
    page = render_template(
        "residents/unmerge.html",
        form=Form(),
        two=two,
        link=link,
        seen=_seen(two),
        in_time=_in_time(link),
        changed=status == conflict.LOST_RACE and _in_time(link),
        proposed_by=reading.staff_name(link.created_by),
        confirmed_by=reading.staff_name(link.confirmed_by),
        back=[
            Change(
                FIELD_LABELS[field],
                conflict.worded(field, now[field]),
                conflict.worded(field, result.fields[field]),
            )
            for field in result.back
        ],
        kept=[FIELD_LABELS[field] for field in result.kept],
    )
    return page, status
