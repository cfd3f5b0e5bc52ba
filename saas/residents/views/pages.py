"""What registering and editing share: judging the form, asking once, showing it again."""

from __future__ import annotations

import dataclasses
import typing

from flask import abort, flash, render_template

from saas.residents import reading, tokens
from saas.residents.forms import half_masked
from saas.residents.messages import sentence
from saas.residents.rules import identity
from saas.residents.rules.finding import Finding, Kind, blocking, of_kind
from saas.web import clock, i18n, log
from saas.web.request import here

if typing.TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from saas.residents.forms import ResidentForm
    from saas.residents.models import Resident
    from saas.residents.rules.identity import Fields

REFUSED = 422


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What is to say about a form: what blocks, what is to be asked."""

    refused: list[Finding]
    asked: list[Finding]


def judged(fields: Fields, stored: Fields | None) -> Verdict:
    """All findings about tidied fields. What was so before is not asked again."""
    found = [*half_masked(fields), *identity.findings(fields, clock.today()), *_site(fields, stored)]
    refused = of_kind(Kind.BLOCKING, found)
    asked = of_kind(Kind.ASKING, found)
    if stored is not None:
        before = {finding.identity for finding in identity.findings(stored, clock.today())}
        asked = [finding for finding in asked if finding.identity not in before]
    return Verdict(refused, asked)


def _site(fields: Fields, stored: Fields | None) -> list[Finding]:
    """The place must be the clinic's (else 404) and open, unless it is unchanged."""
    site = next((one for one in reading.sites() if str(one.id) == fields["site_id"]), None)
    if site is None:
        abort(404)
    unchanged = stored is not None and stored["site_id"] == fields["site_id"]
    return [blocking("site-closed", "site_id")] if site.closed_at and not unchanged else []


def settled(form: ResidentForm, verdict: Verdict) -> list[Finding]:
    """The questions of this form that were not asked yet; remembers in the form that they are now."""
    told = set((form.told.data or "").split())
    fresh = [finding for finding in verdict.asked if tag(form, finding) not in told]
    form.told.data = " ".join(tag(form, finding) for finding in verdict.asked)
    return fresh


def tag(form: ResidentForm, finding: Finding) -> str:
    """A question's mark in the page: keyed, so that no number can be found from it."""
    text = f"{form.form_uuid}\0{finding.identity}"
    return here.clinic.keys.hash("told", text)[:12].hex()


def use_old_number_in_full(form: ResidentForm, verdict: Verdict) -> None:
    """Put the 18 characters of an old number in the field; 15 digits are not stored."""
    for finding in verdict.asked:
        if finding.code == "old-number":
            form.document_number.data = finding.value("number")


def form_page(
    form: ResidentForm,
    resident: Resident | None,
    verdict: Verdict | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """The form, with what is asked beside the fields."""
    asked = [] if verdict is None else verdict.asked
    form.offer_sites(reading.sites(), i18n.current())
    if resident is not None:
        log.note("residents.form", residents=[resident.id])
    page = render_template(
        "residents/form.html",
        form=form,
        resident=resident,
        asked=_by_field(asked),
    )
    return page, status


def _by_field(asked: list[Finding]) -> dict[str, list[str]]:
    """The questions of each field, in the order of the form."""
    texts: dict[str, list[str]] = {}
    for finding in sorted(asked, key=lambda one: identity.FIELDS.index(one.field)):
        texts.setdefault(finding.field, []).append(sentence(finding))
    return texts


def flash_with_undo(text: str, undo_url: str) -> None:
    """A line above the next page, with the button that takes the change back."""
    flash({"text": text, "undo_url": undo_url}, "done")  # type: ignore[arg-type]


def sealed_form(fields: Fields, resident_id: uuid.UUID) -> str:
    """The stored form as the page was given it, for the day when someone else saves first."""
    return tokens.sealed_fields(fields, f"resident_was:{resident_id}", here.clinic.keys)


def opened_form(token: str | None, resident_id: uuid.UUID) -> Fields | None:
    """The form that was sealed into the page; None when it was touched."""
    return tokens.opened_fields(token or "", f"resident_was:{resident_id}", here.clinic.keys)
