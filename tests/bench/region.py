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
from typing import TYPE_CHECKING

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
BLOCK = 101
"""Clinics; sixteen blocks make the roster."""

if TYPE_CHECKING:
    from collections.abc import Iterator

# Not /tmp, which may be memory: the figures are about a disk.
HOME = Path("/var/tmp")  # noqa: S108


@dataclasses.dataclass(frozen=True)
class Region:
    """The application over 1,607 clinics; seconds of the import and of the bare script, by block."""

    app: Flask
    tenants: Tenants
    report: Report
    import_seconds: list[float]
    bare_seconds: list[float]
    checkpoint_seconds: float

    @property
    def bare(self) -> Logins:
        """The logins of the bare script's database."""
        return Logins(dataclasses.replace(self.tenants.settings, database="bare"))


@functools.cache
def region() -> Region:
    """Make the region and the bare schemas in turns, a block of clinics each.

    In turns, because a machine that others use too is slow for minutes at a time.
    """
    app, tenants = platform()
    bare = Logins(dataclasses.replace(tenants.settings, database="bare"))
    initialise(bare)
    ours: list[float] = []
    theirs: list[float] = []
    report = Report()
    for turn, (roster, sites, numbers) in enumerate(blocks(tenants.settings.data)):
        if turn % 4 in {1, 2}:
            ours.append(_import(tenants, roster, sites, report))
            theirs.append(run_bare(bare, numbers))
        else:
            theirs.append(run_bare(bare, numbers))
            ours.append(_import(tenants, roster, sites, report))
    return Region(app, tenants, report, ours, theirs, checkpoint(tenants))


def platform(name: str = "", *, fast: bool = False) -> tuple[Flask, Tenants]:
    """The application over a server of its own without clinics, removed at the end of the run."""
    folder = HOME / f"shipa-bench-{name}{os.getpid()}"
    settings = TenantSettings(data=folder, master_key_file=folder / "keys" / "master.key", embedded_fast=fast)
    app = create_app(Settings(), settings)
    tenants: Tenants = app.extensions["building"]
    atexit.register(remove, tenants, folder)
    make_ready(tenants)
    return app, tenants


@functools.cache
def imported(name: str, clinics: int, *, fast: bool = False) -> Tenants:
    """The first clinics of the roster, on a server of their own."""
    _, tenants = platform(name, fast=fast)
    for roster, sites, _ in blocks(tenants.settings.data, clinics):
        Import(roster, sites).run(tenants, jobs=JOBS)
    return tenants


def _import(tenants: Tenants, roster: Path, sites: Path, report: Report) -> float:
    began = time.perf_counter()
    done = Import(roster, sites).run(tenants, jobs=JOBS)
    report.clinics.add(done.clinics)
    report.sites.add(done.sites)
    report.faults += done.faults
    return time.perf_counter() - began


def blocks(folder: Path, clinics: int | None = None) -> Iterator[tuple[Path, Path, range]]:
    """The roster, or its first clinics, in blocks: two files, and the numbers of their clinics."""
    header, *lines = ROSTER.read_text(encoding="utf-8").splitlines(keepends=True)
    site_header, *sites = SITES.read_text(encoding="utf-8").splitlines(keepends=True)
    lines = lines[:clinics]
    for start in range(0, len(lines), BLOCK):
        some = lines[start : start + BLOCK]
        codes = {line.split(",")[0] for line in some}
        theirs = [line for line in sites if line.split(",")[1] in codes]
        paths = folder / f"clinics-{start}.csv", folder / f"sites-{start}.csv"
        paths[0].write_text("".join([header, *some]), encoding="utf-8")
        paths[1].write_text("".join([site_header, *theirs]), encoding="utf-8")
        yield (*paths, range(start + 1, start + 1 + len(some)))


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


def run_bare(logins: Logins, numbers: range) -> float:
    """Make schemas of the same tables and indexes and nothing else; seconds."""
    script = ";\n".join(table_statements(Base.metadata, comments=False))
    began = time.perf_counter()
    threads = [
        threading.Thread(target=_bare, args=(logins, script, numbers[worker::JOBS])) for worker in range(JOBS)
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
