"""What the pages of a room's forms share: whom a record is about, who may sign, what is judged."""

from __future__ import annotations

import dataclasses
import functools
import typing

from flask import abort, request, url_for

from saas.formkit import posting, records
from saas.formkit.declaring import fields_of, is_presumed
from saas.formkit.evaluating import Evaluation, evaluate
from saas.formkit.findings import Finding, Kind
from saas.formkit.folder import Folder
from saas.formkit.kinds import Moment
from saas.web import clock
from saas.web.request import here, may, opened_with_a_reason

if typing.TYPE_CHECKING:
    import datetime
    import uuid
    from collections.abc import Callable, Collection, Mapping, Sequence

    from saas.formkit.declaring import Form
    from saas.formkit.models import Record
    from saas.formkit.posting import Posted

REFUSED, LOST_RACE = 422, 409


class Shown(typing.NamedTuple):
    """What pages say of whom a record is about: her names, a line about her, her number, her page."""

    names: tuple[str, ...]
    line: str
    record_number: str
    url: str


@dataclasses.dataclass(frozen=True)
class Subject:
    """Whom a record is about. ``ids`` are all rows of this person, ``facts`` what rules may know of her.

    Of a form about the clinic itself there is no person: ``id`` is None and ``ids`` is empty. Who signs sees
    no page, so what pages say of her is found when one asks.
    """

    id: uuid.UUID | None
    ids: tuple[uuid.UUID, ...]
    site_id: uuid.UUID
    showing: Callable[[], Shown]
    judged_by: Callable[[Folder], Mapping[str, object]] = lambda folder: {}  # noqa: ARG005 - the clinic is nobody
    known: Callable[[Collection[str]], Mapping[str, str]] = lambda asked: {}  # noqa: ARG005 - the clinic is nobody
    """What the clinic knows of her already, of what is asked by the names that forms give it."""
    person: Callable[[datetime.date], Mapping[str, str]] = lambda on: {}  # noqa: ARG005 - the clinic is nobody
    """What a letter says of her in words, as she was that day: sex, age, address, phone."""
    filed: Folder | None = None
    """Her folder, where it was read with herself."""

    @functools.cached_property
    def folder(self) -> Folder:
        """All that was signed of her, as it stands when it is first asked for."""
        return Folder(self.ids) if self.filed is None else self.filed

    @functools.cached_property
    def facts(self) -> Mapping[str, object]:
        """What rules may know of her beside the answers."""
        return self.judged_by(self.folder)

    @functools.cached_property
    def shown(self) -> Shown:
        """What pages say of her."""
        return self.showing()

    @property
    def address(self) -> dict[str, uuid.UUID]:
        """What an address says of the person."""
        return {} if self.id is None else {"resident_id": self.id}

    @property
    def logged(self) -> list[uuid.UUID]:
        """Whom the access log names."""
        return [] if self.id is None else [self.id]


@dataclasses.dataclass(frozen=True)
class Desk:
    """A room's forms about residents, or about the clinic, and what the room knows.

    ``subject`` gives the person (the clinic for None), ``locked`` the same with her row held; ``signed``
    is told of every new record, also of one that voids another, and says in words what it settled;
    ``after`` is where one goes then. ``write`` and ``sensitive`` are permissions: to sign at all, and to
    see the fields that are shown to treating doctors only. ``place`` is what an address says of the list from
    which a form was opened, ``came_from`` the way back to her line of it; empty where there was none.
    ``undo`` is where a record just signed is taken back; without it there is the page that voids.
    """

    room: str
    forms: Mapping[str, type[Form]]
    subject: Callable[[uuid.UUID | None], Subject | None]
    locked: Callable[[uuid.UUID | None], Subject | None]
    signed: Callable[[Subject, Record], Sequence[str]]
    after: Callable[[Subject, Record], str]
    write: str
    sensitive: str
    about: typing.Literal["resident", "clinic"] = "resident"
    place: Callable[[], Mapping[str, str]] = dict
    undo: Callable[[Subject, Record], str] | None = None
    came_from: Callable[[Subject], str] = lambda whom: ""  # noqa: ARG005 - opened from no list

    @property
    def prefix(self) -> str:
        """What the names of this desk's routes begin with."""
        return "" if self.about == "resident" else "clinic_"

    def form(self, code: str) -> type[Form]:
        """The form with this code that lies on this desk, or 404."""
        form = self.forms.get(code)
        if form is None or form.about.subject != self.about:
            abort(404)
        return form

    def codes(self) -> list[str]:
        """The codes of the forms on this desk."""
        return [code for code, form in self.forms.items() if form.about.subject == self.about]

    def person(self, resident_id: uuid.UUID | None, *, hold: bool = False) -> Subject:
        """The resident, or 404; the clinic where the address names none."""
        return (self.locked if hold else self.subject)(resident_id) or abort(404)

    def record(self, subject: Subject, record_id: uuid.UUID) -> Record:
        """A record of this person and of this desk, or 404."""
        record = records.one(record_id, subject.ids) or abort(404)
        self.form(record.form_code)
        return record

    def url(self, page: str, subject: Subject, **values: object) -> str:
        """The address of one of this desk's pages."""
        return url_for(f"{self.room}.{self.prefix}{page}", **subject.address, **values)  # type: ignore[arg-type]

    def draft(self, subject: Subject, code: str) -> str:
        """The name of a form's draft."""
        return f"{self.room}.{self.prefix}fill:{subject.id or ''}:{code}"

    def may_sign(self, form: type[Form]) -> bool:
        """Whether the signed-in person may sign this form."""
        return may(self.write) and (not form.about.permission or may(form.about.permission))

    def may_change(self, form: type[Form], line: Sequence[Record]) -> bool:
        """Whether she may amend or void: what only its author may change, only she who signed it first."""
        return self.may_sign(form) and (not form.about.authors_own or line[0].signed_by == here.staff.id)

    def demand(self, *, allowed: bool) -> None:
        """403 when it is not hers to do."""
        if not allowed:
            abort(403)

    def hidden(self, form: type[Form]) -> frozenset[str]:
        """The fields that the signed-in person is not shown on signed records.

        A reason opens the ordinary record alone, also for somebody who treats people elsewhere (rights I7).
        """
        if may(self.sensitive) and not opened_with_a_reason():
            return frozenset()
        return sensitive_fields(form)


