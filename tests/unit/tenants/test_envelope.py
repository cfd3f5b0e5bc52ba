"""What is no archive, or no longer the one that was written, is told apart and not opened."""

from __future__ import annotations

import dataclasses
import hashlib
import struct
import typing
import uuid

import pytest

from tenants.archives import envelope
from tenants.archives.codes import ALPHABET, SIGNS, new_code, private_key, public_half
from tenants.archives.contents import frames
from tenants.archives.envelope import PIECE, SealedWriter, opened
from tenants.archives.refusals import ArchiveRefused
from tenants.keys import Master, create_master_key

if typing.TYPE_CHECKING:
    from pathlib import Path

CLINIC = uuid.UUID(int=650099)
HEAD = struct.Struct(">QBI")


@dataclasses.dataclass
class Sealed:
    """A file of three pieces and what opens it."""

    path: Path
    code: str
    master: Master

    def read(self) -> bytes:
        with self.path.open("rb") as file:
            return b"".join(opened(file, self.code, self.master)[1])

    def refused(self, body: bytes) -> str:
        """Why the file with this body is refused."""
        self.path.write_bytes(body)
        with pytest.raises(ArchiveRefused) as refusal:
            self.read()
        return str(refusal.value)


@pytest.fixture
def sealed(tmp_path: Path) -> Sealed:
    create_master_key(tmp_path / "master.key")
    master = Master(tmp_path / "master.key")
    wrapped, _ = master.new_clinic_keys(CLINIC)
    code, public = new_code(CLINIC)
    path = tmp_path / "sealed"
    with path.open("wb") as file:
        keys = {"wrapped": wrapped, "data_key": master.unwrap_one(CLINIC, b"data", wrapped)}
        writer = SealedWriter(file, clinic_id=CLINIC, recipient=public, **keys)
        for _ in range(5):
            writer.write(b"CANARY-" * (PIECE // 14))
        writer.finish()
    return Sealed(path, code, master)


def split(body: bytes) -> tuple[bytes, list[bytes]]:
    """The header and the pieces, each with its own head."""
    at = len(envelope.MAGIC) + 4
    at += struct.unpack(">I", body[at - 4 : at])[0] + 32
    header, pieces = body[:at], []
    while at < len(body):
        length = HEAD.unpack_from(body, at)[2] + HEAD.size + 16
        pieces.append(body[at : at + length])
        at += length
    return header, pieces


def test_what_was_written_is_read_and_nothing_of_it_can_be_seen(sealed: Sealed) -> None:
    assert sealed.read() == b"CANARY-" * (PIECE // 14) * 5
    body = sealed.path.read_bytes()
    assert b"CANARY" not in body
    assert sealed.code.encode() not in body
    assert len(split(body)[1]) == 3


def test_each_kind_of_harm_has_its_own_words(sealed: Sealed) -> None:
    body = sealed.path.read_bytes()
    header, pieces = split(body)
    one, two, three = pieces
    changed = bytearray(two)
    changed[HEAD.size + 99] ^= 1
    end = HEAD.pack(1, 1, 0)
    assert sealed.refused(b"") == envelope.TRUNCATED
    assert sealed.refused(b"PK\x03\x04" + bytes(900)) == envelope.NOT_ONE
    assert sealed.refused(header[:40]) == envelope.TRUNCATED
    assert sealed.refused(header) == envelope.TRUNCATED
    assert sealed.refused(body[:-1]) == envelope.TRUNCATED
    assert sealed.refused(header + one + two) == envelope.TRUNCATED
    assert sealed.refused(header + one + three) == envelope.MIXED
    assert sealed.refused(header + two + one + three) == envelope.MIXED
    assert sealed.refused(header + one + one + two + three) == envelope.MIXED
    assert sealed.refused(header + one + bytes(changed) + three) == envelope.ALTERED
    assert sealed.refused(header + one + end + two[HEAD.size :]) in {envelope.ALTERED, envelope.LONGER}
    assert sealed.refused(body + b"x") == envelope.LONGER
    assert sealed.refused(header.replace(b'"clinic"', b'"clinik"') + one) == envelope.HEADER_ALTERED


@pytest.mark.parametrize("said", [b"[" * 60_000, b"[1]", b"null", b"{}", b"\xff"])
def test_a_header_of_somebody_elses_making_is_refused_whatever_it_says(sealed: Sealed, said: bytes) -> None:
    plain = envelope.MAGIC + struct.pack(">I", len(said)) + said
    assert sealed.refused(plain + hashlib.sha256(plain).digest()) == envelope.HEADER_ALTERED


@pytest.mark.parametrize("place", range(0, 900, 7))
def test_no_byte_of_the_header_or_the_first_piece_can_be_another(sealed: Sealed, place: int) -> None:
    body = bytearray(sealed.path.read_bytes())
    body[place] ^= 1
    assert sealed.refused(bytes(body))


def test_an_archive_cannot_be_cut_to_look_whole(sealed: Sealed) -> None:
    """Neither by marking an earlier piece as the last one, nor by a last piece of another archive."""
    header, (one, two, three) = split(sealed.path.read_bytes())
    assert sealed.refused(header + HEAD.pack(0, 1, PIECE) + one[HEAD.size :]) == envelope.ALTERED
    moved = HEAD.pack(1, 1, len(three) - HEAD.size - 16) + three[HEAD.size :]
    assert sealed.refused(header + one + moved) == envelope.ALTERED
    assert two


def test_the_code_as_a_hand_writes_it_opens_and_another_does_not(sealed: Sealed) -> None:
    assert len(sealed.code) == SIGNS
    assert set(sealed.code) <= set(ALPHABET)
    written = " ".join(sealed.code[n : n + 4] for n in range(0, SIGNS, 4)).lower().replace("o", "0")
    assert public_half(private_key(written, CLINIC)) == public_half(private_key(sealed.code, CLINIC))
    other = "A" if sealed.code[3] != "A" else "B"
    sealed.code = sealed.code[:3] + other + sealed.code[4:]
    assert "not the code" in sealed.refused(sealed.path.read_bytes())


def test_neither_the_code_alone_opens_nor_the_master_key_alone(sealed: Sealed, tmp_path: Path) -> None:
    create_master_key(tmp_path / "other.key")
    own = sealed.master
    sealed.master = Master(tmp_path / "other.key")
    assert "another master key" in sealed.refused(sealed.path.read_bytes())
    sealed.master = own
    sealed.code = ""
    assert "not the code" in sealed.refused(sealed.path.read_bytes())


def test_the_same_code_of_two_clinics_is_two_keys() -> None:
    assert public_half(private_key("A" * 26, CLINIC)) != public_half(private_key("A" * 26, uuid.UUID(int=1)))


def test_a_part_that_breaks_off_is_told() -> None:
    assert list(frames([b"R\x00\x00", b"\x00\x01xM\x00\x00\x00\x00"])) == [(b"R", b"x"), (b"M", b"")]
    with pytest.raises(ArchiveRefused, match="whole part"):
        list(frames([b"R\x00\x00\x00\x02x"]))
