"""Who is missing in a rate and why: a worklist of the institution, of the people in one's own care."""

from __future__ import annotations

import dataclasses
import typing
import uuid

import sqlalchemy as sa

from saas.formkit.models import Record
from saas.public_health.figures import facts
from saas.public_health.models import Enrolment
from saas.public_health.rules.due_facts import DIABETES, HYPERTENSION
from saas.public_health.rules.due_table import OLDER_FROM
from saas.public_health.rules.indicators import RULES, Missing
from saas.public_health.rules.indicators_facts import Seen
from saas.residents.models import Resident

if typing.TYPE_CHECKING:
    import datetime
    from collections.abc import Collection

    from sqlalchemy.orm import Session

    from saas.public_health.rules.indicators_facts import Period
    from saas.public_health.rules.indicators_table import Definition

PAGE = 50
"""People on one page (rights N2 and N5)."""


@dataclasses.dataclass(frozen=True)
class Page:
    """One page of the list; nobody is in it whose home is not one of the places."""

    people: list[tuple[uuid.UUID, tuple[str, ...]]]
    number: int
    count: int

    @property
    def has_more(self) -> bool:
        """True when another page follows."""
        return self.number * PAGE < self.count


def listed(
    session: Session, one: Definition, period: Period, sites: Collection[uuid.UUID], number: int
) -> Page:
    """Who is missing at these places, the last registered first: an order that says nothing of anybody."""
    missing = sorted(_missing(session, one, period, sites), key=lambda each: each.key, reverse=True)
    part = missing[(number - 1) * PAGE : number * PAGE]
    return Page([(uuid.UUID(each.key), each.reasons) for each in part], number, len(missing))


def _missing(
    session: Session, one: Definition, period: Period, sites: Collection[uuid.UUID]
) -> list[Missing]:
    wanted = _asked(session, one, period.end)
    found = []
    for known in facts.read(session, period.start, sites, wanted):
        reasons = RULES[one.indicator_code, one.version](Seen(known, period))
        if reasons:
            found.append(Missing(known.key, reasons))
    return found


def _asked(session: Session, one: Definition, last_day: datetime.date) -> set[uuid.UUID] | None:
    """Whose facts are worth reading: who can be in the denominator at all; everybody for a record."""
    programmes = {HYPERTENSION, DIABETES}
    query: sa.Select[typing.Any]
    if one.service in programmes:
        query = sa.select(Enrolment.resident_id).where(Enrolment.programme == one.service)
    elif one.service == "elderly":
        query = sa.select(Resident.id).where(
            sa.extract("year", Resident.birth_date) <= last_day.year - OLDER_FROM
        )
    elif one.indicator_code == "record_use_rate":
        query = sa.select(Record.resident_id).where(Record.form_code == facts.COVER)
    else:
        return None
    return set(session.scalars(query))
