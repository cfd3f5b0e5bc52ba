"""The archive code of a clinic's administrator, and the key pair that is derived from it.

Only the public half is kept, in the clinic's own schema; the code stands on paper.
"""

from __future__ import annotations

import secrets
import typing

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

if typing.TYPE_CHECKING:
    import uuid

SIGNS = 26
"""Of 32 kinds: 130 bits, so that no slow derivation is needed against guessing."""

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
# What a hand writes for a sign that is not in the alphabet.
_MEANT = str.maketrans({"0": "O", "1": "I", "8": "B", " ": None, "-": None, "\u2066": None, "\u2069": None})


def new_code(clinic_id: uuid.UUID) -> tuple[str, bytes]:
    """A new code, to be shown once, and the public half of its key pair."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(SIGNS))
    return code, public_half(private_key(code, clinic_id))


def private_key(code: str, clinic_id: uuid.UUID) -> X25519PrivateKey:
    """The private key of a code as typed: case, blanks and hyphens do not count.

    Of a code that cannot be one too: it opens nothing.
    """
    typed = code.strip().translate(_MEANT).upper()
    label = b"shipa archive code " + clinic_id.bytes
    seed = HKDF(hashes.SHA256(), 32, salt=None, info=label).derive(typed.encode())
    return X25519PrivateKey.from_private_bytes(seed)


def public_half(key: X25519PrivateKey) -> bytes:
    """The 32 bytes that may be known to everybody."""
    return key.public_key().public_bytes_raw()


def fits(code: str, clinic_id: uuid.UUID, public: bytes) -> bool:
    """Whether this is the code whose public half is kept."""
    return secrets.compare_digest(public_half(private_key(code, clinic_id)), public)
