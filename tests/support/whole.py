"""Whole statements of an attacker's own: how he sends them, what he tries, what he asks afterwards."""

from __future__ import annotations

import typing

import psycopg

from tenants.initialising import initialise
from tests.support.holes import bound, raw_connection, two_clinics

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psycopg.pq.abc import PGconn, PGresult
    from sqlalchemy.orm import Session, sessionmaker

    from tenants.connecting import Logins
    from tests.support.set_user import OwnServer

Admin = psycopg.Connection[typing.Any]

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


def attacked(server: OwnServer, name: str) -> Logins:
    """A database of level 2 with the two clinics."""
    logins = server.fresh(name)
    two_clinics(logins.settings)
    initialise(logins)
    return logins


def said(connection: Admin, statement: str) -> str:
    """What a whole statement answers, sent as it is: whoever can do that needs no driver's BEGIN."""
    return _told(connection.pgconn.exec_params(statement.encode(), None), connection.pgconn)


def said_simply(connection: Admin, statement: str) -> str:
    """By the simple protocol, which takes several statements at once."""
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


def driven(connection: Admin, statement: str, parameters: tuple[str, ...] | None) -> str:
    """The same through psycopg, which begins a transaction where there is none."""
    try:
        cursor = connection.execute(statement.encode(), parameters)
        return repr(cursor.fetchall()) if cursor.description else "done"
    except psycopg.Error as error:
        return f"refused: {error}"


WAYS: tuple[Callable[[Admin, str], str], ...] = (
    said,
    said_simply,
    lambda connection, statement: driven(connection, statement, None),
    lambda connection, statement: driven(connection, statement, ()),
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
