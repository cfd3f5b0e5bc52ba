"""While registering: who is likely the person of the form, side by side, and what the answers do."""

from __future__ import annotations

import dataclasses
import typing
import uuid

from flask import abort, render_template, request
from flask_babel import gettext

from saas.residents import likeness, linking, reading, stored
from saas.residents.rules import identity
from saas.residents.views import comparing, typed
from saas.residents.views.comparing import Line, Side
from saas.residents.views.waiting import hand
from saas.web import log
from saas.web.formats import script_lang
from saas.web.request import here

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask.typing import ResponseReturnValue

    from saas.residents.forms import ResidentForm
    from saas.residents.likeness import Alike
    from saas.residents.models import Resident
    from saas.residents.rules.identity import Fields

SAME, DIFFERENT, LATER = "same", "different", "later"
_ANSWER = "likely-"


@dataclasses.dataclass(frozen=True)
class Candidate:
    """One person beside what was typed."""

    id: uuid.UUID
    names: list[tuple[str, str]]
    lines: list[Line]
    reasons: list[str]
    chosen: str


def was_asked() -> bool:
    """True when the request comes from the page of likely people."""
    return "looked" in request.form


def goes_back() -> bool:
    """True when the form is wanted once more before anything is saved."""
    return "again" in request.form


def fresh(alike: Sequence[Alike]) -> bool:
    """True when there is somebody whom this person was not shown yet."""
    looked = set(request.form.get("looked", "").split())
    return any(str(one.id) not in looked for one in alike)


def answers() -> dict[uuid.UUID, str]:
    """What was answered, by candidate; 404 for what is no id."""
    found = {}
    for name, value in request.form.items():
        if name.startswith(_ANSWER):
            try:
                found[uuid.UUID(name.removeprefix(_ANSWER))] = value
            except ValueError:
                abort(404)
    return found


def page(form: ResidentForm, fields: Fields, alike: Sequence[Alike]) -> ResponseReturnValue:
    """Likely people beside what was typed. Nothing is saved yet; saving at once asks later."""
    log.note("residents.alike", residents=[one.id for one in alike])
    sites = reading.sites()
    left = Side(fields, sites)
    made = answers()
    candidates = [_candidate(left, one, made.get(one.id, "")) for one in alike]
    return render_template(
        "residents/alike.html",
        form=form,
        typed={name: form[name].data or "" for name in identity.FIELDS},
        looked=" ".join(str(one.id) for one in alike),
        candidates=candidates,
    )


def _candidate(left: Side, one: Alike, chosen: str) -> Candidate:
    resident = reading.one(one.id)
    assert resident is not None  # noqa: S101 - it was found in this transaction
    right = Side(stored.fields_of(resident, here.clinic.keys), left.sites, resident)
    texts = right.called()
    return Candidate(
        id=one.id,
        names=[(text, script_lang(text)) for text in texts],
        lines=comparing.lines(left, right),
        reasons=list(_reasons(one)),
        chosen=chosen,
    )


def _reasons(one: Alike) -> Iterator[str]:
    """Why she is shown, in words."""
    if one.signs.same_number:
        yield gettext("the same number")
    if one.signs.same_sound:
        yield gettext("a name that sounds alike")
    if one.signs.same_site:
        yield gettext("the same place of care")
    if one.signs.same_phone:
        yield gettext("the same phone")


def same_person(fields: Fields) -> ResponseReturnValue | None:
    """Open the one who was said to be her, with what was typed; None when nobody was."""
    chosen = [one for one, answer in answers().items() if answer == SAME]
    if not chosen:
        return None
    found = [reading.one(one) for one in chosen]
    if any(one is None or one.standing in reading.HIDDEN for one in found):
        abort(404)
    for other in chosen[1:]:  # both are she, so the two are one person as well
        linking.ask_later(chosen[0], other, hand())
    log.note("residents.alike", residents=chosen, detail={"answer": SAME})
    return typed.keep(chosen[0], fields)


def remember(resident: Resident, alike: Sequence[Alike]) -> dict[str, list[uuid.UUID]]:
    """Write the answers for the new resident: different is kept, everything else joins the queue."""
    made = answers()
    kept: dict[str, list[uuid.UUID]] = {DIFFERENT: [], LATER: []}
    for one in alike:
        answer = DIFFERENT if made.get(one.id) == DIFFERENT else LATER
        kept[answer].append(one.id)
        write = linking.set_different if answer == DIFFERENT else linking.ask_later
        write(resident.id, one.id, hand())
    return kept


def found(fields: Fields) -> list[Alike]:
    """Who is likely the person of this form."""
    return likeness.found(fields, here.clinic.keys)
