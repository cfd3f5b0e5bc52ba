"""Calls to people whom the clinic owes a service: who may be called, what a call settles, who came back."""

from __future__ import annotations

import collections
import datetime
import typing

import sqlalchemy as sa

from saas.db import session
from saas.formkit import records
from saas.formkit.models import Record
from saas.public_health.rules import calling
from saas.residents import consents, stored, writing
from saas.residents.models import Resident, ResidentKey
from saas.residents.rules import consent, standing
from saas.web import clock
from saas.web.request import here

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

FORM = "call_outcome"
_STANDINGS = {calling.MOVED: standing.MOVED, calling.DIED: standing.DIED}
_COUNTED_DAYS = 90


def may_be_called(today: sa.ColumnElement[datetime.date]) -> sa.ColumnElement[bool]:
    """There is a phone, and no call waits for its day. Whether she wishes it is asked of one person alone."""
    phone = sa.exists().where(ResidentKey.resident_id == Resident.id, ResidentKey.kind == "phone")
    waits = sa.exists().where(
        Record.form_code == FORM,
        Record.resident_id == Resident.id,
        Record.next_due_on > today,
        records.holds(),
    )
    return sa.and_(phone, ~waits)


def phones(resident_id: uuid.UUID) -> list[str]:
    """The person's own numbers in full, none when she said no to reminders; never somebody else's (N7)."""
    answer = consents.last_answers(resident_id).get(consent.REMINDERS)
    if answer is not None and not (answer.given and answer.withdrawn_at is None):
        return []
    query = (
        sa.select(ResidentKey)
        .where(ResidentKey.resident_id == resident_id, ResidentKey.kind == "phone")
        .order_by(ResidentKey.position)
    )
    return [stored.opened(key, here.clinic.keys) for key in session.scalars(query)]


def settle(resident_id: uuid.UUID, record: Record) -> None:
    """What a call says of where a person stands: moved or died; voiding the record takes it back."""
    if record.form_code != FORM:
        return
    resident = session.get(Resident, resident_id)
    before = session.get(Record, record.amends) if record.amends else None
    if resident is None:
        return
    if before is not None and _said(before) == (resident.standing, resident.ended_on):
        _stand(resident, standing.HERE, None)
    said = None if record.void else _said(record)
    if said is not None and resident.standing == standing.HERE:
        _stand(resident, *said)


def still_stands(record: Record) -> bool:
    """False when a call said that she moved or died, and somebody has told otherwise since."""
    said = _said(record) if record.form_code == FORM else None
    resident = session.get(Resident, record.resident_id)
    return said is None or resident is None or said == (resident.standing, resident.ended_on)


def _said(record: Record) -> tuple[str, datetime.date] | None:
    found = _STANDINGS.get(str(record.answers.get("outcome")))
    return None if found is None else (found, record.service_date)


def _stand(resident: Resident, name: str, on: datetime.date | None) -> None:
    writing.stand(resident, standing.Standing(name, on, ""), at=clock.now(), by=here.staff.id)


def came_back(site_ids: Sequence[uuid.UUID], today: datetime.date) -> calling.CameBack:
    """How many of those called in the last 90 days had a visit within 15 days."""
    since = today - datetime.timedelta(days=_COUNTED_DAYS)
    called = sa.select(Record.resident_id).where(Record.form_code == FORM, Record.service_date >= since)
    query = (
        sa.select(Record.resident_id, Record.form_code, Record.service_date)
        .join(Resident, Resident.id == Record.resident_id)
        .where(Record.resident_id.in_(called), Record.service_date >= since)
        .where(Resident.site_id.in_(site_ids), records.holds())
    )
    calls: dict[str, list[datetime.date]] = collections.defaultdict(list)
    visits: dict[str, list[datetime.date]] = collections.defaultdict(list)
    for resident_id, code, on in session.execute(query):
        (calls if code == FORM else visits)[str(resident_id)].append(on)
    return calling.came_back(calls, visits, today)
