"""The interleaved transactions of ``tests/isolation``, 20,000 of them over the whole region."""

from __future__ import annotations

import time
import typing

from tests.bench.figure import Figure, Measured
from tests.bench.region import region
from tests.isolation import interleaving

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

TRANSACTIONS = 20_000
CONNECTIONS = 4
THREADS = 8


def figures() -> Iterator[Figure]:
    """One line: what was found must be nothing."""
    name = f"{TRANSACTIONS:,} interleaved transactions over all clinics"
    yield Figure(name, "0 wrong rows, 0 dirty checkouts, 0 lost", measure)


def measure() -> Measured:
    """Commits, rollbacks, failed savepoints, exceptions, cancelled statements, the gate's role."""
    tenants = region().tenants
    began = time.perf_counter()
    tally = interleaving.run(
        tenants.logins,
        tenants.clinics(),
        transactions=TRANSACTIONS,
        connections=CONNECTIONS,
        threads=THREADS,
    )
    seconds = time.perf_counter() - began
    value = f"{tally.wrong} wrong, {tally.dirty} dirty, {tally.lost} lost, {len(tally.failed)} failed"
    return Measured(value, tally.is_clean, f"{TRANSACTIONS / seconds:.0f} transactions/s; {tally}")
