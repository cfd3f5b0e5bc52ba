"""Answers to questions of consent: the last one of each, a new one, and taking one back."""

from __future__ import annotations

import dataclasses
import typing

import sqlalchemy as sa

from saas.db import Fixed, fetched, new_id, session
from saas.residents import person
from saas.residents.models import Consent
from saas.residents.rules import birth as births
from saas.residents.rules import consent as rule
from saas.web import clock
from saas.web.looking import once

if typing.TYPE_CHECKING:
    import datetime
    import uuid
    from collections.abc import Iterable

    from saas.residents.models import Resident
    from saas.residents.sheets import Sheet
    from saas.web.keys import ClinicKeys


@dataclasses.dataclass(frozen=True)
class Question:
    """One purpose and where it stands with one person; ``since`` only of what is given."""

    purpose: str
    state: str
    is_to_be_asked: bool
    since: datetime.datetime | None


@dataclasses.dataclass(frozen=True)
class Decision:
    """An answer as it was given. Of a refusal nothing is kept but that there is no consent."""

    sheet: Sheet
    form_id: uuid.UUID
    given: bool
    giver: str = rule.SELF
    way: str = rule.PAPER
    name: str = ""


def questions(
    resident: Resident, today: datetime.date, purposes: Iterable[str] = rule.PURPOSES
) -> list[Question]:
    """These purposes, with what holds of each now."""
    last, birth = last_answers(resident.id), birth_of(resident)
    return [_question(purpose, last.get(purpose), birth, today) for purpose in purposes]


def birth_of(resident: Resident) -> births.Birth | None:
    """The birth date, as far as it is known."""
    if resident.birth_date is None:
        return None
    return births.Birth(resident.birth_date, resident.birth_precision)


def decide(resident: Resident, decision: Decision, keys: ClinicKeys, *, by: uuid.UUID) -> None:
    """Write an answer down; the same form sent again changes nothing."""
    purpose, form_id = decision.sheet.purpose, decision.form_id
    same = sa.select(Consent.id).where(Consent.form_id == form_id, Consent.purpose == purpose)
    if session.scalars(same).first() is not None:
        return
    if not decision.given:
        withdraw(resident.id, purpose, by=by)
    row = Consent(id=new_id(), resident_id=resident.id, purpose=purpose, form_id=form_id)
    row.given, row.giver, row.way = decision.given, decision.giver, decision.way
    row.edition, row.language = decision.sheet.edition, decision.sheet.language
    row.mark = keys.seal(decision.name, f"consent:{row.id}") if decision.name else None
    row.decided_at, row.decided_by = clock.now(), by
    session.add(row)


def withdraw(resident_id: uuid.UUID, purpose: str, *, by: uuid.UUID) -> bool:
    """Take back what was given, at once and without a reason; False when nothing was given."""
    given = sa.select(Consent).where(
        Consent.resident_id.in_(person.person_ids(resident_id)),
        Consent.purpose == purpose,
        Consent.given,
        Consent.withdrawn_at.is_(None),
    )
    rows = list(session.scalars(given))
    for row in rows:
        row.withdrawn_at, row.withdrawn_by = clock.now(), by
    return bool(rows)


_ANSWERS = Fixed(
    sa.select(*Consent.__table__.c)
    .where(Consent.resident_id.in_(person.person_ids(sa.bindparam("id", type_=sa.Uuid, required=True))))
    .order_by(Consent.id)
)


@once
def last_answers(resident_id: uuid.UUID) -> dict[str, Consent]:
    """The newest answer of each purpose; always of one person alone, merged rows of hers included.

    Rows like the model's, to look at: no session follows them.
    """
    (rows,) = fetched(_ANSWERS.of(id=resident_id))
    return {row.purpose: row for row in rows}


def _question(
    purpose: str, row: Consent | None, birth: births.Birth | None, today: datetime.date
) -> Question:
    answer = None if row is None else _answer(row)
    found = rule.state(answer, birth, today)
    since = row.decided_at if row is not None and found == rule.GIVEN else None
    return Question(purpose, found, rule.is_to_be_asked(answer, birth, today), since)


def _answer(row: Consent) -> rule.Answer:
    decided = row.withdrawn_at or row.decided_at
    on = decided.astimezone(clock.BEIJING).date()
    return rule.Answer(row.given, row.giver, on, row.withdrawn_at is not None)
