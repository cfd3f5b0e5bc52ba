"""Who is missing in a rate and why: a worklist of the institution, of the people in one's own care.

Whom the last count found missing stands beside its figure, so that list and figure agree. Why, and whether
she is missing still, is asked of the rules when a page is shown.
"""

from __future__ import annotations

import dataclasses
import typing
import uuid

import sqlalchemy as sa

from saas.public_health.figures import facts
from saas.public_health.models import IndicatorSnapshot
from saas.public_health.rules.indicators import RULES
from saas.public_health.rules.indicators_facts import Seen

if typing.TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

    from saas.public_health.rules.indicators_facts import Period
    from saas.public_health.rules.indicators_table import Definition

PAGE = 50
"""People on one page (rights N2 and N5)."""


@dataclasses.dataclass(frozen=True)
class Page:
    """One page of the list; nobody is in it whose home is not one of the places.

    ``count`` people were missing at ``counted_at``; without a list there is no such time. ``settled`` of
    this page are missing no more, and not among its people.
    """

    people: Sequence[tuple[uuid.UUID, tuple[str, ...]]]
    number: int
    count: int
    counted_at: datetime.datetime | None
    settled: int

    @property
    def has_more(self) -> bool:
        """True when another page follows."""
        return self.number * PAGE < self.count


class Asked(typing.NamedTuple):
    """Which list: a rate, a period with its name, places."""

    rate: Definition
    period: Period
    name: str
    sites: Collection[uuid.UUID]


def listed(session: Session, asked: Asked, number: int) -> Page:
    """Who is missing at these places, the last registered first: an order that says nothing of anybody."""
    held = _held(asked)
    size = sa.func.sum(sa.func.cardinality(IndicatorSnapshot.missing_ids))
    row = session.execute(sa.select(size, sa.func.min(IndicatorSnapshot.computed_at)).where(*held)).one()
    each = sa.select(sa.func.unnest(IndicatorSnapshot.missing_ids).label("id")).where(*held).subquery()
    part = sa.select(each.c.id).order_by(each.c.id.desc()).offset((number - 1) * PAGE).limit(PAGE)
    ids = list(session.scalars(part))
    people = _still(session, asked, ids)
    return Page(people, number, row[0] or 0, row[1], len(ids) - len(people))


def _held(asked: Asked) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        IndicatorSnapshot.indicator_code == asked.rate.indicator_code,
        IndicatorSnapshot.rule_version == str(asked.rate.version),
        IndicatorSnapshot.period == asked.name,
        IndicatorSnapshot.site_id.in_(asked.sites),
        IndicatorSnapshot.missing_ids.is_not(None),
    )


def _still(
    session: Session, asked: Asked, ids: Sequence[uuid.UUID]
) -> list[tuple[uuid.UUID, tuple[str, ...]]]:
    """Who of these is missing as things stand, and why.

    A row that was merged since, and somebody whose home is elsewhere by now, is left out.
    """
    judge = RULES[asked.rate.indicator_code, asked.rate.version]
    sites = set(map(str, asked.sites))
    found = {
        one.key: reasons
        for one in facts.read(session, asked.period.start, ids)
        if one.site in sites and (reasons := judge(Seen(one, asked.period)))
    }
    return [(one, found[str(one)]) for one in ids if str(one) in found]
