"""Settings from the environment, checked at start; a wrong value refuses and names the variable."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import typing
import urllib.parse
from pathlib import Path

from tenants.settings import TenantSettings

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class SettingError(ValueError):
    """A setting that cannot be used; the message names its variable."""


@dataclasses.dataclass(frozen=True)
class Settings:
    """All that the application is told from outside.

    ``url`` is the address people type; it alone decides about cookies. ``proxied`` is true when it is
    https: requests must then carry the proxy's ``X-Forwarded-Proto: https``.
    """

    tenants: TenantSettings
    url: str = "http://127.0.0.1:8000"
    static: Path = ROOT / "static" / "dist"
    hash_cost: str = "owasp"
    demo: bool = False

    @property
    def secure(self) -> bool:
        """True when people reach the application by https."""
        return self.url.startswith("https://")

    @property
    def host(self) -> str:
        """The host name (and port, when it is not the usual one) of ``url``."""
        return urllib.parse.urlsplit(self.url).netloc

    @property
    def trusted_hosts(self) -> list[str]:
        """Host names that requests may carry; a loopback address answers to each of its names."""
        name = urllib.parse.urlsplit(self.url).hostname or ""
        return sorted(_LOOPBACK) if name in _LOOPBACK else [name]

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read ``SHIPA_…``. Raises ``SettingError`` for a value that cannot be used."""
        environ = os.environ if environ is None else environ
        data = _data_folder(environ)
        return cls(
            tenants=TenantSettings(
                data=data,
                master_key_file=Path(environ.get("SHIPA_MASTER_KEY_FILE") or data / "keys" / "master.key"),
                admin_url=_database(environ, "SHIPA_ADMIN_URL"),
                owner_url=_database(environ, "SHIPA_OWNER_URL"),
                web_url=_database(environ, "SHIPA_WEB_URL"),
                gate_url=_database(environ, "SHIPA_GATE_URL"),
                clinic_numbers=_numbers(environ),
            ),
            url=_url(environ),
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


def _url(environ: Mapping[str, str]) -> str:
    value = environ.get("SHIPA_URL") or "http://127.0.0.1:8000"
    parts = urllib.parse.urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
        message = "SHIPA_URL must be https://name or http://127.0.0.1:port, without a path"
        raise SettingError(message)
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        message = "SHIPA_URL may be http:// only for a loopback name; use https:// behind a proxy"
        raise SettingError(message)
    return value.rstrip("/")


def _numbers(environ: Mapping[str, str]) -> tuple[int, int]:
    value = environ.get("SHIPA_CLINIC_NUMBERS") or "1-9999"
    first, _, last = value.partition("-")
    if not (first.isdecimal() and last.isdecimal() and 1 <= int(first) <= int(last) <= 9999):  # noqa: PLR2004
        message = "SHIPA_CLINIC_NUMBERS must be like 1-9999"
        raise SettingError(message)
    return int(first), int(last)
