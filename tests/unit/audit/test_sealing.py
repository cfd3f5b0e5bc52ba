"""Seals: signed heads in a file; the key that signs is made once and read by nobody else."""

import datetime
import json
import threading
from pathlib import Path

import pytest

from saas.audit import sealing
from saas.audit.chain import GENESIS, Seal
from saas.audit.sealing import Sealed, SealError, newest_seal, public_key, read_seal, signing_key

AT = datetime.datetime(2026, 3, 1, 8, 0, 0, 5, tzinfo=datetime.UTC)
SEALED = Sealed(AT, {"650099001": Seal(12, b"h" * 32, AT), "650099002": Seal(0, GENESIS, None)})


def test_a_seal_reads_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "seal.json"
    sealing.write_seal(path, SEALED, signing_key(tmp_path))
    assert read_seal(path, public_key(tmp_path / "seal.pub")) == SEALED
    assert path.read_text().count("\n") == 1


def test_the_key_is_made_once_and_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    first = signing_key(folder)
    assert (folder / "seal.key").stat().st_mode & 0o777 == 0o600
    assert signing_key(folder).private_bytes_raw() == first.private_bytes_raw()
    assert [path.name for path in sorted(folder.iterdir())] == ["seal.key", "seal.pub"]


def test_two_processes_that_make_the_key_at_once_get_the_same(tmp_path: Path) -> None:
    made: list[bytes] = []
    start = threading.Barrier(8)

    def make() -> None:
        start.wait()
        made.append(signing_key(tmp_path).private_bytes_raw())

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert len(set(made)) == 1


def test_a_key_open_to_others_is_refused(tmp_path: Path) -> None:
    signing_key(tmp_path)
    (tmp_path / "seal.key").chmod(0o640)
    with pytest.raises(SealError, match="chmod 600"):
        signing_key(tmp_path)


def test_a_changed_seal_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "seal.json"
    sealing.write_seal(path, SEALED, signing_key(tmp_path))
    body = json.loads(path.read_text())
    body["clinics"]["650099001"]["number"] = 11
    path.write_text(json.dumps(body))
    with pytest.raises(SealError, match="changed or signed"):
        read_seal(path, public_key(tmp_path / "seal.pub"))


def test_a_seal_signed_with_another_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "seal.json"
    sealing.write_seal(path, SEALED, signing_key(tmp_path / "theirs"))
    signing_key(tmp_path / "ours")
    with pytest.raises(SealError, match="another key"):
        read_seal(path, public_key(tmp_path / "ours" / "seal.pub"))


@pytest.mark.parametrize(
    "text", ["", "not json", "[]", "null", "{}", '{"signature": "x"}', '{"signature": 5}', "\ufeff{}"]
)
def test_what_is_no_seal_is_refused(tmp_path: Path, text: str) -> None:
    signing_key(tmp_path)
    path = tmp_path / "seal.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SealError):
        read_seal(path, public_key(tmp_path / "seal.pub"))


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"-----BEGIN PUBLIC KEY-----\n"])
def test_what_is_no_public_key_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "seal.pub"
    path.write_bytes(content)
    with pytest.raises(SealError, match="public key"):
        public_key(path)


def test_the_newest_seal_is_found_by_name(tmp_path: Path) -> None:
    assert newest_seal(tmp_path) is None
    later = AT + datetime.timedelta(seconds=1)
    for at in (later, AT):
        (tmp_path / sealing.seal_name(at)).touch()
    (tmp_path / "other.json").touch()
    newest = newest_seal(tmp_path)
    assert newest is not None
    assert newest.name == sealing.seal_name(later)
