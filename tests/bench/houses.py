"""A database of its own for the figures of kills: commands run in it, and what it holds as checksums."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import json
import os
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
    from collections.abc import Mapping

    from tenants.connecting import Connection
    from tenants.extension import Tenants
    from tenants.settings import TenantSettings

_NURSERY = """
import json, os, sys
from pathlib import Path
from flask.cli import ScriptInfo
from saas.app import create_app
from tenants.trees import CLINIC
app = create_app()
nowhere = os.open(os.devnull, os.O_RDWR)
for line in sys.stdin:
    tree, typed, *words = json.loads(line)
    child = os.fork()
    if not child:
        if tree:
            object.__setattr__(CLINIC, "folder", Path(tree))
        print("go", os.getpid(), flush=True)
        inner, outer = os.pipe()
        os.write(outer, typed.encode())
        os.close(outer)
        os.dup2(inner, 0)
        for number in (1, 2):
            os.dup2(nowhere, number)
        try:
            app.cli.main(args=words, obj=ScriptInfo(create_app=lambda: app))
        except SystemExit as end:
            os._exit(end.code or 0)
        os._exit(1)
    print("ended", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
TIMES = "timestamp with time zone"
Print = dict[str, str]
"""Checksums by what they are of."""


class Nursery:
    """A process that has read the program and forks one for each command; no kill meets the reading."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _NURSERY],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, tree: str = "", typed: str = "", after: float | None = None) -> float:
        """The command in a process of its own, killed so many seconds after it began; what it took.

        ``tree`` is the folder of the clinic tree, empty for our own; ``typed`` is its standard input.
        """
        inner, outer = self._process.stdin, self._process.stdout
        assert inner is not None
        assert outer is not None
        inner.write(f"{json.dumps([tree, typed, *words])}\n")
        inner.flush()
        said, pid = outer.readline().split()
        assert said == "go"
        began = time.perf_counter()
        if after is not None:
            time.sleep(after)
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
        said, code = outer.readline().split()
        seconds = time.perf_counter() - began
        assert said == "ended"
        assert after is not None or code == "0", f"{words} ended with {code}"
        return seconds

    def end(self) -> None:
        """No more commands."""
        self._process.communicate()


@dataclasses.dataclass
class House:
    """One database with its platform; ``tree`` is the folder of the clinic tree, empty for our own."""

    place: TenantSettings
    tenants: Tenants
    tree: str = ""

    @functools.cached_property
    def nursery(self) -> Nursery:
        """Runs the commands."""
        return Nursery(environment(self.tenants) | {"SHIPA_CLINIC_NUMBERS": "1-9999"})

    def run(self, *words: str, after: float | None = None) -> float:
        """A command of this house, killed or not; seconds that it took."""
        seconds = self.nursery.run(*words, tree=self.tree, after=after)
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
