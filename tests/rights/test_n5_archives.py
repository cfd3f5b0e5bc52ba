"""Rights N5, N6: an archive opens only with its clinic's code and the master key; nothing of it is N6's."""

from __future__ import annotations

import typing

import pytest

from saas.web.models import ClinicSetting
from tenants.archives.contents import LEFT_OUT, is_left_out
from tenants.archives.exporting import Export
from tenants.archives.opening import Archive
from tenants.archives.refusals import ArchiveRefused
from tenants.archives.restoring import Restore
from tests.isolation import households
from tests.rights.conftest import Home
from tests.support import world
from tests.support.files import text_of
from tests.support.signing_in import set_up_administrator

if typing.TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from tenants.extension import Tenants


@pytest.fixture
def home(app: Flask) -> Home:
    """A furnished clinic of one test, because tables are planted in it."""
    return Home(app, households.furnish(app, world.PASSWORD))


def code_of(home: Home) -> str:
    """A new code from the administrator's own page, as it is shown and printed once."""
    head = home.household.people["clinic_admin"]
    set_up_administrator(home.app, head)
    browser = home.browser("clinic_admin")
    answer = browser.send("/settings/archive-code", {"own_password": world.PASSWORD})
    assert answer.status_code == 200
    shown = answer.get_data(as_text=True).split("big-code", 1)[1].split("<bdi", 1)[1]
    return shown.split(">", 1)[1].split("<", 1)[0]


def exported(home: Home, path: Path) -> Tenants:
    tenants = world.caretaker(home.app)
    Export(tenants, home.household.card, "a test of the rights").write(path)
    return tenants


def plain(tenants: Tenants, path: Path, code: str) -> bytes:
    """Everything that is in an archive, opened."""
    parts = Archive(path, code, tenants.master).parts()
    return b"".join(part.head() + b"".join(rows) for part, rows in parts)


def test_an_archive_opens_with_the_printed_code_alone(home: Home, tmp_path: Path) -> None:
    code, path = code_of(home), tmp_path / "archive"
    tenants = exported(home, path)
    assert b"CANARY" not in path.read_bytes()
    assert b"CANARY" in plain(tenants, path, code)
    with pytest.raises(ArchiveRefused, match="not the code"):
        plain(tenants, path, code[:-1] + ("A" if code[-1] != "A" else "B"))


def test_a_new_code_does_not_open_what_was_made_for_the_old_one_nor_the_old_one_later_archives(
    home: Home, tmp_path: Path
) -> None:
    old, paths = code_of(home), [tmp_path / "first", tmp_path / "second"]
    tenants = exported(home, paths[0])
    new = code_of(home)
    exported(home, paths[1])
    for path, right, wrong in ((paths[0], old, new), (paths[1], new, old)):
        assert plain(tenants, path, right)
        with pytest.raises(ArchiveRefused, match="not the code"):
            plain(tenants, path, wrong)


def test_the_code_itself_is_kept_nowhere(home: Home, tmp_path: Path) -> None:
    code = code_of(home).replace(" ", "")
    with world.inside(home.app, home.household.card) as session:
        setting = session.query(ClinicSetting).one()
        assert setting.archive_key is not None
        assert len(setting.archive_key) == 32
    exported(home, tmp_path / "archive")
    assert code.encode() not in plain(world.caretaker(home.app), tmp_path / "archive", code)
    assert "archive_code.made" in [row.act for row in home.log()]


def test_only_the_administrator_makes_a_code_and_only_with_her_password(home: Home) -> None:
    assert home.browser("village_doctor").get("/settings/archive-code").status_code == 403
    head = home.browser("clinic_admin")
    assert head.send("/settings/archive-code", {"own_password": "wrong"}).status_code == 422
    with world.inside(home.app, home.household.card) as session:
        assert session.query(ClinicSetting).one().archive_key is None


def test_a_suspended_clinic_can_still_make_one(home: Home) -> None:
    """Else nothing could be taken along from a clinic that is being closed."""
    home.app.test_cli_runner().invoke(args=["clinics", "suspend", home.household.card.code])
    assert code_of(home)
    settings = home.browser("clinic_admin").send("/settings", {"paper": "A5"})
    assert settings.status_code == 403


@pytest.mark.parametrize("table", [*LEFT_OUT, "fp_something_new"])
def test_no_table_of_family_planning_is_in_it_whatever_its_rows(
    home: Home, tmp_path: Path, table: str
) -> None:
    code, path = code_of(home), tmp_path / "archive"
    plant(home, table)
    tenants = exported(home, path)
    held = plain(tenants, path, code)
    assert b"PLANTED" not in held
    assert table.encode() not in held
    assert b"CANARY" in held
    # Nor does a restore take them away: it is refused while there are any.
    restore = Restore(tenants, Archive(path, code, tenants.master))
    with pytest.raises(ArchiveRefused, match=table):
        restore.run("a test of the rights")
    assert planted(home, table) == 1


def plant(home: Home, table: str) -> None:
    schema = home.household.card.binding.schema
    with world.caretaker(home.app).logins.connect("owner") as connection:
        connection.execute(f"CREATE TABLE {schema}.{table} (id int PRIMARY KEY, note text)".encode())
        connection.execute(f"INSERT INTO {schema}.{table} VALUES (1, 'PLANTED')".encode())  # noqa: S608


def planted(home: Home, table: str) -> int:
    schema = home.household.card.binding.schema
    with world.caretaker(home.app).logins.connect("owner") as connection:
        row = connection.execute(f"SELECT count(*) FROM {schema}.{table}".encode()).fetchone()  # noqa: S608
    assert row is not None
    return int(row[0])


def test_a_declared_table_of_family_planning_is_left_out_too(home: Home, tmp_path: Path) -> None:
    """Even when the room's tables are part of every clinic: the list decides, not where they came from."""
    assert all(map(is_left_out, LEFT_OUT))
    tables = world.caretaker(home.app).metadata.tables
    assert [name for name in tables if is_left_out(name)] == []
    code_of(home)
    tenants = world.caretaker(home.app)
    manifest = Export(tenants, home.household.card, "a test of the rights").write(tmp_path / "archive")
    assert {part.name for part in manifest.tables} == set(tables)


def test_every_export_states_its_purpose_to_the_staff(home: Home, tmp_path: Path) -> None:
    code_of(home)
    exported(home, tmp_path / "archive")
    browser = home.browser("village_doctor", "notice")
    page = text_of(browser.get("/notices"))
    assert "a test of the rights" in page
    assert browser.send("/notices").status_code == 303
    (row,) = [row for row in home.log() if row.act == "operator.act" and "clinic.exported" in str(row.detail)]
    assert "a test of the rights" in str(row.detail)
