"""Everything that the figures are counted from, read of the whole clinic in a few queries.

A person who is several rows is one; what was amended or voided does not count. Only what the rules
read is taken out of the answers: 80,000 records stay small.
"""

from __future__ import annotations

import collections
import datetime
import typing
import uuid

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import aliased

from saas.formkit.models import Record
from saas.public_health.models import Enrolment
from saas.public_health.rules import due_facts, due_measures
from saas.public_health.rules.due_education import ACTIVITY
from saas.public_health.rules.due_facts import NO_PERSON, Person, SignedRecord
from saas.public_health.rules.indicators_facts import Facts, Population
from saas.residents.models import Resident, Visit
from saas.web import clock

if typing.TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy.orm import Session

READ = (
    "visit_mode", "systolic_bp", "diastolic_bp", "fasting_glucose", "lost_reason", "followup_class",
    "exam_complete", "health_guidance", "risk_control", "death_date", "consent_given",
)  # fmt: skip
"""Answers that the rules of the figures read."""
EDUCATION = ("form", "topic", "material_copies", "duration_minutes", "board_no", "audience_count")
COVER, POPULATION = "health_record", "population"
LOOKED_BACK = datetime.timedelta(days=400)
"""Before the first period: a record is in use when somebody came within 365 days."""

Ids = typing.Mapping[uuid.UUID, uuid.UUID]


class Row(typing.NamedTuple):
    """One row of a resident, as far as the figures need it."""

    id: uuid.UUID
    site_id: uuid.UUID
    birth_date: datetime.date | None
    birth_precision: str
    sex_code: str
    standing: str
    ended_on: datetime.date | None
    merged_into_id: uuid.UUID | None
    created_at: datetime.datetime
    updated_at: datetime.datetime


def read(
    session: Session,
    since: datetime.date,
    sites: Collection[uuid.UUID] | None = None,
    asked: Collection[uuid.UUID] | None = None,
) -> list[Facts]:
    """The facts of everybody whose home is one of these sites; of everybody without any.

    ``since`` is the first day of the earliest period that is to be counted; ``asked`` names rows, of which
    one must be the person's.
    """
    rows = {row.id: row for row in map(Row._make, session.execute(sa.select(*map(_column, Row._fields))))}
    stayed = {one: _who_stayed(one, rows) for one in rows}
    people = [row for row in rows.values() if row.standing not in NO_PERSON]
    if sites is not None:
        people = [row for row in people if row.site_id in sites]
    if asked is not None:
        those = {stayed[one] for one in asked if one in stayed}
        people = [row for row in people if row.id in those]
    wanted = {row.id for row in people}
    ids = {one: stayer for one, stayer in stayed.items() if stayer in wanted}
    only = None if sites is None else list(ids)
    known_since = _first_known(ids, rows)
    about = _About(
        _records(session, since - LOOKED_BACK, ids, only),
        _enrolments(session, ids, only),
        _contacts(session, since - LOOKED_BACK, ids, only),
    )
    return [_facts(row, known_since[row.id], about) for row in people]


def _first_known(ids: Ids, rows: Mapping[uuid.UUID, Row]) -> dict[uuid.UUID, datetime.datetime]:
    found: dict[uuid.UUID, datetime.datetime] = {}
    for one, stayer in ids.items():
        found[stayer] = min(rows[one].created_at, found.get(stayer, rows[one].created_at))
    return found


def _column(name: str) -> sa.ColumnElement[typing.Any]:
    return typing.cast("sa.ColumnElement[typing.Any]", getattr(Resident, name))


def _who_stayed(one: uuid.UUID, rows: Mapping[uuid.UUID, Row]) -> uuid.UUID:
    while (into := rows[one].merged_into_id) is not None:
        one = into
    return one


class _About(typing.NamedTuple):
    """What was read of everybody, by the id of who stayed."""

    records: Mapping[uuid.UUID, list[SignedRecord]]
    enrolments: Mapping[uuid.UUID, list[due_facts.Enrolment]]
    contacts: Mapping[uuid.UUID, list[datetime.date]]


def _facts(row: Row, known_since: datetime.datetime, about: _About) -> Facts:
    """One person. Nobody's record is on paper only: what is here is electronic."""
    records = about.records.get(row.id, [])
    made = [one.service_date for one in records if one.form_code == COVER and _agreed(one)]
    left_on = None if row.standing == due_facts.HERE else row.ended_on or _day(row.updated_at)
    person = Person(
        row.birth_date,
        row.birth_precision,
        row.sex_code,
        row.standing,
        left_on,
        _day(known_since),
    )
    return Facts(
        key=str(row.id),
        site=str(row.site_id),
        person=person,
        enrolments=tuple(about.enrolments.get(row.id, ())),
        records=tuple(records),
        record_made_on=min(made, default=None),
        record_ended_on=left_on,
        contacts=tuple(about.contacts.get(row.id, ())),
    )


def _agreed(cover: SignedRecord) -> bool:
    """A cover on which the person did not agree is no record."""
    return cover.answers.get("consent_given") not in {False, "0", "false"}


