"""What level 1 leaves open is what its list and the README say, and what it closes stays closed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from tenants.checking import findings
from tenants.level_one import OPEN_AT_LEVEL_ONE, StaysOpen
from tests.support.holes import (
    CANARY,
    MINE,
    OTHER,
    attacked_database,
    bound,
    careless_application,
    raw_connection,
)
from tests.support.postgres import Cluster, cluster

Careless = tuple[sa.Engine, sessionmaker[Session]]

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture(scope="module")
def server() -> Cluster:
    return cluster()


@pytest.fixture(scope="module")
def application(server: Cluster, worker_id: str) -> Iterator[Careless]:
    logins = attacked_database(server, worker_id, "open")
    made = careless_application(logins)
    yield made
    made[0].dispose()
    server.drop(logins.settings.database)


def _as_whole_statements(sessions: sessionmaker[Session], *statements: str) -> list[str]:
    """What an attacker reaches who can send statements of his own; the connection is thrown away."""
    seen = []
    session = bound(sessions)
    connection = session.connection()
    raw = raw_connection(session)
    for statement in statements:
        try:
            cursor = raw.execute(statement.encode())
            seen.append(repr(cursor.fetchall()) if cursor.description else "done")
        except psycopg.Error as error:
            seen.append(f"refused: {error}")
    connection.invalidate()
    session.close()
    return seen


@pytest.mark.parametrize("entry", OPEN_AT_LEVEL_ONE, ids=lambda entry: entry.statement)
def test_what_stays_open_is_what_the_list_says(application: Careless, entry: StaysOpen) -> None:
    _, sessions = application
    (seen,) = _as_whole_statements(sessions, entry.statement)
    assert not seen.startswith("refused"), seen


def test_a_whole_statement_reads_another_clinic_and_the_list_admits_it(application: Careless) -> None:
    _, sessions = application
    first = OPEN_AT_LEVEL_ONE[0].statement
    others = "SELECT name FROM t_9812.resident"
    assert CANARY in _as_whole_statements(sessions, first, others)[1]
    for given_up in ("RESET ROLE", "ROLLBACK"):
        for query in (others, "SELECT name FROM resident"):
            seen = _as_whole_statements(sessions, given_up, query)
            assert seen[1].startswith("refused"), seen


def test_whole_statements_that_stay_closed(application: Careless) -> None:
    _, sessions = application
    closed = (
        "DO $$ BEGIN EXECUTE 'RESET ROLE'; END $$",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE TEMP TABLE t (a int)",
        "CREATE TABLE t (a int)",
        "COPY resident TO PROGRAM 'id'",
        "COPY resident TO '/tmp/hacked'",
        "UPDATE pg_settings SET setting = 't_9812' WHERE name = 'role'",
        "SET SESSION AUTHORIZATION postgres",
        "SET ROLE shipa_owner",
        "SET ROLE postgres",
        "CREATE ROLE another",
        "TRUNCATE resident",
        "DROP TABLE resident",
        "LOAD 'auto_explain'",
        "ALTER SYSTEM SET fsync = off",
        "SET session_preload_libraries = 'x'",
        "SET log_statement = 'all'",
    )
    seen = {statement: _as_whole_statements(sessions, statement)[0] for statement in closed}
    assert {key: value for key, value in seen.items() if not value.startswith("refused")} == {}


def test_a_clinics_role_hands_on_none_of_its_rights(application: Careless) -> None:
    """PostgreSQL answers such a GRANT with a warning; nothing is granted."""
    _, sessions = application
    rights = "SELECT relacl::text FROM pg_class WHERE oid = 'resident'::regclass"
    before = _as_whole_statements(sessions, rights)
    _as_whole_statements(sessions, "GRANT SELECT ON resident TO PUBLIC", "COMMIT")
    assert _as_whole_statements(sessions, rights) == before


def test_a_setting_that_an_attacker_leaves_on_a_role_is_found(server: Cluster, worker_id: str) -> None:
    """A whole statement may set its own role's settings: without effect on a role that cannot sign in."""
    own = attacked_database(server, worker_id, "left")
    engine, sessions = careless_application(own)
    database = own.settings.database
    change = f"ALTER ROLE {MINE} IN DATABASE {database} SET role = '{OTHER}'"
    assert _as_whole_statements(sessions, change, "COMMIT") == ["done", "done"]
    with bound(sessions) as session:
        assert session.connection().exec_driver_sql("SELECT current_user").scalar() == MINE
    engine.dispose()
    with closing(own.connect("web", autocommit=True)) as web:
        said = [problem.what for problem in findings(web, allow=("fsync",))]
    server.drop(database)
    assert any(f"{MINE}: role={OTHER}" in what for what in said), said


def test_the_readme_quotes_the_list() -> None:
    readme = " ".join(README.read_text("utf-8").split())
    assert [entry.what for entry in OPEN_AT_LEVEL_ONE if entry.what not in readme] == []
