"""What binding costs at level 2 against level 1: the same transactions on two like servers, in turns."""

from __future__ import annotations

import itertools
import statistics
import time
import typing

from tenants.initialising import initialise
from tests.bench.figure import Figure, Measured
from tests.support.holes import MINE, OTHER, bound, careless_application, raw_connection, two_clinics
from tests.support.set_user import binaries, own_server

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session, sessionmaker

TURNS, BLOCK = 20, 100


def figures() -> Iterator[Figure]:
    """One line."""
    yield Figure("binding, three queries and a commit at level 2 against level 1", "printed", measure)


def measure() -> Measured:
    """Two clinics in turn, one thread; medians."""
    if binaries() is None:
        return Measured("no PostgreSQL with set_user here")
    levels = {1: _sessions(""), 2: _sessions("set_user")}
    seconds: dict[int, list[float]] = {1: [], 2: []}
    for turn in range(TURNS):
        for level in (1, 2) if turn % 2 else (2, 1):
            seconds[level] += _block(levels[level])
    medians = {level: statistics.median(found) * 1e3 for level, found in seconds.items()}
    notes = "; ".join(f"level {level}: {median:.2f} ms" for level, median in medians.items())
    return Measured(f"{medians[2] / medians[1]:.2f} x", None, notes)


def _sessions(preloaded: str) -> sessionmaker[Session]:
    logins = own_server(preloaded=preloaded).fresh("levels")
    two_clinics(logins.settings)
    initialise(logins)
    return careless_application(logins)[1]


def _block(sessions: sessionmaker[Session]) -> list[float]:
    found = []
    for schema in itertools.islice(itertools.cycle((MINE, OTHER)), BLOCK):
        began = time.perf_counter()
        with bound(sessions, schema) as session:
            raw = raw_connection(session)
            for _ in range(3):
                raw.execute("SELECT name FROM resident WHERE id = %s", (7,)).fetchall()
            session.commit()
        found.append(time.perf_counter() - began)
    return found
