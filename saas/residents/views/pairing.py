"""Two records side by side: one person, two people, or later; proposed by one, confirmed by another."""

from __future__ import annotations

import dataclasses
import typing

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from saas.residents import linking, merging, person, reading
from saas.residents.messages import sentence
from saas.residents.rules import merging as rules
from saas.residents.rules.finding import blocking
from saas.residents.rules.merging import Part
from saas.residents.views import blueprint, comparing, conflict, merged, pages
from saas.residents.views.comparing import Side
from saas.residents.views.waiting import hand
from saas.web import log
from saas.web.forms import Form, hidden_character
from saas.web.guard import needs
from saas.web.request import here

if typing.TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from saas.residents.merging import Pair
    from saas.residents.models import ResidentLink

SAME, DIFFERENT, LATER = "same", "different", "later"


@dataclasses.dataclass(frozen=True)
class Case:
    """A pair with what was proposed about it and what the signed-in person can do."""

    two: Pair
    proposed: ResidentLink | None
    part: Part

    @property
    def decides(self) -> bool:
        """True when her "same person" makes one of the two."""
        return self.part in {Part.CONFIRM, Part.ALONE}

    @property
    def seen(self) -> str:
        """What her page was made from: both versions and the proposal."""
        versions = (self.two.stays.version, self.two.goes.version)
        return " ".join(str(one) for one in (*versions, self.proposed.id if self.proposed else "-"))


@blueprint.get("/<uuid:resident_id>/same/<uuid:other_id>")
@needs("residents.write")
def pair(resident_id: uuid.UUID, other_id: uuid.UUID) -> ResponseReturnValue:
    """The two side by side; ``resident_id`` would stay, ``other_id`` would go into it."""
    two = merging.pair(resident_id, other_id) or abort(404)
    return _other_way_round(two) or _page(_case(two))


@blueprint.post("/<uuid:resident_id>/same/<uuid:other_id>")
@needs("residents.write")
def pair_answer(resident_id: uuid.UUID, other_id: uuid.UUID) -> ResponseReturnValue:
    """Same person (proposed), different people (remembered) or later (queue)."""
    return _answered(resident_id, other_id, decides=False)


@blueprint.post("/<uuid:resident_id>/merge/<uuid:other_id>")
@needs("residents.merge")
def merge(resident_id: uuid.UUID, other_id: uuid.UUID) -> ResponseReturnValue:
    """The same answers of somebody whose "same person" confirms, or decides alone with a reason."""
    return _answered(resident_id, other_id, decides=True)


def _case(two: Pair) -> Case:
    proposed = merging.proposal(two.stays.id, two.goes.id)
    return Case(two, proposed, merging.part_of(here.staff, proposed))


def _other_way_round(two: Pair) -> ResponseReturnValue | None:
    """Somebody has proposed that the other one stays: that is what is looked at."""
    proposed = merging.proposal(two.stays.id, two.goes.id)
    if proposed is None or person.stayers([proposed.resident_id]).get(proposed.resident_id) == two.stays.id:
        return None
    log.note("residents.pair", residents=[two.stays.id, two.goes.id])
    address = url_for("residents.pair", resident_id=two.goes.id, other_id=two.stays.id)
    return redirect(address, code=303)


def _answered(stays_id: uuid.UUID, goes_id: uuid.UUID, *, decides: bool) -> ResponseReturnValue:
    two = merging.pair(stays_id, goes_id, hold=True) or abort(404)
    if not two.is_open:
        # Somebody was quicker while this request waited for the two records.
        now = person.stayers([stays_id, goes_id])
        return merged.led_on(goes_id, now.get(stays_id, stays_id))
    turned = _other_way_round(two)
    if turned is not None:
        return turned
    case, answer = _case(two), request.form.get("answer", "")
    if not Form().arrived():
        return _page(case)
    if answer not in {SAME, DIFFERENT, LATER}:
        return _page(case, pages.REFUSED)
    if request.form.get("seen") != case.seen or (answer == SAME and decides != case.decides):
        return _page(case, conflict.LOST_RACE)
    return _decided(case, answer, decides=decides)


def _decided(case: Case, answer: str, *, decides: bool) -> ResponseReturnValue:
    stays, goes = case.two.stays.id, case.two.goes.id
    if answer == SAME and decides:
        return _merged(case)
    detail = {"answer": answer}
    if answer == SAME:
        merging.propose(case.two, conflict.choices(), hand())
        told = gettext("Proposed. A second member of staff who may merge records confirms it.")
    elif answer == DIFFERENT:
        linking.set_different(stays, goes, hand())
        told = gettext("Kept as two people. This pair is not asked about again.")
    else:
        linking.ask_later(stays, goes, hand())
        told = gettext("The pair waits to be looked at.")
    log.note("residents.pair_answer", residents=[stays, goes], detail=detail)
    flash(told, "done")
    return redirect(url_for("residents.queue"), code=303)


def _merged(case: Case) -> ResponseReturnValue:
    reason = request.form.get("reason", "").strip() if case.part is Part.ALONE else ""
    if case.part is Part.ALONE and _wrong(reason):
        return _page(case, pages.REFUSED)
    keys, alone = here.clinic.keys, case.part is Part.ALONE
    taken = merging.merge(case.two, case.proposed, merging.Decision(conflict.choices(), reason), keys, hand())
    ids = [case.two.stays.id, case.two.goes.id]
    log.note("residents.merge", residents=ids, detail={"taken": taken, "alone": alone})
    told = gettext("One record now. Old names and numbers keep finding this person; undo for 30 days.")
    flash(told, "done")
    return redirect(url_for("residents.show", resident_id=ids[0]), code=303)


def _wrong(reason: str) -> str:
    """What keeps a reason from being stored, in words; nothing when it can be."""
    hidden = hidden_character(reason)
    if hidden is not None:
        return str(gettext("This text holds an invisible character (%(code)s). Type it anew.", code=hidden))
    if rules.is_reason(reason):
        return ""
    if len(reason) < rules.SHORTEST_REASON:
        return str(gettext("Write at least 15 characters."))
    limits = {"longest": str(rules.LONGEST_REASON), "length": str(len(reason))}
    return sentence(blocking("too-long", "reason", **limits))


def _page(case: Case, status: int = 200) -> ResponseReturnValue:
    """Both records, the three answers, and for "same person" who stays and which value."""
    two = case.two
    log.note("residents.pair", residents=[two.stays.id, two.goes.id])
    sites, (stays, goes) = reading.sites(), two.fields(here.clinic.keys)
    left, right = Side(stays, sites, two.stays), Side(goes, sites, two.goes)
    made = conflict.choices() or (case.proposed.detail.get("choices", {}) if case.proposed else {})
    to_choose = rules.choices_to_make(stays, goes)
    page = render_template(
        "residents/pair.html",
        form=Form(),
        case=case,
        action=_action(case),
        names=(left.called(), right.called()),
        lines=comparing.lines(left, right),
        rows=[conflict.row(one, made, asked_again=False, proposing=True) for one in to_choose],
        proposed_by=reading.staff_name(case.proposed.created_by) if case.proposed else "",
        reason=request.form.get("reason", ""),
        wrong_reason=_wrong(request.form.get("reason", "").strip()),
        answer=request.form.get("answer", SAME if case.part is Part.CONFIRM else ""),
        sent_back=status == pages.REFUSED,
        changed=status == conflict.LOST_RACE,
    )
    return page, status


def _action(case: Case) -> str:
    endpoint = "residents.merge" if case.decides else "residents.pair_answer"
    return url_for(endpoint, resident_id=case.two.stays.id, other_id=case.two.goes.id)
