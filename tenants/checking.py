"""`shipa check`: what would make it unsafe to serve, each with what to do; `serve` refuses on any."""

from __future__ import annotations

import contextlib
import dataclasses
import typing
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

import psycopg
from cryptography.exceptions import InvalidTag

from tenants.clinic_rights import clinic_conditions
from tenants.conditions import Connection
from tenants.connecting import Logins, NotConfigured
from tenants.entering import BindingError, enter, level_of
from tenants.hardening import extension_condition, hardening_conditions
from tenants.keys import Master, MasterKeyError, read_master_key
from tenants.placing import MAIN
from tenants.roles import database_conditions, role_conditions
from tenants.set_user import gate_condition, set_user_conditions

if typing.TYPE_CHECKING:
    import uuid

    from tenants.entering import WebConnection

OLDEST_MINORS = {15: 18, 16: 14, 17: 10, 18: 4}
"""Releases of 2026-05-14, which close CVE-2026-6473 (an unprivileged role writes beyond a buffer),
6474 (``timeofday`` shows the server's memory) and nine more: postgresql.org/about/news/3297.
A newer major version is taken as it is."""

FEWEST_LOCKS = 1024

_PUT_BACK = "Put it back from its backup; without it no resident's number can be read."
_CLINICS = "SELECT nspname::text FROM pg_namespace WHERE nspname ~ '^t_[0-9]{4}$' ORDER BY 1"
_KEYS = "SELECT id, wrapped_data_key, wrapped_hash_key FROM clinic_setting"

_INIT = "Run `shipa init` as superuser."


@dataclass(frozen=True)
class Problem:
    """One reason not to serve: what is wrong, and what to do about it."""

    what: str
    remedy: str
    closes: str = ""
    """A further cell that cannot be reached: its clinics wait, and the others can be served."""

    def __str__(self) -> str:
        """As one line for a terminal."""
        return f"{self.what}. {self.remedy}"


@dataclass(frozen=True)
class _Setting:
    """A server setting, what it must be, and how to bring that about."""

    name: str
    wanted: str
    holds: Callable[[str], bool]
    remedy: str


_SETTINGS = (
    _Setting(
        "synchronous_commit",
        "on",
        lambda value: value in {"on", "remote_apply"},
        "Set it back to on (server, database and role): an answered save may otherwise be lost.",
    ),
    _Setting(
        "fsync",
        "on",
        lambda value: value == "on",
        "Set fsync = on in postgresql.conf: a power cut may otherwise destroy the database.",
    ),
    _Setting(
        "max_locks_per_transaction",
        f"at least {FEWEST_LOCKS}",
        lambda value: int(value) >= FEWEST_LOCKS,
        f"Set max_locks_per_transaction = {FEWEST_LOCKS} in postgresql.conf and restart PostgreSQL:"
        " a dump of all clinics fails otherwise.",
    ),
    _Setting(
        "recovery_init_sync_method",
        "syncfs",
        lambda value: value == "syncfs",
        "Set recovery_init_sync_method = syncfs in postgresql.conf: a crash is otherwise an outage"
        " of minutes.",
    ),
    _Setting(
        "data_checksums",
        "on",
        lambda value: value == "on",
        "Stop PostgreSQL, run pg_checksums --enable, start it: a damaged page is otherwise not seen.",
    ),
)


def check(logins: Logins, *, allow: Collection[str] = ()) -> list[Problem]:
    """All problems of the master key, the three logins of web process and worker and their database.

    ``allow`` names settings that may be otherwise (``"fsync"`` on the throw-away cluster of a test
    run); it is never read from the environment.
    """
    problems = list(_key_problems(logins))
    for cell in logins.cells:
        found = _cell_problems(logins.of(cell), allow, ("web", "gate", "jobs") if cell == MAIN else ("web",))
        if cell == MAIN:
            problems += found
        else:
            problems += [dataclasses.replace(one, what=f"Cell {cell}: {one.what}") for one in found]
    return problems


def _cell_problems(logins: Logins, allow: Collection[str], names: Collection[str]) -> list[Problem]:
    """The problems of one cell's database, seen by these logins."""
    problems: list[Problem] = []
    login = ""
    try:
        for login in names:
            with contextlib.closing(logins.connect(login, autocommit=True)) as connection:
                # The logins' own limit is for a page: over 1,607 clinics, cold, a query takes seconds.
                connection.execute("SET statement_timeout = '5min'")
                if login == "web":
                    problems += _opening_problems(logins, connection)
                problems += _setting_problems(connection, allow, login)
                if login == "web":
                    problems += findings(connection, allow=("*",))
                    problems += _gate_problems(logins, connection)
    except (psycopg.OperationalError, NotConfigured) as error:
        text = str(error).strip().splitlines()[0]
        closes = "" if problems or logins.settings.cell == MAIN else logins.settings.cell
        problems.append(Problem(f"No connection as shipa_{login}: {text}", _INIT, closes))
    return problems


