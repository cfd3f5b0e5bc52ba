"""The whole region on a durable embedded server on disk: made once a run, shared by the figures."""

from __future__ import annotations

import atexit
import dataclasses
import functools
import os
import shutil
import threading
import time
from pathlib import Path

from flask import Flask
from psycopg import sql

from saas.app import create_app
from saas.config import Settings
from saas.db import Base
from tenants.compiling import table_statements
from tenants.connecting import Logins
from tenants.extension import Tenants
from tenants.importing import Import, Report
from tenants.initialising import initialise
from tenants.naming import schema_of
from tenants.readying import make_ready
from tenants.settings import TenantSettings

DATA = Path(__file__).resolve().parents[2] / "tenants" / "data"
ROSTER, SITES = DATA / "institutions.csv", DATA / "village-clinics.csv"
JOBS = 2

# Not /tmp, which may be memory: the figures are about a disk.
HOME = Path("/var/tmp")  # noqa: S108


@dataclasses.dataclass(frozen=True)
class Region:
    """The application over 1,607 clinics, how long the import took, and the bare script beside it."""

    app: Flask
    tenants: Tenants
    report: Report
    import_seconds: float
    bare_seconds: float
    checkpoint_seconds: float

    @property
    def bare(self) -> Logins:
        """The logins of the bare script's database."""
        return Logins(dataclasses.replace(self.tenants.settings, database="bare"))


@functools.cache
def region() -> Region:
    """Make the bare schemas, then the region, each on a server that has just written its log."""
    folder = HOME / f"shipa-bench-{os.getpid()}"
    settings = TenantSettings(data=folder, master_key_file=folder / "keys" / "master.key")
    app = create_app(Settings(), settings)
    tenants: Tenants = app.extensions["building"]
    atexit.register(remove, tenants, folder)
    make_ready(tenants)
    bare = Logins(dataclasses.replace(settings, database="bare"))
    initialise(bare)
    checkpoint(tenants)
    bare_seconds = run_bare(bare, Import(ROSTER).count)
    checkpoint(tenants)
    began = time.perf_counter()
    report = Import(ROSTER, SITES).run(tenants, jobs=JOBS)
    seconds = time.perf_counter() - began
    return Region(app, tenants, report, seconds, bare_seconds, checkpoint(tenants))


def remove(tenants: Tenants, folder: Path) -> None:
    """Stop the server and remove it."""
    if tenants.logins.server().stop():
        shutil.rmtree(folder, ignore_errors=True)


def checkpoint(tenants: Tenants) -> float:
    """Write everything to the disk; seconds that it took."""
    began = time.perf_counter()
    with tenants.logins.connect("admin", database="postgres", autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    return time.perf_counter() - began


def run_bare(logins: Logins, count: int) -> float:
    """Make as many schemas of the same tables and indexes and nothing else; seconds."""
    script = ";\n".join(table_statements(Base.metadata, comments=False))
    began = time.perf_counter()
    threads = [
        threading.Thread(target=_bare, args=(logins, script, range(1 + worker, count + 1, JOBS)))
        for worker in range(JOBS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began


def _bare(logins: Logins, script: str, numbers: range) -> None:
    with logins.connect("owner", autocommit=True) as connection:
        for number in numbers:
            schema = sql.Identifier(schema_of(number))
            head = sql.SQL("BEGIN; CREATE SCHEMA {0}; SET LOCAL search_path = {0}, ref;\n")
            text = head.format(schema).as_string(connection)
            connection.execute(f"{text}{script};\nCOMMIT")
