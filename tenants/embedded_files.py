"""Folders, passwords, mark and configuration of the embedded server."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tenants.embedded_account import Account, EmbeddedError

PORT = 5432
LONGEST_SOCKET_PATH = 99
"""Bytes; the kernel allows 107 on Linux and 103 on macOS, with the terminating zero."""

ROLE_OF_LOGIN = {
    "admin": "postgres",
    "owner": "shipa_owner",
    "web": "shipa_web",
    "gate": "shipa_gate",
    "jobs": "shipa_jobs",
    "agg": "shipa_agg",
    "region": "shipa_region",
    "operator": "shipa_operator",
}

MARK_TEXT = """\
Made by Shipa for its embedded PostgreSQL: the cluster (postgres), passwords and keys (keys), log.
Remove it only with the server stopped.
"""


@dataclass(frozen=True)
class Layout:
    """Where everything stands inside the data folder."""

    data: Path

    @property
    def mark(self) -> Path:
        """Says who made the folder; without it an existing cluster is never touched."""
        return self.data / "MADE-BY-SHIPA"

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.data / "postgres"

    @property
    def keys(self) -> Path:
        """Passwords of the logins, and by default the master key."""
        return self.data / "keys"

    @property
    def log(self) -> Path:
        """Seven files, one per weekday, each begun anew."""
        return self.data / "log"

    @property
    def configuration(self) -> Path:
        """``postgresql.conf``; outside the cluster, where the server's account cannot change it."""
        return self.data / "postgresql.conf"

    @property
    def access(self) -> Path:
        """``pg_hba.conf``."""
        return self.data / "pg_hba.conf"

    @property
    def start_lock(self) -> Path:
        """Held exclusively while the server is made, started or stopped."""
        return self.data / "start.lock"

    @property
    def users_lock(self) -> Path:
        """Held shared by everybody who uses the server."""
        return self.data / "users.lock"

    def password_file(self, login: str) -> Path:
        """The file of one login's password. Raises ``EmbeddedError`` for a login that is none."""
        if login not in ROLE_OF_LOGIN:
            raise EmbeddedError(f"There is no login {login!r}; there are {', '.join(ROLE_OF_LOGIN)}.")
        return self.keys / f"{ROLE_OF_LOGIN[login]}.password"


def read_or_make_password(file: Path) -> str:
    """The password in ``file`` (0600), made at the first call; two callers at once get one."""
    try:
        return file.read_text("ascii").strip()
    except FileNotFoundError:
        pass
    handle, draft = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    with os.fdopen(handle, "w", encoding="ascii") as opened:
        opened.write(secrets.token_urlsafe(32) + "\n")
        opened.flush()
        os.fsync(opened.fileno())
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()
    return file.read_text("ascii").strip()


def socket_folder(data: Path, account: Account) -> Path:
    """The socket's folder: in the data folder, or a short one of the same owner if that is deep."""
    near = data / "run"
    if _fits(near):
        return near
    name = f"shipa-{account.uid}-{hashlib.sha256(os.fsencode(data)).hexdigest()[:12]}"
    # Not XDG_RUNTIME_DIR or TMPDIR: a cron job and a terminal must find the same folder.
    base = Path("/run") if account.switched and Path("/run").is_dir() else Path("/tmp")  # noqa: S108
    return base / name


def _fits(folder: Path) -> bool:
    # libpq reads a comma as the end of the first of several hosts.
    socket = os.fsencode(folder / f".s.PGSQL.{PORT}")
    return len(socket) <= LONGEST_SOCKET_PATH and b"," not in socket


def make_private(folder: Path, account: Account) -> None:
    """Make ``folder`` 0700 for ``account``; refuse one that somebody else put there."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        account.give(folder)
        folder.chmod(0o700)
    found = folder.lstat()
    theirs = not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid
    if theirs or stat.S_IMODE(found.st_mode) & 0o077:
        raise EmbeddedError(
            f"{folder} must be a folder of {account.name} that nobody else may enter (mode 0700)."
            " Remove it or set SHIPA_DATA to another folder."
        )


def write_replacing(file: Path, text: str) -> None:
    """Write ``file`` (0644) in one step, so that a reader never sees half of it."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.write_text(text, "utf-8")
    draft.chmod(0o644)
    draft.replace(file)


ACCESS_TEXT = """\
# Written by Shipa at each start. Only the socket, only with a password.
local all all scram-sha-256
"""

_MEGABYTE = 1024 * 1024

BUFFERS = 64
"""Megabytes of ``shared_buffers``. The catalogue of 1,607 clinics is larger than any cache that a small
machine can spare, and a page of another clinic each time finds little of its own there; the system's own
cache serves it nearly as fast. With few buffers each is touched by every connection, with many each
connection holds tens of megabytes that no other one does."""

_STEADY = {
    # Only the socket.
    "listen_addresses": "''",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "allow_alter_system": "off",
    # What the start-up check asks for.
    "synchronous_commit": "on",
    "max_locks_per_transaction": "1024",
    # No statement, parameter or value of a row in the log: messages of failed statements quote
    # values, so only those of the server itself are kept.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "logging_collector": "on",
    "log_filename": "'postgresql-%a.log'",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_file_mode": "0600",
    "log_timezone": "'UTC'",
    # Two cores, some ten connections, short statements.
    "max_connections": "64",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    # A container's /dev/shm has 64 MB; statistics of 1,607 schemas need more.
    "min_dynamic_shared_memory": "128MB",
    # Provisioning 1,607 clinics writes gigabytes of catalogue; few checkpoints meanwhile.
    "max_wal_size": "4GB",
    "min_wal_size": "256MB",
    "wal_buffers": "16MB",
    # After a crash everything since the last but one checkpoint is done again, while people wait.
    "checkpoint_timeout": "5min",
    "checkpoint_completion_target": "0.5",
    "timezone": "'UTC'",
    "datestyle": "'ISO, YMD'",
    "lc_messages": "'C'",
    "cluster_name": "'shipa'",
}

_FAST = {
    # Throw-away clusters of test runs only.
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "1h",
    "min_dynamic_shared_memory": "32MB",
    "max_connections": "100",
    # Nothing in them lives long enough to need it; it reads the catalogues of each clone every minute.
    "autovacuum": "off",
    # Who signs in derives his key so many times each time; passwords of these clusters guard nothing.
    "scram_iterations": "1",
}


def configuration_text(layout: Layout, sockets: Path, *, fast: bool, syncfs: bool) -> str:
    """``postgresql.conf`` for this machine; ``fast`` gives up safety at a crash, for tests."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    settings = {
        "data_directory": _quoted(str(layout.cluster)),
        "hba_file": _quoted(str(layout.access)),
        "ident_file": _quoted(str(layout.cluster / "pg_ident.conf")),
        "unix_socket_directories": _quoted('"' + str(sockets).replace('"', '""') + '"'),
        "log_directory": _quoted(str(layout.log)),
        "shared_buffers": f"{128 if fast else BUFFERS}MB",
        "effective_cache_size": f"{max(256, memory // _MEGABYTE // 2)}MB",
        **_STEADY,
    }
    if syncfs:
        settings["recovery_init_sync_method"] = "syncfs"
    if fast:
        settings |= _FAST
    lines = [f"{name} = {value}" for name, value in settings.items()]
    return "\n".join(["# Written by Shipa at each start; changes are lost.", *lines, ""])


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
