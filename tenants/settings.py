"""What the caretaker must be told: the folder, the logins, the key file, the range of numbers, the cells."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import re
import typing
from pathlib import Path

from tenants.placing import MAIN, Cell

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent
LOGINS = ("admin", "owner", "web", "gate", "jobs", "agg", "region", "operator")
OPTIONAL = frozenset({"agg", "region", "operator"})
"""Without their addresses no figure leaves a clinic and there is no operator console; the roles are made and
cannot sign in."""
UNCHECKED = "SHIPA_UNCHECKED_CELLS"
"""Set by `shipa serve` for the processes that it begins."""

CELL_LOGINS = ("admin", "owner", "web", "operator")
"""Who signs in to a further cell: what belongs to no clinic stays in the main database. As operator, the
console asks for facts of a clinic and readiness for revisions; without the address neither is known."""

_MOST_FREE = 90
_CELL_NAME = re.compile("[a-z][a-z0-9]{0,15}")
_NO_CELLS = frozenset({MAIN, *LOGINS})
"""Words that stand in the names of variables already."""


class SettingError(ValueError):
    """A setting that cannot be used; the message names its variable."""


@dataclasses.dataclass(frozen=True)
class TenantSettings:
    """Where the database is and who may sign in to it.

    The addresses are either all ``None`` (the embedded server in ``data``) or those of one's own
    PostgreSQL; ``admin_url`` is then needed by ``shipa init`` only and ``owner_url`` by commands only,
    ``agg_url`` and ``region_url`` only where figures are to leave the clinics, ``operator_url`` only where
    operators have their console.
    ``clinic_numbers`` is the first and last clinic number that this database may give out: roles belong to
    the whole server, so two databases on one server need ranges of their own; the cells of one house share
    its range. ``cells`` are the databases in which its clinics live, the main one first.
    """

    data: Path
    master_key_file: Path
    admin_url: str | None = None
    owner_url: str | None = None
    web_url: str | None = None
    gate_url: str | None = None
    jobs_url: str | None = None
    agg_url: str | None = None
    region_url: str | None = None
    operator_url: str | None = None
    database: str = "shipa"
    clinic_numbers: tuple[int, int] = (1, 9999)
    embedded_fast: bool = False
    disks: tuple[Path, ...] = ()
    """Folders whose disks must not fill up, beside ``data``; with one's own PostgreSQL here, its folder."""
    least_free: float = 0.1
    """The free part of a disk below which nothing new is taken."""
    cells: tuple[Cell, ...] = (Cell(MAIN),)
    cell_urls: Mapping[tuple[str, str], str] = dataclasses.field(default_factory=dict)
    """The addresses in further cells by cell and login; on the embedded server there are none."""
    unchecked: frozenset[str] = frozenset()
    """Cells that were away when `shipa serve` checked the others: each process checks them when they come."""
    cell: str = MAIN
    """The cell that these addresses are of; see ``of_cell``."""

    @property
    def embedded(self) -> bool:
        """True when no database is configured and the embedded server is used."""
        return not any(self.url(login) for login in LOGINS)

    def url(self, login: str) -> str | None:
        """The configured address of one login, without falling back to another's."""
        if login not in LOGINS:
            message = f"unknown login {login!r}"
            raise ValueError(message)
        value: str | None = getattr(self, f"{login}_url")
        return value

    def of_cell(self, name: str) -> TenantSettings:
        """These settings as a further cell's: its own database, and no login for what is in the main one."""
        if name == self.cell:
            return self
        if self.cell != MAIN or name not in self.cell_names:
            message = f"no cell is named {name}"
            raise LookupError(message)
        urls = {f"{login}_url": self.cell_urls.get((name, login)) for login in LOGINS}
        database = f"{self.database}_{name}"
        return dataclasses.replace(self, **urls, database=database, cell=name)  # type: ignore[arg-type]

    @property
    def cell_names(self) -> list[str]:
        """The names of all cells, the main one first."""
        return [cell.name for cell in self.cells]

    def variable(self, login: str) -> str:
        """The name of the variable that holds a login's address."""
        return f"SHIPA_{'' if self.cell == MAIN else self.cell.upper() + '_'}{login.upper()}_URL"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> TenantSettings:
        """Read ``SHIPA_…``. Raises ``SettingError`` for a value that cannot be used."""
        environ = os.environ if environ is None else environ
        data = _data_folder(environ)
        return cls(
            data=data,
            master_key_file=Path(environ.get("SHIPA_MASTER_KEY_FILE") or data / "keys" / "master.key"),
            admin_url=_database(environ, "SHIPA_ADMIN_URL"),
            owner_url=_database(environ, "SHIPA_OWNER_URL"),
            web_url=_database(environ, "SHIPA_WEB_URL"),
            gate_url=_database(environ, "SHIPA_GATE_URL"),
            jobs_url=_database(environ, "SHIPA_JOBS_URL"),
            agg_url=_database(environ, "SHIPA_AGG_URL"),
            region_url=_database(environ, "SHIPA_REGION_URL"),
            operator_url=_database(environ, "SHIPA_OPERATOR_URL"),
            clinic_numbers=_numbers(environ),
            disks=_folders(environ),
            least_free=_least_free(environ),
            cells=(cells := _cells(environ)),
            cell_urls=_cell_urls(environ, cells),
            unchecked=frozenset(filter(None, (environ.get(UNCHECKED) or "").split(","))),
        )


