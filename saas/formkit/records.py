"""Signed records: written once, read as the typed class, taken the place of by newer rows."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import typing
import uuid

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from saas.accounts.models import Site, Staff
from saas.audit.canonical import plain
from saas.db import Fixed, fetched, new_id, one_of_ids, session
from saas.formkit import reading
from saas.formkit.chaining import head, record_hash
from saas.formkit.declaring import fields_of
from saas.formkit.findings import Kind
from saas.formkit.models import Record
from saas.web import clock

if typing.TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from saas.db import Message
    from saas.formkit.declaring import Form
    from saas.formkit.evaluating import Evaluation
    from saas.formkit.folder import Folder
    from saas.web.keys import ClinicKeys

NEWEST_FIRST = (Record.service_date.desc(), Record.signed_at.desc(), Record.id.desc())
LISTED = 50
MOST = 1000
"""Records of one form of one person in one file."""
_NEWER = aliased(Record)
_TABLE = typing.cast("sa.Table", Record.__table__)
_NAMES = [column.name for column in _TABLE.columns]
_INSERT = Fixed(insert(_TABLE).on_conflict_do_nothing().returning(_TABLE.c.id))
"""Of two that may not both be, whoever comes second waits for the first and then stores nothing."""
_BY_FORM = Fixed(
    sa.select(Record.id).where(
        Record.form_id == sa.bindparam("form_id", required=True),
        Record.form_code == sa.bindparam("form_code", required=True),
    )
)


@dataclasses.dataclass(frozen=True)
class Signature:
    """Who signs, where, when, by which form of which page."""

    by: uuid.UUID
    site_id: uuid.UUID
    at: datetime.datetime
    form_id: uuid.UUID
    visit_id: uuid.UUID | None = None


@dataclasses.dataclass(frozen=True)
class Replacing:
    """The record that a new one takes the place of, and why."""

    record: Record
    reason: str


class TakenError(RuntimeError):
    """The record was taken the place of by somebody else meanwhile."""


def sign(  # noqa: PLR0913 - a record's parts
    evaluation: Evaluation,
    signature: Signature,
    keys: ClinicKeys,
    *,
    resident_id: uuid.UUID | None,
    notes: dict[str, str] | None = None,
    replacing: Replacing | None = None,
    folder: Folder | None = None,
    along: Sequence[Message] = (),
) -> Record | None:
    """Store an evaluation without refusals. None when this form has already made its record.

    The caller holds the resident's row, so that the chain does not fork; where she read the folder under
    that hold, the chain's end is known from it. ``along`` is sent together with the record, whatever comes
    of it. Raises ``TakenError``.
    """
    record = _made(evaluation, signature.at, notes or {}, replacing)
    record.resident_id, record.visit_id = resident_id, signature.visit_id
    record.site_id = signature.site_id
    record.previous = head(resident_id) if folder is None else folder.head(resident_id)
    stored = _stored(record, signature, keys, along)
    if folder is not None and stored is not None:
        folder.file(stored)
    return stored


def _made(
    evaluation: Evaluation, at: datetime.datetime, notes: dict[str, str], replacing: Replacing | None
) -> Record:
    """What a record says, whoever it is about and wherever it was signed."""
    about = type(evaluation.answers).about
    return Record(
        id=new_id(),
        form_code=about.code,
        edition=about.edition,
        service_date=service_date(evaluation, at),
        answers=plain(evaluation.answers.written()),
        computed=plain(_known(evaluation)),
        notes=plain(notes),
        next_due_on=next_day(evaluation),
        amends=replacing.record.id if replacing else None,
        reason=replacing.reason if replacing else "",
    )


CONFIRMED = "confirmed"
"""Under this name a record keeps which questions were asked before it was signed (§15)."""


def _known(evaluation: Evaluation) -> dict[str, object]:
    """What the rules computed, and the questions that the page showed and the doctor saved in spite of."""
    codes = sorted({each.code for each in evaluation.findings if each.kind in {Kind.EMERGENCY, Kind.ASKING}})
    known = {name: _flat(value) for name, value in evaluation.known.items()}
    return known | ({CONFIRMED: codes} if codes else {})


def next_day(evaluation: Evaluation) -> datetime.date | None:
    """The next day as the doctor set it; as the rules suggest it where she set none."""
    day = evaluation.answers.written().get("next_due_date")
    return datetime.date.fromisoformat(str(day)) if day else evaluation.next_due_on


def void(record: Record, reason: str, signature: Signature, keys: ClinicKeys) -> Record | None:
    """Say that a record was entered in error. None when this form said so already. Raises ``TakenError``."""
    row = Record(id=new_id(), amends=record.id, void=True, reason=reason)
    for name in ("resident_id", "visit_id", "form_code", "edition", "service_date"):
        setattr(row, name, getattr(record, name))
    row.site_id, row.answers, row.computed, row.notes = signature.site_id, {}, {}, {}
    row.previous = head(row.resident_id)
    return _stored(row, signature, keys)


def _stored(
    record: Record, signature: Signature, keys: ClinicKeys, along: Sequence[Message] = ()
) -> Record | None:
    record.signed_at, record.signed_by = signature.at, signature.by
    record.form_id, record.void = signature.form_id, bool(record.void)
    record.hash = record_hash(record, keys)
    stored, *_ = fetched(_INSERT.of(**{name: getattr(record, name) for name in _NAMES}), *along)
    if stored:
        return record
    (same,) = fetched(_BY_FORM.of(form_id=record.form_id, form_code=record.form_code))
    if not same:
        raise TakenError
    return None


def _flat(value: object) -> object:
    """A computed value as JSON has it; decimals as text, like those that were typed."""
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, frozenset | set):
        return sorted(str(each) for each in value)
    return value


def service_date(evaluation: Evaluation, at: datetime.datetime) -> datetime.date:
    """The civil day of the visit that the answers name; the clinic's today when they name none."""
    day = evaluation.answers.written().get(type(evaluation.answers).about.visit_day)
    return datetime.date.fromisoformat(str(day)[:10]) if day else at.astimezone(clock.BEIJING).date()