def sensitive_fields(form: type[Form]) -> frozenset[str]:
    """The fields that never stand on lists, summaries and ordinary prints."""
    return frozenset(name for name, field in fields_of(form).items() if field.sensitive)


def posted() -> dict[str, list[str]]:
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
    return evaluate(
        form,
        posting.raw_answers(form, sent) | _references(form, subject, apart_from),
        today=clock.today(),
        resident=dict(subject.facts),
        earlier=subject.folder.earlier(form.about.code, apart_from),
    )


def _references(form: type[Form], subject: Subject, amended: Record | None) -> dict[str, object]:
    """Who and where, for fields that must have it and that nobody types; a correction keeps what stood."""
    wanted = {
        name: getattr(field, "to", "")
        for name, field in fields_of(form).items()
        if field.kind == "reference" and field.required is True and field.demanded
    }
    own = {"staff": here.staff.id, "institution": here.clinic.card.id, "site": subject.site_id}
    old = {} if amended is None else amended.answers
    return {name: str(old.get(name) or own[to]) for name, to in wanted.items() if to in own}


def mark_of(form_id: uuid.UUID, finding: Finding) -> str:
    """A finding's mark in a page: keyed, so that nothing can be read from it."""
    gaps = "\0".join(f"{name}={value}" for name, value in finding.values)
    text = f"{form_id}\0{finding.code}\0{' '.join(finding.fields)}\0{gaps}"
    return here.clinic.keys.hash("told", text)[:12].hex()


def unseen(found: Evaluation, form_id: uuid.UUID, sent: Posted, hidden: frozenset[str]) -> list[Finding]:
    """Emergencies and questions that this page has not shown yet; what it must not show, it cannot ask."""
    told = set(" ".join(sent.get("told", ())).split())
    wanted = (Kind.EMERGENCY, Kind.ASKING)
    return [
        each
        for each in found.findings
        if each.kind in wanted and not hidden & set(each.fields) and mark_of(form_id, each) not in told
    ]


def opening_answers(
    form: type[Form], subject: Subject, today: datetime.date, hidden: frozenset[str]
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """What a new form begins with, and what of it is carried forward from the last one."""
    begun = _known(form, subject)
    if is_presumed(form, form.about.visit_day):
        begun.setdefault(form.about.visit_day, [str(today)])
    begun |= {
        name: [_now()] for name, field in fields_of(form).items() if isinstance(field, Moment) and field.now
    }
    last = subject.folder.last(form.about.code)
    if last is None:
        return begun, {}
    kept = {name for name, field in fields_of(form).items() if field.carried and name not in hidden}
    old = posting.posted_of(form, {name: value for name, value in last.items() if name in kept})
    return begun | old, old


def _now() -> str:
    """The present moment as the page writes it."""
    return f"{clock.local_now():%Y-%m-%d %H:%M}"


def _known(form: type[Form], subject: Subject) -> dict[str, list[str]]:
    """What the clinic knows already; the form is asked to confirm it."""
    asked = {name: field.known_as or name for name, field in fields_of(form).items()}
    known = subject.known(frozenset(asked.values()))
    found = {name: known.get(known_as) for name, known_as in asked.items()}
    return {name: [text] for name, text in found.items() if text}


def still_carried(form: type[Form], old: Posted, sent: Posted) -> frozenset[str]:
    """The fields that hold what was carried forward, untouched."""
    names = (name for name, field in fields_of(form).items() if field.carried)
    parts = {name: posting.parts_of(old, name) for name in names}
    return frozenset(name for name, texts in parts.items() if texts and posting.parts_of(sent, name) == texts)
