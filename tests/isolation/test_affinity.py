"""A clinic gets the connection that knows it when that one is idle; nobody waits for it, no two have one."""

from __future__ import annotations

import collections
import concurrent.futures
import contextlib
import random
import threading
import typing

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import TimeoutError as NoConnection

from tenants import affinity, pool
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

CLINICS = [f"t_{number:04d}" for number in range(9)]


@pytest.fixture
def engine(app: Flask) -> Iterator[sa.Engine]:
    """The web's engine with its three connections, all idle; they are told apart by their backends."""
    options = pool.engine_options(world.caretaker(app).logins, "web") | {"pool_timeout": 0.2}
    made = sa.create_engine("postgresql+psycopg://", **options)
    affinity.want("")
    with contextlib.ExitStack() as held:
        for _ in range(3):
            held.enter_context(made.connect())
    yield made
    made.dispose()


def take(engine: sa.Engine, clinic: str) -> sa.Connection:
    """Check out a connection for a clinic, as the binding does."""
    affinity.want(clinic)
    connection = engine.connect()
    affinity.served(connection.connection.info, clinic)
    return connection


def backend(connection: sa.Connection) -> int:
    raw = connection.connection.driver_connection
    return int(raw.info.backend_pid)  # type: ignore[union-attr]


def close(engine: sa.Engine, clinic: str) -> int:
    """Close the connection that suits a clinic; which backend it was."""
    with take(engine, clinic) as connection:
        closed = backend(connection)
        connection.invalidate()
    return closed


def opened(engine: sa.Engine) -> None:
    """Wait until everything that is opened beside the requests is open."""
    for thread in tuple(pool_of(engine)._opening):
        thread.join()


def pool_of(engine: sa.Engine) -> affinity.ClinicPool:
    assert isinstance(engine.pool, affinity.ClinicPool)
    return engine.pool


def visit(engine: sa.Engine, clinic: str) -> int:
    """Serve a clinic once; which backend did."""
    with take(engine, clinic) as connection:
        return backend(connection)


def test_the_connection_that_served_a_clinic_last_serves_it_again(engine: sa.Engine) -> None:
    first = {clinic: visit(engine, clinic) for clinic in CLINICS[:3]}
    assert len(set(first.values())) == 3
    for clinic in random.Random(1).choices(CLINICS[:3], k=30):
        assert visit(engine, clinic) == first[clinic]


def test_one_that_knows_it_is_taken_before_one_that_does_not(engine: sa.Engine) -> None:
    knows = visit(engine, CLINICS[0])
    assert visit(engine, CLINICS[3]) == knows, "clinics are spread by number"
    assert visit(engine, CLINICS[0]) == knows
    with take(engine, CLINICS[0]) as busy, take(engine, CLINICS[3]) as other:
        assert backend(busy) == knows
        assert backend(other) != knows
        late = backend(other)
    # Both know it now; the one that served it last is preferred, whichever has been idle longer.
    assert visit(engine, CLINICS[3]) == late


def test_each_connection_meets_its_part_of_the_clinics(engine: sa.Engine) -> None:
    met: dict[int, set[str]] = collections.defaultdict(set)
    for clinic in [*CLINICS, *CLINICS]:
        met[visit(engine, clinic)].add(clinic)
    assert sorted(map(len, met.values())) == [3, 3, 3]


def test_nobody_waits_for_the_connection_that_suits_when_another_is_idle(engine: sa.Engine) -> None:
    with (
        take(engine, CLINICS[0]) as first,
        take(engine, CLINICS[0]) as second,
        take(engine, CLINICS[0]) as third,
    ):
        assert len({backend(first), backend(second), backend(third)}) == 3
        with pytest.raises(NoConnection):
            engine.connect()
    assert engine.pool.checkedin() == 3  # type: ignore[attr-defined]


def test_a_connection_that_was_closed_keeps_its_part(engine: sa.Engine) -> None:
    before = visit(engine, CLINICS[4])
    assert close(engine, CLINICS[4]) == before
    opened(engine)
    after = visit(engine, CLINICS[4])
    assert after != before
    assert visit(engine, CLINICS[7]) == after, "4 and 7 belong to the same place"


