"""Level 2: how a clinic is entered and left, what stays open, and the gate that needs no role."""

from __future__ import annotations

import contextlib
import itertools
import time
import typing
import uuid
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from tenants import binding
from tenants.level_two import CRASH, OPEN_AT_LEVEL_TWO
from tests.support.holes import (
    MINE,
    OTHER,
    OWN,
    bound,
    careless_application,
    raw_connection,
)
from tests.support.matrix import next_clinics_see_their_own
from tests.support.set_user import own_server
from tests.support.whole import PROBES, attacked, said

if typing.TYPE_CHECKING:
    from sqlalchemy.orm import Session, sessionmaker

    from tenants.connecting import Logins
    from tenants.level_one import StaysOpen
    from tests.support.holes import Careless
    from tests.support.set_user import OwnServer
    from tests.support.whole import Admin

README = Path(__file__).parents[3] / "README.md"


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


def test_reset_all_crashes_the_server_which_recovers_and_nothing_foreign_was_seen(worker_id: str) -> None:
    """On a server of its own: every connection of it ends."""
    server = own_server(purpose="to crash")
    engine, sessions = careless_application(attacked(server, f"crashed_{worker_id}"))
    with bound(sessions) as session, pytest.raises(sa.exc.OperationalError):
        session.connection().exec_driver_sql(CRASH.statement)
    engine.dispose()
    assert _back(server)
    next_clinics_see_their_own(sessions)
    engine.dispose()


def _back(server: OwnServer) -> bool:
    """Wait until it takes connections again."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(psycopg.OperationalError):
            server.admin().close()
            return True
        time.sleep(0.2)
    return False
