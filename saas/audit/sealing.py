"""Seals: the heads of all chains at one moment, signed, in a file that is kept off the database.

A chain shows by itself that a row was changed, deleted or put in. It does not show that its newest rows
were cut off: what is left is a whole, shorter chain. A seal knows how long each chain was. So a cut of
rows newer than the last seal cannot be seen, and a seal that lies only on the server that it should
witness against proves little: seal daily, keep the files and a copy of ``seal.pub`` elsewhere.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import dataclasses
import datetime
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from saas.audit.canonical import canonical, instant
from saas.audit.chain import Seal

FORMAT = "shipa-seal-1"
PRIVATE_KEY, PUBLIC_KEY = "seal.key", "seal.pub"
_OTHERS = 0o077


class SealError(Exception):
    """A seal or its key cannot be used; the text says which file and why."""


@dataclasses.dataclass(frozen=True)
class Sealed:
    """What a seal file says: when it was made, and each clinic's head by the clinic's code."""

    at: datetime.datetime
    heads: Mapping[str, Seal]


def signing_key(folder: Path) -> Ed25519PrivateKey:
    """The key that signs the seals, made at the first call: ``seal.key`` (0600), ``seal.pub`` beside it.

    Raises ``SealError`` when others may read the key.
    """
    path = folder / PRIVATE_KEY
    if not path.exists():
        _put(path, _private_pem(Ed25519PrivateKey.generate()), mode=0o600)
    if path.stat().st_mode & _OTHERS:
        raise SealError(f"{path} can be read by others: chmod 600")
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise SealError(f"{path} is no Ed25519 key")
    if not (folder / PUBLIC_KEY).exists():
        _put(folder / PUBLIC_KEY, _public_pem(key), mode=0o644)
    return key


def public_key(path: Path) -> Ed25519PublicKey:
    """The key that a seal's signature is checked with. Raises ``SealError``."""
    try:
        key = serialization.load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise SealError(f"{path} cannot be read as a public key") from error
    if not isinstance(key, Ed25519PublicKey):
        raise SealError(f"{path} is no Ed25519 key")
    return key


def write_seal(path: Path, sealed: Sealed, key: Ed25519PrivateKey) -> None:
    """Write one signed line; an older file of that name stays whole until the new one is."""
    body: dict[str, object] = {
        "format": FORMAT,
        "sealed_at": instant(sealed.at),
        "clinics": {code: _told(head) for code, head in sealed.heads.items()},
    }
    signature = base64.b64encode(key.sign(canonical(body).encode())).decode()
    text = canonical({**body, "signature": signature}) + "\n"
    with _draft(path, text.encode(), 0o644) as draft:
        draft.replace(path)


def read_seal(path: Path, key: Ed25519PublicKey) -> Sealed:
    """Read a seal after checking its signature. Raises ``SealError``."""
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        signature = base64.b64decode(body.pop("signature"), validate=True)
        key.verify(signature, canonical(body).encode())
        if body["format"] != FORMAT:
            raise SealError(f"{path} has the unknown format {body['format']}")
        heads = {code: _heard(head) for code, head in body["clinics"].items()}
        return Sealed(datetime.datetime.fromisoformat(body["sealed_at"]), heads)
    except InvalidSignature:
        raise SealError(f"{path} was changed or signed with another key") from None
    except OSError as error:
        raise SealError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
        raise SealError(f"{path} is no seal") from error


def seal_name(at: datetime.datetime) -> str:
    """The name of a seal made at this time; names sort by time."""
    return f"seal-{at.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}.json"


def newest_seal(folder: Path) -> Path | None:
    """The newest seal of a folder by its name."""
    return max(folder.glob("seal-*.json"), default=None)


def _told(head: Seal) -> dict[str, object]:
    at = None if head.at is None else instant(head.at)
    return {"number": head.number, "hash": head.hash.hex(), "at": at}


def _heard(told: Mapping[str, object]) -> Seal:
    at = told["at"]
    return Seal(
        int(str(told["number"])),
        bytes.fromhex(str(told["hash"])),
        None if at is None else datetime.datetime.fromisoformat(str(at)),
    )


def _private_pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _public_pem(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _put(path: Path, content: bytes, *, mode: int) -> None:
    """Make a file with its whole content or leave the one that another process was quicker to make."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _draft(path, content, mode) as draft, contextlib.suppress(FileExistsError):
        os.link(draft, path)


@contextlib.contextmanager
def _draft(path: Path, content: bytes, mode: int) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)
