"""Level 2: set_user with a token. The whole matrix, whole statements included, reaches nothing foreign."""

from __future__ import annotations

import itertools
import time
import typing
import uuid
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

from tenants import binding
from tenants.initialising import initialise
from tenants.level_two import CRASH, OPEN_AT_LEVEL_TWO
from tests.support.attacks import INSIDE, STACKED
from tests.support.holes import (
    CANARY,
    MINE,
    OTHER,
    OWN,
    bound,
    careless_application,
    raw_connection,
    two_clinics,
)
from tests.support.matrix import everything, next_clinics_see_their_own, send_inside, send_stacked
from tests.support.set_user import OwnServer, own_server

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psycopg.pq.abc import PGconn, PGresult
    from sqlalchemy.orm import Session, sessionmaker

    from tenants.connecting import Logins
    from tenants.level_one import StaysOpen

Careless = tuple["sa.Engine", "sessionmaker[Session]"]
Admin = psycopg.Connection[typing.Any]

README = Path(__file__).parents[2] / "README.md"

PROBES = (
    "SELECT name FROM t_9812.resident",
    "SELECT name FROM resident",
    "SELECT password_hash FROM t_9812.staff_secret",
    "SELECT password_hash FROM t_9811.staff_secret",
)
"""What an attacker asks once he believes that he is somebody else; the last is his own clinic's."""

ESCAPES = (
    "SET ROLE t_9812",
    "SET LOCAL ROLE t_9812",
    'SET "ROLE" = t_9812',
    "SET LOCAL \"Role\" TO 't_9812'",
    "SET LOCAL U&\"\\0052ole\" TO 't_9812'",
    'SET "ROLE" = shipa_owner',
    'SET "ROLE" = t_9812_gate',
    'SET "ROLE" = t_9811_gate',
    "SET ROLE NONE",
    "RESET ROLE",
    'RESET "ROLE"',
    "SET SESSION AUTHORIZATION t_9812",
    'SET "Session_Authorization" = t_9812',
    'SET "Session_Authorization" = DEFAULT',
    "SET SESSION AUTHORIZATION DEFAULT",
    "DISCARD ALL",
    "SELECT set_config('role', 't_9812', false)",
    "SELECT set_config('ROLE', 't_9812', true)",
    "UPDATE pg_settings SET setting = 't_9812' WHERE name = 'role'",
    "SELECT ref.set_user('t_9812', 'x')",
    "SELECT ref.set_user('t_9812')",
    "SELECT ref.set_user_u('postgres')",
    "SELECT ref.set_session_auth('t_9812')",
    "SELECT ref.reset_user()",
    "SELECT ref.reset_user('x')",
    "SELECT ref.reset_user('')",
    "SELECT ref.reset_user(NULL)",
    "DO $$ BEGIN PERFORM ref.reset_user('x'); EXCEPTION WHEN OTHERS THEN NULL; END $$",
    "DO $$ BEGIN EXECUTE 'SET ROLE t_9812'; END $$",
    "PREPARE x AS SELECT name FROM t_9812.resident",
    "SET LOCAL shipa.gate = 'x'",
    "SET search_path = t_9812",
    "SET row_security = off",
    "ALTER ROLE t_9811 SET role = 't_9812'",
    "ALTER ROLE shipa_web SET role = 't_9812'",
    "GRANT t_9812 TO t_9811",
    "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT name FROM t_9812.resident'",
    "CREATE POLICY mine ON t_9811.staff_secret USING (true)",
    "ALTER TABLE t_9811.staff_secret DISABLE ROW LEVEL SECURITY",
    "LOAD 'set_user'",
)


@pytest.fixture(scope="module")
def server() -> OwnServer:
    return own_server()


def attacked(server: OwnServer, name: str) -> Logins:
    logins = server.fresh(name)
    two_clinics(logins.settings)
    initialise(logins)
    return logins


@pytest.fixture(scope="module")
def logins(server: OwnServer, worker_id: str) -> Iterator[Logins]:
    yield attacked(server, f"level_two_{worker_id}")
    server.drop(f"level_two_{worker_id}")


@pytest.fixture(scope="module")
def application(logins: Logins) -> Iterator[Careless]:
    made = careless_application(logins)
    yield made
    made[0].dispose()


@pytest.fixture(scope="module")
def admin(server: OwnServer, logins: Logins) -> Iterator[Admin]:
    with closing(server.admin(logins.settings.database)) as admin:
        yield admin


