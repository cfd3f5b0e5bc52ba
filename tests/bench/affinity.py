"""Memory and latency of the pool that knows its clinics against a plain one, over the same requests.

500 clinics; ``SHIPA_BENCH_CLINICS=1607`` for all. The two take turns, a block of requests each, so
that whatever else the machine does falls on both. Four threads on three connections, as in a web
process; each rests after its request for three times as long as that took, so that one connection of
three is busy: some 60 pages a second.
"""

from __future__ import annotations

import concurrent.futures
import dataclasses
import functools
import itertools
import os
import random
import statistics
import time
import typing

import sqlalchemy as sa
from sqlalchemy import event, orm
from sqlalchemy.pool import QueuePool

from tenants import binding, pool
from tests.bench.figure import Figure, Measured
from tests.bench.region import imported
from tests.bench.watching import private

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from tenants.cards import ClinicCard
    from tenants.connecting import Logins

CLINICS = int(os.environ.get("SHIPA_BENCH_CLINICS", "500"))
REST = 3
BLOCK = 250
AT_WORK, RUN = 24, 8
"""Clinics that are at work at the same moment, and requests that each makes before others take its place."""
THREADS = 4
TABLES = ("site", "staff", "resident", "resident_name", "record", "due_item")
LEAST_MEMORY, MOST_LATENCY = 1 / 3, 1.1


def figures() -> Iterator[Figure]:
    """Requests as people make them, in runs; and the worst case, each from any clinic."""
    for drawn, title in ((in_runs, f"runs of {RUN} requests"), (anywhere, "each from any clinic")):
        name = f"connection memory: affinity and recycling against a plain pool, {CLINICS:,} clinics, {title}"
        goal = "at most 1/3 of the memory at 1.1 x the mean latency"
        yield Figure(name, goal, functools.partial(measure, drawn))


def anywhere(cards: Sequence[ClinicCard], chance: random.Random) -> Iterator[ClinicCard]:
    """Every request comes from another clinic than the last."""
    while True:
        yield chance.choice(cards)


def in_runs(cards: Sequence[ClinicCard], chance: random.Random) -> Iterator[ClinicCard]:
    """Some clinics at a time, in turn by chance, each with a run of requests; every clinic once a round."""
    rounds = itertools.chain.from_iterable(chance.sample(cards, len(cards)) for _ in itertools.count())
    working = [(next(rounds), RUN) for _ in range(AT_WORK)]
    while True:
        place = chance.randrange(AT_WORK)
        card, left = working[place]
        yield card
        working[place] = (card, left - 1) if left > 1 else (next(rounds), RUN)


@dataclasses.dataclass
class Pool:
    """An engine under measurement: its living connections, seconds of each request, most memory together."""

    name: str
    engine: sa.Engine
    sessions: orm.sessionmaker[Session]
    pids: set[int] = dataclasses.field(default_factory=set)
    opened: int = 0
    seconds: list[float] = dataclasses.field(default_factory=list)
    most_uss: int = 0
    most: int = 0

    def request(self, card: ClinicCard) -> None:
        """What a page does: six tables of one clinic, then commit."""
        began = time.perf_counter()
        with self.sessions() as session:
            binding.bind(session, card.binding)
            for table in TABLES:
                session.execute(sa.text(f"SELECT count(*) FROM {table}"))  # noqa: S608 - names above
            session.commit()
        took = time.perf_counter() - began
        self.seconds.append(took)
        time.sleep(REST * took)

    def weigh(self) -> None:
        """Look how much all connections keep to themselves."""
        found = [private(pid) for pid in self.pids]
        self.most = max(self.most, sum(own for own, _ in found))
        self.most_uss = max(self.most_uss, sum(uss for _, uss in found))


def made(logins: Logins, name: str, *, plain: bool) -> Pool:
    """The web's engine, or the same with SQLAlchemy's own pool and connections that stay."""
    options = pool.engine_options(logins, "web") | ({"poolclass": QueuePool} if plain else {})
    engine = sa.create_engine("postgresql+psycopg://", **options)
    if not plain:
        pool.recycle(engine)
    sessions = orm.sessionmaker(engine)
    binding.guard(sessions)
    found = Pool(name, engine, sessions)

    def opened(raw: typing.Any, _: object) -> None:  # noqa: ANN401 - psycopg's
        found.pids.add(raw.info.backend_pid)
        found.opened += 1

    event.listen(engine, "connect", opened)
    return found


Draw = typing.Callable[["Sequence[ClinicCard]", random.Random], "Iterator[ClinicCard]"]


def measure(draw: Draw) -> Measured:
    """On a server of its own."""
    tenants = imported("affinity-", CLINICS, fast=True)
    return compare(tenants.logins, tenants.clinics(), draw)


def compare(logins: Logins, cards: Sequence[ClinicCard], draw: Draw) -> Measured:
    """The same list of requests through both pools, in turns."""
    plain, ours = made(logins, "plain", plain=True), made(logins, "ours", plain=False)
    drawn = draw(cards, random.Random(20261130))
    requests = list(itertools.islice(drawn, len(cards) * RUN))
    with concurrent.futures.ThreadPoolExecutor(THREADS) as threads:
        for turn, start in enumerate(range(0, len(requests), BLOCK)):
            for one in (plain, ours) if turn % 2 else (ours, plain):
                list(threads.map(one.request, requests[start : start + BLOCK]))
                one.weigh()
    for one in (plain, ours):
        one.engine.dispose()
    return _told(plain, ours)


def _told(plain: Pool, ours: Pool) -> Measured:
    memory = ours.most_uss / plain.most_uss
    means = [statistics.mean(one.seconds) for one in (plain, ours)]
    latency = means[1] / means[0]
    tails = [statistics.quantiles(one.seconds, n=100)[98] for one in (plain, ours)]
    lines = (
        f"{one.name}: {one.most_uss / 1e6:.1f} MB USS together ({one.most / 1e6:.1f} without shared pages), "
        f"mean {mean * 1e3:.2f} ms, p99 {tail * 1e3:.1f} ms, {one.opened} connections opened"
        for one, mean, tail in zip((plain, ours), means, tails, strict=True)
    )
    notes = "; ".join(itertools.chain(lines, [f"{len(plain.seconds):,} requests each"]))
    met = memory <= LEAST_MEMORY and latency <= MOST_LATENCY
    return Measured(f"{memory:.2f} x the memory at {latency:.2f} x the mean latency", met, notes)
