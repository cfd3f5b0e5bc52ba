"""Who takes part in which programme: begun by her own "yes", ended by her "no" or with a reason."""

from __future__ import annotations

import typing

import sqlalchemy as sa

from saas.db import Fixed, fetched, new_id, rows_like, session
from saas.public_health.models import Enrolment
from saas.residents import consents, person
from saas.residents.models import Consent
from saas.residents.rules import consent as rule
from saas.web import clock

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

WITHDRAWN = "withdrawn"
BY_STAFF = ("lost", "not_confirmed")
"""Reasons that staff give. Death and moving away are told where a person stands, not here."""


def follow(resident_id: uuid.UUID) -> None:
    """A person's answers changed: a new "yes" begins her part in a programme, a "no" ends it."""
    last = consents.last_answers(resident_id)
    for programme in rule.PROGRAMMES:
        answer = last.get(programme)
        if answer is None:
            continue
        if answer.given and answer.withdrawn_at is None:
            _begin(answer)
        else:
            _end(resident_id, programme, WITHDRAWN, answer.withdrawn_by or answer.decided_by)
    session.flush()


_OF = Fixed(
    sa.select(*Enrolment.__table__.c)
    .where(Enrolment.resident_id.in_(person.person_ids(sa.bindparam("id", type_=sa.Uuid, required=True))))
    .order_by(Enrolment.enrolled_on.desc(), Enrolment.id.desc())
)
_part = rows_like(Enrolment)


def of(resident_id: uuid.UUID) -> Sequence[Enrolment]:
    """Every time of this person in a programme, the newest first, to look at."""
    return [_part(row) for row in fetched(_OF.of(id=resident_id))[0]]


def end(resident_id: uuid.UUID, programme: str, reason: str, by: uuid.UUID) -> bool:
    """End a running part with one of the reasons of staff; False when none runs."""
    if reason not in BY_STAFF:
        return False
    return _end(resident_id, programme, reason, by)


def _begin(answer: Consent) -> None:
    """One "yes" is one time; a part that staff ended is not begun again by the same answer."""
    known = session.scalars(sa.select(Enrolment.id).where(Enrolment.consent_id == answer.id)).first()
    if known is not None or _running(answer.resident_id, answer.purpose):
        return
    row = Enrolment(id=new_id(), resident_id=answer.resident_id, programme=answer.purpose)
    row.consent_id, row.enrolled_by = answer.id, answer.decided_by
    row.enrolled_on = answer.decided_at.astimezone(clock.BEIJING).date()
    row.created_at = clock.now()
    session.add(row)
    session.flush()


def _running(resident_id: uuid.UUID, programme: str) -> Sequence[Enrolment]:
    return session.scalars(
        sa.select(Enrolment).where(
            Enrolment.resident_id.in_(person.person_ids(resident_id)),
            Enrolment.programme == programme,
            Enrolment.ended_on.is_(None),
        )
    ).all()


def _end(resident_id: uuid.UUID, programme: str, reason: str, by: uuid.UUID) -> bool:
    found = _running(resident_id, programme)
    for row in found:
        row.ended_on, row.end_reason, row.ended_by = clock.today(), reason, by
    return bool(found)