@pytest.fixture
def traces(admin: Admin) -> Iterator[None]:
    """Whatever was attempted, the database and the server are afterwards as they were."""
    before = everything(admin)
    yield
    # The login may give itself settings (the list says so); nothing else may differ.
    for role in ("shipa_web", MINE):
        admin.execute(sql.SQL("ALTER ROLE {} RESET ALL").format(sql.Identifier(role)))
    assert everything(admin) == before


@pytest.mark.parametrize("attack", INSIDE)
def test_inside_a_statement_nothing_foreign_is_reached(
    application: Careless, traces: None, attack: str
) -> None:
    send_inside(application[1], attack, INSIDE[attack])


@pytest.mark.parametrize("attack", STACKED)
def test_stacked_behind_a_statement_nothing_runs(application: Careless, traces: None, attack: str) -> None:
    send_stacked(application[1], STACKED[attack])


def said(connection: Admin, statement: str) -> str:
    """What a whole statement answers, sent as it is: whoever can do that needs no driver's BEGIN."""
    return _told(connection.pgconn.exec_params(statement.encode(), None), connection.pgconn)


def _said_simply(connection: Admin, statement: str) -> str:
    return _told(connection.pgconn.exec_(statement.encode()), connection.pgconn)


def _told(result: PGresult, pgconn: PGconn) -> str:
    status = psycopg.pq.ExecStatus(result.status)
    if status == status.COPY_OUT:
        copied = b""
        while (block := pgconn.get_copy_data(0))[0] > 0:
            copied += bytes(block[1])
        pgconn.get_result()
        return copied.decode()
    if status not in {status.TUPLES_OK, status.COMMAND_OK}:
        return f"refused: {result.get_error_message()}"
    rows, columns = range(result.ntuples), range(result.nfields)
    cells = [tuple((result.get_value(row, column) or b"").decode() for column in columns) for row in rows]
    return repr(cells) if columns else "done"


def _driven(connection: Admin, statement: str, parameters: tuple[str, ...] | None) -> str:
    try:
        cursor = connection.execute(statement.encode(), parameters)
        return repr(cursor.fetchall()) if cursor.description else "done"
    except psycopg.Error as error:
        return f"refused: {error}"


WAYS: tuple[Callable[[Admin, str], str], ...] = (
    said,
    _said_simply,
    lambda connection, statement: _driven(connection, statement, None),
    lambda connection, statement: _driven(connection, statement, ()),
)
"""On the wire by the extended and by the simple protocol; by the driver without and with empty parameters."""


def sequences(escape: str) -> Iterator[tuple[str, ...]]:
    """The statement in our transaction, after its end, in one of his own, after falling back to the login."""
    for before in ((), ("COMMIT",), ("ROLLBACK",), ("COMMIT", "BEGIN"), ("COMMIT", "DISCARD ALL")):
        for after in ((), ("COMMIT",), ("ROLLBACK",)):
            yield (*before, escape, *after)


def tried(
    sessions: sessionmaker[Session], statements: tuple[str, ...], way: Callable[[Admin, str], str] = said
) -> str:
    """Whole statements of an attacker, then what he would ask; all that he sees."""
    with bound(sessions) as session:
        raw = raw_connection(session)
        seen = [way(raw, statement) for statement in statements]
        for probe in PROBES:
            seen.append(said(raw, probe))
            if raw.pgconn.transaction_status == psycopg.pq.TransactionStatus.INERROR:
                said(raw, "ROLLBACK")
    return "\n".join(seen)


@pytest.mark.parametrize("escape", ESCAPES)
def test_a_whole_statement_reaches_no_other_clinic(application: Careless, traces: None, escape: str) -> None:
    _, sessions = application
    for statements in sequences(escape):
        for way in WAYS:
            seen = tried(sessions, statements, way)
            assert "CANARY" not in seen, (statements, seen)
    next_clinics_see_their_own(sessions)


@pytest.mark.parametrize("attack", [name for name, text in STACKED.items() if "RESET ALL" not in text])
def test_stacked_attacks_sent_as_whole_statements_reach_no_other_clinic(
    application: Careless, traces: None, attack: str
) -> None:
    _, sessions = application
    parts = [part.strip() for part in STACKED[attack].split(";") if part.strip()]
    for way in WAYS:
        assert "CANARY" not in tried(sessions, tuple(parts), way), parts
        assert "CANARY" not in tried(sessions, ("COMMIT", *parts), way), parts
    # And as one message of the simple protocol, as psycopg's own cursor would send it.
    assert "CANARY" not in tried(sessions, (STACKED[attack],), _said_simply)
    next_clinics_see_their_own(sessions)


