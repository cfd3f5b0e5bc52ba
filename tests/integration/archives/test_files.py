"""What cannot be restored is refused in words and changes nothing; what can is told before."""

from __future__ import annotations

import dataclasses
import json
import typing

import pytest

from tenants.archives import exporting
from tenants.archives.opening import Archive
from tenants.archives.refusals import ArchiveRefused
from tenants.archives.restoring import Restore
from tenants.keys import Master, create_master_key
from tests.integration.tenants.conftest import revise, tree  # noqa: F401 - a fixture

if typing.TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    from tenants.trees import Tree
    from tests.integration.archives.conftest import Archived

    Shipa = Callable[..., Result]

HARMED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "not an archive": (lambda _: b"PK\x03\x04 a zip, say, that is long enough", "not an archive"),
    "truncated": (lambda body: body[:-9], "truncated"),
    "altered": (lambda body: body[:-20] + b"x" + body[-19:], "altered"),
    "header": (lambda body: body.replace(b'"format"', b'"Format"', 1), "altered"),
    "gone": (lambda _: b"", "truncated"),
}


@pytest.mark.parametrize("harm", HARMED)
def test_a_harmed_file_changes_nothing(archived: Archived, shipa: Shipa, harm: str) -> None:
    archived.export()
    before = archived.sums(), _platform(archived)
    change, words = HARMED[harm]
    archived.path.write_bytes(change(archived.path.read_bytes()))
    for more in ([], ["--dry-run"]):
        done = restored(archived, shipa, *more)
        assert (done.exit_code, words in done.stderr) == (2, True), done.output
    assert (archived.sums(), _platform(archived)) == before


def _platform(archived: Archived) -> list[tuple[object, ...]]:
    return archived.ask(
        "SELECT (SELECT count(*) FROM platform.operator_act), array_agg(s::text) FROM platform.web_session s"
    )


def restored(archived: Archived, shipa: Shipa, *more: str, codes: str | None = None) -> Result:
    runner = archived.app.test_cli_runner()
    words = ["clinics", "restore", str(archived.path), "--purpose", "a drill of the test", *more]
    result: Result = runner.invoke(args=words, input=codes or f"{archived.code}\n")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_other_codes_other_keys_other_clinics_are_refused(
    archived: Archived, shipa: Shipa, tmp_path: Path
) -> None:
    archived.export()
    before = archived.sums()
    assert "not the code" in restored(archived, shipa, codes="A" * 26 + "\n").stderr
    assert restored(archived, shipa, codes="\n").exit_code == 2
    create_master_key(tmp_path / "other.key")
    strange = dataclasses.replace(archived.archive, master=Master(tmp_path / "other.key"))
    with pytest.raises(ArchiveRefused, match="another master key"):
        Restore(archived.tenants, strange).run("a drill")
    assert archived.sums() == before


def test_an_archive_of_a_clinic_that_is_not_here_is_refused(archived: Archived, shipa: Shipa) -> None:
    archived.export()
    schema = archived.card.binding.schema
    archived.ask(f"DROP SCHEMA {schema} CASCADE")
    archived.ask("TRUNCATE platform.clinic CASCADE")
    done = restored(archived, shipa)
    assert (done.exit_code, "--into" in done.stderr) == (2, True)


def test_an_archive_of_a_newer_release_is_refused_and_an_older_one_brought_up(
    archived: Archived,
    tree: Tree,  # noqa: F811
) -> None:
    old = archived.export()
    before = archived.sums()
    newer = revise(tree, "0099_extra", "ALTER TABLE resident ADD COLUMN extra text DEFAULT 'x' NOT NULL")
    done = Restore(archived.tenants, archived.archive, tree=newer).run("a drill of the test")
    assert done.manifest.revision == old.revision != newer.head
    assert archived.ask("SELECT DISTINCT extra FROM resident") == [("x",)]
    assert archived.ask("SELECT revision FROM platform.clinic_revision") == [(newer.head,)]
    assert archived.ask("SELECT from_revision, to_revision, error FROM platform.migration_run") == [
        (old.revision, newer.head, None)
    ]
    archived.export()
    with pytest.raises(ArchiveRefused, match="newer"):
        archived.restore()
    assert archived.ask("SELECT revision FROM platform.clinic_revision") == [(newer.head,)]
    same = {name for name in before if archived.sums()[name] == before[name]}
    assert before.keys() - same == {"resident", "access_log", "clinic_setting"}


