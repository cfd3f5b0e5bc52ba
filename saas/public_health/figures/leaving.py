"""The figures of the whole clinic for outside: counts in, small cells hidden, rows out (rights I8)."""

from __future__ import annotations

import collections
import typing

from saas.public_health.figures import snapshots
from saas.public_health.rules import indicators_periods as periods
from saas.public_health.rules.indicators_leaving import Cells, leaving
from saas.web.jobs import Figure

if typing.TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from saas.web.jobs import Outbox


def sources(today: datetime.date) -> dict[str, str]:
    """The published years, and the kept period that each is taken from.

    Years only: a year beside its quarters, or whole beside to date, would show by subtraction who came
    to a programme between.
    """
    return {str(today.year): f"{today.year}-{periods.TO_DATE}", str(today.year - 1): str(today.year - 1)}


def copy(session: Session, outbox: Outbox, today: datetime.date) -> int:
    """Publish what may leave the bound clinic; how many figures. Again changes nothing."""
    if not outbox.is_open:
        return 0
    rows = list(_leaving(session, outbox, today))
    outbox.put(rows)
    return len(rows)


def _leaving(session: Session, outbox: Outbox, today: datetime.date) -> Iterator[Figure]:
    published: dict[tuple[str, str], dict[str, Cells | None]] = collections.defaultdict(dict)
    for one in outbox.published():
        cells = None if one.numerator is None else Cells(one.numerator, one.denominator)
        published[one.period, one.rule_version][one.indicator_code] = cells
    for year, name in sources(today).items():
        kept = [one for one in snapshots.shown(session, name) if one.site_id is None]
        for version in sorted({one.rule_version for one in kept}):
            mine = {one.code: one for one in kept if one.rule_version == version}
            found = leaving({code: _cells(one) for code, one in mine.items()}, published[year, version])
            for code, cells in found.items():
                reached, all_ = (None, None) if cells is None else (cells.numerator, cells.denominator)
                yield Figure(code, version, year, reached, all_, mine[code].computed_at)


def _cells(figure: snapshots.Figure) -> Cells:
    """A count has no denominator; a rate without one, or a number that nobody told, has nothing to show."""
    if figure.measure:
        return Cells(figure.numerator if figure.is_told else 0, None)
    return Cells(figure.numerator, figure.denominator or 0)
