"""Making, starting and stopping the embedded server's cluster; the caller holds the start lock."""

from __future__ import annotations

import os
import secrets
import shlex
import shutil
import socket
import subprocess
import sys
import time
from functools import cached_property
from pathlib import Path

from tenants.embedded_account import Account, EmbeddedError, binaries_for, server_account
from tenants.embedded_files import (
    ACCESS_TEXT,
    PORT,
    ROLE_OF_LOGIN,
    Layout,
    configuration_text,
    make_private,
    read_or_make_password,
    socket_folder,
    write_replacing,
)

START_SECONDS = 120
STOP_SECONDS = 60
_ATTEMPTS = 4
_LINE_OF_STATE = 7
_PROC = Path("/proc/self/cwd").exists()


class EmbeddedCluster:
    """One PostgreSQL cluster in ``layout.cluster``; ``fast`` gives up durability, for tests."""

    def __init__(self, layout: Layout, *, fast: bool) -> None:
        self.layout = layout
        self.fast = fast

    @cached_property
    def account(self) -> Account:
        """The operating-system account that runs the server."""
        return server_account()

    @cached_property
    def binaries(self) -> Path:
        """The folder of the server's programs, readable by ``account``."""
        return binaries_for(self.account)

    @cached_property
    def sockets(self) -> Path:
        """The folder of the server's socket."""
        return socket_folder(self.layout.data, self.account)

    def answers(self) -> bool:
        """Whether the postmaster lives, says that it is ready and its socket takes a connection."""
        lines = read_lines(self.layout.cluster / "postmaster.pid")
        if len(lines) <= _LINE_OF_STATE or lines[_LINE_OF_STATE].strip() != "ready":
            return False
        if self.postmaster() is None:
            return False
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            try:
                probe.connect(str(self.sockets / f".s.PGSQL.{PORT}"))
            except OSError:
                return False
        return True

    def postmaster(self) -> int | None:
        """The process number of a living postmaster of this cluster, if there is one."""
        first = read_lines(self.layout.cluster / "postmaster.pid")[:1]
        if not first or not first[0].isdigit():
            return None
        pid = int(first[0])
        return pid if _works_in(pid, self.layout.cluster) else None

    def start(self) -> None:
        """Make the cluster when it is missing and start it; whatever a killed starter left."""
        deadline = time.monotonic() + START_SECONDS
        self.check_entrance()
        make_private(self.layout.log, self.account)
        make_private(self.sockets, self.account)
        for attempt in range(_ATTEMPTS):
            if self.postmaster() is None:
                if not self.layout.cluster.exists():
                    self._make()
                self._launch(last=attempt == _ATTEMPTS - 1)
            if self._became_ready(deadline):
                return
            # A killed postmaster's last processes need a moment to leave the shared memory.
            time.sleep(1)
        raise EmbeddedError(f"The embedded PostgreSQL did not start. {self._last_words()}")

    def stop(self) -> None:
        """Stop the server, ending every connection; nothing to do when it does not run."""
        if self.postmaster() is not None:
            stop = ["stop", "-D", self.layout.cluster.name, "-m", "fast", "-w", "-s"]
            self._run("pg_ctl", *stop, "-t", str(STOP_SECONDS))

    def check_entrance(self) -> None:
        """Raise ``EmbeddedError`` when the account may not enter a folder on the way that exists."""
        if not self.account.switched:
            return
        for folder in (*reversed(self.layout.data.parents), self.layout.data):
            if folder.exists() and not self.account.may("-x", folder):
                raise EmbeddedError(
                    f"SHIPA_DATA={self.layout.data}: as root the database server runs as the system"
                    f" account {self.account.name}, which may not enter {folder}. Set SHIPA_DATA to"
                    f" a folder it can reach, such as one under /var/lib/shipa, or open {folder}"
                    " (chmod o+x)."
                )

    def _make(self) -> None:
        """Run initdb beside the final place and rename: a kill leaves nothing that looks done."""
        for left in self.layout.data.glob("postgres.new-*"):
            shutil.rmtree(left, ignore_errors=True)
        draft = self.layout.data / f"postgres.new-{secrets.token_hex(4)}"
        make_private(draft, self.account)
        secret = self.sockets / f"initdb-{secrets.token_hex(4)}"
        try:
            secret.touch(mode=0o600)
            self.account.give(secret)
            password = read_or_make_password(self.layout.password_file("admin"))
            secret.write_text(password, "ascii")
            self._run("initdb", *self._initdb_options(draft, secret))
        finally:
            secret.unlink(missing_ok=True)
        draft.rename(self.layout.cluster)

    def _initdb_options(self, draft: Path, secret: Path) -> list[str]:
        options = ["-D", str(draft), "-U", ROLE_OF_LOGIN["admin"], f"--pwfile={secret}"]
        options += ["--auth=scram-sha-256", "--encoding=UTF8", "--data-checksums"]
        options += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return [*options, "--no-sync"] if self.fast else options

    def _launch(self, *, last: bool) -> None:
        self._clear_stale_pid_file()
        syncfs = sys.platform == "linux"
        text = configuration_text(self.layout, self.sockets, fast=self.fast, syncfs=syncfs)
        write_replacing(self.layout.configuration, text)
        write_replacing(self.layout.access, ACCESS_TEXT)
        # pg_ctl puts these into a shell command: so relative to the data folder, or quoted.
        option = f"-c config_file={shlex.quote(str(self.layout.configuration))}"
        start = ["start", "-D", self.layout.cluster.name, "-w", "-t", str(START_SECONDS), "-s"]
        start += ["-l", f"{self.layout.log.name}/start.log", "-o", option]
        try:
            self._run("pg_ctl", *start)
        except EmbeddedError:
            if last:
                raise

    def _clear_stale_pid_file(self) -> None:
        """Remove the file of a dead postmaster whose number another program has now.

        PostgreSQL clears it by itself unless that program has the same owner: then it refuses to
        start. Only when no process works in the cluster any more.
        """
        if not _PROC:
            return
        processes = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
        if not any(_works_in(pid, self.layout.cluster) for pid in processes):
            (self.layout.cluster / "postmaster.pid").unlink(missing_ok=True)

    def _became_ready(self, deadline: float) -> bool:
        while time.monotonic() < deadline:
            if self.answers():
                return True
            if self.postmaster() is None:
                return False
            time.sleep(0.05)
        return False

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self.binaries / "bin" / program), *arguments],
            check=False,
            capture_output=True,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            cwd=self.layout.data,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": "/"},
            umask=0o077,
            **self.account.as_arguments(),
        )
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip()
            raise EmbeddedError(f"{program} failed: {said} {self._last_words()}".strip())

    def _last_words(self) -> str:
        """The end of the newest logs, which hold no data of residents (see the configuration)."""
        logs = sorted(self.layout.log.glob("*.log"), key=lambda file: file.stat().st_mtime)
        words = [line for file in logs[-2:] for line in read_lines(file)[-6:]]
        return "\n".join([f"Log: {self.layout.log}", *words]) if words else ""


def _works_in(pid: int, folder: Path) -> bool:
    """Whether the process lives and works in ``folder``, as every process of the server does."""
    try:
        if _PROC:
            return Path(f"/proc/{pid}/cwd").readlink() == folder
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def read_lines(file: Path) -> list[str]:
    """The lines of a file that may be missing or half written."""
    try:
        return file.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return []
