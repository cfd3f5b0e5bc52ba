"""A PostgreSQL of this machine that has set_user, for level 2: one server a process, an address a login."""

from __future__ import annotations

import atexit
import dataclasses
import functools
import os
import secrets
import shutil
import subprocess
import tempfile
import typing
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tenants.connecting import Logins
from tenants.embedded_files import ROLE_OF_LOGIN
from tenants.initialising import initialise
from tenants.keys import create_master_key
from tenants.settings import TenantSettings

_FOLDERS = Path("/usr/lib/postgresql")
_ACCOUNT = "postgres"
_NOWHERE = subprocess.DEVNULL
_CONFIGURATION = """
shared_preload_libraries = '{preloaded}'
set_user.superuser_allowlist = ''
listen_addresses = ''
unix_socket_directories = '{folder}'
unix_socket_permissions = 0777
max_connections = 60
max_locks_per_transaction = 1024
recovery_init_sync_method = syncfs
shared_buffers = 64MB
fsync = off
full_page_writes = off
jit = off
"""


def binaries() -> Path | None:
    """The programs of the newest PostgreSQL here that has set_user."""
    found = sorted(_FOLDERS.glob("*/lib/set_user.so"), key=lambda file: int(file.parts[-3]))
    return found[-1].parent.parent / "bin" if found else None


def needed() -> None:
    """Skip without the extension; on a build machine that would hide a failure, so fail there."""
    if binaries() is None:
        message = "no PostgreSQL with set_user here: apt-get install postgresql-15 postgresql-15-set-user"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)


@dataclasses.dataclass(frozen=True)
class OwnServer:
    """A running throw-away server as somebody brings along, and how one signs in."""

    folder: Path
    password: str

    def logins(self, database: str) -> Logins:
        """The addresses of all logins in one database; its master key is the server's."""
        urls = {f"{login}_url": self.url(login, database) for login in ROLE_OF_LOGIN if login != "admin"}
        urls["admin_url"] = self.url("admin", "postgres")
        keys = self.folder / "keys" / "master.key"
        plain = TenantSettings(data=self.folder, master_key_file=keys, database=database)
        return Logins(dataclasses.replace(plain, **typing.cast("dict[str, typing.Any]", urls)))

    def url(self, login: str, database: str) -> str:
        """One address, as it would stand in the environment."""
        user = ROLE_OF_LOGIN[login]
        return f"postgresql://{user}:{self.password}@/{database}?host={self.folder}"

    def admin(self, database: str = "postgres") -> psycopg.Connection:
        """A superuser's connection in autocommit; the caller closes it."""
        return psycopg.connect(self.url("admin", database), autocommit=True)

    def fresh(self, database: str) -> Logins:
        """A new database, set up by `shipa init`'s own code."""
        self.drop(database)
        logins = self.logins(database)
        create_master_key(logins.settings.master_key_file)
        initialise(logins)
        return logins

    def drop(self, database: str) -> None:
        """Remove a database and end its connections."""
        with self.admin() as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def stop(self) -> None:
        """Stop it and remove it."""
        _run("pg_ctl", "stop", "-D", str(self.folder / "db"), "-m", "immediate", "-s")
        shutil.rmtree(self.folder, ignore_errors=True)


@functools.cache
def own_server(preloaded: str = "set_user", purpose: str = "") -> OwnServer:
    """This process's server; ``preloaded`` empty: the extension lies there and is not loaded."""
    needed()
    folder = Path(tempfile.mkdtemp(prefix=f"shipa-tests-{os.getuid()}-own-"))
    folder.chmod(0o755)
    if os.getuid() == 0:
        shutil.chown(folder, _ACCOUNT)
    secret = folder / "password"
    server = OwnServer(folder, secrets.token_hex(16))
    secret.write_text(server.password)
    secret.chmod(0o644)
    _run("initdb", "-D", str(folder / "db"), "-U", "postgres", f"--pwfile={secret}", *_INITDB)
    secret.unlink()
    text = _CONFIGURATION.format(folder=folder, preloaded=preloaded)
    with (folder / "db" / "postgresql.conf").open("a") as file:
        file.write(text)
    _run("pg_ctl", "start", "-D", str(folder / "db"), "-l", str(folder / "log"), "-w", "-s")
    atexit.register(server.stop)
    return server


_INITDB = ("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums", "--no-sync")


def _run(program: str, *arguments: str) -> None:
    """As PostgreSQL's own account when this is root, whom it refuses."""
    found = binaries()
    assert found is not None
    account: dict[str, typing.Any] = {"user": _ACCOUNT, "group": _ACCOUNT} if os.getuid() == 0 else {}
    command = [str(found / program), *arguments]
    subprocess.run(
        command, check=True, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **account
    )
