"""What the clinic knows of its people, as the rules of duties and figures read it: few queries for many."""

from __future__ import annotations

import collections
import dataclasses
import typing

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from saas.db import session
from saas.formkit.models import Record
from saas.public_health import models
from saas.public_health.rules import due_facts, due_measures
from saas.residents import person
from saas.residents.models import Resident
from saas.web import clock

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import InstrumentedAttribute

    from saas.public_health.rules.due_facts import Enrolment, Person, SignedRecord

CLASS, NEXT = "followup_class", "next_due_date"
"""Answers that the doctor may record otherwise than they were computed."""
_ENDED = frozenset({due_facts.MOVED, due_facts.DIED, due_facts.LEFT})


@dataclasses.dataclass(frozen=True, slots=True)
class Known:
    """One person: her row that stands, her place of care, and what rules read. Merged rows are one person."""

    id: uuid.UUID
    site_id: uuid.UUID
    person: Person
    enrolments: tuple[Enrolment, ...]
    records: tuple[SignedRecord, ...]


def one(resident_id: uuid.UUID) -> Known | None:
    """What is known of one person; None when there is no such row."""
    return _read(person.ids_of(resident_id)).get(resident_id)


def several(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Known]:
    """The same of many rows, those without a person of their own too."""
    asked = set(ids)
    return {one: known for one, known in _read(person.ids_of_all(ids)).items() if one in asked}


def among(column: InstrumentedAttribute[typing.Any], ids: Sequence[uuid.UUID]) -> sa.ColumnElement[bool]:
    """One parameter for many ids; as a list each would be one of its own."""
    return column == sa.any_(sa.cast(list(ids), sa.ARRAY(sa.Uuid)))


def _read(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Known]:
    rows = {row.id: row for row in session.execute(_RESIDENTS.where(among(Resident.id, ids)))}
    stays = {one: _who_stayed(one, rows) for one in rows}
    enrolments: dict[uuid.UUID, list[Enrolment]] = collections.defaultdict(list)
    for enrolled in session.execute(_ENROLMENTS.where(among(models.Enrolment.resident_id, ids))):
        enrolments[stays[enrolled.resident_id]].append(
            due_facts.Enrolment(
                enrolled.programme, enrolled.enrolled_on, enrolled.ended_on, enrolled.end_reason
            )
        )
    records: dict[uuid.UUID, list[SignedRecord]] = collections.defaultdict(list)
    for row in session.execute(_held().where(among(Record.resident_id, ids))):
        records[stays[row.resident_id]].append(_signed(row))
    return {
        one: Known(one, row.site_id, _person(row), tuple(enrolments[one]), tuple(records[one]))
        for one, row in rows.items()
    }


_RESIDENTS = sa.select(
    Resident.id,
    Resident.site_id,
    Resident.merged_into_id,
    Resident.birth_date,
    Resident.birth_precision,
    Resident.sex_code,
    Resident.standing,
    Resident.ended_on,
    Resident.created_at,
    Resident.updated_at,
)
_ENROLMENTS = sa.select(
    models.Enrolment.resident_id,
    models.Enrolment.programme,
    models.Enrolment.enrolled_on,
    models.Enrolment.ended_on,
    models.Enrolment.end_reason,
)


def _held() -> sa.Select[*tuple[typing.Any, ...]]:
    """Records that hold: not voided, and not taken the place of."""
    newer = aliased(Record)
    return sa.select(
        Record.resident_id,
        Record.id,
        Record.form_code,
        Record.service_date,
        Record.answers,
        Record.computed,
        Record.next_due_on,
    ).where(~Record.void, ~sa.exists().where(newer.amends == Record.id))


def _who_stayed(one: uuid.UUID, rows: Mapping[uuid.UUID, typing.Any]) -> uuid.UUID:
    while (into := rows[one].merged_into_id) in rows:
        one = into
    return one


def _person(row: typing.Any) -> Person:  # noqa: ANN401 - a row of _RESIDENTS
    since = row.created_at.astimezone(clock.BEIJING).date()
    ended_on = row.ended_on
    if row.standing in _ENDED and ended_on is None:
        ended_on = row.updated_at.astimezone(clock.BEIJING).date()
    return due_facts.Person(row.birth_date, row.birth_precision, row.sex_code, row.standing, ended_on, since)


def _signed(row: typing.Any) -> SignedRecord:  # noqa: ANN401 - a row of _held
    """A stored record as the rules read it: recorded where recorded, otherwise computed."""
    told = {**row.computed, **row.answers}
    next_due_on = due_measures.day(row.answers, NEXT) or row.next_due_on
    return due_facts.SignedRecord(
        row.form_code, row.service_date, told, str(told.get(CLASS) or ""), next_due_on, str(row.id)
    )
