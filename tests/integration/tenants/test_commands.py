"""The caretaker's commands as they are typed: answers, exit codes, reports, refusals."""

from __future__ import annotations

import dataclasses
import importlib
import json
import os
import typing
from pathlib import Path

import pytest

from saas.app import create_app
from saas.config import Settings
from tenants.commands import base
from tenants.importing import Import
from tenants.migrating import LeftOut, Outcome
from tenants.naming import schema_of
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result
    from flask import Flask

    from tenants.extension import Tenants
    from tenants.settings import TenantSettings
    from tests.integration.tenants.conftest import Files

    Ask = Callable[..., list[tuple[typing.Any, ...]]]
    Shipa = Callable[..., Result]

ONE, TWO = "650099001", "650099002"


@pytest.fixture
def shipa(onboarding: Flask) -> Shipa:
    """Type a command."""

    def typed(*words: object) -> Result:
        result = onboarding.test_cli_runner().invoke(args=[str(word) for word in words])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return typed


@pytest.fixture
def two(tenants: Tenants, files: Files) -> Tenants:
    Import(files.roster({}, {"name_ug": "سىناق"})).run(tenants)
    return tenants


def test_import_puts_lines_in_place_and_says_so(shipa: Shipa, files: Files, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    sites = files.sites(("650099001200", ONE, "一村卫生室"))
    result = shipa("clinics", "import", files.roster({}, {}), "--sites", sites, "--report", report)
    assert result.exit_code == 0
    assert "clinics: 2 created, 0 updated, 0 unchanged" in result.stdout
    assert json.loads(report.read_text()) == {
        "created": 2,
        "unchanged": 0,
        "updated": 0,
        "sites": {"created": 1, "unchanged": 0, "updated": 0},
        "errors": [],
    }
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_import_names_what_it_refused_and_ends_with_1(
    shipa: Shipa, files: Files, tmp_path: Path, tenants: Tenants
) -> None:
    roster, report = files.roster({}, {"name_zh": "试\u202e验"}), tmp_path / "report.json"
    dry = shipa("clinics", "import", roster, "--dry-run", "--report", report)
    assert (dry.exit_code, tenants.clinics()) == (1, [])
    promised = report.read_text()
    result = shipa("clinics", "import", roster, "--report", report)
    assert result.exit_code == 1
    assert report.read_text() == promised
    (error,) = json.loads(promised)["errors"]
    assert error == {
        "file": str(roster),
        "line": 3,
        "column": "name_zh",
        "value": "试\u202e验",
        "message": "The cell holds a character that changes the direction of writing.",
    }
    assert "\u202e" not in promised + result.output
    assert f"{roster}: line 3, name_zh: The cell holds" in result.stderr
    assert [card.code for card in tenants.clinics()] == [ONE]


def test_a_report_to_a_link_is_written_through_it(shipa: Shipa, files: Files, tmp_path: Path) -> None:
    link = tmp_path / "link.json"
    link.symlink_to(tmp_path / "real.json")
    assert shipa("clinics", "import", files.roster({}), "--dry-run", "--report", link).exit_code == 0
    assert link.is_symlink()
    assert json.loads((tmp_path / "real.json").read_text())["created"] == 1


def test_import_where_every_line_is_refused_ends_with_1(shipa: Shipa, files: Files) -> None:
    assert shipa("clinics", "import", files.roster({"kind": "x"}, {"code": "1"})).exit_code == 1


def test_import_of_an_unusable_file_ends_with_2_and_changes_nothing(
    shipa: Shipa, files: Files, tmp_path: Path, tenants: Tenants
) -> None:
    good, report = files.roster({}), tmp_path / "report.json"
    wrong = files.sites(name="wrong.csv")
    wrong.write_text("code,name_zh\n")
    unusable = (
        (tmp_path / "none.csv",),
        (tmp_path,),
        (wrong,),
        (good, "--sites", wrong),
        (good, "--sites", tmp_path / "none.csv"),
        (good, "--report", tmp_path / "nowhere" / "report.json"),
    )
    for words in unusable:
        assert shipa("clinics", "import", *words).exit_code == 2, words
    assert tenants.clinics() == []
    assert shipa("clinics", "import", good, "--sites", wrong, "--report", report).exit_code == 2
    told = json.loads(report.read_text())
    assert (told["created"], told["errors"][0]["column"]) == (0, "institution_code")


def test_import_without_a_database_ends_with_2(place: TenantSettings, files: Files) -> None:
    nowhere = "postgresql://shipa_owner:x@127.0.0.1:1/shipa"
    away = dataclasses.replace(place, owner_url=nowhere, web_url=nowhere, gate_url=nowhere)
    app = create_app(Settings(hash_cost="test"), away)
    for extra in ((), ("--dry-run",)):
        result = app.test_cli_runner().invoke(args=["clinics", "import", str(files.roster({})), *extra])
        assert result.exit_code == 2
        assert "no usable database" in result.stderr
    world.close(app)


@pytest.mark.usefixtures("own_database")
def test_ones_own_database_without_a_platform_asks_for_init(
    place: TenantSettings, files: Files, tenants: Tenants, ask: Ask
) -> None:
    owner, web, gate = (tenants.logins.conninfo(login) for login in ("owner", "web", "gate"))
    ask("DROP SCHEMA platform CASCADE")
    own = dataclasses.replace(place, owner_url=owner, web_url=web, gate_url=gate)
    app = create_app(Settings(hash_cost="test"), own)
    for extra in ((), ("--dry-run",)):
        result = app.test_cli_runner().invoke(args=["clinics", "import", str(files.roster({})), *extra])
        assert result.exit_code == 2
        assert "run `shipa init` first" in result.stderr
    world.close(app)


@pytest.mark.usefixtures("own_database")
def test_init_makes_what_is_missing_and_then_nothing(shipa: Shipa, ask: Ask) -> None:
    assert shipa("init").stdout == "nothing to change\n"
    ask("DROP VIEW platform.clinic_sign_in")
    ask("DROP FUNCTION platform.rename_clinic")
    ask("UPDATE platform.alembic_version SET version_num = '0001_first_tables'")
    assert "made: platform revision 0002_rights_at_the_door" in shipa("init").stdout
    assert shipa("init").stdout == "nothing to change\n"


def test_init_makes_a_master_key_only_while_there_is_no_clinic(
    place: TenantSettings, files: Files, tmp_path: Path
) -> None:
    key = tmp_path / "keys" / "master.key"
    app = create_app(Settings(hash_cost="test"), dataclasses.replace(place, master_key_file=key))
    runner = app.test_cli_runner()
    assert f"made: master key {key}" in runner.invoke(args=["init"]).stdout
    assert key.stat().st_mode & 0o777 == 0o600
    assert runner.invoke(args=["clinics", "import", str(files.roster({}))]).exit_code == 0
    key.rename(tmp_path / "elsewhere")
    result = runner.invoke(args=["init"])
    assert (result.exit_code, key.exists()) == (2, False)
    assert "master key" in result.stderr
    world.close(app)


def test_list_and_show(shipa: Shipa, two: Tenants) -> None:
    listed = json.loads(shipa("clinics", "list", "--format", "json").stdout)
    assert [(card["code"], card["name_ug"]) for card in listed] == [(ONE, ""), (TWO, "سىناق")]
    assert not {"number", "schema"} & listed[0].keys()
    text = shipa("clinics", "list").stdout
    assert ONE in text
    assert "试验卫生院" in text
    shown = json.loads(shipa("clinics", "show", ONE, "--format", "json").stdout)
    assert [act["act"] for act in shown["acts"]] == ["clinic.created"]
    assert shown["revision"].startswith("0001")
    assert "试验县" in shipa("clinics", "show", ONE).stdout


def test_an_unknown_clinic_ends_with_2(shipa: Shipa, two: Tenants) -> None:
    for words in (("show",), ("suspend",), ("resume",), ("check",)):
        assert shipa("clinics", *words, "650099009").exit_code == 2
    assert shipa("migrate", "--only", "650099009").exit_code == 2


def test_suspend_and_resume_are_written_down_for_the_staff(shipa: Shipa, two: Tenants, ask: Ask) -> None:
    assert shipa("clinics", "suspend", ONE).exit_code == 0
    assert [card.state for card in two.clinics()] == ["suspended", "live"]
    assert "already" in shipa("clinics", "suspend", ONE).stdout
    assert shipa("clinics", "resume", ONE).exit_code == 0
    assert [card.state for card in two.clinics()] == ["live", "live"]
    acts = ask("SELECT act FROM platform.operator_act WHERE act <> 'clinic.created' ORDER BY at")
    assert acts == [("clinic.suspended",), ("clinic.resumed",)]
    assert ask("SELECT suspended_at FROM platform.clinic WHERE code = %s", ONE) == [(None,)]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("ALTER TABLE site DROP COLUMN closed_at", "Missing: column site closed_at"),
        ("GRANT DELETE ON access_log TO {schema}", "Not of the head: right access_log t_0000 DELETE"),
        ("CREATE TABLE notes (a int)", "Not of the head: relation notes"),
        ("DELETE FROM site", "Table site has lost its first row."),
        ("DELETE FROM clinic_setting", "Table clinic_setting has lost its first row."),
        ("UPDATE clinic_setting SET wrapped_data_key = wrapped_hash_key", "Its keys do not open"),
        ("UPDATE clinic_setting SET id = gen_random_uuid()", "another clinic's"),
        ("UPDATE platform.clinic_revision SET revision = '0000_old'", "run `shipa migrate`"),
        ("DELETE FROM platform.clinic_revision", "no revision"),
        ("DROP SCHEMA {schema} CASCADE", "cannot be read"),
    ],
)
def test_check_names_what_is_wrong_with_a_clinic(shipa: Shipa, two: Tenants, damage: str, said: str) -> None:
    assert shipa("clinics", "check").exit_code == 0
    schema = schema_of(two.clinics(ONE)[0].number)
    with two.logins.connect("owner", autocommit=True) as connection:
        connection.execute(f"SET search_path = {schema}")
        connection.execute(damage.format(schema=schema).encode())
    result = shipa("clinics", "check", ONE)
    assert result.exit_code == 1
    assert f"{ONE}: " in result.stdout
    assert said in result.stdout
    told = json.loads(shipa("clinics", "check", "--format", "json").stdout)
    assert said in " ".join(told["findings"][ONE])


