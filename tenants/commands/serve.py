"""``shipa serve``: the checks, then gunicorn in place of this process."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
import typing
import urllib.parse
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from tenants.commands.base import cannot_begin, caretaker, stop
from tenants.commands.check import show_findings
from tenants.migrating import behind_in_cells, platform_pending
from tenants.placing import MAIN

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from tenants.extension import Tenants

ROOT = Path(__file__).resolve().parent.parent.parent
WORKERS, THREADS = 2, 2
"""For two cores: threads of a process wait for each other's Python, more of them only in a longer queue."""
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of a name nobody can guess is made in it
KEPT_FROM_THE_WEB = ("SHIPA_ADMIN_URL", "SHIPA_OWNER_URL")
"""Addresses that no web process may have: it could become any clinic, or change any."""


def kept_from_the_web(cells: Sequence[str]) -> set[str]:
    """The names of the variables with the addresses of superuser and owner, in every cell."""
    further = {
        f"SHIPA_{cell.upper()}_{login}_URL" for cell in cells if cell != MAIN for login in ("ADMIN", "OWNER")
    }
    return {*KEPT_FROM_THE_WEB, *further}


@click.command("serve")
@click.option("--bind", metavar="HOST:PORT", help="Default: this machine, the port of SHIPA_URL.")
@click.option("--workers", type=click.IntRange(1, 8), default=WORKERS, show_default=True)
@click.option("--threads", type=click.IntRange(1, 16), default=THREADS, show_default=True)
@click.option("--worker", is_flag=True, help="Also begin `shipa worker`, which ends with the server.")
@click.option(
    "--watch-bind",
    metavar="HOST:PORT",
    envvar="SHIPA_WATCH_BIND",
    help="A loopback address of its own for /healthz, /readyz and /metrics.",
)
@with_appcontext
def serve(
    bind: str | None, workers: int, threads: int, *, worker: bool = False, watch_bind: str | None = None
) -> None:
    """Check the database, then serve the application with gunicorn."""
    tenants = caretaker()
    bind = bind or _default_bind()
    _refuse_open_bind(bind)
    _refuse_open_watch(watch_bind)
    with cannot_begin():
        if show_findings(tenants):
            stop("not serving: put right what is named above")
        _refuse_pending(tenants)
        if tenants.settings.embedded:
            _hold_server(tenants)
    arguments = gunicorn_arguments(bind, workers, threads, watch_bind)
    environment = {k: v for k, v in os.environ.items() if k not in kept_from_the_web(tenants.logins.cells)}
    click.echo(f"serving {_url()}", err=True)
    os.chdir(ROOT)
    if worker:
        _begin_worker(environment)
    environment["PROMETHEUS_MULTIPROC_DIR"] = str(empty_figures(tenants.settings.data, bind))
    environment["SHIPA_WATCH_BIND"] = watch_bind or ""
    os.execve(sys.executable, arguments, environment)  # noqa: S606 - no shell, our own words


def gunicorn_arguments(bind: str, workers: int, threads: int, watch_bind: str | None = None) -> list[str]:
    """The command line of gunicorn; workers are replaced now and then, not all at once.

    No line is kept open for a browser's next request, which could only go to the process that keeps it,
    busy or killed; keeping lines is the proxy's work.
    """
    return [
        sys.executable,
        *("-m", "gunicorn", "wsgi:app"),
        *("--config", "python:tenants.gunicorn_hooks"),
        *("--bind", bind),
        *(("--bind", watch_bind) if watch_bind else ()),
        *("--worker-class", "gthread"),
        *("--workers", str(workers)),
        *("--threads", str(threads)),
        *("--keep-alive", "0"),
        *("--max-requests", "5000"),
        *("--max-requests-jitter", "1000"),
        "--no-control-socket",
    ]


def empty_figures(data: Path, bind: str) -> Path:
    """The folder in which the web processes of this address add up their figures; they begin at nothing.

    It is in memory where that can be, and the data folder leads to it: the library writes through a mapping
    of the file, and on a full disk that is no error but the process's end (SIGBUS), again and again.
    """
    link = data / "figures" / re.sub(r"[^A-Za-z0-9.]", "-", bind)
    link.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if os.access(MEMORY, os.W_OK) and not _is_own_folder(link):
        if link.is_symlink():
            link.unlink()
        elif link.exists():
            shutil.rmtree(link)
        link.symlink_to(tempfile.mkdtemp(prefix="shipa-figures-", dir=MEMORY))
    link.mkdir(exist_ok=True, mode=0o700)
    for left in link.glob("*.db"):
        left.unlink(missing_ok=True)
    return link


def _is_own_folder(link: Path) -> bool:
    """Whether the link still leads to a folder in memory that nobody else made or may write."""
    if not link.is_symlink() or not link.is_dir():
        return False
    found = link.stat()
    return found.st_uid == os.getuid() and not found.st_mode & 0o077


def _begin_worker(environment: dict[str, str]) -> None:
    """A child of this process, which becomes gunicorn's; it goes when that one goes."""
    command = [sys.executable, sys.argv[0], "worker", "--with-parent", "--unchecked"]
    subprocess.Popen(command, env=environment)


def _refuse_pending(tenants: Tenants) -> None:
    """The running release must find the tables it was written for."""
    if tenants.settings.owner_url is None and not tenants.settings.embedded:
        return
    with tenants.logins.connect("owner", autocommit=True) as connection:
        try:
            pending = platform_pending(connection)
        except LookupError:
            # After a roll-back: the schema only grew, and this release finds all that it was written for.
            click.echo("shipa: the database is of a newer release; serving", err=True)
            return
        if pending:
            stop("not serving: the platform is not at the newest revision; run `shipa migrate`")
        late, _ = behind_in_cells(tenants.logins, connection)
    if late:
        click.echo(f"shipa: {len(late)} clinics are behind; run `shipa migrate`", err=True)


def _hold_server(tenants: Tenants) -> None:
    """Count as a user of the embedded server for as long as gunicorn runs, workers or not."""
    server = tenants.logins.server()
    server.ensure_running()
    users = os.open(server.layout.users_lock, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(users, fcntl.LOCK_SH)
    os.set_inheritable(users, True)  # noqa: FBT003 - its name says what is true


def _refuse_open_bind(bind: str) -> None:
    """Without https a password would cross the network in clear; a socket file is on this machine."""
    host = bind.rpartition(":")[0].strip("[]")
    if _url().startswith("http://") and host not in LOOPBACK and not bind.startswith("unix:"):
        stop(f"not serving: SHIPA_URL is http://, so --bind must be a loopback address, not {bind}")


def _refuse_open_watch(bind: str | None) -> None:
    """Whoever reaches this address is told everything: so only this machine does."""
    if bind and bind.rpartition(":")[0].strip("[]") not in LOOPBACK:
        stop(f"not serving: --watch-bind must be a loopback address, not {bind}; others ask with a token")


def _url() -> str:
    url: str = current_app.extensions["settings"].url
    return url


def _default_bind() -> str:
    """The loopback address with the port that people type; behind a proxy (https) port 8000."""
    parts = urllib.parse.urlsplit(_url())
    port = parts.port if parts.scheme == "http" else None
    return f"127.0.0.1:{port or (80 if parts.scheme == 'http' else 8000)}"
