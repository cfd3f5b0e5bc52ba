"""What the console stores or hands to a page and nobody else may read: sealed by a key of its own."""

from __future__ import annotations

import secrets
import typing

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

if typing.TYPE_CHECKING:
    from tenants.keys import Master

_NONCE = 12


def factor_place(operator_id: object) -> str:
    """The place of an operator's second factor's key, which its seal is bound to."""
    return f"totp:{operator_id}"


class Seal:
    """AES-256-GCM with a key that is derived from the master key; bound to a place by ``context``."""

    def __init__(self, master: Master) -> None:
        self._master = master

    def close(self, text: str, context: str) -> bytes:
        """The text, sealed."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher().encrypt(nonce, text.encode(), context.encode())

    def open(self, sealed: bytes, context: str) -> str | None:
        """The text; ``None`` when it was sealed elsewhere, or changed."""
        try:
            return self._cipher().decrypt(sealed[:_NONCE], sealed[_NONCE:], context.encode()).decode()
        except (InvalidTag, ValueError):
            return None

    def open_hex(self, sealed: str, context: str) -> str | None:
        """What a page brought back."""
        try:
            return self.open(bytes.fromhex(sealed), context)
        except ValueError:
            return None

    def _cipher(self) -> AESGCM:
        return AESGCM(self._master.derive("operators"))