def _of(resident_ids: Iterable[uuid.UUID]) -> sa.ColumnElement[bool]:
    """The records of one person, who may be several rows; without any, those of the clinic itself."""
    ids = list(resident_ids)
    return Record.resident_id.in_(ids) if ids else Record.resident_id.is_(None)


def one(record_id: uuid.UUID, resident_ids: Iterable[uuid.UUID]) -> Record | None:
    """The record with this id, if it is of one of these residents (a person may be several rows)."""
    return session.scalars(sa.select(Record).where(Record.id == record_id, _of(resident_ids))).one_or_none()


def holds() -> sa.ColumnElement[bool]:
    """A record that holds: not voided, and not taken the place of by a newer row."""
    return sa.and_(~Record.void, ~sa.exists().where(_NEWER.amends == Record.id))


def standing(resident_ids: Iterable[uuid.UUID], form_code: str | None = None) -> sa.Select[Record]:
    """The records that hold, newest first."""
    query = sa.select(Record).where(_of(resident_ids), holds()).order_by(*NEWEST_FIRST)
    return query if form_code is None else query.where(Record.form_code == form_code)


def listed(resident_ids: Iterable[uuid.UUID], codes: Iterable[str], page: int = 1) -> Sequence[Record]:
    """The newest records that hold, of these forms; one more than a page where there is another page."""
    query = standing(resident_ids).where(Record.form_code.in_(list(codes)))
    return session.scalars(query.offset((page - 1) * LISTED).limit(LISTED + 1)).all()


_HEADS = Fixed(
    sa.select(Record.id, Record.form_code, Record.service_date, Staff.name)
    .join(Staff, Staff.id == Record.signed_by)
    .where(
        one_of_ids(Record.resident_id),
        holds(),
        Record.form_code == sa.any_(sa.bindparam("codes", type_=sa.ARRAY(sa.Text), required=True)),
    )
    .order_by(*NEWEST_FIRST)
    .limit(sa.bindparam("limit", type_=sa.Integer, required=True))
)


class Head(typing.NamedTuple):
    """What a short list says of a record."""

    id: uuid.UUID
    form_code: str
    service_date: datetime.date
    signed_by: str


def heads(resident_ids: Iterable[uuid.UUID], codes: Iterable[str], limit: int) -> list[Head]:
    """The newest records of these forms that hold, without their answers."""
    (rows,) = fetched(_HEADS.of(ids=list(resident_ids), codes=list(codes), limit=limit))
    return [Head(*row) for row in rows]


def latest(resident_ids: Iterable[uuid.UUID], form_code: str, limit: int) -> Sequence[Record]:
    """The newest records of one form that hold."""
    return session.scalars(standing(resident_ids, form_code).limit(limit)).all()


def read_back(record: Record, form: type[Form]) -> Form:
    """The answers as the typed class."""
    return reading.read(form, record.answers).answers


def whole(record: Record, form: type[Form]) -> dict[str, object]:
    """The answers with what the rules computed of fields that were left to them: class, referral, index."""
    reasons = record.answers.get("missing_reason") or {}
    computed = {
        name: record.computed[name]
        for name in fields_of(form)
        if record.computed.get(name) is not None and name not in reasons
    }
    return computed | record.answers


def history(record: Record) -> list[Record]:
    """The record, what it took the place of, and what took its place: oldest first."""
    found = {record.id: record}
    while True:
        ids = list(found)
        befores = [each.amends for each in found.values() if each.amends and each.amends not in found]
        wanted = sa.or_(Record.id.in_(befores), sa.and_(Record.amends.in_(ids), Record.id.not_in(ids)))
        more = session.scalars(sa.select(Record).where(wanted)).all()
        if not more:
            return sorted(found.values(), key=lambda each: (each.signed_at, each.id))
        found |= {each.id: each for each in more}


def names_of(
    records: Collection[Record], named: frozenset[uuid.UUID] = frozenset()
) -> tuple[dict[uuid.UUID, str], dict[uuid.UUID, Site]]:
    """Who signed and where, for a page; also whoever and whatever place its answers name."""
    staff = sa.select(Staff.id, Staff.name).where(Staff.id.in_(named | {each.signed_by for each in records}))
    sites = sa.select(Site).where(Site.id.in_(named | {each.site_id for each in records}))
    people = {row.id: row.name for row in session.execute(staff)}
    return people, {site.id: site for site in session.scalars(sites)}


def by_form(form_id: uuid.UUID, form_code: str, resident_ids: Iterable[uuid.UUID]) -> Record | None:
    """The record that this form has already made of this person."""
    same = (Record.form_id == form_id, Record.form_code == form_code, _of(resident_ids))
    return session.scalars(sa.select(Record).where(*same)).one_or_none()


def of_page(record: Record) -> Sequence[Record]:
    """The records that one page made of one person: a joint visit makes two."""
    same = (Record.form_id == record.form_id, Record.resident_id == record.resident_id)
    return session.scalars(sa.select(Record).where(*same).order_by(Record.form_code)).all()


def newest(record: Record) -> Record:
    """What took the place of a record in the end; the record itself where nothing did."""
    while True:
        after = session.scalars(sa.select(Record).where(Record.amends == record.id)).one_or_none()
        if after is None:
            return record
        record = after
