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
from tenants.extension import Tenants
from tenants.keys import create_master_key
from tenants.migrating import LeftOut, Outcome
from tenants.naming import schema_of
from tenants.trees import CLINIC, PLATFORM
from tenants.working import Worker
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from tenants.settings import TenantSettings
    from tests.integration.tenants.conftest import Files

    Ask = Callable[..., list[tuple[typing.Any, ...]]]
    Shipa = Callable[..., Result]

ONE, TWO = "650099001", "650099002"


@pytest.mark.usefixtures("own_database")
def test_init_makes_what_is_missing_and_then_nothing(shipa: Shipa, ask: Ask) -> None:
    assert shipa("init").stdout == "nothing to change\n"
    ask("SET client_min_messages = error; DROP SCHEMA platform CASCADE")
    ask("DROP SCHEMA agg CASCADE")
    said = shipa("init").stdout
    for revision in PLATFORM.after(None):
        assert f"made: platform revision {revision.revision}" in said
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


def test_a_key_of_another_house_is_named_and_nothing_begins(
    place: TenantSettings, files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begin(*_: object) -> None:
        pytest.fail("it began")

    monkeypatch.setattr(os, "execve", begin)
    monkeypatch.setattr(Worker, "run", begin)
    key = tmp_path / "another.key"
    create_master_key(key)
    said = f"The master key {key} does not open the clinics' keys. Put it back from its backup"
    elsewhere = create_app(Settings(hash_cost="test"), dataclasses.replace(place, master_key_file=key))
    runner = elsewhere.test_cli_runner()
    assert said not in runner.invoke(args=["check"]).stderr  # before there is a clinic, any key will do
    home = create_app(Settings(hash_cost="test"), place)
    invoke = home.test_cli_runner().invoke
    assert invoke(args=["clinics", "import", str(files.roster({}))]).exit_code == 0
    assert "does not open" not in invoke(args=["check"]).stderr
    refusals = (("check", "", 1), ("serve", "not serving", 2), ("worker", "not working", 2))
    for command, refusal, exit_code in refusals:
        result = runner.invoke(args=[command])
        assert (said in result.stderr, refusal in result.stderr) == (True, True), result.stderr
        assert result.exit_code == exit_code
    for app in (elsewhere, home):
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
    assert shown["revision"] == CLINIC.head
    text = shipa("clinics", "show", ONE).stdout
    assert ("试验县" in text, "(Beijing time)" in text, "+00" in text) == (True, True, False)


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


def test_suspend_and_resume_answer_in_json_what_they_did(shipa: Shipa, two: Tenants) -> None:
    for act, state in (("suspend", "suspended"), ("resume", "live")):
        for changed in (True, False):
            told = json.loads(shipa("clinics", act, ONE, "--format", "json").stdout)
            assert (told["code"], told["state"], told["changed"]) == (ONE, state, changed)
            assert bool(told["suspended_at"]) is (state == "suspended")
            assert "number" not in told


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


@pytest.mark.parametrize(
    ("url", "bind", "serves"),
    [
        ("http://127.0.0.1:8000", "127.0.0.1:8000", True),
        ("http://127.0.0.1:8000", "[::1]:8000", True),
        ("http://127.0.0.1:8000", "localhost:8000", True),
        ("http://127.0.0.1:8000", "unix:/run/shipa/web", True),
        ("http://127.0.0.1:8000", "0.0.0.0:8000", False),
        ("http://127.0.0.1:8000", "[::]:8000", False),
        ("http://127.0.0.1:8000", ":8000", False),
        ("http://127.0.0.1:8000", "192.0.2.7:8000", False),
        ("https://records.example", "0.0.0.0:8000", True),
    ],
)
def test_without_https_it_listens_to_this_machine_alone(
    place: TenantSettings, monkeypatch: pytest.MonkeyPatch, url: str, bind: str, *, serves: bool
) -> None:
    serve = importlib.import_module("tenants.commands.serve")
    monkeypatch.setattr(serve, "show_findings", lambda _: 0)
    became: list[object] = []
    monkeypatch.setattr(os, "execve", lambda *words: became.append(words))
    app = create_app(Settings(url=url, hash_cost="test"), place)
    result = app.test_cli_runner().invoke(args=["serve", "--bind", bind])
    world.close(app)
    assert (result.exit_code, bool(became)) == ((0, True) if serves else (2, False)), result.output
    assert serves or "loopback" in result.stderr


def test_what_stands_on_a_terminal_can_neither_move_nor_turn_the_line() -> None:
    assert base.shown("院\x1b[2J\u202e\r\nسىناق") == "院\ufffd[2J\ufffd\ufffd\ufffdسىناق"