def test_migrate_says_what_is_pending_and_brings_it(
    shipa: Shipa, two: Tenants, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = tmp_path / "report.json"
    assert shipa("migrate", "--status").exit_code == 0
    result = shipa("migrate", "--report", report)
    assert (result.exit_code, "0 migrated" in result.stdout) == (0, True)
    assert json.loads(report.read_text())["left_out"] == []
    left = Outcome("head", [TWO], [LeftOut(ONE, "0001", "lock timeout")])
    monkeypatch.setattr("tenants.commands.migrate.migrate", lambda *_, **__: left)
    result = shipa("migrate", "--report", report)
    assert result.exit_code == 1
    assert "left out: 650099001 at 0001: lock timeout" in result.stderr
    assert json.loads(report.read_text())["left_out"][0]["code"] == ONE


@pytest.mark.usefixtures("own_database")
def test_status_names_clinics_and_platform_that_are_behind(shipa: Shipa, two: Tenants, ask: Ask) -> None:
    ask("UPDATE platform.clinic_revision SET revision = '0000_old'")
    result = shipa("migrate", "--status")
    assert result.exit_code == 1
    assert "2 clinics are not at" in result.stdout
    ask("UPDATE platform.alembic_version SET version_num = '0001_first_tables'")
    assert "platform: 0002_rights_at_the_door is pending" in shipa("migrate", "--status").stdout


def test_check_finds_the_throw_away_server_unsafe_and_serve_refuses_it(shipa: Shipa) -> None:
    checked = shipa("check")
    assert checked.exit_code == 1
    assert "fsync" in checked.stderr
    served = shipa("serve")
    assert served.exit_code == 2
    assert "not serving" in served.stderr


def test_serve_becomes_gunicorn_without_the_operators_addresses(
    shipa: Shipa, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    became: list[tuple[list[str], dict[str, str]]] = []
    # The command of this name hides its module from an ordinary import.
    serve = importlib.import_module("tenants.commands.serve")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHIPA_ADMIN_URL", "postgresql://secret")
    monkeypatch.setenv("SHIPA_OWNER_URL", "postgresql://secret")
    monkeypatch.setattr(serve, "show_findings", lambda _: 0)
    monkeypatch.setattr(os, "execve", lambda _, words, env: became.append((words, env)))
    assert shipa("serve", "--workers", "3").exit_code == 0
    ((words, environment),) = became
    assert words[1:4] == ["-m", "gunicorn", "wsgi:app"]
    assert words[words.index("--bind") + 1] == "127.0.0.1:8000"
    assert words[words.index("--workers") + 1] == "3"
    assert "--no-control-socket" in words
    assert "postgresql://secret" not in environment.values()
    assert Path.cwd() == serve.ROOT


def test_what_stands_on_a_terminal_can_neither_move_nor_turn_the_line() -> None:
    assert base.shown("院\x1b[2J\u202e\r\nسىناق") == "院\ufffd[2J\ufffd\ufffd\ufffdسىناق"
