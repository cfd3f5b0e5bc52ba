"""One embedded PostgreSQL per test run, shared by all workers; databases are cloned in it."""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import functools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from tenants.connecting import Logins
from tenants.embedded import EmbeddedServer
from tenants.initialising import initialise
from tenants.placing import MAIN, Cell
from tenants.settings import TenantSettings

# Not pytest's own temporary folder: that one is closed to the account that runs the server for root.
_HOME = Path(tempfile.gettempdir())
_PREFIX = f"shipa-tests-{os.getuid()}-"


@dataclass(frozen=True)
class Cluster:
    """A running throw-away server; nothing in it survives the run, or a crash."""

    server: EmbeddedServer

    def settings(
        self, database: str, clinic_numbers: tuple[int, int] = (1, 9999), cells: Sequence[str] = ()
    ) -> TenantSettings:
        """Settings of one of its databases; all share one master key, so clones open their keys.

        ``cells`` names further cells; their databases have the database's name with theirs behind it.
        """
        return TenantSettings(
            data=self.server.data,
            master_key_file=self.server.data / "keys" / "master.key",
            database=database,
            clinic_numbers=clinic_numbers,
            embedded_fast=True,
            cells=(Cell(MAIN), *(Cell(name) for name in cells)),
        )

    def admin(self, database: str = "postgres") -> psycopg.Connection:
        """A superuser's connection in autocommit; the caller closes it."""
        return psycopg.connect(self.server.conninfo("admin", database), autocommit=True)

    def template(self, name: str, build: Callable[[TenantSettings], None], cells: Sequence[str] = ()) -> str:
        """Make a template database once per run: ``initialise``, then ``build``.

        ``build`` must close its connections. The worker that comes first builds, the others wait.
        """
        with _alone(self.server.data / f"template-{name}.lock"), self.admin() as admin:
            found = admin.execute(
                "SELECT datistemplate FROM pg_database WHERE datname = %s", [name]
            ).fetchone()
            if found is None or not found[0]:
                settings = self.settings(name, cells=cells)
                self._initialise(settings, drop=True)
                build(settings)
                for database in reversed(_databases(settings)):
                    admin.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE true").format(_id(database)))
        return name

    def _initialise(self, settings: TenantSettings, *, drop: bool = False) -> None:
        """`shipa init` of every cell."""
        for cell in settings.cell_names:
            if drop:
                self.drop(settings.of_cell(cell).database)
            initialise(Logins(settings).of(cell))

    def clone(
        self,
        template: str,
        name: str,
        clinic_numbers: tuple[int, int] = (1, 9999),
        cells: Sequence[str] = (),
    ) -> TenantSettings:
        """A fresh copy of the template, also in what belongs to a database and is not copied."""
        settings = self.settings(name, clinic_numbers, cells)
        with self.admin() as admin:
            copies = zip(_databases(settings), _databases(self.settings(template, cells=cells)), strict=True)
            for copy, original in copies:
                self.drop(copy)
                create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
                admin.execute(create.format(_id(copy), _id(original)))
        self._initialise(settings)
        return settings

    def drop(self, name: str) -> None:
        """Remove a database and end its connections; nothing happens when there is none."""
        with self.admin() as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(_id(name)))


@functools.cache
def cluster() -> Cluster:
    """The run's server, started by the first worker and stopped by the last."""
    _sweep()
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"pid{os.getpid()}")
    folder = _HOME / f"{_PREFIX}{run[:16]}"
    server = EmbeddedServer(folder, fast=True)
    server.ensure_running()
    atexit.register(release, server)
    return Cluster(server)


@contextlib.contextmanager
def private_cluster() -> Iterator[Cluster]:
    """A server of a test module's own, for what changes roles: they belong to the whole server."""
    server = EmbeddedServer(_HOME / f"{_PREFIX}own-{os.getpid()}", fast=True)
    server.ensure_running()
    try:
        yield Cluster(server)
    finally:
        release(server)


def release(server: EmbeddedServer) -> None:
    """Stop the server and remove its folder, unless another worker still uses it."""
    if server.stop():
        shutil.rmtree(server.data, ignore_errors=True)


def _sweep() -> None:
    """Remove what killed runs left: folders of ours that nobody uses any more."""
    for folder in _HOME.glob(f"{_PREFIX}*"):
        if folder.is_dir() and folder.stat().st_uid == os.getuid():
            with contextlib.suppress(OSError):
                _remove_unused(folder)


def _remove_unused(folder: Path) -> None:
    server = EmbeddedServer(folder, fast=True)
    # A folder without its cluster is one that another worker is just making.
    if server.status().made and server.stop():
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("ab") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield


def _databases(settings: TenantSettings) -> list[str]:
    """The databases of all cells, the main one first."""
    return [settings.of_cell(cell).database for cell in settings.cell_names]


def _id(name: str) -> sql.Identifier:
    return sql.Identifier(name)