def findings(connection: Connection, *, allow: Collection[str] = ()) -> list[Problem]:
    """All problems of one database, seen by ``shipa_web`` or any other login.

    ``allow`` as in ``check``; ``"*"`` leaves the server's settings out.
    """
    problems = [] if "*" in allow else list(_setting_problems(connection, allow, "the login"))
    problems += _version_problems(connection.info.server_version)
    version, level = connection.info.server_version, level_of(connection)
    conditions = [
        *role_conditions(),
        *database_conditions(connection.info.dbname, version, level),
        *hardening_conditions(),
        *set_user_conditions(level, None),
    ]
    for condition in conditions:
        missing = condition.missing(connection)
        if missing:
            problems.append(Problem(f"Not so: {condition.text} ({_few(missing)})", _INIT))
    problems += _extension_problems(connection)
    for rights in clinic_conditions(version, level):
        missing = rights.missing(connection)
        if missing:
            remedy = "Revoke it, and find out who granted it: `shipa` never does."
            problems.append(Problem(f"Not so: {rights.text} ({_few(missing)})", remedy))
    return problems


def _extension_problems(connection: Connection) -> Iterator[Problem]:
    for name in extension_condition().missing(connection):
        yield Problem(
            f"Extension {name} opens ways to the data that were not reviewed",
            f"Drop it from this database: DROP EXTENSION {name}.",
        )


def level(logins: Logins) -> int:
    """Which level of isolation runs in the logins' database: 2 with set_user, else 1."""
    with contextlib.closing(logins.connect("web", autocommit=True)) as connection:
        return level_of(connection)


def _gate_problems(logins: Logins, connection: Connection) -> Iterator[Problem]:
    """At level 2: the gate must open with the key that this process has."""
    with contextlib.suppress(MasterKeyError):  # told apart
        if level_of(connection) > 1:
            condition = gate_condition(logins.gate_key())
            if condition.missing(connection):
                yield Problem(f"Not so: {condition.text}", _INIT)


def _few(items: list[str]) -> str:
    shown = ", ".join(items[:5])
    return shown if len(items) <= 5 else f"{shown} and {len(items) - 5} more"  # noqa: PLR2004


def _version_problems(version: int) -> Iterator[Problem]:
    major, minor = divmod(version, 10000)
    oldest = OLDEST_MINORS.get(major, 0)
    if major < min(OLDEST_MINORS):
        yield Problem(f"PostgreSQL {major} is too old", "Use PostgreSQL 15 or newer.")
    elif minor < oldest:
        yield Problem(
            f"PostgreSQL {major}.{minor} has known holes that reach across clinics",
            f"Update it to {major}.{oldest} or newer.",
        )


def _setting_problems(connection: Connection, allow: Collection[str], login: str) -> Iterator[Problem]:
    rows = connection.execute(
        "SELECT name, setting, enumvals FROM pg_settings WHERE name = ANY (%s)",
        [[setting.name for setting in _SETTINGS]],
    )
    values = {name: (value, choices) for name, value, choices in rows}
    for setting in _SETTINGS:
        if setting.name in allow or setting.name not in values:
            continue
        value, choices = values[setting.name]
        # Only Linux knows syncfs.
        impossible = choices is not None and setting.wanted not in choices
        if not impossible and not setting.holds(value):
            what = f"{setting.name} is {value} for {login}, not {setting.wanted}"
            yield Problem(what, setting.remedy)


def _key_problems(logins: Logins) -> Iterator[Problem]:
    try:
        read_master_key(logins.settings.master_key_file)
    except MasterKeyError as error:
        yield Problem(
            f"The master key cannot be used: {error}",
            _PUT_BACK,
        )


def _opening_problems(logins: Logins, connection: Connection) -> Iterator[Problem]:
    """A key of another house is well-formed: the keys of the first clinic that can be read must open.

    Each clinic's are opened by `shipa clinics check`; before there is a clinic, any key will do.
    """
    file = logins.settings.master_key_file
    for (schema,) in connection.execute(_CLINICS).fetchall():
        try:
            for row in _keys_of(logins, schema):
                Master(file).unwrap(*row)
                return
        except (InvalidTag, ValueError):
            yield Problem(f"The master key {file} does not open the clinics' keys", _PUT_BACK)
            return
        except MasterKeyError:  # told apart
            return
        except (psycopg.DatabaseError, BindingError):  # rights and tables are looked at apart
            continue


def _keys_of(logins: Logins, schema: str) -> list[tuple[uuid.UUID, bytes, bytes]]:
    """A clinic's own id and wrapped keys, read as the web reads them."""
    with contextlib.closing(logins.connect("web", autocommit=True)) as connection:
        enter(typing.cast("WebConnection", connection), schema)
        return connection.execute(_KEYS).fetchall()
