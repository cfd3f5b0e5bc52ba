"""What the pages of a room's forms share: whom a record is about, what is judged, what was shown already."""

from __future__ import annotations

import dataclasses
import typing

from flask import abort, request

from saas.formkit import posting, records
from saas.formkit.declaring import fields_of
from saas.formkit.evaluating import Evaluation, evaluate
from saas.formkit.findings import Finding, Kind
from saas.web import clock
from saas.web.request import here

if typing.TYPE_CHECKING:
    import datetime
    import uuid
    from collections.abc import Callable, Mapping, Sequence

    from saas.formkit.declaring import Form
    from saas.formkit.models import Record
    from saas.formkit.posting import Posted

REFUSED, LOST_RACE = 422, 409


@dataclasses.dataclass(frozen=True)
class Subject:
    """Whom a record is about. ``ids`` are all rows of this person, ``facts`` what rules may know of her."""

    id: uuid.UUID
    ids: tuple[uuid.UUID, ...]
    site_id: uuid.UUID
    names: tuple[str, ...]
    line: str
    record_number: str
    url: str
    facts: Mapping[str, object]


@dataclasses.dataclass(frozen=True)
class Desk:
    """A room's forms, and what the room knows.

    ``subject`` gives the resident or None, ``locked`` the same with her row held; ``signed`` is told of
    every new record and says in words what it settled; ``after`` is where one goes then.
    """

    forms: Mapping[str, type[Form]]
    subject: Callable[[uuid.UUID], Subject | None]
    locked: Callable[[uuid.UUID], Subject | None]
    signed: Callable[[Subject, Record], Sequence[str]]
    after: Callable[[Subject, Record], str]

    def form(self, code: str) -> type[Form]:
        """The form with this code about a resident, or 404."""
        form = self.forms.get(code)
        if form is None or form.about.subject != "resident":
            abort(404)
        return form

    def person(self, resident_id: uuid.UUID, *, hold: bool = False) -> Subject:
        """The resident, or 404."""
        return (self.locked if hold else self.subject)(resident_id) or abort(404)


def posted() -> Posted:
    """What the page sent."""
    return request.form.to_dict(flat=False)


def judged(
    form: type[Form],
    subject: Subject,
    sent: Posted,
    *,
    apart_from: Record | None = None,
) -> Evaluation:
    """Everything about what was sent, in the light of the person's earlier records of this form."""
    earlier = [
        each
        for each in records.latest(subject.ids, form.about.code)
        if apart_from is None or each.id != apart_from.id
    ]
    return evaluate(
        form,
        posting.raw_answers(form, sent),
        today=clock.today(),
        resident=dict(subject.facts),
        earlier=records.as_earlier(earlier),
    )


def mark_of(form_id: uuid.UUID, finding: Finding) -> str:
    """A finding's mark in a page: keyed, so that nothing can be read from it."""
    gaps = "\0".join(f"{name}={value}" for name, value in finding.values)
    text = f"{form_id}\0{finding.code}\0{' '.join(finding.fields)}\0{gaps}"
    return here.clinic.keys.hash("told", text)[:12].hex()


def unseen(found: Evaluation, form_id: uuid.UUID, sent: Posted) -> list[Finding]:
    """Emergencies and questions that this page has not shown yet."""
    told = set(" ".join(sent.get("told", ())).split())
    wanted = (Kind.EMERGENCY, Kind.ASKING)
    return [each for each in found.findings if each.kind in wanted and mark_of(form_id, each) not in told]


def opening_answers(
    form: type[Form], subject: Subject, today: datetime.date
) -> tuple[dict[str, list[str]], frozenset[str]]:
    """What a new form begins with: today, and what is carried forward from the last one."""
    begun: dict[str, list[str]] = {form.about.visit_day: [str(today)]}
    last = next(iter(records.latest(subject.ids, form.about.code, 1)), None)
    if last is None:
        return begun, frozenset()
    kept = {name for name, field in fields_of(form).items() if field.carried}
    old = posting.posted_of(form, {name: value for name, value in last.answers.items() if name in kept})
    return begun | old, frozenset(kept & last.answers.keys())
