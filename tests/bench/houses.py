"""A database of its own for the figures of kills: commands run in it, and what it holds as checksums."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import signal
import subprocess
import sys
import time
import typing

from psycopg import sql

from tenants.catalogue import catalogue
from tenants.clinic_check import ClinicCheck
from tenants.naming import schema_of
from tests.support.movers import environment, until_gone

if typing.TYPE_CHECKING:
    from tenants.connecting import Connection
    from tenants.extension import Tenants
    from tenants.settings import TenantSettings

_COMMAND = """
import sys
from pathlib import Path
import tenants.trees
if sys.argv[1]:
    tenants.trees.CLINIC = tenants.trees.Tree(Path(sys.argv[1]))
from flask.cli import ScriptInfo
from saas.app import create_app
app = create_app()
print("go", flush=True)
app.cli.main(args=sys.argv[2:], obj=ScriptInfo(create_app=lambda: app), standalone_mode=True)
"""
TIMES = "timestamp with time zone"
Print = dict[str, str]
"""Checksums by what they are of."""


@dataclasses.dataclass
class House:
    """One database with its platform; ``tree`` is the folder of the clinic tree, empty for our own."""

    place: TenantSettings
    tenants: Tenants
    tree: str = ""

    def run(self, *words: str, after: float | None = None) -> float:
        """The command in a process of its own; killed so many seconds after "go". Seconds that it took."""
        child = subprocess.Popen(
            [sys.executable, "-c", _COMMAND, self.tree, *words],
            env=environment(self.tenants) | {"SHIPA_CLINIC_NUMBERS": "1-9999"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert child.stdout is not None
        assert child.stdout.readline() == "go\n"
        began = time.perf_counter()
        if after is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(after)
            child.send_signal(signal.SIGKILL)
        child.stdout.read()
        child.stdout.close()
        code = child.wait()
        seconds = time.perf_counter() - began
        assert after is not None or code == 0, f"{words} ended with {code}"
        until_gone(self.tenants)
        return seconds

    def owner(self) -> Connection:
        """A connection of the owner, in autocommit."""
        return self.tenants.logins.connect("owner", autocommit=True)

    def rows(self, query: str) -> list[tuple[typing.Any, ...]]:
        """What the owner reads."""
        with self.owner() as connection:
            return connection.execute(query.encode()).fetchall()

    def empty(self) -> None:
        """Take every clinic out again."""
        with self.owner() as connection:
            connection.execute("SET client_min_messages = warning")
            there = "SELECT nspname FROM pg_namespace WHERE nspname ~ '^t_'"
            for (schema,) in connection.execute(there).fetchall():
                connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))
                connection.execute("SELECT platform.drop_clinic_roles(%s)", (schema.removeprefix("t_"),))
            connection.execute(
                "TRUNCATE platform.clinic, platform.clinic_revision, platform.migration_run CASCADE"
            )

    def prints(self, left_out: tuple[str, ...] = ()) -> Print:
        """Catalogue and rows of each clinic, and the platform's rows about them.

        Without columns of the types that are left out; of the platform's rows, without times too.
        """
        found: Print = {}
        with self.owner() as connection:
            clinics = connection.execute("SELECT code, number FROM platform.clinic").fetchall()
            for code, number in clinics:
                schema = schema_of(number)
                lines = "\n".join(sorted(catalogue(connection, schema)))
                found[f"{code} catalogue"] = _sum([lines])
                for table in _tables(connection, schema):
                    found[f"{code} {table}"] = _rows_sum(connection, schema, table, left_out)
            for table in ("clinic", "clinic_revision", "operator_act"):
                found[table] = _rows_sum(connection, "platform", table, (*left_out, TIMES))
        return found

    def findings(self) -> list[str]:
        """What `shipa clinics check` would say."""
        with self.owner() as connection:
            checker = ClinicCheck(self.tenants, connection)
            return [one for card in self.tenants.clinics() for one in checker.findings(card)]


def _tables(connection: Connection, schema: str) -> list[str]:
    query = "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'r' ORDER BY 1"
    return [name for (name,) in connection.execute(query, (schema,))]


def _rows_sum(connection: Connection, schema: str, table: str, left_out: tuple[str, ...]) -> str:
    kinds = connection.execute(
        "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute "
        "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attname",
        (f"{schema}.{table}",),
    ).fetchall()
    names = [sql.Identifier(name) for name, kind in kinds if kind not in left_out]
    query = sql.SQL("SELECT ROW({})::text FROM {}").format(
        sql.SQL(", ").join(names), sql.Identifier(schema, table)
    )
    return _sum(sorted(row for (row,) in connection.execute(query)))


def _sum(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
