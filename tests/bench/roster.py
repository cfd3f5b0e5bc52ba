"""Figures 1 and 2: importing the whole roster, and importing it again."""

from __future__ import annotations

import statistics
import time
import typing

from tenants.importing import Import
from tests.bench.figure import Figure, Measured
from tests.bench.region import JOBS, ROSTER, SITES, region

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

MOST_OF_BARE = 1.35
MOST_SECONDS = 10


def figures() -> Iterator[Figure]:
    """The import against a bare script, and its repeat."""
    goal = f"at most {MOST_OF_BARE} x a bare script of the same tables"
    yield Figure("whole roster, 1,607 clinics and 7,697 sites, on disk", goal, whole_roster)
    yield Figure("the same import again", f"at most {MOST_SECONDS} s", repeat)


def whole_roster() -> Measured:
    """The import against the bare script, block by block in turns."""
    made = region()
    ours, bare = sum(made.import_seconds), sum(made.bare_seconds)
    pairs = zip(made.import_seconds, made.bare_seconds, strict=True)
    ratios = [ours / bare for ours, bare in pairs]
    created = (made.report.clinics.created, made.report.sites.created, len(made.report.faults))
    return Measured(
        f"{ours / bare:.2f} x: {ours:.1f} s against {bare:.1f} s",
        met=ours / bare <= MOST_OF_BARE and created == (1607, 7697, 0),
        notes=f"{JOBS} workers; by block {', '.join(f'{ratio:.2f}' for ratio in ratios)}, median "
        f"{statistics.median(ratios):.2f}; clinics, sites, errors: {created}; checkpoint afterwards "
        f"{made.checkpoint_seconds:.0f} s, counted on neither side",
    )


def repeat() -> Measured:
    """Files read, everything compared, nothing written."""
    made = region()
    began = time.perf_counter()
    report = Import(ROSTER, SITES).run(made.tenants, jobs=JOBS)
    seconds = time.perf_counter() - began
    unchanged = (report.clinics.unchanged, report.sites.unchanged, len(report.faults))
    return Measured(f"{seconds:.2f} s", met=seconds <= MOST_SECONDS and unchanged == (1607, 7697, 0))
