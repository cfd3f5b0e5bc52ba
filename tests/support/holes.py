"""Deliberately vulnerable statements, and the ways a careless programmer could send them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

import psycopg
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from saas import wire
from saas.db import driver_of
from tenants.binding import Binding, bind, driver_connection, guard
from tenants.connecting import Logins
from tenants.pool import engine_options
from tenants.settings import TenantSettings
from tests.support.postgres import Cluster

MINE, OTHER = "t_9811", "t_9812"
"""The attacker's clinic and the one that must not show: roles outside every other test's range."""

CANARY = "CANARY-OTHER"
OWN = "Own Resident"

SCHEMA = """
CREATE SCHEMA {schema};
CREATE TABLE {schema}.resident (id int PRIMARY KEY, name text);
CREATE TABLE {schema}.staff_secret (id int PRIMARY KEY, password_hash text);
INSERT INTO {schema}.resident SELECT n, '{name} ' || n FROM generate_series(1, 20) AS n;
INSERT INTO {schema}.staff_secret VALUES (1, 'CANARY-SECRET');
GRANT USAGE ON SCHEMA {schema} TO {schema}, {schema}_gate;
GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.resident TO {schema};
GRANT SELECT, INSERT, UPDATE ON {schema}.staff_secret TO {schema}_gate;
ANALYZE {schema}.resident;
"""


@dataclass(frozen=True)
class Hole:
    """A statement of the application with the attacker's text in it."""

    name: str
    statement: str
    inside: str
    """What the attacker types to have ``{}``, a query of one text column, run inside."""

    stacked: str
    """What he types to have ``{}``, statements of his own, run after it."""


HOLES = (
    Hole(
        "quoted",
        "SELECT name FROM resident WHERE name = '{}'",
        "' UNION ALL ({}) -- ",
        "'; {}; -- ",
    ),
    Hole(
        "like",
        "SELECT name FROM resident WHERE name LIKE '%{}%' ORDER BY name",
        "x' UNION ALL ({}) -- ",
        "x'; {}; -- ",
    ),
    Hole(
        "number",
        "SELECT name FROM resident WHERE id = {}",
        "-1 UNION ALL ({})",
        "-1; {}",
    ),
    Hole(
        "order",
        "SELECT name FROM resident ORDER BY {}",
        "(SELECT string_agg(t, ',') FROM ({}) AS q (t))",
        "name; {}",
    ),
)


@dataclass(frozen=True)
class Sending:
    """One way to send it; the answer's cells and any error come back as one text."""

    name: str
    send: Callable[[sa.Connection, str], str]


def _text(result: sa.CursorResult[tuple[object, ...]]) -> str:
    return repr(result.fetchall()) if result.returns_rows else ""


def _without(connection: sa.Connection, statement: str) -> str:
    bare = connection.execution_options(no_parameters=True)
    return _text(bare.exec_driver_sql(statement))


def _empty(connection: sa.Connection, statement: str) -> str:
    # The driver reads % in a statement with parameters, so an attacker doubles it.
    return _text(connection.exec_driver_sql(statement.replace("%", "%%"), ()))


def _real(connection: sa.Connection, statement: str) -> str:
    """With a parameter of the programmer's, in front of the hole."""
    doubled = statement.replace("%", "%%").replace("SELECT name", "SELECT %(p)s::text || name", 1)
    return _text(connection.exec_driver_sql(doubled, {"p": ""}))


def _bound_text(connection: sa.Connection, statement: str) -> str:
    """Through SQLAlchemy's ``text``, which reads colons."""
    return _text(connection.execute(sa.text(statement.replace(":", "\\:"))))


def _streamed(connection: sa.Connection, statement: str) -> str:
    """By a cursor of the server."""
    streaming = connection.execution_options(stream_results=True, no_parameters=True)
    with streaming.exec_driver_sql(statement) as result:
        return _text(result)


def _copied(connection: sa.Connection, statement: str) -> str:
    raw = connection.connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    with raw.cursor() as cursor, cursor.copy(f"COPY ({statement}\n) TO STDOUT".encode()) as copy:
        return "".join(repr(bytes(block)) for block in copy)


def _fixed(connection: sa.Connection, statement: str) -> str:
    """As the product sends its fixed statements, without a value."""
    return repr(wire.answers(driver_of(connection), [wire.Order(statement.encode(), ())]))


def _in_one_round(connection: sa.Connection, statement: str) -> str:
    """Two of them, the second with a value of the programmer's."""
    told = statement.replace("SELECT name", "SELECT $1::text || name", 1)
    orders = [wire.Order(b"SELECT 1", ()), wire.Order(told.encode(), [""])]
    return repr(wire.answers(driver_of(connection), orders))


SENDINGS = (
    Sending("without parameters", _without),
    Sending("empty parameters", _empty),
    Sending("real parameters", _real),
    Sending("text()", _bound_text),
    Sending("streamed", _streamed),
    Sending("copied", _copied),
    Sending("fixed", _fixed),
    Sending("in one round", _in_one_round),
)


Careless = tuple[sa.Engine, sessionmaker[Session]]
"""The engine of an application and where its sessions come from."""


def careless_application(logins: Logins) -> Careless:
    """The real engine and binding of the web process, below careless code."""
    engine = sa.create_engine("postgresql+psycopg://", **engine_options(logins, "web"))
    sessions = sessionmaker(engine)
    guard(sessions)
    return engine, sessions


@dataclass(frozen=True)
class Outcome:
    """What an attacker gets to see: rows and error messages, of his text and of the next statement."""

    refused: bool
    seen: str


def run(session: Session, sending: Sending, statement: str) -> Outcome:
    """Send it, then what the application would ask next."""
    seen = []
    refused = []
    connection = session.connection()
    for text, way in ((statement, sending), ("SELECT name FROM resident", SENDINGS[0])):
        try:
            seen.append(way.send(connection, text))
            refused.append(False)
        except (sa.exc.DBAPIError, psycopg.Error) as error:
            seen.append(str(getattr(error, "orig", error)))
            refused.append(True)
    return Outcome(refused[0], "\n".join(seen))


def bound(sessions: sessionmaker[Session], schema: str = MINE) -> Session:
    """A session of one clinic, its transaction open."""
    session = sessions()
    bind(session, Binding(uuid.uuid5(uuid.NAMESPACE_OID, schema), schema))
    session.connection()
    return session


def raw_connection(session: Session) -> psycopg.Connection[object]:
    """The driver's connection under a session."""
    return driver_connection(session.connection())


def two_clinics(settings: TenantSettings) -> None:
    """The attacker's clinic and the other one, in a database that was initialised."""
    with closing(Logins(settings).connect("owner", autocommit=True)) as owner:
        for schema, name in ((MINE, OWN), (OTHER, CANARY)):
            owner.execute("SELECT platform.make_clinic_roles(%s)", [schema[2:]])
            owner.execute(SCHEMA.format(schema=schema, name=name).encode())
        owner.execute("CREATE TABLE platform.clinic AS SELECT 'CANARY-CODE' AS code")
        owner.execute("CREATE TABLE platform.web_session AS SELECT 'CANARY-TOKEN' AS token_hash")


def attacked_database(server: Cluster, worker: str, kind: str) -> Logins:
    """A fresh database with the two clinics; ``kind`` and ``worker`` name it."""
    template = server.template("attack_template", two_clinics)
    return Logins(server.clone(template, f"attack_{kind}_{worker}"))
