"""`shipa init`: logins, database, schemas and hardening, made or checked; safe to repeat."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
from collections.abc import Iterable, Iterator

from psycopg import sql
from psycopg.abc import ConnDict
from psycopg.conninfo import conninfo_to_dict

from tenants.agg_schema import AGG, REGION
from tenants.conditions import Condition, Connection
from tenants.connecting import Logins
from tenants.hardening import hardening_conditions
from tenants.jobs_schema import JOBS
from tenants.keys import MasterKeyError
from tenants.operator_rights import OPERATOR
from tenants.roles import GATE, OWNER, WEB, database_conditions, role_conditions
from tenants.set_user import advice, gate_condition, level_to_make, set_user_conditions

OLDEST_VERSION = 150000
BUILTIN_LOCALE_SINCE = 170000
_ONE_AT_A_TIME = 7_305_804_402_562_400_000
"""Advisory lock in the maintenance database: two `shipa init` at once take turns."""

_ROLE_OF = {
    "owner": OWNER,
    "web": WEB,
    "gate": GATE,
    "jobs": JOBS,
    "agg": AGG,
    "region": REGION,
    "operator": OPERATOR,
}


class InitialisingError(Exception):
    """The server or the addresses do not allow what `shipa init` must do; the text says why."""


def initialise(logins: Logins) -> list[str]:
    """Bring the server and the database of the logins into shape, as superuser.

    Returns what was changed, in words; an empty list when everything held already. Each database
    is done in one transaction. Raises ``InitialisingError``.
    """
    wanted = {login: conninfo_to_dict(logins.conninfo(login)) for login in _ROLE_OF if logins.has(login)}
    database = _checked_database(logins, wanted)
    maintenance = "postgres" if logins.settings.embedded else None
    with contextlib.closing(logins.connect("admin", database=maintenance, autocommit=True)) as server:
        _check_server(server)
        with _alone(server):
            with server.transaction():
                changes = _establish(server, role_conditions())
                changes += _set_passwords(server, wanted)
            changes += _make_database(server, database)
            with contextlib.closing(logins.connect("admin", database=database)) as inside:
                changes += _shape(inside, database, _gate_key(logins))
    return changes


def _shape(inside: Connection, database: str, gate_key: str | None) -> list[str]:
    """All that belongs to the database, at the level of isolation that the server allows."""
    with inside.transaction():
        level = level_to_make(inside)
        changes = _establish(inside, database_conditions(database, inside.info.server_version, level))
        changes += _establish(inside, hardening_conditions())
        return changes + _establish(inside, set_user_conditions(level, gate_key))


def open_gate_with_key(logins: Logins) -> list[str]:
    """After the master key is made: the gate of level 2 gets its key. Raises ``MasterKeyError``."""
    # All within it: a query before would make it a savepoint of a transaction that nobody commits.
    with (
        contextlib.closing(logins.connect("admin", database=_database_of(logins))) as inside,
        inside.transaction(),
    ):
        level = level_to_make(inside)
        return _establish(inside, [gate_condition(logins.gate_key())] if level > 1 else [])


def advise(logins: Logins) -> list[str]:
    """What the superuser may do for level 2, in words."""
    with contextlib.closing(logins.connect("admin", database=_database_of(logins))) as inside:
        return advice(inside)


def _database_of(logins: Logins) -> str:
    return str(conninfo_to_dict(logins.conninfo("owner")).get("dbname", ""))


def _gate_key(logins: Logins) -> str | None:
    try:
        return logins.gate_key()
    except MasterKeyError:
        return None  # none yet; whoever makes it also gives it to the gate


def _checked_database(logins: Logins, wanted: dict[str, ConnDict]) -> str:
    """The one database of the addresses, whose users must be the roles made here."""
    for login, parts in wanted.items():
        if parts.get("user") != _ROLE_OF[login]:
            raise InitialisingError(f"{logins.settings.variable(login)} must sign in as {_ROLE_OF[login]}.")
    databases = {str(parts.get("dbname", "")) for parts in wanted.values()}
    if len(databases) != 1 or not all(databases):
        raise InitialisingError("The addresses must name the same database.")
    return databases.pop()


def _check_server(server: Connection) -> None:
    if server.info.server_version < OLDEST_VERSION:
        raise InitialisingError("PostgreSQL 15 or newer is needed.")
    row = server.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    if row is None or not row[0]:
        raise InitialisingError(
            "SHIPA_ADMIN_URL must sign in as a superuser: only one may take rights on PostgreSQL's"
            " own functions from PUBLIC."
        )


@contextlib.contextmanager
def _alone(server: Connection) -> Iterator[None]:
    server.execute("SELECT pg_advisory_lock(%s)", [_ONE_AT_A_TIME])
    try:
        yield
    finally:
        server.execute("SELECT pg_advisory_unlock(%s)", [_ONE_AT_A_TIME])


def _establish(connection: Connection, conditions: Iterable[Condition]) -> list[str]:
    return [condition.text for condition in conditions if condition.establish(connection)]


def _make_database(server: Connection, name: str) -> list[str]:
    """UTF-8 with code point order and full case mapping: sort keys are computed columns anyway.

    pg_trgm asks the C library, whatever the provider: with LC_CTYPE C it sees no letter in Uyghur
    or Chinese text, its indexes are empty, and every search by name reads the whole table.
    """
    found = server.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone()
    if found is not None:
        return []
    builtin = server.info.server_version >= BUILTIN_LOCALE_SINCE
    locale = "LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"
    if builtin:
        locale += " LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
    create = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' ")
    server.execute(create.format(sql.Identifier(name)) + sql.SQL(locale))
    return [f"database {name}"]


def _set_passwords(server: Connection, wanted: dict[str, ConnDict]) -> list[str]:
    """Give each login the password of its address; the server gets only the verifier to see."""
    changes = []
    for login, parts in wanted.items():
        role = _ROLE_OF[login]
        password = str(parts.get("password") or "")
        row = server.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", [role])
        stored = (row.fetchone() or [None])[0]
        if not password or (stored and _verifies(password, stored)):
            continue
        verifier = server.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
        change = sql.SQL("ALTER ROLE {} PASSWORD {}")
        server.execute(change.format(sql.Identifier(role), sql.Literal(verifier.decode())))
        changes.append(f"password of {role}")
    return changes


def _verifies(password: str, stored: str) -> bool:
    """Whether a stored SCRAM-SHA-256 verifier (RFC 5803) is that of an ASCII password."""
    try:
        _, salting, keys = stored.split("$")
        iterations, salt = salting.split(":")
        salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(salt), int(iterations))
        client = hmac.digest(salted, b"Client Key", "sha256")
        key = base64.b64decode(keys.split(":")[0])
    except ValueError:
        return False
    return hmac.compare_digest(hashlib.sha256(client).digest(), key)
