"""Injected SQL against the real web engine: nothing of another clinic, inside a statement or behind it.

Each attack goes through four careless statements, sent without, with empty and with real parameters,
and in three rarer ways. Two controls show that the matrix can fail: without the hardening, and with
psycopg's own cursor, it leaks.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from tenants import connecting
from tenants.connecting import Logins
from tenants.hardening import CLOSED_FUNCTIONS
from tests.support.attacks import INSIDE, STACKED
from tests.support.holes import (
    CANARY,
    HOLES,
    MINE,
    OWN,
    SENDINGS,
    Careless,
    Hole,
    Sending,
    attacked_database,
    bound,
    careless_application,
    raw_connection,
    run,
)
from tests.support.matrix import everything, nothing_foreign, send_inside, send_stacked
from tests.support.postgres import Cluster, cluster


@pytest.fixture(scope="module")
def server() -> Cluster:
    return cluster()


@pytest.fixture(scope="module")
def logins(server: Cluster, worker_id: str) -> Iterator[Logins]:
    cloned = attacked_database(server, worker_id, "hard")
    yield cloned
    server.drop(cloned.settings.database)


@pytest.fixture(scope="module")
def admin(logins: Logins) -> Iterator[psycopg.Connection[Any]]:
    """A superuser who looks at everything before and after each attack; one, as a new one reads slowly."""
    with closing(logins.connect("admin", autocommit=True)) as admin:
        yield admin


@pytest.fixture
def traces(admin: psycopg.Connection[Any]) -> Iterator[None]:
    """Whatever was attempted, the database and the server are afterwards as they were."""
    before = everything(admin)
    assert before["large objects"] == 0
    yield
    assert everything(admin) == before


@pytest.mark.parametrize("attack", INSIDE)
def test_inside_a_statement_nothing_foreign_is_reached(
    application: Careless, traces: None, attack: str
) -> None:
    send_inside(application[1], attack, INSIDE[attack])


@pytest.mark.parametrize("attack", STACKED)
def test_stacked_behind_a_statement_nothing_runs(application: Careless, traces: None, attack: str) -> None:
    send_stacked(application[1], STACKED[attack])


@pytest.mark.parametrize("hole", HOLES, ids=lambda hole: hole.name)
@pytest.mark.parametrize("sending", SENDINGS, ids=lambda sending: sending.name)
def test_the_holes_are_real(application: Careless, hole: Hole, sending: Sending) -> None:
    """An attack that never reaches the server proves nothing: own rows come out of each hole."""
    _, sessions = application
    inside = hole.inside.format("SELECT 'out: ' || name FROM resident")
    with bound(sessions) as session:
        outcome = run(session, sending, hole.statement.format(inside))
    if hole.name == "order":
        assert not outcome.refused, outcome.seen
    else:
        assert f"out: {OWN} 7" in outcome.seen


def test_after_an_error_in_a_savepoint_the_clinic_is_the_same(application: Careless) -> None:
    _, sessions = application
    attack = HOLES[0].statement.format(HOLES[0].inside.format(INSIDE["role by set_config"]))
    with bound(sessions) as session:
        with pytest.raises(sa.exc.ProgrammingError), session.begin_nested():
            session.connection().exec_driver_sql(attack, ())
        user = session.connection().exec_driver_sql("SELECT current_user").scalar()
    assert user == MINE


@pytest.mark.parametrize("text", ["x\x00'; SET ROLE t_9812; --", "\udc27; SET ROLE t_9812; --"])
def test_text_that_is_no_text_is_refused_before_it_is_sent(application: Careless, text: str) -> None:
    _, sessions = application
    statement = HOLES[0].statement.format(text)
    with bound(sessions) as session, pytest.raises((sa.exc.DBAPIError, UnicodeEncodeError, psycopg.Error)):
        session.connection().exec_driver_sql(statement, ())


def test_the_gate_runs_nothing_stacked_either(logins: Logins) -> None:
    with closing(logins.connect("gate", autocommit=True)) as gate:
        for parameters in (None, (), ["x"]):
            query = "SELECT %s::text; SELECT 2" if parameters else "SELECT 1; SELECT 2"
            with pytest.raises(psycopg.errors.SyntaxError, match="multiple commands"):
                gate.execute(query.encode(), parameters)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            gate.execute(f"SET ROLE {MINE}")


# Controls: what the matrix would say if a protection were missing.


@pytest.fixture
def soft(server: Cluster, worker_id: str) -> Iterator[Logins]:
    """The same database with the functions given back to everybody, as PostgreSQL comes."""
    cloned = attacked_database(server, worker_id, "soft")
    names = [name for group in CLOSED_FUNCTIONS[:2] for name in group.names]
    with closing(cloned.connect("admin", autocommit=True)) as admin:
        found = admin.execute(
            "SELECT oid::regprocedure::text FROM pg_proc WHERE proname LIKE ANY (%s)", [names]
        ).fetchall()
        for (routine,) in found:
            admin.execute(f"GRANT EXECUTE ON ROUTINE {routine} TO PUBLIC".encode())
    yield cloned
    server.drop(cloned.settings.database)


@pytest.mark.parametrize(
    ("hole", "attack"),
    [(hole, "role and path by set_config") for hole in HOLES]
    # What stands behind ORDER BY is not shown.
    + [(hole, "role, then a query for statistics") for hole in HOLES if hole.name != "order"],
    ids=lambda value: getattr(value, "name", value),
)
def test_control_without_hardening_it_leaks(soft: Logins, hole: Hole, attack: str) -> None:
    engine, sessions = careless_application(soft)
    statement = hole.statement.format(hole.inside.format(INSIDE[attack]))
    for sending in SENDINGS[:3]:
        with bound(sessions) as session:
            outcome = run(session, sending, statement)
            assert not nothing_foreign(outcome), (sending.name, outcome.seen)
    engine.dispose()


@pytest.mark.parametrize("hole", HOLES, ids=lambda hole: hole.name)
@pytest.mark.parametrize("attack", ["set local role", "path", "commit first", "cursor"])
def test_control_with_the_plain_cursor_it_leaks(
    logins: Logins, monkeypatch: pytest.MonkeyPatch, hole: Hole, attack: str
) -> None:
    monkeypatch.setattr(connecting, "ExtendedCursor", psycopg.Cursor)
    engine, sessions = careless_application(logins)
    statement = hole.statement.format(hole.stacked.format(STACKED[attack]))
    for doubled, parameters in ((statement, None), (statement.replace("%", "%%"), ())):
        session = bound(sessions)
        cursor = raw_connection(session).execute(doubled.encode(), parameters)
        rows = [cursor.fetchall() if cursor.description else []]
        while cursor.nextset():
            rows.append(cursor.fetchall() if cursor.description else [])
        session.connection().invalidate()
        session.close()
        assert CANARY in repr(rows), parameters
    engine.dispose()
