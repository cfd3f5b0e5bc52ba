"""Two cells: a clinic's session has connections of its own cell alone; one that is away harms no other."""

from __future__ import annotations

import contextlib
import dataclasses
import types
import typing
import uuid

import psycopg
import pytest
import sqlalchemy as sa

from saas.db import db
from tenants import binding, pool
from tenants.checking import check
from tenants.clinic_check import checked
from tenants.connecting import Logins
from tenants.migrating import behind_in_cells
from tenants.placing import MAIN
from tenants.working import ATTEMPTS, Worker
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tenants.connecting import Connection
    from tenants.jobs import Errand, Kind
    from tests.conftest import ClinicWorld

WHERE = "SELECT current_database()"


def database(clinic: ClinicWorld) -> str:
    """The database in which a session of the clinic works."""
    with world.inside(clinic.app, clinic.card) as session:
        assert session.scalar(sa.text("SELECT id FROM clinic_setting")) == clinic.card.id
        return str(session.scalar(sa.text(WHERE)))


def owner(app: Flask, cell: str) -> Connection:
    return world.caretaker(app).logins.of(cell).connect("owner", autocommit=True)


def test_north_and_south_live_in_two_databases(north: ClinicWorld, south: ClinicWorld) -> None:
    assert (north.card.cell, south.card.cell) == (MAIN, world.FAR)
    assert database(south) == f"{database(north)}_{world.FAR}"
    for clinic, other in ((north, world.FAR), (south, MAIN)):
        with owner(north.app, other) as connection:
            schema = "SELECT to_regnamespace(%s)"
            assert connection.execute(schema, (clinic.card.binding.schema,)).fetchone() == (None,)


