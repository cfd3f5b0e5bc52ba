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
        return cls(url=_url(os.environ if environ is None else environ))


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