def test_one_that_was_closed_is_opened_again_without_anybody_asking(engine: sa.Engine) -> None:
    threads: list[str] = []
    event.listen(engine, "connect", lambda *_: threads.append(threading.current_thread().name))
    visit(engine, CLINICS[4])
    close(engine, CLINICS[4])
    opened(engine)
    assert len(threads) == 1
    assert threads[0] != threading.current_thread().name
    with contextlib.ExitStack() as held:
        served = {backend(held.enter_context(take(engine, clinic))) for clinic in CLINICS[:3]}
    assert (len(served), len(threads)) == (3, 1)


def test_until_then_the_others_are_taken_and_it_itself_only_when_they_are_busy(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(affinity.ClinicPool, "_open_beside", lambda _: None)
    closed = close(engine, CLINICS[4])
    opens: list[int] = []
    event.listen(engine, "connect", lambda raw, _: opens.append(raw.info.backend_pid))
    for clinic in CLINICS:
        visit(engine, clinic)
    assert opens == []
    with contextlib.ExitStack() as held:
        served = {backend(held.enter_context(take(engine, clinic))) for clinic in CLINICS[:3]}
    assert len(served) == 3
    assert closed not in served
    assert set(opens) < served


def test_a_server_that_is_away_costs_no_place_and_is_told_to_whoever_needs_it(engine: sa.Engine) -> None:
    creator, away = pool_of(engine)._creator, psycopg.OperationalError("away")

    def refuse() -> typing.NoReturn:
        raise away

    pool_of(engine)._creator = refuse
    for clinic in CLINICS[:3]:
        close(engine, clinic)
    opened(engine)
    assert pool_of(engine).checkedin() == 3
    with pytest.raises(sa.exc.OperationalError):
        engine.connect()
    pool_of(engine)._creator = creator
    assert len({visit(engine, clinic) for clinic in CLINICS[:3]}) > 0
    assert pool_of(engine).checkedin() == 3


def test_the_end_of_the_pool_closes_what_is_just_being_opened(engine: sa.Engine) -> None:
    connected = threading.Event()

    def slow(*_: object) -> None:
        connected.wait(10)

    event.listen(engine, "connect", slow)
    close(engine, CLINICS[0])
    old = pool_of(engine)
    threading.Timer(0.05, connected.set).start()
    engine.dispose()
    assert [entry for entry in old._pool.queue if entry.dbapi_connection] == []  # type: ignore[attr-defined]
    assert not old._opening


def test_without_a_wish_the_one_that_was_idle_longest_is_taken(engine: sa.Engine) -> None:
    taken = []
    for _ in range(6):
        affinity.want("")
        with engine.connect() as connection:
            taken.append(backend(connection))
    assert taken[:3] == taken[3:]
    assert len(set(taken)) == 3


def hammered(engine: sa.Engine, doing: Callable[[sa.Connection], None], threads: int = 8) -> list[int]:
    """Threads that all take and give back, with a clinic of chance; how often each was served."""
    turns = [0] * threads

    def work(number: int) -> None:
        chance = random.Random(number)
        for _ in range(150):
            with take(engine, chance.choice(CLINICS[:2])) as connection:
                doing(connection)
                turns[number] += 1

    with concurrent.futures.ThreadPoolExecutor(threads) as executor:
        list(executor.map(work, range(threads)))
    return turns


def test_no_connection_is_ever_with_two_and_everybody_is_served(app: Flask, engine: sa.Engine) -> None:
    """Two clinics want one connection each, eight threads want them: the third is used as well."""
    held: collections.Counter[int] = collections.Counter()
    lock, twice, used = threading.Lock(), [], set()

    def doing(connection: sa.Connection) -> None:
        mine = backend(connection)
        with lock:
            held[mine] += 1
            used.add(mine)
            twice.extend([mine] if held[mine] > 1 else [])
        connection.exec_driver_sql("SELECT 1")
        with lock:
            held[mine] -= 1

    engine.pool._timeout = 30  # type: ignore[attr-defined]
    assert hammered(engine, doing) == [150] * 8
    assert twice == []
    assert len(used) == 3
    assert engine.pool.checkedin() == 3  # type: ignore[attr-defined]
