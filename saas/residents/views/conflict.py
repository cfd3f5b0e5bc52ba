"""Two people changed one resident: what it was, what the other saved, what you typed; choose."""

from __future__ import annotations

import dataclasses
import typing

from flask import render_template, request

from saas.residents import codes, reading
from saas.residents.forms import site_name
from saas.residents.messages import FIELD_LABELS
from saas.residents.rules import masks, merging, versions
from saas.residents.views import pages
from saas.web import i18n, log
from saas.web.forms import Form

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from saas.residents.models import Resident
    from saas.residents.rules.identity import Fields

LOST_RACE = 409
_CHOICE = "choose-"
_CODES: Mapping[str, Mapping[str, object]] = {
    "sex_code": codes.SEX_LABELS,
    "document_type": codes.DOCUMENT_LABELS,
    "print_language": codes.LANGUAGE_LABELS,
    "placeholder": codes.PLACEHOLDER_LABELS,
}
LEFT_TO_RIGHT = ("document_number", "birth", "phone_0", "phone_1", "phone_2", "contact_phone")


@dataclasses.dataclass(frozen=True)
class Row:
    """One field that differs, in words. ``chosen`` is the side that is marked."""

    field: str
    label: object
    before: object
    theirs: object
    mine: object
    chosen: str
    undecided: bool
    left_to_right: bool


def is_answer() -> bool:
    """True when the request answers the page of two versions."""
    return "mine" in request.form


def is_about_typed() -> bool:
    """True when the other version was typed for a new resident who is this one."""
    return "typed" in request.form or request.args.get("draft") == "typed"


def choices() -> dict[str, str]:
    """The side that was chosen for each field."""
    return {
        name.removeprefix(_CHOICE): value for name, value in request.form.items() if name.startswith(_CHOICE)
    }


def undecided(theirs: Fields, mine: Fields) -> bool:
    """True while a field that both changed has no choice."""
    return bool(versions.without_choice(versions.differences(None, theirs, mine), choices()))


def merged(theirs: Fields, mine: Fields) -> Fields:
    """The form that follows from the choices."""
    return versions.chosen(theirs, mine, choices())


def conflict_page(
    resident: Resident,
    before: Fields | None,
    theirs: Fields,
    mine: Fields,
    status: int = LOST_RACE,
) -> ResponseReturnValue:
    """Both versions, field by field. Nothing is saved and nothing typed is lost."""
    log.note("residents.conflict", residents=[resident.id])
    made = choices()
    typed = is_about_typed()
    found = versions.differences(before, theirs, mine)
    found = merging.proposing(found) if typed else found
    asked_again = status == pages.REFUSED
    page = render_template(
        "residents/conflict.html",
        form=Form(),
        resident=resident,
        typed=typed,
        rows=[row(one, made, asked_again=asked_again, proposing=typed) for one in found],
        other=reading.staff_name(resident.updated_by),
        was=pages.sealed_form(theirs, resident.id),
        mine=pages.sealed_form(mine, resident.id),
        base="" if before is None else pages.sealed_form(before, resident.id),
    )
    return page, status


def row(
    one: versions.Difference, made: Mapping[str, str], *, asked_again: bool, proposing: bool = False
) -> Row:
    """A field in words. ``proposing``: nothing was there before, one of the two is only proposed."""
    chosen = made.get(one.field, one.proposed)
    new_number = not proposing and _is_new_number(one)
    return Row(
        field=one.field,
        label=FIELD_LABELS[one.field],
        before="" if one.before is None or proposing else worded(one.field, one.before),
        theirs=worded(one.field, one.theirs),
        # A number that she has just typed is shown to her in full: she must be able to judge it.
        mine=one.mine if new_number else worded(one.field, one.mine),
        chosen=chosen,
        undecided=asked_again and not chosen,
        left_to_right=one.field in LEFT_TO_RIGHT,
    )


def _is_new_number(one: versions.Difference) -> bool:
    """True only when it is sure that she typed it here: a stored number never shows in full."""
    return one.field == "document_number" and one.before is not None and one.mine != one.before


def worded(field: str, text: str) -> object:
    """A stored value as pages say it; a document's number stays masked."""
    if field == "document_number":
        return masks.masked(text)
    if field == "site_id":
        site = next((site for site in reading.sites() if str(site.id) == text), None)
        return site_name(site, i18n.current()) if site else ""
    return _CODES[field].get(text, "") if field in _CODES and text else text
