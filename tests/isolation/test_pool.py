"""The pool: a connection closes after it has served 100 to 150 different clinics."""

from __future__ import annotations

import typing

import sqlalchemy as sa
from sqlalchemy import event

from tenants import pool
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


def test_a_connection_closes_after_100_to_150_different_clinics(app: Flask) -> None:
    served = serve(app, clinics=1400)
    assert all(100 <= clinics <= 150 for clinics in served[:-1]), served
    assert len(served) >= 10
    assert len(set(served[:-1])) > 1, "all connections close at the same moment"


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