def _day(moment: datetime.datetime) -> datetime.date:
    return moment.astimezone(clock.BEIJING).date()


def _one_of(column: typing.Any, ids: list[uuid.UUID]) -> sa.ColumnElement[bool]:  # noqa: ANN401 - any model's
    """One parameter for thousands of ids; as a list each would be one of its own."""
    return typing.cast("sa.ColumnElement[bool]", column == sa.any_(sa.cast(ids, ARRAY(sa.Uuid))))


def _standing() -> sa.Select[typing.Any]:
    """Records that hold today, whoever they are about."""
    newer = aliased(Record)
    replaced = sa.exists().where(newer.amends == Record.id)
    return sa.select(Record.resident_id).where(~Record.void, ~replaced)


def _answers(names: Iterable[str]) -> sa.ColumnElement[typing.Any]:
    """The answers as one object; where the doctor left one empty, what was computed at signing."""
    parts: list[object] = []
    for name in names:
        answered = sa.func.nullif(Record.answers[name], sa.text("'null'::jsonb"))
        parts += [sa.literal(name, sa.Text), sa.func.coalesce(answered, Record.computed[name])]
    return sa.func.jsonb_strip_nulls(sa.func.jsonb_build_object(*parts), type_=JSONB)


def _records(
    session: Session, since: datetime.date, ids: Ids, only: list[uuid.UUID] | None
) -> dict[uuid.UUID, list[SignedRecord]]:
    """Signed records since a day, and every cover."""
    columns = (Record.id, Record.form_code, Record.service_date)
    recent = sa.or_(Record.service_date >= since, Record.form_code == COVER)
    query = _standing().add_columns(*columns, _answers(READ)).where(recent)
    query = query.where(
        Record.resident_id.is_not(None) if only is None else _one_of(Record.resident_id, only)
    )
    found: dict[uuid.UUID, list[SignedRecord]] = collections.defaultdict(list)
    for resident_id, record_id, form_code, service_date, told in session.execute(query):
        if resident_id in ids:
            signed = _signed(record_id, form_code, service_date, told)
            found[ids[resident_id]].append(signed)
    return found


def _signed(
    record_id: uuid.UUID, form_code: str, service_date: datetime.date, told: dict[str, object]
) -> SignedRecord:
    class_code = str(told.get("followup_class") or "") if form_code in due_measures.FOLLOWUPS else ""
    return SignedRecord(form_code, service_date, told, class_code, key=str(record_id))


def _enrolments(
    session: Session, ids: Ids, only: list[uuid.UUID] | None
) -> dict[uuid.UUID, list[due_facts.Enrolment]]:
    query = sa.select(
        Enrolment.resident_id,
        Enrolment.programme,
        Enrolment.enrolled_on,
        Enrolment.ended_on,
        Enrolment.end_reason,
    )
    if only is not None:
        query = query.where(_one_of(Enrolment.resident_id, only))
    found: dict[uuid.UUID, list[due_facts.Enrolment]] = collections.defaultdict(list)
    for resident_id, programme, enrolled_on, ended_on, reason in session.execute(query):
        if resident_id in ids:
            one = due_facts.Enrolment(programme, enrolled_on, ended_on, reason)
            found[ids[resident_id]].append(one)
    return found


def _contacts(
    session: Session, since: datetime.date, ids: Ids, only: list[uuid.UUID] | None
) -> dict[uuid.UUID, list[datetime.date]]:
    """Days of visits for care; one that was begun by mistake ended in the same moment."""
    day = sa.cast(sa.func.timezone("Asia/Shanghai", Visit.started_at), sa.Date)
    query = sa.select(Visit.resident_id, day).where(
        Visit.started_at >= since, sa.or_(Visit.ended_at.is_(None), Visit.ended_at != Visit.started_at)
    )
    if only is not None:
        query = query.where(_one_of(Visit.resident_id, only))
    found: dict[uuid.UUID, list[datetime.date]] = collections.defaultdict(list)
    for resident_id, on in session.execute(query.distinct()):
        if resident_id in ids:
            found[ids[resident_id]].append(on)
    return found


def activities(session: Session, since: datetime.date) -> dict[str, list[SignedRecord]]:
    """The activities of health education by site."""
    query = _standing().add_columns(Record.site_id, Record.id, Record.service_date, _answers(EDUCATION))
    query = query.where(Record.form_code == ACTIVITY, Record.service_date >= since)
    found: dict[str, list[SignedRecord]] = collections.defaultdict(list)
    for _, site_id, record_id, on, told in session.execute(query):
        found[str(site_id)].append(SignedRecord(ACTIVITY, on, told, key=str(record_id)))
    return found


def populations(session: Session) -> list[Population]:
    """The typed population of each site and year: what was signed last."""
    query = _standing().add_columns(Record.answers, Record.service_date)
    query = query.where(Record.form_code == POPULATION).order_by(Record.signed_at, Record.id)
    found: dict[tuple[str, int], Population] = {}
    for _, answers, on in session.execute(query):
        one = Population(
            str(answers["site"]), int(answers["year"]), int(answers["count"]), answers["source"], on
        )
        found[one.site, one.year] = one
    return list(found.values())
