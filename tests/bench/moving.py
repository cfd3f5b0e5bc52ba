"""Moves of a clinic between two cells, killed at random moments: what is lost, and how long saving waits."""

from __future__ import annotations

import contextlib
import random
import signal
import statistics
import time
import typing

from saas.app import create_app
from saas.audit.verifying import verdicts
from saas.config import Settings
from tenants.keys import create_master_key
from tenants.readying import make_ready
from tests.bench.figure import Figure, Measured
from tests.integration.moving.conftest import Moving
from tests.isolation import households
from tests.support import world
from tests.support.movers import begun, until_gone
from tests.support.postgres import private_cluster

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

KILLS = 20
SEED = 20261


def figures() -> Iterator[Figure]:
    """One line: what was found must be nothing."""
    yield Figure(f"{KILLS} moves killed at random moments", "0 lost, 0 with two homes", measure)


@contextlib.contextmanager
def house() -> Iterator[Moving]:
    """Two cells on a server of their own, and a clinic with one of everything."""
    with private_cluster() as server:
        place = server.settings("moving", cells=[world.FAR])
        create_master_key(place.master_key_file)
        app = create_app(Settings(hash_cost="test"), place)
        app.test_client_class = world.Browser
        make_ready(world.caretaker(app))
        yield Moving(app, households.furnish(app, world.PASSWORD), place)
        world.close(app)


def measure() -> Measured:
    """Kill, look, go on (or, one time in three, back); then a move that nobody kills."""
    chance, wrong = random.Random(SEED), []
    with house() as moving:
        before = moving.sums()
        whole = [_unhurt(moving) for _ in range(2)]
        shortest = min(seconds for seconds, _ in whole)
        stages: list[str] = []
        for _ in range(KILLS):
            here = moving.here
            _kill_once(moving, chance.uniform(0, shortest))
            stages.append(_stage(moving, here))
            wrong += _findings(moving, before)
            back = chance.random() < 1 / 3
            if stages[-1] == "cleaning up" or (back and stages[-1] in {"copying", "fenced"}):
                moving.move(moving.here)
            elif stages[-1] in {"copying", "fenced"}:
                moving.move(moving.there)
            wrong += _findings(moving, before)
            wrong += [] if moving.copies() == [moving.here] else ["a copy is left"]
    found = ", ".join(f"{stages.count(name)} {name}" for name in sorted(set(stages)))
    locked = statistics.median(locked for _, locked in whole)
    notes = (
        f"killed while: {found}; seed {SEED}; unhurt {shortest:.2f} s, saving waits {locked:.3f} s at the end"
    )
    return Measured(f"{len(wrong)} wrong", not wrong, f"{notes}; {wrong[:3]}" if wrong else notes)


def _unhurt(moving: Moving) -> tuple[float, float]:
    began = time.perf_counter()
    moved = moving.move(moving.there)
    return time.perf_counter() - began, moved.locked


def _kill_once(moving: Moving, seconds: float) -> None:
    child = begun(moving.tenants, moving.card.code, moving.there)
    assert child.stdout is not None
    child.stdout.readline()
    time.sleep(seconds)
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    until_gone(moving.tenants)


def _stage(moving: Moving, here: str) -> str:
    """How far the killed move of a clinic that was here had come."""
    ((cell, moving_to, left_cell),) = moving.registry()
    if left_cell:
        return "cleaning up"
    if moving_to is None:
        return "not begun" if cell == here else "done"
    return "copying" if cell in moving.writable() else "fenced"


def _findings(moving: Moving, before: dict[str, str]) -> list[str]:
    """What is wrong with the clinic as the registry has it."""
    found = [] if moving.sums() == before else ["rows differ"]
    (verdict,) = verdicts(moving.tenants, [moving.card], {})
    return found if verdict.whole else [*found, "the log is broken"]
