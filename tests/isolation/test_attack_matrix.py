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
from sqlalchemy.orm import Session, sessionmaker

from tenants import connecting
from tenants.connecting import Logins
from tenants.hardening import CLOSED_FUNCTIONS
from tests.support.attacks import INSIDE, STACKED
from tests.support.holes import (
    CANARY,
    HOLES,
    MINE,
    OTHER,
    OWN,
    SENDINGS,
    Hole,
    Outcome,
    Sending,
    attacked_database,
    bound,
    careless_application,
    raw_connection,
    run,
)
from tests.support.postgres import Cluster, cluster

Careless = tuple[sa.Engine, sessionmaker[Session]]

ANSWERED = {"values of others"}
"""Attacks that PostgreSQL answers with nothing; all others are refused with an error."""


@pytest.fixture(scope="module")
def server() -> Cluster:
    return cluster()


@pytest.fixture(scope="module")
def logins(server: Cluster, worker_id: str) -> Iterator[Logins]:
    cloned = attacked_database(server, worker_id, "hard")
    yield cloned
    server.drop(cloned.settings.database)


@pytest.fixture(scope="module")
def application(logins: Logins) -> Iterator[Careless]:
    made = careless_application(logins)
    yield made
    made[0].dispose()


@pytest.fixture(scope="module")
def admin(logins: Logins) -> Iterator[psycopg.Connection[Any]]:
    """A superuser who looks at everything before and after each attack; one, as a new one reads slowly."""
    with closing(logins.connect("admin", autocommit=True)) as admin:
        yield admin


@pytest.fixture
def traces(admin: psycopg.Connection[Any]) -> Iterator[None]:
    """Whatever was attempted, the database and the server are afterwards as they were."""
    before = _everything(admin)
    assert before["large objects"] == 0
    yield
    assert _everything(admin) == before


def _everything(admin: psycopg.Connection[Any]) -> dict[str, Any]:
    parts = {
        "other rows": "SELECT md5(string_agg(r::text, ',' ORDER BY id)) FROM t_9812.resident r",
        "own rows": "SELECT md5(string_agg(r::text, ',' ORDER BY id)) FROM t_9811.resident r",
        "large objects": "SELECT count(*) FROM pg_largeobject_metadata",
        "tables": "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'v', 'f', 'm')",
        "functions": "SELECT count(*) FROM pg_proc",
        "rights": "SELECT md5(string_agg(oid || relacl::text, ',' ORDER BY oid)) FROM pg_class",
        "settings": "SELECT md5(string_agg(s::text, ',' ORDER BY s::text)) FROM pg_db_role_setting s"
        " WHERE setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))",
        "attackers' role": "SELECT count(*) FROM pg_roles WHERE rolname ~ '^t_9813'",
        "slots": "SELECT count(*) FROM pg_replication_slots",
        "password": "SELECT rolpassword FROM pg_authid WHERE rolname = 'shipa_web'",
    }
    query = "SELECT " + ", ".join(f"({part})" for part in parts.values())
    row = admin.execute(query.encode()).fetchone()
    assert row is not None
    return dict(zip(parts, row, strict=True))


def _nothing_foreign(outcome: Outcome) -> bool:
    return "CANARY" not in outcome.seen.upper()


def _connection_is_clean(session: Session) -> None:
    """Of the connection that others will use: no channel, lock, statement, cursor or table stays."""
    session.rollback()
    raw = raw_connection(session)
    row = raw.execute(_LEFT_IN_THE_CONNECTION).fetchone()
    assert row == (0, 0, 0, 0, 0, "shipa_web", MINE, f"{MINE}, ref")


_LEFT_IN_THE_CONNECTION = b"""
    SELECT (SELECT count(*) FROM pg_listening_channels()),
    (SELECT count(*) FROM pg_prepared_statements),
    (SELECT count(*) FROM pg_cursors WHERE is_holdable),
    (SELECT count(*) FROM pg_settings WHERE source = 'session'
        AND name NOT IN ('role', 'search_path', 'application_name', 'client_encoding')),
    pg_my_temp_schema()::bigint, session_user::text, current_user::text,
    current_setting('search_path')
"""


def _ways(hole: Hole) -> tuple[Sending, ...]:
    """Without, with empty and with real parameters everywhere; rarer ways through one hole."""
    return SENDINGS if hole is HOLES[0] else SENDINGS[:3]


def _next_clinics_see_their_own(sessions: sessionmaker[Session]) -> None:
    for schema, name in ((OTHER, CANARY), (MINE, OWN)):
        with bound(sessions, schema) as session:
            names = session.connection().exec_driver_sql("SELECT name FROM resident").scalars()
            assert {text.rsplit(" ", 1)[0] for text in names} == {name}


@pytest.mark.parametrize("attack", INSIDE)
def test_inside_a_statement_nothing_foreign_is_reached(
    application: Careless, traces: None, attack: str
) -> None:
    _, sessions = application
    for hole in HOLES:
        statement = hole.statement.format(hole.inside.format(INSIDE[attack]))
        for sending in _ways(hole):
            with bound(sessions) as session:
                outcome = run(session, sending, statement)
                assert _nothing_foreign(outcome), (hole.name, sending.name, outcome.seen)
                assert outcome.refused or attack in ANSWERED, (hole.name, sending.name, outcome.seen)
                _connection_is_clean(session)
    _next_clinics_see_their_own(sessions)


@pytest.mark.parametrize("attack", STACKED)
def test_stacked_behind_a_statement_nothing_runs(application: Careless, traces: None, attack: str) -> None:
    _, sessions = application
    for hole in HOLES:
        statement = hole.statement.format(hole.stacked.format(STACKED[attack]))
        for sending in _ways(hole):
            with bound(sessions) as session:
                outcome = run(session, sending, statement)
                assert _nothing_foreign(outcome), (hole.name, sending.name, outcome.seen)
                assert outcome.refused, (hole.name, sending.name, outcome.seen)
                _connection_is_clean(session)
    _next_clinics_see_their_own(sessions)


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
            assert not _nothing_foreign(outcome), (sending.name, outcome.seen)
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
