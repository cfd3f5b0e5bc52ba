"""The figures of a clinic of 20,000 residents among all clinics: counting, reading, the page, the lists."""

from __future__ import annotations

import statistics
import time
import typing

from saas.public_health.figures import counting, snapshots
from saas.public_health.rules import indicators_periods as periods
from saas.web import clock
from tests.bench.figure import Figure, Measured
from tests.bench.owing import fill
from tests.bench.region import region
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from tenants.cards import ClinicCard

RESIDENTS = 20_000
MOST_READ_MS, MOST_PAGE_MS = 20.0, 300.0
TIMES = 30
WHERE = 3
"""A clinic of the region that no other figure fills."""


def figures() -> Iterator[Figure]:
    """On the region's database."""
    made = region()
    yield from of(made.app, made.tenants.clinics()[WHERE])


def of(app: Flask, card: ClinicCard) -> Iterator[Figure]:
    """The figures of this module in one clinic, which is filled first."""
    crowd = f"{RESIDENTS:,} residents"
    yield Figure(f"counting every kept period, {crowd}", "printed", lambda: counted(app, card))
    yield Figure(
        f"reading the kept figures of a year, {crowd}",
        f"median ≤ {MOST_READ_MS:.0f} ms",
        lambda: timed(lambda: _read(app, card), MOST_READ_MS),
    )
    yield Figure(
        f"page of figures, {crowd}",
        f"median ≤ {MOST_PAGE_MS:.0f} ms",
        lambda: timed(_page(app, card, "/figures"), MOST_PAGE_MS),
    )
    lists = "/figures/missing?figure="
    for asked in ("ht_standard_rate", "record_rate", "record_rate&page=300", "elderly_rate"):
        yield Figure(
            f"who is missing in {asked}, {crowd}",
            f"median ≤ {MOST_PAGE_MS:.0f} ms",
            lambda asked=asked: timed(_page(app, card, lists + asked), MOST_PAGE_MS),  # type: ignore[misc]
        )


def counted(app: Flask, card: ClinicCard) -> Measured:
    """Fill the clinic, then count."""
    signed = fill(app, card, RESIDENTS)
    began = time.perf_counter()
    today = clock.today()
    count = counting.compute(lambda: world.inside(app, card), today, clock.now(), periods.every(today))
    seconds = time.perf_counter() - began
    notes = f"{signed:,} records, {count} figures, {len(periods.every(today))} periods"
    return Measured(f"{seconds:.1f} s", notes=notes)


def timed(work: Callable[[], object], most: float) -> Measured:
    """The median of some runs, the first left out: it fills caches."""
    work()
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    median = statistics.median(taken)
    return Measured(f"{median:.1f} ms", median <= most, f"worst {max(taken):.1f} ms")


def _read(app: Flask, card: ClinicCard) -> None:
    with world.inside(app, card) as session:
        assert snapshots.shown(session, str(clock.today().year))


def _page(app: Flask, card: ClinicCard, path: str) -> Callable[[], object]:
    app.test_client_class = world.Browser
    name = f"bench.{abs(hash(path)) % 10**6}"
    browser = world.sign_in(app, world.add_staff(app, card, name, "village_doctor", places="all"))

    def get() -> None:
        answer = browser.get(path)
        assert answer.status_code == 200, answer.status_code

    return get
