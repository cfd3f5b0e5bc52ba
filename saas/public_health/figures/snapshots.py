"""The figures as they are kept: read back for a page, and the lists of who is missing beside them."""

from __future__ import annotations

import dataclasses
import typing

import sqlalchemy as sa

from saas.public_health.models import IndicatorSnapshot
from saas.public_health.rules.indicators import percent
from saas.public_health.rules.indicators_table import definitions

if typing.TYPE_CHECKING:
    import datetime
    import decimal
    import uuid
    from collections.abc import Collection

    from sqlalchemy.orm import Session


@dataclasses.dataclass(frozen=True)
class Figure:
    """One kept number. A rate without a denominator, and a count that nobody told, is shown as a dash.

    For a count the denominator is nothing when the number is known, and 0 when no activity tells it.
    """

    indicator_code: str
    measure: str
    site_id: uuid.UUID | None
    numerator: int
    denominator: int | None
    computed_at: datetime.datetime
    rule_version: str

    @property
    def percent(self) -> decimal.Decimal | None:
        """One decimal, halves rounded up."""
        return percent(self.numerator, self.denominator)

    @property
    def code(self) -> str:
        """The figure's own name: the indicator, and of a count its measure."""
        return f"{self.indicator_code}.{self.measure}" if self.measure else self.indicator_code

    @property
    def is_told(self) -> bool:
        """Whether a count is a number at all."""
        return self.denominator is None


def shown(session: Session, name: str) -> list[Figure]:
    """The kept figures of a period, of the definitions that hold today."""
    columns = (
        IndicatorSnapshot.indicator_code,
        IndicatorSnapshot.site_id,
        IndicatorSnapshot.numerator,
        IndicatorSnapshot.denominator,
        IndicatorSnapshot.computed_at,
        IndicatorSnapshot.rule_version,
    )
    found = []
    query = sa.select(*columns).where(IndicatorSnapshot.period == name)
    for code, site_id, numerator, denominator, at, version in session.execute(query):
        indicator, _, measure = code.partition(".")
        figure = Figure(indicator, measure, site_id, numerator, denominator, at, version)
        definition = definitions().get(indicator)
        if definition is not None and str(definition.version) == figure.rule_version:
            found.append(figure)
    return found


def kept_periods(session: Session) -> list[str]:
    """The names of all periods that have figures."""
    return list(session.scalars(sa.select(IndicatorSnapshot.period).distinct()))


def counted_since(session: Session, moment: datetime.datetime) -> int:
    """How many periods were counted at this moment or later."""
    periods_since = sa.select(sa.func.count(IndicatorSnapshot.period.distinct()))
    return session.scalar(periods_since.where(IndicatorSnapshot.computed_at >= moment)) or 0


def last_computed(session: Session) -> datetime.datetime | None:
    """When the clinic's figures were last counted."""
    return session.scalar(sa.select(sa.func.max(IndicatorSnapshot.computed_at)))


def without_lists(session: Session) -> set[str]:
    """The periods whose figures were counted before lists were kept beside them."""
    of_people = [code for code, one in definitions().items() if one.is_rate]
    query = (
        sa.select(IndicatorSnapshot.period)
        .distinct()
        .where(
            IndicatorSnapshot.indicator_code.in_(of_people),
            IndicatorSnapshot.site_id.is_not(None),
            IndicatorSnapshot.missing_ids.is_(None),
        )
    )
    return set(session.scalars(query))


def forget_lists(session: Session, kept: Collection[str]) -> None:
    """Keep who is missing for these periods alone; the numbers of the others stay."""
    held = IndicatorSnapshot.missing_ids.is_not(None)
    older = sa.update(IndicatorSnapshot).where(held, IndicatorSnapshot.period.not_in(kept))
    session.execute(older.values(missing_ids=None))
