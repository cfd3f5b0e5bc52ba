"""What the clinic knows of its people, as the rules of duties and figures read it: few queries for many."""

from __future__ import annotations

import collections
import dataclasses
import typing

import sqlalchemy as sa

from saas.db import Fixed, fetched, one_of_ids, session
from saas.formkit import records
from saas.formkit.models import Record
from saas.public_health import models
from saas.public_health.rules import due_facts, due_measures
from saas.residents import book, person
from saas.residents.models import Resident
from saas.web import clock

if typing.TYPE_CHECKING:
    import datetime
    import uuid
    from collections.abc import Iterable, Mapping, Sequence

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


def of(her: book.Book, parts: Iterable[typing.Any]) -> Known:
    """The same by her book; ``parts`` are her times in programmes, read with it."""
    return _known(her.rows, parts, her.folder.standing)[her.id]


def several(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Known]:
    """The same of many rows, those without a person of their own too."""
    asked = set(ids)
    return {one: known for one, known in _read(person.ids_of_all(ids)).items() if one in asked}


def among(column: InstrumentedAttribute[typing.Any], ids: Iterable[uuid.UUID]) -> sa.ColumnElement[bool]:
    """One parameter for many ids; as a list each would be one of its own."""
    return column == sa.any_(sa.cast(list(ids), sa.ARRAY(sa.Uuid)))


def people(condition: sa.ColumnElement[bool] | None = None) -> dict[uuid.UUID, typing.Any]:
    """The rows of residents as rules of this room need them, by id; all of them without a condition."""
    query = book.ROWS if condition is None else book.ROWS.where(condition)
    return {row.id: row for row in session.execute(query)}


def who_stayed(rows: Mapping[uuid.UUID, typing.Any]) -> dict[uuid.UUID, uuid.UUID]:
    """Of each row the one who she is now: herself, or whoever stayed of those that were merged."""
    return {one: _stayed(one, rows) for one in rows}


def first_known(
    stays: Mapping[uuid.UUID, uuid.UUID], rows: Mapping[uuid.UUID, typing.Any]
) -> dict[uuid.UUID, datetime.date]:
    """The day since when somebody is known here: the earliest of her rows."""
    found: dict[uuid.UUID, datetime.date] = {}
    for one, stayer in stays.items():
        day = _day(rows[one].created_at)
        found[stayer] = min(day, found.get(stayer, day))
    return found


def enrolments(
    stays: Mapping[uuid.UUID, uuid.UUID], ids: Iterable[uuid.UUID] | None
) -> dict[uuid.UUID, list[Enrolment]]:
    """Times in programmes by who stayed; of these rows, or of everybody."""
    query = _ENROLMENTS if ids is None else _ENROLMENTS.where(among(models.Enrolment.resident_id, ids))
    return _by_stayer(session.execute(query), stays)


def _by_stayer(
    rows: Iterable[typing.Any], stays: Mapping[uuid.UUID, uuid.UUID]
) -> dict[uuid.UUID, list[Enrolment]]:
    found: dict[uuid.UUID, list[Enrolment]] = collections.defaultdict(list)
    for resident_id, programme, enrolled_on, ended_on, reason in rows:
        if resident_id in stays:
            one = due_facts.Enrolment(programme, enrolled_on, ended_on, reason)
            found[stays[resident_id]].append(one)
    return found


def as_person(row: typing.Any, known_since: datetime.date) -> Person:  # noqa: ANN401 - a row of ``people``
    """Somebody as rules know her. Who has gone without a day went on the day of the last change."""
    ended_on = (row.ended_on or _day(row.updated_at)) if row.standing in _ENDED else None
    return due_facts.Person(
        row.birth_date, row.birth_precision, row.sex_code, row.standing, ended_on, known_since
    )


def _day(moment: datetime.datetime) -> datetime.date:
    return moment.astimezone(clock.BEIJING).date()


def _read(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Known]:
    whose = {"ids": list(ids)}
    residents, parts, held = fetched(_RESIDENTS_OF.of(**whose), PARTS_OF.of(**whose), _HELD_OF.of(**whose))
    return _known({row.id: row for row in residents}, parts, held)


def _known(
    rows: Mapping[uuid.UUID, typing.Any], parts: Iterable[typing.Any], held: Iterable[typing.Any]
) -> dict[uuid.UUID, Known]:
    stays = who_stayed(rows)
    since, programmes = first_known(stays, rows), _by_stayer(parts, stays)
    records: dict[uuid.UUID, list[SignedRecord]] = collections.defaultdict(list)
    for row in held:
        records[stays[row.resident_id]].append(signed(row))
    return {
        one: Known(
            one,
            row.site_id,
            as_person(row, since.get(one, _day(row.created_at))),
            tuple(programmes.get(one, ())),
            tuple(records.get(one, ())),
        )
        for one, row in rows.items()
    }


_ENROLMENTS = sa.select(
    models.Enrolment.resident_id,
    models.Enrolment.programme,
    models.Enrolment.enrolled_on,
    models.Enrolment.ended_on,
    models.Enrolment.end_reason,
)


_HELD = sa.select(
    Record.resident_id,
    Record.id,
    Record.form_code,
    Record.service_date,
    Record.computed,
    Record.answers,
    Record.next_due_on,
).where(records.holds())
_RESIDENTS_OF = Fixed(book.ROWS.where(one_of_ids(Resident.id)))
PARTS_OF = Fixed(_ENROLMENTS.where(one_of_ids(models.Enrolment.resident_id)))
_HELD_OF = Fixed(_HELD.where(one_of_ids(Record.resident_id)))


def _stayed(one: uuid.UUID, rows: Mapping[uuid.UUID, typing.Any]) -> uuid.UUID:
    while (into := rows[one].merged_into_id) in rows:
        one = into
    return one


def signed(row: typing.Any) -> SignedRecord:  # noqa: ANN401 - a record, or a row of one
    """A record as the rules read it: recorded where recorded, otherwise computed."""
    told = row.computed | row.answers
    next_due_on = due_measures.day(row.answers, NEXT) or row.next_due_on
    class_code = str(told.get(CLASS) or "")
    return due_facts.SignedRecord(row.form_code, row.service_date, told, class_code, next_due_on, str(row.id))