def test_without_the_choice_of_the_engine_nothing_is_read(
    south: ClinicWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(south.app.extensions, "engine_of", lambda _: None)
    with pytest.raises(binding.BindingError, match="another cell"):
        database(south)


def test_a_session_of_the_main_cell_takes_no_connection_of_a_further_one(
    north: ClinicWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = world.caretaker(north.app).cells.engine(world.FAR)
    monkeypatch.setitem(north.app.extensions, "engine_of", lambda _: far)
    with pytest.raises(binding.BindingError, match="another cell"):
        database(north)


def test_a_session_is_one_cells_for_its_life(north: ClinicWorld) -> None:
    there = dataclasses.replace(north.card.binding, cell=world.FAR)
    with north.app.app_context():
        binding.bind(db.session(), north.card.binding)
        with pytest.raises(binding.BindingError, match="another clinic"):
            binding.bind(db.session(), there)


def test_a_process_holds_at_most_three_connections_to_a_further_cell(app: Flask) -> None:
    engine = world.caretaker(app).cells.engine(world.FAR)
    found = typing.cast("sa.pool.QueuePool", engine.pool)
    assert (found.size(), found._max_overflow, found._timeout) == (3, 0, pool.CELL_SECONDS)


@pytest.fixture
def away(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The further cell does not answer; the list says which logins tried."""
    tried: list[str] = []
    tenants = world.caretaker(app)

    def refused(login: str, **_: object) -> typing.NoReturn:
        tried.append(login)
        message = "connection refused"
        raise psycopg.OperationalError(message)

    kept = tenants.cells
    monkeypatch.setattr(tenants.logins.of(world.FAR), "connect", refused)
    fresh = pool.CellEngines(tenants.logins)
    monkeypatch.setattr(tenants, "cells", fresh)
    monkeypatch.setitem(app.extensions, "engine_of", fresh.engine_of)
    monkeypatch.setattr(tenants.readiness, "_away", fresh.away)
    yield tried
    fresh.dispose()
    assert kept is not fresh


def test_clinics_of_a_cell_that_is_away_are_busy_and_the_others_work(
    away: list[str], north: ClinicWorld, south: ClinicWorld
) -> None:
    far = world.sign_in(south.app, world.Person(south.card, uuid.uuid4(), "x", "x"))
    assert north.browser().get("/account").status_code == 200
    assert far.get("/account").status_code == 503
    assert far.get("/account").status_code == 503
    assert away == ["web"], "it is not asked again for a moment"
    assert north.browser().get("/account").status_code == 200
    readiness = world.caretaker(north.app).readiness
    readiness.forget()
    told = {one.name: one for one in readiness.look() if one.name in {"cells", "hardening"}}
    # Not a reason for 503: all others are served.
    assert told["cells"] == ("cells", None, "cell far cannot be reached", True)
    assert told["hardening"].holds, told
    readiness.forget()


def test_a_cell_that_answers_again_is_used_again(
    away: list[str], south: ClinicWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(sa.exc.OperationalError):
        database(south)
    assert away
    monkeypatch.delattr(world.caretaker(south.app).logins.of(world.FAR), "connect")
    with pytest.raises(sa.exc.OperationalError, match="a moment ago"):
        database(south)
    monkeypatch.setattr(pool, "CELL_REST", 0.0)
    assert database(south).endswith(world.FAR)


def test_a_cell_that_was_away_at_the_check_is_checked_when_it_comes(
    south: ClinicWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenants = world.caretaker(south.app)
    logins = Logins(dataclasses.replace(tenants.settings, unchecked=frozenset({world.FAR})))
    fresh = pool.CellEngines(logins)
    monkeypatch.setitem(south.app.extensions, "engine_of", fresh.engine_of)
    monkeypatch.setattr(pool, "CELL_REST", 0.0)
    # The cluster of the tests writes without fsync, which is a reason not to serve.
    with pytest.raises(sa.exc.OperationalError, match="not safe to serve: fsync is off"):
        database(south)
    monkeypatch.setattr(pool, "findings", lambda _: [])
    assert database(south).endswith(world.FAR)
    fresh.dispose()


def test_commands_name_the_cell_that_is_away(app: Flask, away: list[str], south: ClinicWorld) -> None:
    tenants = world.caretaker(app)
    (problem,) = (one for one in check(tenants.logins, allow=("fsync", "synchronous_commit")) if one.closes)
    assert problem.what.startswith("Cell far: No connection as shipa_web: connection refused")
    found = checked(tenants, [south.card], lambda *_: None)
    assert found == {world.SOUTH: ["Cell far cannot be reached: connection refused"]}
    with owner(app, MAIN) as connection:
        assert behind_in_cells(tenants.logins, connection)[1] == {"far": "connection refused"}
    assert away


def test_a_hole_in_the_hardening_of_a_cell_is_found_and_named(app: Flask) -> None:
    tenants = world.caretaker(app)
    name = tenants.settings.of_cell(world.FAR).database
    with tenants.logins.connect("admin", database=name, autocommit=True) as admin:
        admin.execute("GRANT EXECUTE ON FUNCTION pg_sleep(double precision) TO PUBLIC")
        try:
            told = [one.what for one in check(tenants.logins, allow=("fsync", "synchronous_commit"))]
        finally:
            admin.execute("REVOKE EXECUTE ON FUNCTION pg_sleep(double precision) FROM PUBLIC")
    assert [one.startswith("Cell far: ") and "pg_sleep" in one for one in told] == [True], told


def test_a_clinic_of_a_cell_that_is_behind_is_seen_and_named(app: Flask, south: ClinicWorld) -> None:
    tenants = world.caretaker(app)
    change = "UPDATE platform.clinic_revision SET revision = %s WHERE clinic_id = %s RETURNING revision"
    with owner(app, world.FAR) as there, owner(app, MAIN) as connection:
        assert behind_in_cells(tenants.logins, connection) == ([], {})
        head = there.execute(
            "SELECT revision FROM platform.clinic_revision WHERE clinic_id = %s", (south.card.id,)
        ).fetchone()
        there.execute(change, ("0001_first_tables", south.card.id))
        try:
            ((late,), closed) = behind_in_cells(tenants.logins, connection)
        finally:
            there.execute(change, (head and head[0], south.card.id))
    assert (late.code, late.revision, late.cell, closed) == (world.SOUTH, "0001_first_tables", "far", {})


# work in the background


@pytest.mark.parametrize("trouble", ["moving", "away"])
def test_a_job_of_a_clinic_that_moves_or_is_out_of_reach_waits_and_has_not_failed(
    south: ClinicWorld, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    tenants = world.caretaker(south.app)
    queued: list[tuple[object, ...]] = []
    failed: list[Errand] = []
    done: list[uuid.UUID] = []

    def work(errand: Errand) -> None:
        with errand.inside() as session:
            session.execute(sa.text(WHERE))
        done.append(errand.id)

    def defer(name: str, clinic: uuid.UUID, item: uuid.UUID, *, seconds: int = 0) -> None:
        queued.append((name, clinic, item, seconds))

    kind = types.SimpleNamespace(name="room.verb", work=work, give_up=failed.append)
    context = types.SimpleNamespace(job=types.SimpleNamespace(attempts=ATTEMPTS - 1))
    monkeypatch.setattr(tenants.jobs, "defer", defer)
    card, item = south.card, uuid.uuid4()
    do = Worker(tenants)._doing(typing.cast("Kind", kind))
    with _in_trouble(south, monkeypatch, trouble):
        do(context, clinic=str(card.id), object=str(item))
    assert (done, failed, queued) == ([], [], [("room.verb", card.id, item, 60)])
    do(context, clinic=str(card.id), object=str(item))
    assert (done, failed, len(queued)) == ([item], [], 1)


@contextlib.contextmanager
def _in_trouble(south: ClinicWorld, monkeypatch: pytest.MonkeyPatch, trouble: str) -> Iterator[None]:
    """The south is being moved, or its cell does not answer."""
    tenants, change = world.caretaker(south.app), "UPDATE platform.clinic SET moving_to = %s WHERE code = %s"
    if trouble == "moving":
        with owner(south.app, MAIN) as registry:
            registry.execute(change, (MAIN, world.SOUTH))
            try:
                yield
            finally:
                registry.execute(change, (None, world.SOUTH))
        return

    def refused(*_: object, **__: object) -> typing.NoReturn:
        raise psycopg.OperationalError

    with monkeypatch.context() as patch:
        patch.setattr(tenants.logins.of(world.FAR), "connect", refused)
        fresh = pool.CellEngines(tenants.logins)
        patch.setitem(south.app.extensions, "engine_of", fresh.engine_of)
        yield
