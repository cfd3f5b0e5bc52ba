"""The access log over the whole region: sealing every clinic's head, verifying a long chain, appending."""

from __future__ import annotations

import statistics
import time
import typing
import uuid

import sqlalchemy as sa

from saas.audit import chain, reading, verifying
from saas.audit.writing import append
from saas.web import clock
from saas.web.log import Entry
from tests.bench.figure import Figure, Measured
from tests.bench.region import region
from tests.bench.watching import Watch

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from tenants.cards import ClinicCard
    from tenants.extension import Tenants

KEY = b"k" * 32
ROWS = 200_000
"""Rows of the long chain; verification reads them once, so a million takes five times as long."""
MILLION = 1_000_000
SEAL_GOAL, VERIFY_GOAL = 60.0, 60.0
APPENDS = 300


def figures() -> Iterator[Figure]:
    """What the access log costs."""
    yield Figure("seal: the heads of all clinics", f"≤ {SEAL_GOAL:.0f} s", seal)
    yield Figure("append: one row, lock and head", "printed", appending)
    yield Figure("verify: a chain of a million rows", f"≤ {VERIFY_GOAL:.0f} s", verify)


def seal() -> Measured:
    """Read every head as ``shipa audit seal`` does, one clinic after another."""
    return seal_in(region().tenants)


def seal_in(tenants: Tenants) -> Measured:
    """The same in any building; with the largest private memory of a database connection meanwhile."""
    cards = tenants.clinics()
    with Watch(tenants) as watch:
        began = time.perf_counter()
        found = dict(verifying.heads(tenants, cards))
        seconds = time.perf_counter() - began
    assert len(found) == len(cards)
    assert not [head for head in found.values() if isinstance(head, str)]
    notes = f"{len(cards)} clinics, largest connection {watch.most / 1e6:.1f} MB private"
    return Measured(f"{seconds:.1f} s", seconds <= SEAL_GOAL, notes)


def verify() -> Measured:
    """Verify a long chain as ``shipa audit verify`` does."""
    tenants = region().tenants
    return verify_in(tenants, tenants.clinics()[-1], ROWS)


def verify_in(tenants: Tenants, card: ClinicCard, count: int) -> Measured:
    """The same on any clinic, whose chain must be empty or of this module."""
    with tenants.inside(card) as session:
        for _ in range(count // 5_000):
            _append(session, [_entry() for _ in range(5_000)])
    with tenants.inside(card) as session:
        began = time.perf_counter()
        faults = chain.verify(reading.rows(session), KEY)
        seconds = (time.perf_counter() - began) * MILLION / count
        rows = session.execute(sa.text("SELECT count(*) FROM access_log")).scalar_one()
    assert faults == []
    seconds *= count / rows
    notes = f"measured on {rows} rows, one process"
    return Measured(f"{seconds:.0f} s", seconds <= VERIFY_GOAL, notes)


def appending() -> Measured:
    """What the log row adds to a request: three messages and the hash."""
    tenants = region().tenants
    return appending_in(tenants, tenants.clinics()[-1])


def appending_in(tenants: Tenants, card: ClinicCard) -> Measured:
    """The same in any clinic, transactions that begin and commit with and without a row in turns."""
    bare, logged = [], []
    for _ in range(APPENDS):
        bare.append(_timed(tenants, card, []))
        logged.append(_timed(tenants, card, [_entry()]))
    middle = statistics.median(logged) - statistics.median(bare)
    return Measured(f"{middle * 1000:.2f} ms", None, f"median of {APPENDS}, one client, durable commit")


def _timed(tenants: Tenants, card: ClinicCard, entries: list[Entry]) -> float:
    began = time.perf_counter()
    with tenants.inside(card) as session:
        session.execute(sa.text("SELECT 1"))
        _append(session, entries)
    return time.perf_counter() - began


def _entry() -> Entry:
    return Entry("residents.show", (uuid.uuid4(),), "care", {"route": "residents.show"})


def _append(session: Session, entries: list[Entry]) -> None:
    append(
        session,
        key=KEY,
        staff_id=uuid.UUID(int=7),
        staff_name="ئايشە سىناق",
        status=200,
        entries=entries,
        at=clock.now(),
    )
