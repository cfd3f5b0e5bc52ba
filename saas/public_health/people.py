"""Whom a form of this room is about, and what follows from a signed one."""

from __future__ import annotations

import typing

from flask import url_for

from saas.db import session
from saas.formkit import records
from saas.formkit.desk import Subject
from saas.formkit.models import Record
from saas.residents import codes, reading, showing, stored, writing
from saas.residents.messages import isolated
from saas.web import clock
from saas.web.request import here

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from saas.residents.models import Resident


def subject(resident_id: uuid.UUID) -> Subject | None:
    """The resident as forms need her."""
    return _subject(reading.one(resident_id))


def locked_subject(resident_id: uuid.UUID) -> Subject | None:
    """The same with her row held until the end of the request: her records are chained."""
    return _subject(writing.locked(resident_id))


def _subject(resident: Resident | None) -> Subject | None:
    if resident is None:
        return None
    number = next((key for key in resident.keys if key.kind == "record"), None)
    parts = (
        str(codes.SEX_LABELS[resident.sex_code]),
        showing.age_text(resident, clock.today()),
        stored.birth_text(resident),
    )
    return Subject(
        id=resident.id,
        ids=(resident.id,),
        site_id=resident.site_id,
        names=tuple(name.text for name in resident.names) or (showing.placeholder(resident),),
        line=" · ".join(isolated(part) for part in parts if part),
        record_number=stored.opened(number, here.clinic.keys) if number else "",
        url=url_for("residents.show", resident_id=resident.id),
        facts=_facts(resident),
    )


def _facts(resident: Resident) -> dict[str, object]:
    """What rules may know: birth date, sex, the last height, when she was last weighed."""
    facts: dict[str, object] = {"sex_code": resident.sex_code}
    if resident.birth_date is not None:
        facts["birth_date"] = str(resident.birth_date)
    for name, fact in (("height", "height"), ("weight", "last_weighed_on")):
        query = records.standing((resident.id,)).where(Record.answers.has_key(name)).limit(1)
        last = session.scalars(query).one_or_none()
        if last is not None:
            facts[fact] = last.answers[name] if fact == "height" else str(last.service_date)
    return facts


def signed(person: Subject, record: Record) -> Sequence[str]:
    """What a new record settled, in words."""
    del person, record
    return ()


def after(person: Subject, record: Record) -> str:
    """Where one goes after signing: the record itself."""
    return url_for("public_health.record", resident_id=person.id, record_id=record.id)
