"""The PostgreSQL 18 that Shipa brings along, shared by all commands of a clone."""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import make_conninfo

from tenants.embedded_account import EmbeddedError, make_passable
from tenants.embedded_cluster import EmbeddedCluster
from tenants.embedded_files import (
    MARK_TEXT,
    PORT,
    ROLE_OF_LOGIN,
    Layout,
    read_or_make_password,
    write_replacing,
)

__all__ = ["EmbeddedError", "EmbeddedServer", "Endpoint", "ServerStatus"]


@dataclass(frozen=True)
class Endpoint:
    """Where the server listens: a socket folder and a port number (there is no TCP)."""

    host: Path
    port: int


@dataclass(frozen=True)
class ServerStatus:
    """What ``EmbeddedServer.status`` found, without starting anything."""

    made: bool
    running: bool
    pid: int | None
    endpoint: Endpoint


_joined: dict[Path, int] = {}
"""The lock by which this process counts as a user of the server of a data folder."""

_joining = threading.RLock()


class EmbeddedServer:
    """The server of one data folder, shared by all commands and ``serve`` of a clone.

    A process that called ``ensure_running`` counts as a user of the server until it ends or calls
    ``close``; ``stop`` does nothing while another process is one. ``fast`` (tests only) gives up
    durability.
    """

    def __init__(self, data: Path, *, fast: bool = False) -> None:
        self.data = data.expanduser().resolve()
        self.fast = fast
        self.layout = Layout(self.data)
        self._cluster = EmbeddedCluster(self.layout, fast=fast)

    @property
    def endpoint(self) -> Endpoint:
        """Where the server listens when it runs."""
        return Endpoint(self._cluster.sockets, PORT)

    @property
    def binaries(self) -> Path:
        """The folder whose ``bin`` holds the server's programs (``pg_dump`` among them)."""
        return self._cluster.binaries

    def ensure_running(self) -> Endpoint:
        """Make and start the server when needed, and count as its user from now on.

        Quick when it runs (no process, no sign-in). Raises ``EmbeddedError``.
        """
        with _joining:
            self._make_folders()
            if self.data not in _joined:
                _joined[self.data] = _join(self.layout.users_lock)
            if not self._cluster.answers():
                with _locked(self.layout.start_lock):
                    self._cluster.start()
            return self.endpoint

    def password(self, login: str) -> str:
        """The password of one of the logins, made at the first call."""
        file = self.layout.password_file(login)
        self._make_folders()
        try:
            return read_or_make_password(file)
        except PermissionError as error:
            raise _other_account(file) from error

    def conninfo(self, login: str, database: str) -> str:
        """A libpq connection string of one login."""
        password = self.password(login)
        return make_conninfo(
            "",
            host=str(self.endpoint.host),
            port=self.endpoint.port,
            user=ROLE_OF_LOGIN[login],
            password=password,
            dbname=database,
        )

    def status(self) -> ServerStatus:
        """Whether the cluster is made and its server running; starts nothing."""
        pid = self._cluster.postmaster()
        return ServerStatus(
            made=(self.layout.cluster / "PG_VERSION").exists(),
            running=pid is not None and self._cluster.answers(),
            pid=pid,
            endpoint=self.endpoint,
        )

    def stop(self) -> bool:
        """Stop the server unless another process or a ``hold`` uses it; tell whether it stopped."""
        if not self.layout.mark.exists():
            return True
        with _joining, _locked(self.layout.start_lock):
            used = self.data in _joined
            self.close()
            if not self._stop_unless_used():
                if used:
                    _joined[self.data] = _join(self.layout.users_lock)
                return False
        if self.endpoint.host.parent != self.data:
            with contextlib.suppress(OSError):
                self.endpoint.host.rmdir()
        return True

    @contextlib.contextmanager
    def hold(self) -> Iterator[Endpoint]:
        """Use the server for the length of a ``with`` block: nobody can stop it meanwhile."""
        endpoint = self.ensure_running()
        users = _join(self.layout.users_lock)
        try:
            yield endpoint
        finally:
            os.close(users)

    def close(self) -> None:
        """This process counts as a user no longer; the server goes on running."""
        with _joining:
            if self.data in _joined:
                os.close(_joined.pop(self.data))

    def _stop_unless_used(self) -> bool:
        users = _open_private(self.layout.users_lock)
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._cluster.stop()
        except BlockingIOError:
            return False
        finally:
            os.close(users)
        return True

    def _make_folders(self) -> None:
        """The data folder with its mark; as root open to pass through for the server's account."""
        if self.layout.mark.exists() and self.layout.keys.is_dir():
            return
        if self.layout.cluster.exists() and not self.layout.mark.exists():
            raise EmbeddedError(
                f"{self.layout.cluster} exists and Shipa did not make it (no"
                f" {self.layout.mark.name} beside it). Set SHIPA_DATA to another folder."
            )
        self._cluster.check_entrance()
        root = self._cluster.account.switched
        try:
            if root:
                make_passable(self.data.parent)
            # Passable from the first moment: whoever is killed here leaves a folder that can be entered.
            self.data.mkdir(parents=True, exist_ok=True, mode=0o711 if root else 0o700)
            if root:
                self.data.chmod(self.data.stat().st_mode | 0o011)
            self.layout.keys.mkdir(exist_ok=True, mode=0o700)
            write_replacing(self.layout.mark, MARK_TEXT)
        except OSError as error:
            raise EmbeddedError(f"SHIPA_DATA={self.data} cannot be used: {error}") from error


def _join(file: Path) -> int:
    """Take a shared lock and return its open file: forked workers keep it, a kill -9 frees it."""
    opened = _open_private(file)
    fcntl.flock(opened, fcntl.LOCK_SH)
    return opened


def _open_private(file: Path) -> int:
    # 0600: whoever can open the file could hold the lock for ever.
    try:
        return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except PermissionError as error:
        raise _other_account(file) from error


def _other_account(file: Path) -> EmbeddedError:
    return EmbeddedError(
        f"{file} belongs to another account: run Shipa as that one, or set SHIPA_DATA to your own folder."
    )


@contextlib.contextmanager
def _locked(file: Path) -> Iterator[None]:
    opened = _open_private(file)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)