@pytest.mark.parametrize(
    "call", ["ref.set_user(%s, 'x')", "ref.reset_user(%s)", "set_config('role', %s, false)"]
)
def test_a_whole_statement_with_real_parameters_is_refused(application: Careless, call: str) -> None:
    with bound(application[1]) as session:
        raw = raw_connection(session)
        said(raw, "COMMIT")
        assert _driven(raw, f"SELECT {call}", ("t_9812",)).startswith("refused")
        assert CANARY not in said(raw, PROBES[0])


@pytest.mark.parametrize(
    "entry",
    [entry for entry in OPEN_AT_LEVEL_TWO if entry is not CRASH],
    ids=lambda entry: entry.statement,
)
def test_what_stays_open_is_what_the_list_says(application: Careless, entry: StaysOpen) -> None:
    with bound(application[1]) as session:
        raw = raw_connection(session)
        if entry.statement == "DISCARD ALL":
            said(raw, "COMMIT")
        assert not said(raw, entry.statement).startswith("refused")
    next_clinics_see_their_own(application[1])


def test_what_an_attacker_left_in_the_connection_is_gone_when_others_get_it(application: Careless) -> None:
    _, sessions = application
    with bound(sessions) as session:
        raw = raw_connection(session)
        for left in ("COMMIT", "SET statement_timeout = '7s'", "LISTEN c", "PREPARE x AS SELECT 1"):
            assert said(raw, left) == "done"
    # The pool's own again, whoever gets it next.
    assert said(raw, "SELECT current_user, current_setting('statement_timeout')") == "[('shipa_web', '5s')]"
    for left in ("pg_listening_channels()", "pg_prepared_statements"):
        assert said(raw, f"SELECT count(*) FROM {left}") == "[('0',)]"  # noqa: S608


def test_the_readme_quotes_the_list() -> None:
    readme = " ".join(README.read_text("utf-8").split())
    assert [entry.what for entry in OPEN_AT_LEVEL_TWO if entry.what not in readme] == []


# The controls: what the matrix would say if a part of the wall were missing.


@pytest.fixture
def soft(server: OwnServer, logins: Logins, admin: Admin) -> Iterator[None]:
    """The membership given back, as a server has it that was at level 1: set_user alone remains."""
    for role in (MINE, OTHER, f"{OTHER}_gate"):
        admin.execute(f"GRANT {role} TO shipa_web".encode())
    yield
    initialise(logins)


def test_control_with_the_membership_given_back_set_user_alone_leaks(
    application: Careless, soft: None
) -> None:
    """set_user compares the setting's name with its case: written otherwise, SET ROLE passes."""
    assert CANARY in tried(application[1], ('SET "ROLE" = t_9812',))
    assert "blocked by set_user" in tried(application[1], ("SET LOCAL ROLE t_9812",))


def test_control_at_level_one_the_same_server_leaks(server: OwnServer, worker_id: str) -> None:
    name = f"level_one_{worker_id}"
    logins = attacked(server, name)
    with closing(server.admin(name)) as admin:
        admin.execute("REVOKE EXECUTE ON FUNCTION ref.set_user(text, text) FROM shipa_web")
        for schema in (MINE, OTHER):
            admin.execute(f"GRANT {schema} TO shipa_web".encode())
    engine, sessions = careless_application(logins)
    assert CANARY in tried(sessions, ("SET LOCAL ROLE t_9812", "SELECT name FROM t_9812.resident"))
    engine.dispose()
    server.drop(name)
    for schema in (MINE, OTHER):
        with closing(server.admin()) as admin:
            admin.execute(f"REVOKE {schema} FROM shipa_web".encode())


# The binding.


def test_each_check_out_has_a_token_of_its_own_and_the_pool_holds_none(application: Careless) -> None:
    engine, sessions = application
    tokens = []
    for schema in itertools.islice(itertools.cycle((MINE, OTHER)), 8):
        with bound(sessions, schema) as session:
            raw = binding.driver_connection(session.connection())
            tokens.append(raw.token)
        assert raw.token == b""
        assert said(raw, "SELECT current_user, session_user") == "[('shipa_web', 'shipa_web')]"
    assert len({*tokens}) == 8
    assert all(len(token) == 64 for token in tokens)
    assert engine.pool.checkedin() > 0  # type: ignore[attr-defined]


