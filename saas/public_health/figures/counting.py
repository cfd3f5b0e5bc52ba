"""The clinic's figures: counted from its facts, kept by period and place, read back for a page."""

from __future__ import annotations

import dataclasses
import datetime
import typing
import uuid

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from saas.accounts.models import Site
from saas.db import new_id
from saas.public_health.figures import facts
from saas.public_health.models import IndicatorSnapshot
from saas.public_health.rules import indicators_periods as periods
from saas.public_health.rules.indicators import BY_POPULATION, ids_hash, percent, rates
from saas.public_health.rules.indicators_education import MINUTES, education_counts
from saas.public_health.rules.indicators_table import definitions

if typing.TYPE_CHECKING:
    import contextlib
    import decimal
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session

    from saas.public_health.rules.due_facts import SignedRecord
    from saas.public_health.rules.indicators_facts import Facts, Period, Population

Inside = typing.Callable[[], "contextlib.AbstractContextManager[Session]"]
"""A session bound to the clinic; commits when the block succeeds."""
HOURS, IN_MINUTES = "hours", "minutes"
PATIENCE = (
    "SET LOCAL statement_timeout = '5min'",
    "SET LOCAL lock_timeout = '5min'",
    "SET LOCAL idle_in_transaction_session_timeout = '5min'",
)
"""In place of a page's few seconds, for the transaction that counts."""
_SPACE = 0x53484649 << 32
"""Keeps this lock apart from others; the table's own oid makes it the clinic's."""
_ONE_AT_A_TIME = sa.text(
    f"SELECT pg_advisory_xact_lock({_SPACE} + 'indicator_snapshot'::regclass::oid::bigint)"
)
_IDENTITY = ("indicator_code", "period", "site_id", "rule_version")


@dataclasses.dataclass(frozen=True)
class Known:
    """What is counted, read once for all periods."""

    everybody: list[Facts]
    populations: list[Population]
    activities: Mapping[str, list[SignedRecord]]
    sites: list[uuid.UUID]


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


def compute(
    inside: Inside,
    today: datetime.date,
    at: datetime.datetime,
    names: Sequence[str],
    look_up: Callable[[int], None] = lambda _: None,
) -> int:
    """Count and keep the figures of these periods; how many. Once or again gives the same rows.

    Each period is a transaction of its own, so that a page sees how far it is. ``look_up`` hears after
    each how many are done, and may raise to break off.
    """
    chosen = {name: period for name in names if (period := periods.named(name, today)) is not None}
    with inside() as session:
        _take_time(session)
        known = read(session, min(period.start for period in chosen.values()))
    count = 0
    for done, (name, period) in enumerate(chosen.items(), 1):
        rows = [
            row | {"period": name, "computed_at": at, "id": new_id()} for row in counted(known, name, period)
        ]
        with inside() as session:
            _take_time(session)
            _keep(session, rows)
        count += len(rows)
        look_up(done)
    return count


def _take_time(session: Session) -> None:
    for statement in PATIENCE:
        session.execute(sa.text(statement))
    session.execute(_ONE_AT_A_TIME)


def read(session: Session, since: datetime.date) -> Known:
    """Everything that the figures since a day are counted from."""
    return Known(
        facts.read(session, since),
        facts.populations(session),
        facts.activities(session, since),
        list(session.scalars(sa.select(Site.id))),
    )


def counted(known: Known, name: str, period: Period) -> Iterator[dict[str, object]]:
    """The rows of one period: every figure that makes sense for it, of each site and of all together."""
    found = {(one.indicator_code, one.site): one for one in rates(known.everybody, known.populations, period)}
    sites = [*map(str, known.sites), ""]
    for code, one in definitions().items():
        if not periods.makes_sense(code, name, is_rate=one.is_rate):
            continue
        for site in sites if one.is_rate else ():
            rate = found.get((code, site))
            # A place where nobody is counted has its zero, or it would keep an old figure.
            nobody = None if code in BY_POPULATION else 0
            cells = (rate.numerator, rate.denominator) if rate else (0, nobody)
            mark = rate.ids_hash if rate else ids_hash(())
            yield _row(code, site, one.version, cells, mark)
    yield from _education(known, sites, period)


def _education(known: Known, sites: Sequence[str], period: Period) -> Iterator[dict[str, object]]:
    for site in sites:
        held = [one for where, some in known.activities.items() if site in {where, ""} for one in some]
        for code, measures in education_counts(held, period).items():
            version = definitions()[code].version
            for measure, value in measures.items():
                # Hours are kept as whole minutes.
                name, times = (IN_MINUTES, MINUTES) if measure == HOURS else (measure, 1)
                number = 0 if value is None else int(value * times)
                told = 0 if value is None else None
                yield _row(f"{code}.{name}", site, version, (number, told), ids_hash(()))


def _row(code: str, site: str, version: int, cells: tuple[int, int | None], mark: str) -> dict[str, object]:
    return {
        "indicator_code": code,
        "site_id": uuid.UUID(site) if site else None,
        "rule_version": str(version),
        "numerator": cells[0],
        "denominator": cells[1],
        "numerator_ids_hash": bytes.fromhex(mark),
    }


def _keep(session: Session, rows: list[dict[str, object]]) -> None:
    new = insert(IndicatorSnapshot)
    kept = ("numerator", "denominator", "numerator_ids_hash", "computed_at")
    changes = {name: new.excluded[name] for name in kept}
    session.execute(new.on_conflict_do_update(index_elements=_IDENTITY, set_=changes), rows)


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
