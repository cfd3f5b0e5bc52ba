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
from sqlalchemy.dialects.postgresql import JSONB

from saas.formkit import records
from saas.formkit.models import Record
from saas.public_health import casebook
from saas.public_health.rules import due_facts, due_measures
from saas.public_health.rules.due_education import ACTIVITY
from saas.public_health.rules.due_facts import NO_PERSON, SignedRecord
from saas.public_health.rules.indicators_facts import Facts, Population
from saas.residents import person
from saas.residents.models import Resident, Visit

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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


def read(session: Session, since: datetime.date, whom: Iterable[uuid.UUID] | None = None) -> list[Facts]:
    """The facts of everybody, or of these persons; nothing of a row that is no person any more.

    ``since`` is the first day of the earliest period that is to be counted.
    """
    only = None if whom is None else person.ids_of_all(whom)
    rows = casebook.people(None if only is None else casebook.among(Resident.id, only))
    stayed = casebook.who_stayed(rows)
    people = [row for row in rows.values() if row.standing not in NO_PERSON]
    wanted = {row.id for row in people}
    ids = {one: stayer for one, stayer in stayed.items() if stayer in wanted}
    known_since = casebook.first_known(ids, rows)
    about = _About(
        _records(session, since - LOOKED_BACK, ids, only),
        casebook.enrolments(ids, only),
        _contacts(session, since - LOOKED_BACK, ids, only),
    )
    return [_facts(row, known_since[row.id], about) for row in people]


class _About(typing.NamedTuple):
    """What was read of everybody, by the id of who stayed."""

    records: Mapping[uuid.UUID, list[SignedRecord]]
    enrolments: Mapping[uuid.UUID, list[due_facts.Enrolment]]
    contacts: Mapping[uuid.UUID, list[datetime.date]]


def _facts(row: typing.Any, known_since: datetime.date, about: _About) -> Facts:  # noqa: ANN401 - a row
    """One person. Nobody's record is on paper only: what is here is electronic."""
    signed = about.records.get(row.id, [])
    made = [one.service_date for one in signed if one.form_code == COVER and _agreed(one)]
    whom = casebook.as_person(row, known_since)
    return Facts(
        key=str(row.id),
        site=str(row.site_id),
        person=whom,
        enrolments=tuple(about.enrolments.get(row.id, ())),
        records=tuple(signed),
        record_made_on=min(made, default=None),
        record_ended_on=whom.standing_on,
        contacts=tuple(about.contacts.get(row.id, ())),
    )


def _agreed(cover: SignedRecord) -> bool:
    """A cover on which the person did not agree is no record."""
    return cover.answers.get("consent_given") not in {False, "0", "false"}


def _standing() -> sa.Select[typing.Any]:
    """Records that hold today, whoever they are about."""
    return sa.select(Record.resident_id).where(records.holds())


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
        Record.resident_id.is_not(None) if only is None else casebook.among(Record.resident_id, only)
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


def _contacts(
    session: Session, since: datetime.date, ids: Ids, only: list[uuid.UUID] | None
) -> dict[uuid.UUID, list[datetime.date]]:
    """Days of visits for care; one that was begun by mistake ended in the same moment."""
    day = sa.cast(sa.func.timezone("Asia/Shanghai", Visit.started_at), sa.Date)
    query = sa.select(Visit.resident_id, day).where(
        Visit.started_at >= since, sa.or_(Visit.ended_at.is_(None), Visit.ended_at != Visit.started_at)
    )
    if only is not None:
        query = query.where(casebook.among(Visit.resident_id, only))
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
