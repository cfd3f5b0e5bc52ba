"""The clinic's figures: counted from its facts, and kept by period and place with who is missing."""

from __future__ import annotations

import dataclasses
import datetime
import functools
import typing
import uuid

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from saas.accounts.models import Site
from saas.db import new_id
from saas.public_health.figures import facts, snapshots
from saas.public_health.models import COUNTED, IndicatorSnapshot
from saas.public_health.rules import indicators_periods as periods
from saas.public_health.rules.indicators import BY_POPULATION, ids_hash, rates
from saas.public_health.rules.indicators_education import MINUTES, education_counts
from saas.public_health.rules.indicators_table import definitions

if typing.TYPE_CHECKING:
    import contextlib
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

    @functools.cached_property
    def ids(self) -> Mapping[str, uuid.UUID]:
        """Everybody's id by the key that rules know."""
        return {one.key: uuid.UUID(one.key) for one in self.everybody}


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
    with inside() as session:
        snapshots.forget_lists(session, periods.every(today))
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
    sites = [*map(str, known.sites), ""]
    yield from _rates(known, sites, name, period)
    yield from _education(known, sites, period)


def _rates(known: Known, sites: Sequence[str], name: str, period: Period) -> Iterator[dict[str, object]]:
    versions = {
        code: one.version
        for code, one in definitions().items()
        if one.is_rate and periods.makes_sense(code, name, is_rate=True)
    }
    found = rates(known.everybody, known.populations, period, versions)
    by_place = {(one.indicator_code, one.site): one for one in found}
    for code, version in versions.items():
        for site in sites:
            rate = by_place.get((code, site))
            # A place where nobody is counted has its zero, or it would keep an old figure.
            nobody = None if code in BY_POPULATION else 0
            cells = (rate.numerator, rate.denominator) if rate else (0, nobody)
            mark = rate.ids_hash if rate else ids_hash(())
            row = _row(code, site, version, cells, mark)
            if site:  # the list of all places is those of the places together
                row["missing_ids"] = [known.ids[one.key] for one in rate.missing] if rate else []
            yield row


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
        "missing_ids": None,
    }


def _keep(session: Session, rows: list[dict[str, object]]) -> None:
    new = insert(IndicatorSnapshot)
    changes = {name: new.excluded[name] for name in COUNTED}
    session.execute(new.on_conflict_do_update(index_elements=_IDENTITY, set_=changes), rows)
