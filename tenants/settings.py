"""What the caretaker must be told: the folder, the logins, the key file, the range of numbers."""

import dataclasses
from pathlib import Path

LOGINS = ("admin", "owner", "web", "gate")


@dataclasses.dataclass(frozen=True)
class TenantSettings:
    """Where the database is and who may sign in to it.

    The four addresses are either all ``None`` (the embedded server in ``data``) or those of one's own
    PostgreSQL; ``admin_url`` is then needed by ``shipa init`` only and ``owner_url`` by commands only.
    ``clinic_numbers`` is the first and last clinic number that this database may give out: roles belong to
    the whole server, so two databases on one server need ranges of their own.
    """

    data: Path
    master_key_file: Path
    admin_url: str | None = None
    owner_url: str | None = None
    web_url: str | None = None
    gate_url: str | None = None
    database: str = "shipa"
    clinic_numbers: tuple[int, int] = (1, 9999)
    embedded_fast: bool = False

    @property
    def embedded(self) -> bool:
        """True when no database is configured and the embedded server is used."""
        return not any((self.admin_url, self.owner_url, self.web_url, self.gate_url))

    def url(self, login: str) -> str | None:
        """The configured address of one login, without falling back to another's."""
        if login not in LOGINS:
            message = f"unknown login {login!r}"
            raise ValueError(message)
        value: str | None = getattr(self, f"{login}_url")
        return value
