"""The pool: a connection closes after it has served 100 to 150 different clinics."""

from __future__ import annotations

import itertools
import random
import typing

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from tenants import affinity, pool
from tests.support import world

if typing.TYPE_CHECKING:
    from flask import Flask


def serve(app: Flask, *, clinics: int, recycled: bool = True) -> list[int]:
    """Pretend that one connection serves these many clinics, each twice; clinics per connection."""
    options = pool.engine_options(world.caretaker(app).logins, "web") | {"pool_size": 1}
    engine = sa.create_engine("postgresql+psycopg://", **options)
    seen: list[set[str]] = []
    event.listen(engine, "connect", lambda _, entry: seen.append(entry.info.setdefault("clinics", set())))
    if recycled:
        pool.recycle(engine)
    for number in range(clinics):
        for _ in range(2):
            with engine.connect() as connection:
                connection.connection.info["clinics"].add(f"t_{number:04d}")
    engine.dispose()
    return [len(clinics) for clinics in seen]


def closings(app: Flask, *, steps: int, chance: random.Random | None = None) -> list[tuple[int, int]]:
    """Clinics of each connection that closed, and how many all of the pool had met until then.

    At each step all three connections serve another clinic each; with chance one of them is sometimes
    busy elsewhere for a while, so that their ages draw near each other.
    """
    options = pool.engine_options(world.caretaker(app).logins, "web")
    engine = sa.create_engine("postgresql+psycopg://", **options)
    affinity.want("")  # whichever has been idle longest
    met, found = 0, []
    pool.recycle(engine)
    event.listen(engine, "invalidate", lambda _, entry, __: found.append((len(entry.info["clinics"]), met)))
    busy: list[sa.Connection] = []
    for step in range(steps):
        if chance and step % 20 == 0:
            for connection in busy:
                connection.close()
            busy = [engine.connect()] if chance.random() < 0.6 else []
        held = [engine.connect() for _ in range(3 - len(busy))]
        for place, connection in enumerate(held):
            met += 1
            connection.connection.info.setdefault("clinics", set()).add(f"{step}.{place}")
        for connection in held:
            connection.close()
    for connection in busy:
        connection.close()
    engine.dispose()
    return found


def test_a_connection_closes_after_100_to_150_different_clinics(app: Flask) -> None:
    served = serve(app, clinics=1400)
    assert all(100 <= clinics <= 150 for clinics in served[:-1]), served
    assert len(served) >= 10


def test_connections_of_a_pool_close_in_turn(app: Flask) -> None:
    found = closings(app, steps=700)
    assert [clinics for clinics, _ in found[:3]] == [33, 66, 100], "the first lives are parts"
    assert all(100 <= clinics <= 150 for clinics, _ in found[3:]), found
    assert all(later - sooner >= 73 for (_, sooner), (_, later) in itertools.pairwise(found)), found
    assert len(found) >= 18


@pytest.mark.parametrize("seed", range(3))
def test_connections_that_were_used_unevenly_close_apart_too(app: Flask, seed: int) -> None:
    found = closings(app, steps=1000, chance=random.Random(seed))
    assert all(100 <= clinics <= 115 for clinics, _ in found[3:]), found
    # The pool counts a clinic when its connection is given back, the test when it is taken.
    near = [clinics for (_, sooner), (clinics, later) in itertools.pairwise(found) if later - sooner < 73]
    assert all(clinics == 115 for clinics in near), "only what cannot wait longer closes near another"
    assert len(near) < len(found) / 4


def test_a_connection_of_few_clinics_stays(app: Flask) -> None:
    assert serve(app, clinics=99) == [99]


def test_without_recycling_this_test_would_see_one_connection(app: Flask) -> None:
    assert serve(app, clinics=200, recycled=False) == [200]


def test_a_process_holds_three_connections_for_pages_and_one_for_the_door(app: Flask) -> None:
    logins = world.caretaker(app).logins
    sizes = [pool.engine_options(logins, login) for login in ("web", "gate")]
    assert [(options["pool_size"], options["max_overflow"]) for options in sizes] == [(3, 0), (1, 0)]


def test_a_web_process_holds_no_connection_for_jobs_after_it_has_queued_one(app: Flask) -> None:
    tenants = world.caretaker(app)
    card = tenants.clinics(world.NORTH)[0]
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE usename = 'shipa_jobs' AND datname = current_database()"
    )
    for _ in range(3):
        tenants.jobs.defer("residents.check_list", card.id, card.id)
    with tenants.logins.connect("admin", database=tenants.settings.database) as admin:
        assert admin.execute(query.encode()).fetchone() == (0,)
    with tenants.logins.connect("jobs", autocommit=True) as queue:
        waiting = queue.execute(
            "DELETE FROM procrastinate_jobs WHERE args->>'object' = %s RETURNING lock", [str(card.id)]
        )
        assert waiting.fetchall() == [(str(card.id),)]
