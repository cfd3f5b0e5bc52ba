"""The master key and what it wraps: each clinic's data key and hash key."""

from __future__ import annotations

import os
import secrets
import typing

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

if typing.TYPE_CHECKING:
    import uuid
    from pathlib import Path

_BYTES = 32
_NONCE = 12


class MasterKeyError(RuntimeError):
    """The master key file is missing, open to others, or not ours; the message says what to do."""


def create_master_key(path: Path) -> bool:
    """Make the key file (0600) when there is none; True when it was made."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(_BYTES) + "\n")
    return True


def read_master_key(path: Path) -> bytes:
    """The 32 bytes of the key file. Raises ``MasterKeyError`` when it cannot be trusted."""
    try:
        mode = path.stat().st_mode
        text = path.read_text().strip()
    except OSError as error:
        message = (
            f"master key {path}: {error.strerror}; run `shipa init` or name the file in SHIPA_MASTER_KEY_FILE"
        )
        raise MasterKeyError(message) from error
    if mode & 0o077:
        message = f"master key {path} is open to others; run `chmod 600` on it"
        raise MasterKeyError(message)
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != _BYTES:
        message = f"master key {path} is not a key of {_BYTES} bytes in hexadecimal"
        raise MasterKeyError(message)
    return key


class Master:
    """Wraps and unwraps the clinics' keys; the clinic's own id is part of what is authenticated."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._key: bytes | None = None
        self._derived: dict[str, bytes] = {}

    @property
    def key(self) -> bytes:
        """The master key, read once."""
        if self._key is None:
            self._key = read_master_key(self.path)
        return self._key

    def derive(self, label: str) -> bytes:
        """A key of the platform's own (HKDF-SHA-256), e.g. to sign cookies before sign-in."""
        if label not in self._derived:
            making = HKDF(hashes.SHA256(), _BYTES, salt=None, info=f"shipa {label}".encode())
            self._derived[label] = making.derive(self.key)
        return self._derived[label]

    def new_clinic_keys(self, clinic_id: uuid.UUID) -> tuple[bytes, bytes]:
        """A new data key and a new hash key for one clinic, wrapped."""
        return (
            self._wrap(clinic_id, b"data", secrets.token_bytes(_BYTES)),
            self._wrap(clinic_id, b"hash", secrets.token_bytes(_BYTES)),
        )

    def unwrap(self, clinic_id: uuid.UUID, wrapped_data: bytes, wrapped_hash: bytes) -> tuple[bytes, bytes]:
        """The clinic's data key and hash key. Raises when they are another clinic's."""
        return (
            self.unwrap_one(clinic_id, b"data", wrapped_data),
            self.unwrap_one(clinic_id, b"hash", wrapped_hash),
        )

    def wrap_for(self, clinic_id: uuid.UUID, data_key: bytes, hash_key: bytes) -> tuple[bytes, bytes]:
        """Keys that are there already, wrapped for a clinic whose rows are theirs from now on."""
        return self._wrap(clinic_id, b"data", data_key), self._wrap(clinic_id, b"hash", hash_key)

    def _wrap(self, clinic_id: uuid.UUID, use: bytes, key: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        return nonce + AESGCM(self.key).encrypt(nonce, key, clinic_id.bytes + use)

    def unwrap_one(self, clinic_id: uuid.UUID, use: bytes, wrapped: bytes) -> bytes:
        """One of the clinic's keys (``use`` is ``b"data"`` or ``b"hash"``). Raises as ``unwrap`` does."""
        nonce, body = wrapped[:_NONCE], wrapped[_NONCE:]
        return AESGCM(self.key).decrypt(nonce, body, clinic_id.bytes + use)
