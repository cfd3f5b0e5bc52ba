"""``shipa audit seal`` and ``verify``: what they print, how they exit."""

import json
import typing
from pathlib import Path

import psycopg
import pytest
from click.testing import Result

from saas.audit import sealing
from saas.web.log import Entry
from tenants.extension import Tenants
from tests.integration.audit.conftest import LoggedClinic
from tests.support import world

Admin = psycopg.Connection[typing.Any]


class Shell(typing.NamedTuple):
    """Runs ``shipa audit`` with a seals folder of the test's own."""

    clinic: LoggedClinic
    folder: Path

    def run(self, *arguments: str) -> Result:
        return self.clinic.app.test_cli_runner().invoke(args=["audit", *arguments])

    def verify(self, *arguments: str) -> Result:
        """Verify this clinic only."""
        return self.run("verify", "--clinic", self.clinic.card.code, *arguments)


@pytest.fixture
def shell(clinic: LoggedClinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setattr(Tenants, "folder", tmp_path)
    (tmp_path / "seals").mkdir()
    return Shell(clinic, tmp_path / "seals")


def test_seal_writes_the_head_of_every_clinic(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "away" / "seal.json"
    refused = shell.run("seal", str(path))
    assert (refused.exit_code, f"there is no folder {path.parent}" in refused.output) == (2, True)
    assert not path.parent.exists()
    path.parent.mkdir()
    done = shell.run("seal", str(path))
    clinics = world.caretaker(shell.clinic.app).clinics()
    assert done.exit_code == 0
    assert done.output == f"sealed {len(clinics)} clinics: {path}\n"
    body = json.loads(path.read_text())
    assert set(body["clinics"]) == {card.code for card in clinics}
    head = shell.clinic.head()
    assert head.at is not None
    assert body["clinics"][shell.clinic.card.code] == {
        "number": 10,
        "hash": head.hash.hex(),
        "at": head.at.isoformat(timespec="microseconds"),
    }


def test_seal_writes_into_the_seals_folder_by_default(shell: Shell) -> None:
    shell.folder.rmdir()
    assert shell.run("seal").exit_code == 0
    assert [path.name[:5] for path in shell.folder.iterdir()] == ["seal-"]


def test_where_no_clinic_can_be_sealed_no_key_and_no_empty_seal_is_made(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Tenants, "clinics", lambda *_: [])
    for given in ((), (str(tmp_path / "seal.json"),)):
        done = shell.run("seal", *given)
        assert (done.exit_code, done.output) == (0, "there was nothing to seal; no file was written\n")
    assert [*shell.folder.iterdir(), *tmp_path.glob("*.json"), *tmp_path.glob("keys")] == []


def test_verify_says_that_all_is_whole(shell: Shell) -> None:
    shell.run("seal")
    done = shell.run("verify")
    clinics = world.caretaker(shell.clinic.app).clinics()
    assert done.exit_code == 0, done.output
    assert done.output.startswith("seal of 20")
    assert f"clinics: {len(clinics)}, rows: " in done.output
    assert done.output.endswith(", with faults: 0\n")


def test_verify_without_a_seal_says_what_it_cannot_see(shell: Shell) -> None:
    done = shell.verify()
    assert done.exit_code == 0
    assert done.output == (
        "no seal: a cut of the newest rows cannot be seen\nclinics: 1, rows: 10, with faults: 0\n"
    )


_INSERT = """
INSERT INTO access_log SELECT (jsonb_populate_record(old, '{"number": 11}')).*
FROM access_log AS old WHERE number = 10
"""
_REORDER = """
UPDATE access_log SET number = CASE number WHEN 4 THEN 40 ELSE 4 END WHERE number IN (4, 5)
"""
_TAMPERING = {
    "change": ("UPDATE access_log SET act = 'x' WHERE number = 5", "changed: row 5 was changed"),
    "delete": ("DELETE FROM access_log WHERE number = 5", "deleted: row 5 is missing"),
    "insert": (_INSERT, "inserted: row 11 was put in, a copy of row 10"),
    "reorder": (_REORDER, "reordered: row 4 was written as row 5"),
    "cut": (
        "DELETE FROM access_log WHERE number > 5",
        "cut: the chain ends at row 5, the seal knows row 10",
    ),
}


@pytest.mark.parametrize("kind", _TAMPERING)
def test_verify_names_the_row(shell: Shell, admin: Admin, kind: str) -> None:
    statement, expected = _TAMPERING[kind]
    shell.run("seal")
    admin.execute(statement)
    done = shell.verify()
    assert done.exit_code == 1
    assert f"{shell.clinic.card.code}: {expected}" in done.output
    assert "with faults: 1" in done.output


def test_a_cut_of_rows_newer_than_the_newest_seal_cannot_be_seen(shell: Shell, admin: Admin) -> None:
    shell.run("seal")
    shell.clinic.write(Entry("residents.show"))
    admin.execute("DELETE FROM access_log WHERE number = 11")
    assert shell.verify().exit_code == 0


def test_verify_takes_the_newest_seal(shell: Shell, admin: Admin) -> None:
    shell.run("seal", str(shell.folder / "seal-20200101T000000Z.json"))
    shell.clinic.write(Entry("residents.show"))
    shell.run("seal")
    admin.execute("DELETE FROM access_log WHERE number = 11")
    older = str(shell.folder / "seal-20200101T000000Z.json")
    assert shell.verify().exit_code == 1
    assert shell.verify("--seal", older).exit_code == 0


def test_verify_in_json(shell: Shell, admin: Admin) -> None:
    path = shell.folder / "seal-20300101T000000Z.json"
    shell.run("seal", str(path))
    admin.execute("DELETE FROM access_log WHERE number BETWEEN 2 AND 4")
    done = shell.verify("--format", "json")
    told = json.loads(done.output)
    assert done.exit_code == 1
    assert told["whole"] is False
    assert told["seal"]["file"] == str(path)
    assert told["seal"]["problem"] is None
    assert told["clinics"] == [
        {
            "code": shell.clinic.card.code,
            "rows": 7,
            "problem": None,
            "faults": [{"number": 2, "kind": "deleted", "text": "rows 2 to 4 are missing", "last": 4}],
        }
    ]


def test_a_forged_seal_is_a_fault_of_its_own(shell: Shell) -> None:
    path = shell.folder / "seal-20300101T000000Z.json"
    shell.run("seal", str(path))
    path.write_text(path.read_text().replace('"number":10', '"number":9'))
    done = shell.verify()
    assert done.exit_code == 1
    assert f"{path} was changed or signed with another key" in done.output


def test_ones_own_copy_of_the_public_key_is_believed_before_the_servers(shell: Shell, tmp_path: Path) -> None:
    shell.run("seal")
    sealing.signing_key(tmp_path / "forger")
    own_copy = str(tmp_path / "forger" / "seal.pub")
    assert shell.verify().exit_code == 0
    assert shell.verify("--key", own_copy).exit_code == 1


def test_a_clinic_that_vanished_since_the_seal_is_named(shell: Shell, tmp_path: Path) -> None:
    key = sealing.signing_key(tmp_path / "keys")
    head = shell.clinic.head()
    assert head.at is not None
    path = tmp_path / "seal.json"
    sealing.write_seal(path, sealing.Sealed(head.at, {"650099777": head}), key)
    done = shell.run("verify", "--seal", str(path))
    assert done.exit_code == 1
    assert "650099777: is in the seal and no longer in the registry" in done.output


def test_an_unknown_clinic_is_a_wrong_call(shell: Shell) -> None:
    done = shell.run("verify", "--clinic", "000000000")
    assert done.exit_code == 2
    assert "there is no clinic 000000000" in done.output


def test_a_clinic_that_cannot_be_read_does_not_keep_the_others_from_being_sealed(
    shell: Shell, admin: Admin, tmp_path: Path
) -> None:
    code = shell.clinic.card.code
    admin.execute("ALTER TABLE access_log RENAME TO hidden_log")
    try:
        done = shell.run("seal", str(tmp_path / "seal.json"))
        seen = shell.verify()
    finally:
        admin.execute("ALTER TABLE hidden_log RENAME TO access_log")
    assert done.exit_code == 1
    assert f"{code}: cannot be read (UndefinedTable)" in done.output
    assert code not in json.loads((tmp_path / "seal.json").read_text())["clinics"]
    assert seen.exit_code == 1
    assert f"{code}: cannot be read (UndefinedTable)" in seen.output