def test_a_connection_that_cannot_be_left_is_closed_and_not_used_again(application: Careless) -> None:
    _, sessions = application
    with bound(sessions) as session:
        raw = binding.driver_connection(session.connection())
        raw.token = b"another"
    assert raw.closed
    next_clinics_see_their_own(sessions)


def test_a_connection_that_was_killed_is_replaced(application: Careless, admin: Admin) -> None:
    _, sessions = application
    with bound(sessions) as session:
        raw = binding.driver_connection(session.connection())
        admin.execute("SELECT pg_terminate_backend(%s, 5000)", [raw.info.backend_pid])
        with pytest.raises(sa.exc.OperationalError):
            session.connection().exec_driver_sql("SELECT 1")
    assert raw.closed
    next_clinics_see_their_own(sessions)


def test_a_statement_that_was_cancelled_or_failed_leaves_the_clinic_as_it_was(application: Careless) -> None:
    _, sessions = application
    with bound(sessions) as session:
        raw = raw_connection(session)
        said(raw, "SET LOCAL statement_timeout = '50ms'")
        assert "timeout" in said(raw, "SELECT count(*) FROM generate_series(1, 100000000)")
        session.rollback()
        assert said(raw_connection(session), "SELECT current_user::text") == f"[('{MINE}',)]"
    next_clinics_see_their_own(sessions)


def test_a_session_that_goes_on_after_its_commit_is_the_same_clinic(application: Careless) -> None:
    _, sessions = application
    with bound(sessions) as session:
        for ending in (session.commit, session.rollback, session.commit):
            ending()
            assert (
                said(raw_connection(session), "SELECT name FROM resident WHERE id = 7") == f"[('{OWN} 7',)]"
            )


def test_two_transactions_on_one_connection_kept_by_its_caller(application: Careless) -> None:
    engine, sessions = application
    with engine.connect() as connection:
        for schema in (MINE, OTHER, MINE):
            with bound_to(sessions, connection, schema) as session:
                now = said(raw_connection(session), "SELECT current_user::text")
            assert now == f"[('{schema}',)]"


def bound_to(sessions: sessionmaker[Session], connection: sa.Connection, schema: str) -> Session:
    """A session on a connection that somebody else keeps."""
    session = sessions(bind=connection)
    binding.bind(session, binding.Binding(uuid.uuid4(), schema))
    return session


def test_a_role_that_the_login_gave_itself_counts_for_nothing_in_a_new_connection(
    logins: Logins, admin: Admin
) -> None:
    admin.execute("ALTER ROLE shipa_web SET role = 't_9812'")
    try:
        with closing(logins.connect("web", autocommit=True)) as web:
            assert said(web, "SELECT current_user, session_user") == "[('shipa_web', 'shipa_web')]"
            assert said(web, PROBES[0]).startswith("refused")
    finally:
        admin.execute("ALTER ROLE shipa_web RESET role")


# The gate.


def test_the_gate_opens_within_the_transaction_and_shuts_again(application: Careless) -> None:
    _, sessions = application
    secret = "SELECT password_hash FROM staff_secret"
    with bound(sessions) as session:
        connection = session.connection()
        assert "gate is closed" in _refusal(session, secret)
        with binding.gate_role(session):
            assert connection.exec_driver_sql(secret).scalars().all() == ["CANARY-SECRET"]
            with session.begin_nested():
                connection.exec_driver_sql("UPDATE staff_secret SET password_hash = password_hash")
            assert "permission denied" in _refusal(session, "SELECT * FROM t_9812.staff_secret")
        assert "gate is closed" in _refusal(session, secret)
        with pytest.raises(Exception, match="division"), session.begin_nested(), binding.gate_role(session):
            connection.exec_driver_sql("SELECT 1 / 0")
        assert "gate is closed" in _refusal(session, secret)


def _refusal(session: Session, statement: str) -> str:
    with pytest.raises(psycopg.Error) as caught, session.begin_nested():
        raw_connection(session).execute(statement.encode())
    return str(caught.value)


# The last one: it takes the server down for a moment.


def test_reset_all_crashes_the_server_which_recovers_and_nothing_foreign_was_seen(
    application: Careless, server: OwnServer, logins: Logins
) -> None:
    engine, sessions = application
    with bound(sessions) as session, pytest.raises(sa.exc.OperationalError):
        session.connection().exec_driver_sql(CRASH.statement)
    engine.dispose()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            server.admin().close()
            break
        except psycopg.OperationalError:
            time.sleep(0.2)
    next_clinics_see_their_own(sessions)
