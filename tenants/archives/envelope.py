"""The file of an archive: a header that may be read by all, and numbered sealed pieces.

    MAGIC, length of the header (4 bytes), header (JSON), SHA-256 of all before it,
    then pieces: number (8 bytes), 1 for the last one or 0, length (4 bytes), AES-256-GCM of up to 1 MiB.

The key of the pieces is new for each archive: HKDF-SHA-256 of an X25519 agreement with the public half of the
administrator's code *and* of a key derived from the clinic's data key, which the master key alone unwraps; so
it takes the code and the master key. The header is part of what is derived from, a piece's own head is
authenticated with it: a piece that is changed, left out, exchanged or repeated does not open in its place.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import hashlib
import json
import secrets
import struct
import typing
import uuid

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tenants.archives.codes import private_key, public_half
from tenants.archives.refusals import ArchiveRefused

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from tenants.keys import Master

FORMAT = "shipa-archive-1"
MAGIC = b"SHIPA-ARCHIVE\n"
PIECE = 1 << 20
_HEAD = struct.Struct(">QBI")
_TAG = 16
_LONGEST_HEADER = 1 << 16

NOT_ONE = "this file is not an archive of Shipa"
TRUNCATED = "the archive is truncated: its end is missing"
MIXED = "the archive was altered: its pieces are not in their order"
ALTERED = "the archive was altered: a piece of it does not open"
HEADER_ALTERED = "the archive was altered: its header is not as it was written"
LONGER = "the archive was altered: something follows its end"


@dataclasses.dataclass(frozen=True)
class Header:
    """What anybody may read: no name, no code, no figure."""

    clinic_id: uuid.UUID
    wrapped_data_key: bytes
    recipient: bytes
    ephemeral: bytes

    def as_bytes(self) -> bytes:
        """As it stands in the file, with what is before and after it."""
        told = {
            "format": FORMAT,
            "clinic": str(self.clinic_id),
            "key": base64.b64encode(self.wrapped_data_key).decode(),
            "to": base64.b64encode(self.recipient).decode(),
            "by": base64.b64encode(self.ephemeral).decode(),
        }
        body = json.dumps(told, sort_keys=True).encode()
        plain = MAGIC + struct.pack(">I", len(body)) + body
        return plain + hashlib.sha256(plain).digest()


def read_header(file: typing.BinaryIO) -> Header:
    """The header, its checksum right. Raises ``ArchiveRefused``."""
    start = file.read(len(MAGIC) + 4)
    if not start.startswith(MAGIC):
        raise ArchiveRefused(NOT_ONE if len(start) > len(MAGIC) or not MAGIC.startswith(start) else TRUNCATED)
    length = struct.unpack(">I", start[len(MAGIC) :])[0] if len(start) == len(MAGIC) + 4 else 0
    if length > _LONGEST_HEADER:
        raise ArchiveRefused(HEADER_ALTERED)
    body, checksum = file.read(length), file.read(hashlib.sha256().digest_size)
    if not length or len(checksum) < hashlib.sha256().digest_size:
        raise ArchiveRefused(TRUNCATED)
    if not secrets.compare_digest(hashlib.sha256(start + body).digest(), checksum):
        raise ArchiveRefused(HEADER_ALTERED)
    return _heard(body)


def _heard(body: bytes) -> Header:
    try:
        told = json.loads(body)
        if told["format"] != FORMAT:
            message = f"the archive has the format {told['format']!r}, this release reads {FORMAT}"
            raise ArchiveRefused(message)
        keys = (base64.b64decode(told[name], validate=True) for name in ("key", "to", "by"))
        return Header(uuid.UUID(told["clinic"]), *keys)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, binascii.Error) as error:
        raise ArchiveRefused(HEADER_ALTERED) from error


class SealedWriter:
    """Takes bytes of any length and writes them as sealed pieces; ``finish`` writes the last one."""

    def __init__(
        self,
        file: typing.BinaryIO,
        *,
        clinic_id: uuid.UUID,
        wrapped: bytes,
        recipient: bytes,
        data_key: bytes,
    ) -> None:
        ephemeral = X25519PrivateKey.generate()
        header = Header(clinic_id, wrapped, recipient, public_half(ephemeral)).as_bytes()
        shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(recipient))
        self._aead = AESGCM(_derived(shared, data_key, header))
        self._file = file
        self._number = 0
        self._waiting = bytearray()
        file.write(header)

    def write(self, body: bytes | memoryview) -> None:
        """Take more; the pieces that are full are written."""
        self._waiting += body
        while len(self._waiting) > PIECE:
            self._put(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]

    def finish(self) -> None:
        """Write what is left as the last piece."""
        self._put(bytes(self._waiting), last=True)

    def _put(self, body: bytes, *, last: bool) -> None:
        head = _HEAD.pack(self._number, last, len(body))
        self._file.write(head + self._aead.encrypt(_nonce(self._number), body, head))
        self._number += 1


def opened(file: typing.BinaryIO, code: str, master: Master) -> tuple[Header, Iterator[bytes]]:
    """The header and the plain pieces, each checked before it is given out.

    Raises ``ArchiveRefused`` for another master key and for another code at once, and while the pieces
    are read for what is wrong with them; only who came to the end has a whole archive.
    """
    header = read_header(file)
    try:
        data_key = master.unwrap_one(header.clinic_id, b"data", header.wrapped_data_key)
    except (InvalidTag, ValueError) as error:
        message = "the archive was made under another master key than this one"
        raise ArchiveRefused(message) from error
    mine = private_key(code, header.clinic_id)
    if not secrets.compare_digest(public_half(mine), header.recipient):
        message = "this is not the code that the archive was made for"
        raise ArchiveRefused(message)
    try:
        shared = mine.exchange(X25519PublicKey.from_public_bytes(header.ephemeral))
    except ValueError as error:
        raise ArchiveRefused(HEADER_ALTERED) from error
    return header, _pieces(file, AESGCM(_derived(shared, data_key, header.as_bytes())))


def _pieces(file: typing.BinaryIO, aead: AESGCM) -> Iterator[bytes]:
    wanted, last = 0, False
    while not last:
        head = file.read(_HEAD.size)
        if len(head) < _HEAD.size:
            raise ArchiveRefused(TRUNCATED)
        number, last, length = _HEAD.unpack(head)
        if length > PIECE or last > 1:
            raise ArchiveRefused(ALTERED)
        body = file.read(length + _TAG)
        if len(body) < length + _TAG:
            raise ArchiveRefused(TRUNCATED)
        yield _piece(aead, (head, number, body), wanted)
        wanted += 1
    if file.read(1):
        raise ArchiveRefused(LONGER)


def _piece(aead: AESGCM, read: tuple[bytes, int, bytes], wanted: int) -> bytes:
    head, number, body = read
    try:
        plain = aead.decrypt(_nonce(number), body, head)
    except (InvalidTag, OverflowError) as error:
        raise ArchiveRefused(ALTERED) from error
    if number != wanted:
        # It is a piece of this archive, and not the one that stood here.
        raise ArchiveRefused(MIXED)
    return plain


def _derived(shared: bytes, data_key: bytes, header: bytes) -> bytes:
    own = HKDF(hashes.SHA256(), 32, salt=None, info=b"shipa archive").derive(data_key)
    return HKDF(hashes.SHA256(), 32, salt=own, info=hashlib.sha256(header).digest()).derive(shared)


def _nonce(number: int) -> bytes:
    """The key is used for one archive, so that a piece's number is a nonce of its own."""
    return number.to_bytes(12, "big")
