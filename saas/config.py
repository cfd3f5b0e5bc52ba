"""Settings from the environment, checked at start; a wrong value refuses and names the variable."""

from __future__ import annotations

import dataclasses
import os
import typing
import urllib.parse
from pathlib import Path

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent
_SHORTEST_TOKEN = 24
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class SettingError(ValueError):
    """A setting that cannot be used; the message names its variable."""


@dataclasses.dataclass(frozen=True)
class Settings:
    """What the pages are told from outside; where the data is, ``tenants.settings`` is told.

    ``url`` is the address people type; it alone decides about cookies. With https, requests must carry
    the proxy's ``X-Forwarded-Proto: https``. ``hash_cost`` names a cost of ``saas.accounts.passwords``.
    """

    url: str = "http://127.0.0.1:8000"
    static: Path = ROOT / "static" / "dist"
    hash_cost: str = "owasp"
    watch_bind: str = ""
    """The loopback address beside the public one on which monitoring asks, ``127.0.0.1:9464``."""
    watch_token: str = dataclasses.field(default="", repr=False)
    """What monitoring of another machine proves itself with; without it none does."""

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
        return cls(
            url=_url(environ),
            watch_bind=_watch_bind(environ),
            watch_token=_watch_token(environ),
        )


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


def _watch_bind(environ: Mapping[str, str]) -> str:
    value = environ.get("SHIPA_WATCH_BIND") or ""
    host, _, port = value.rpartition(":")
    if value and (host.strip("[]") not in _LOOPBACK or not port.isdecimal()):
        message = "SHIPA_WATCH_BIND must be a loopback address with a port, like 127.0.0.1:9464"
        raise SettingError(message)
    return value


def _watch_token(environ: Mapping[str, str]) -> str:
    name = environ.get("SHIPA_WATCH_TOKEN_FILE")
    if not name:
        return ""
    try:
        token = Path(name).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        message = f"SHIPA_WATCH_TOKEN_FILE={name} cannot be read"
        raise SettingError(message) from error
    if len(token) < _SHORTEST_TOKEN:
        message = f"SHIPA_WATCH_TOKEN_FILE={name} must hold at least {_SHORTEST_TOKEN} characters"
        raise SettingError(message)
    return token