def default_data_folder() -> Path:
    """One folder per clone: under the user's data folder, as root under ``/var/lib/shipa``."""
    clone = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
    if os.geteuid() == 0:
        return Path("/var/lib/shipa") / clone
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "shipa" / clone


def _data_folder(environ: Mapping[str, str]) -> Path:
    value = environ.get("SHIPA_DATA")
    if not value:
        return default_data_folder()
    path = Path(value)
    if not path.is_absolute():
        message = "SHIPA_DATA must be an absolute path"
        raise SettingError(message)
    return path


def _database(environ: Mapping[str, str], name: str) -> str | None:
    value = environ.get(name)
    if not value:
        return None
    if not value.startswith(("postgresql://", "postgres://")):
        message = f"{name} must begin with postgresql://"
        raise SettingError(message)
    return value


def _folders(environ: Mapping[str, str]) -> tuple[Path, ...]:
    folders = tuple(Path(part) for part in (environ.get("SHIPA_DISKS") or "").split(":") if part)
    if not all(folder.is_absolute() for folder in folders):
        message = "SHIPA_DISKS must be absolute paths with colons between them"
        raise SettingError(message)
    return folders


def _least_free(environ: Mapping[str, str]) -> float:
    value = environ.get("SHIPA_LEAST_FREE") or "10"
    if not (value.isdecimal() and int(value) <= _MOST_FREE):
        message = f"SHIPA_LEAST_FREE must be a whole number of percent from 0 to {_MOST_FREE}"
        raise SettingError(message)
    return int(value) / 100


def _numbers(environ: Mapping[str, str]) -> tuple[int, int]:
    value = environ.get("SHIPA_CLINIC_NUMBERS") or "1-9999"
    first, _, last = value.partition("-")
    if not (first.isdecimal() and last.isdecimal() and 1 <= int(first) <= int(last) <= 9999):  # noqa: PLR2004
        message = "SHIPA_CLINIC_NUMBERS must be like 1-9999"
        raise SettingError(message)
    return int(first), int(last)


def _cells(environ: Mapping[str, str]) -> tuple[Cell, ...]:
    """The main cell and those that ``SHIPA_CELLS`` names, each with its rule of who lives in it."""
    names = [name.strip() for name in (environ.get("SHIPA_CELLS") or "").split(",") if name.strip()]
    for name in names:
        if not _CELL_NAME.fullmatch(name) or name in _NO_CELLS or names.count(name) > 1:
            message = f"SHIPA_CELLS must be different names like east or server2, not {name!r}"
            raise SettingError(message)
    return tuple(_cell(environ, name) for name in (MAIN, *names))


def _cell(environ: Mapping[str, str], name: str) -> Cell:
    prefix = f"SHIPA_{name.upper()}"
    room = environ.get(f"{prefix}_ROOM") or ""
    if room and not room.isdecimal():
        message = f"{prefix}_ROOM must be a number of clinics"
        raise SettingError(message)
    places = (place.strip() for place in (environ.get(f"{prefix}_PLACES") or "").split(","))
    return Cell(name, frozenset(filter(None, places)), int(room) if room else None)


def _cell_urls(environ: Mapping[str, str], cells: tuple[Cell, ...]) -> dict[tuple[str, str], str]:
    """The addresses in further cells; there is one for the web exactly where the main cell has one."""
    found = {}
    for cell in cells[1:]:
        for login in CELL_LOGINS:
            url = _database(environ, f"SHIPA_{cell.name.upper()}_{login.upper()}_URL")
            if url:
                found[cell.name, login] = url
        own = bool(environ.get("SHIPA_WEB_URL"))
        if own != ((cell.name, "web") in found):
            name = f"SHIPA_{cell.name.upper()}_WEB_URL"
            message = f"{name} is not set" if own else f"{name} is set, and SHIPA_WEB_URL is not"
            raise SettingError(message)
    return found
