"""Encryption and keyed hashes with the clinic's own keys (AES-256-GCM, HMAC-SHA-256)."""

from __future__ import annotations

import dataclasses
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


class SealBrokenError(RuntimeError):
    """A stored value was changed, moved to another row, or is another clinic's."""


@dataclasses.dataclass(frozen=True, repr=False)
class ClinicKeys:
    """The clinic's data key and hash key, unwrapped, in memory only."""

    data_key: bytes
    hash_key: bytes

    def seal(self, text: str, context: str) -> bytes:
        """Encrypt a text. ``context`` names its place (``resident_key:<id>``) and is authenticated."""
        return self.seal_file(text.encode(), context)

    def seal_file(self, body: bytes, context: str) -> bytes:
        """Encrypt bytes, as ``seal`` does a text."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + AESGCM(self.data_key).encrypt(nonce, body, context.encode())

    def open(self, sealed: bytes, context: str) -> str:
        """Decrypt a text. Raises ``SealBrokenError`` for anything but an untouched value of that place."""
        return self.open_file(sealed, context).decode()

    def open_file(self, sealed: bytes, context: str) -> bytes:
        """Decrypt bytes. Raises ``SealBrokenError`` as ``open`` does."""
        try:
            return AESGCM(self.data_key).decrypt(sealed[:_NONCE], sealed[_NONCE:], context.encode())
        except InvalidTag as error:
            message = "a sealed value does not open"
            raise SealBrokenError(message) from error

    def hash(self, kind: str, value: str) -> bytes:
        """Keyed hash to find a normalised value by; equal values of other clinics differ."""
        return hmac.digest(self.hash_key, f"{kind}\0{value}".encode(), "sha256")

    @property
    def log_key(self) -> bytes:
        """The key of the access log's chain."""
        return self.hash("purpose", "access_log")
