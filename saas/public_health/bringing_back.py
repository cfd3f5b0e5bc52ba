"""Lines of the day's file become signed records by the rules of a page; each says what came of it."""

from __future__ import annotations

import dataclasses
import typing

from flask_babel import gettext

from saas.formkit import desk as desks
from saas.formkit import records, texts
from saas.formkit.findings import Kind
from saas.formkit.records import Signature
from saas.public_health import daysheet, joint, people
from saas.public_health.rules import worklist as rule
from saas.residents import reading
from saas.web import clock, log
from saas.web.request import here

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

    from saas.formkit.declaring import Form
    from saas.formkit.desk import Subject
    from saas.formkit.evaluating import Evaluation
    from saas.public_health.daysheet import Sent

ACCEPTED, AGAIN, CHANGED, REFUSED, EMPTY = "accepted", "again", "changed", "refused", "empty"


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What came of one line: why by column and reason, what was to be said about it."""

    number: int
    state: str
    names: tuple[str, ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()
    resident_id: uuid.UUID | None = None


def bring(lines: Iterable[Sent | tuple[int, str]]) -> list[Outcome]:
    """Every line, the persons held in an order of their own, so that two files never wait for each other."""
    lines = list(lines)
    known = [one for one in lines if isinstance(one, daysheet.Sent)]
    found = [_line(one) for one in sorted(known, key=lambda one: one.resident_id)]
    unknown = gettext("The code in the first column is none of this institution.")
    found += [Outcome(one[0], REFUSED, (), (("A", unknown),)) for one in lines if isinstance(one, tuple)]
    return sorted(found, key=lambda one: one.number)


def _line(sent: Sent) -> Outcome:
    resident = reading.one(sent.resident_id)
    own = resident is not None and str(resident.site_id) in set(here.staff.site_ids)
    subject = people.locked_subject(sent.resident_id) if own else None
    if subject is None or subject.id is None:
        return Outcome(sent.number, REFUSED, (), (("A", gettext("Nobody of your places.")),))
    state = _state(sent, subject)
    if state == REFUSED:
        reason = gettext("This form is filled in on its page.")
        return Outcome(sent.number, state, subject.shown.names, (("F", reason),), resident_id=subject.id)
    if state:
        return Outcome(sent.number, state, subject.shown.names, resident_id=subject.id)
    return _signed(sent, subject)


def _state(sent: Sent, subject: Subject) -> str:
    """What keeps a line from being judged; nothing for one that is to be."""
    if daysheet.is_empty(sent):
        return EMPTY
    if sent.form not in daysheet.FILLED_IN:
        return REFUSED
    if subject.folder.has(sent.form_id, _forms(sent)[0].about.code):
        return AGAIN
    return CHANGED if daysheet.standing_record(sent.resident_id, sent.form) != sent.seen else ""


def _forms(sent: Sent) -> list[type[Form]]:
    return list(joint.FORMS) if sent.form == rule.JOINT else [daysheet.BY_CODE[sent.form]]


def _judged(sent: Sent, subject: Subject) -> list[Evaluation]:
    """With what is carried forward, as on the page."""
    typed = daysheet.posted(sent)
    if sent.form == rule.JOINT:
        begun, _ = joint.opening(subject, clock.today())
        return list(joint.judged(subject, begun | typed).found)
    form = daysheet.BY_CODE[sent.form]
    begun, _ = desks.opening_answers(form, subject, clock.today(), frozenset())
    return [desks.judged(form, subject, begun | typed)]


def _signed(sent: Sent, subject: Subject) -> Outcome:
    forms, found = _forms(sent), _judged(sent, subject)
    reasons = [
        (texts.label(form, f"field:{refusal.field}"), texts.about_refusal(form, refusal))
        for form, one in zip(forms, found, strict=True)
        for refusal in one.refusals
    ]
    # A question is asked of whoever fills the form in: of a file nobody can answer it.
    reasons += [
        (
            ", ".join(texts.label(form, f"field:{name}") for name in each.fields),
            texts.about_finding(form, each),
        )
        for form, one in zip(forms, found, strict=True)
        for each in one.findings
        if each.kind is Kind.ASKING
    ]
    if reasons:
        return Outcome(
            sent.number, REFUSED, subject.shown.names, tuple(dict.fromkeys(reasons)), resident_id=subject.id
        )
    return _stored(sent, subject, found)


def _stored(sent: Sent, subject: Subject, found: list[Evaluation]) -> Outcome:
    signature = Signature(here.staff.id, subject.site_id, clock.now(), sent.form_id)
    made = [
        records.sign(one, signature, here.clinic.keys, resident_id=subject.id, folder=subject.folder)
        for one in found
    ]
    whole = [one for one in made if one is not None]
    if subject.id is None or len(whole) < len(made):
        return Outcome(sent.number, AGAIN, subject.shown.names, resident_id=subject.id)
    for one in whole:
        detail = {"record": one.id, "form": one.form_code, "hash": one.hash.hex()}
        log.note("records.sign", residents=subject.logged, purpose="care-of-the-day", detail=detail)
    told = [
        texts.about_finding(type(one.answers), each)
        for one in found
        for each in one.findings
        if each.kind is Kind.EMERGENCY
    ]
    settled = people.settled(subject, *whole)
    return Outcome(
        sent.number, ACCEPTED, subject.shown.names, (), (*dict.fromkeys(told), *settled), subject.id
    )
