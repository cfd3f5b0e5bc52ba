"""``shipa clinics import`` as it is typed: answers, exit codes, reports, and what it refuses."""

from __future__ import annotations

import dataclasses
import json
import typing
from pathlib import Path

import pytest

from saas.app import create_app
from saas.config import Settings
from tenants.extension import Tenants
from tenants.tidying import tidy
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from tenants.settings import TenantSettings
    from tests.integration.tenants.conftest import Files

    Ask = Callable[..., list[tuple[typing.Any, ...]]]
    Shipa = Callable[..., Result]

ONE = "650099001"


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


def test_a_dry_run_before_there_is_any_database_makes_none(
    place: TenantSettings, files: Files, tmp_path: Path
) -> None:
    nowhere = dataclasses.replace(place, data=tmp_path / "data")
    app = create_app(Settings(hash_cost="test"), nowhere)
    result = app.test_cli_runner().invoke(args=["clinics", "import", str(files.roster({})), "--dry-run"])
    assert (result.exit_code, "1 would be created" in result.stdout) == (0, True)
    assert not (tmp_path / "data").exists()
    world.close(app)


def test_the_catalogues_are_tidied_where_a_superuser_is_known(
    tenants: Tenants, place: TenantSettings
) -> None:
    assert "vacuumed" in tidy(tenants)
    own = dataclasses.replace(place, owner_url="postgresql://shipa_owner@/shipa")
    stranger = Tenants(own, metadata=tenants.metadata, furnish=tenants.furnish, following=tenants.following)
    assert "superuser" in tidy(stranger)


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