def test_a_row_that_is_not_what_was_read_ends_the_restore(
    archived: Archived, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The comparison is the database's own rows against the manifest: a row that was lost is seen."""
    archived.export()
    before = archived.sums()
    parts = Archive.parts

    def losing(self: Archive) -> object:
        for part, rows in parts(self):
            yield part, (iter([b"".join(rows).split(b"\n", 1)[1]]) if part.name == "site" else rows)

    monkeypatch.setattr(Archive, "parts", losing)
    with pytest.raises(ArchiveRefused):
        archived.restore()
    monkeypatch.setattr(Archive, "parts", lambda self: (p for p in parts(self) if p[0].name != "draft"))
    with pytest.raises(ArchiveRefused, match="draft"):
        archived.restore()
    assert archived.sums() == before


def test_a_dry_run_tells_and_changes_nothing(archived: Archived, shipa: Shipa) -> None:
    archived.export()
    before = archived.sums(), _platform(archived)
    done = restored(archived, shipa, "--dry-run")
    assert (done.exit_code, "would be restored" in done.stdout) == (0, True)
    assert archived.card.code in done.stdout
    assert (archived.sums(), _platform(archived)) == before


def test_a_purpose_is_asked_for(archived: Archived, shipa: Shipa) -> None:
    for words in (["--purpose", "short"], []):
        done = shipa("clinics", "export", archived.card.code, archived.path, *words)
        assert done.exit_code == 2
    assert not archived.path.exists()


def test_the_command_writes_what_it_says(archived: Archived, shipa: Shipa) -> None:
    done = shipa("clinics", "export", archived.card.code, archived.path, "--purpose", "handed to the county")
    assert done.exit_code == 0, done.output
    manifest = archived.archive.checked()
    assert (manifest.code, manifest.purpose) == (archived.card.code, "handed to the county")
    assert f"{sum(part.rows for part in manifest.tables)} rows" in done.stdout
    assert archived.path.stat().st_mode & 0o077 == 0
    assert json.loads(json.dumps(manifest.tables[0].columns))
    assert "restored: " in restored(archived, shipa).stdout


def test_a_file_that_is_there_is_written_over_only_when_that_was_said(
    archived: Archived, shipa: Shipa
) -> None:
    archived.path.write_bytes(b"another clinic's only archive")
    words = ("clinics", "export", archived.card.code, archived.path, "--purpose", "handed to the county")
    done = shipa(*words)
    assert (done.exit_code, "--force" in done.stderr) == (2, True)
    assert archived.path.read_bytes() == b"another clinic's only archive"
    assert shipa(*words, "--force").exit_code == 0
    assert archived.archive.checked().code == archived.card.code


def test_without_a_code_or_a_folder_nothing_is_written(archived: Archived, shipa: Shipa) -> None:
    done = shipa("clinics", "export", archived.card.code, "/nowhere/x", "--purpose", "handed to the county")
    assert (done.exit_code, "cannot be written" in done.stderr) == (2, True)
    archived.ask("UPDATE clinic_setting SET archive_key = NULL, archive_key_at = NULL")
    done = shipa("clinics", "export", archived.card.code, archived.path, "--purpose", "handed to the county")
    assert (done.exit_code, "no archive code" in done.stderr) == (2, True)
    assert list(archived.path.parent.glob("*archive*")) == []
    assert archived.ask("SELECT act FROM platform.operator_act") == [("clinic.created",)]


def test_two_exports_of_one_name_do_not_meet(archived: Archived, monkeypatch: pytest.MonkeyPatch) -> None:
    real = exporting._copied

    def meanwhile(*args: object) -> object:
        with pytest.raises(ArchiveRefused, match="another export"):
            archived.export()
        monkeypatch.setattr(exporting, "_copied", real)
        return typing.cast("Callable[..., object]", real)(*args)

    monkeypatch.setattr(exporting, "_copied", meanwhile)
    archived.export()
    assert archived.archive.checked().code == archived.card.code
