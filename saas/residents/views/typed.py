"""What was typed for a new resident who is already there: offered to her form, nothing is lost."""

from __future__ import annotations

import typing

from flask import redirect, render_template, request, url_for

from saas.residents import person, reading, stored
from saas.residents.forms import ResidentForm
from saas.residents.rules import identity, merging
from saas.residents.views import merged
from saas.web import log
from saas.web.request import here

if typing.TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from saas.residents.models import Resident
    from saas.residents.rules.identity import Fields


def keep(resident_id: uuid.UUID, fields: Fields) -> ResponseReturnValue:
    """Keep a form for this resident and open hers beside it; where it adds nothing, just open her page."""
    resident = reading.one(resident_id)
    theirs = stored.fields_of(resident, here.clinic.keys) if resident else fields
    if merging.offered(theirs, fields) == theirs:
        return redirect(url_for("residents.show", resident_id=resident_id), code=303)
    here.drafts.keep(_draft_of(resident_id), {field: [text] for field, text in fields.items()})
    return redirect(url_for("residents.edit", resident_id=resident_id, draft="typed"), code=303)


def kept(resident_id: uuid.UUID, theirs: Fields) -> Fields | None:
    """Her form with what was typed for her; None when nothing was, or nothing new."""
    draft = here.drafts.fetch(_draft_of(resident_id))
    if draft is None:
        return None
    adds = merging.offered(theirs, {field: draft.get(field, [""])[0] for field in identity.FIELDS})
    return None if adds == theirs else adds


def let_go(resident_id: uuid.UUID) -> None:
    """What was typed is in her form now, or is not wanted."""
    here.drafts.drop(_draft_of(resident_id))


def offer(resident_id: uuid.UUID) -> ResponseReturnValue:
    """The page that says that something typed waits."""
    log.note("residents.form", residents=[resident_id])
    return render_template(
        "residents/draft.html",
        kept_at=here.drafts.kept_at(_draft_of(resident_id)),
        continue_url=url_for("residents.edit", resident_id=resident_id, draft="typed"),
        afresh_url=url_for("residents.edit_afresh", resident_id=resident_id),
    )


def for_the_one_who_stayed(resident: Resident) -> ResponseReturnValue:
    """This record was merged while its form was open: what was typed goes to the one who stayed."""
    stayed = person.stayers([resident.id])[resident.id]
    answer = merged.led_on(resident.id, stayed)
    fields = identity.tidied(ResidentForm().typed()) if request.method == "POST" else {}
    if not fields or not any(fields[name] for name in identity.NAMES):
        return answer
    if "*" in fields["document_number"]:  # the mask of a number that is stored
        fields["document_number"] = ""
    return keep(stayed, fields)


def _draft_of(resident_id: uuid.UUID) -> str:
    return f"residents.typed:{resident_id}"
