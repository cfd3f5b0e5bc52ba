"""A platform without clinics: a database of its own for each test that onboards some."""

from __future__ import annotations

import dataclasses
import itertools
import secrets
import shutil
import typing
from pathlib import Path

import pytest
from psycopg import sql

from saas.app import create_app
from saas.config import Settings
from tenants.connecting import Logins
from tenants.importing import Import
from tenants.keys import create_master_key
from tenants.migrating import upgrade_platform
from tenants.roster import CLINIC_COLUMNS, SITE_COLUMNS
from tenants.trees import CLINIC, Tree
from tests.support import world
from tests.support.postgres import Cluster, cluster

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from click.testing import Result
    from flask import Flask

    from tenants.extension import Tenants
    from tenants.settings import TenantSettings

    Ask = Callable[..., list[tuple[typing.Any, ...]]]
    Shipa = Callable[..., Result]

_USED = itertools.count()
NUMBERS = (5000, 8999)
CODES = [str(650099001 + n) for n in range(6)]

_REVISION = '''"""Test."""
from alembic import op
revision = "{name}"
down_revision = "{after}"
def upgrade() -> None:
    for statement in {statements!r}:
        op.execute(statement)
'''


def _upgrade(place: TenantSettings) -> None:
    create_master_key(place.master_key_file)
    app = create_app(Settings(hash_cost="test"), place)
    upgrade_platform(world.caretaker(app).logins)
    world.close(app)


@pytest.fixture(scope="session")
def empty_platform() -> str:
    """The template database: all that ``shipa init`` makes, and no clinic."""
    return cluster().template("platform_template", _upgrade)


@pytest.fixture(scope="session")
def shared_place(empty_platform: str) -> Iterator[TenantSettings]:
    """Settings of a database that is emptied after each test."""
    yield from _cloned(empty_platform)


@pytest.fixture
def own_database() -> None:
    """Asked for by a test that breaks more than clinics: its database is thrown away."""


@pytest.fixture
def place(request: pytest.FixtureRequest) -> Iterator[TenantSettings]:
    """Settings of a database with a platform and no clinic."""
    if "own_database" in request.fixturenames:
        yield from _cloned(request.getfixturevalue("empty_platform"))
        return
    shared: TenantSettings = request.getfixturevalue("shared_place")
    yield shared
    with Logins(shared).connect("owner", autocommit=True) as connection:
        there = "SELECT nspname FROM pg_namespace WHERE nspname ~ '^t_'"
        for (schema,) in connection.execute(there).fetchall():
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))
        connection.execute(
            "TRUNCATE platform.clinic, platform.clinic_revision, platform.migration_run CASCADE"
        )


def _cloned(template: str) -> Iterator[TenantSettings]:
    server: Cluster = cluster()
    name = f"roster_{secrets.token_hex(4)}"
    yield server.clone(template, name, NUMBERS)
    server.drop(name)


@pytest.fixture
def number(worker: int) -> str:
    """A number that no other test of this run uses for a clinic's roles; attackers have 9811 and on."""
    return f"{9000 + worker * 50 + next(_USED)}"


@pytest.fixture
def onboarding(place: TenantSettings) -> Iterator[Flask]:
    """The application over the fresh database."""
    app = create_app(Settings(hash_cost="test"), place)
    yield app
    world.close(app)


@pytest.fixture
def tenants(onboarding: Flask) -> Tenants:
    """The caretaker of the fresh database."""
    return world.caretaker(onboarding)


@dataclasses.dataclass(frozen=True)
class Files:
    """Writes rosters of invented institutions."""

    folder: Path

    def roster(self, *changes: dict[str, str], name: str = "roster.csv") -> Path:
        """One line per set of changes; codes count from 650099001 unless given."""
        plain = {
            "kind": "township_health_centre",
            "name_zh": "试验卫生院",
            "prefecture_zh": "试验地区",
            "county_code": "650099",
            "county_zh": "试验县",
        }
        lines = [{"code": str(650099001 + n), **plain, **own} for n, own in enumerate(changes)]
        return self._write(name, CLINIC_COLUMNS, lines)

    def sites(self, *sites: tuple[str, str, str], name: str = "sites.csv") -> Path:
        """Lines of code, institution and name."""
        return self._write(name, SITE_COLUMNS, [dict(zip(SITE_COLUMNS, site, strict=True)) for site in sites])

    def _write(self, name: str, columns: tuple[str, ...], lines: list[dict[str, str]]) -> Path:
        rows = [",".join(columns), *(",".join(line.get(c, "") for c in columns) for line in lines)]
        path = self.folder / name
        path.write_text("\n".join(rows) + "\n", encoding="utf-8")
        return path


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """Rosters in a folder of the test."""
    return Files(tmp_path)


@pytest.fixture
def ask(tenants: Tenants) -> Callable[..., list[tuple[typing.Any, ...]]]:
    """Ask the database as its owner."""

    def rows(query: str, *values: object) -> list[tuple[typing.Any, ...]]:
        with tenants.logins.connect("owner", autocommit=True) as connection:
            cursor = connection.execute(query, values or None)
            return cursor.fetchall() if cursor.description else []

    return rows


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """A copy of the clinic tree, to which a test adds revisions."""
    copy = Tree(tmp_path / "clinic")
    shutil.copytree(CLINIC.folder, copy.folder, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


@pytest.fixture
def six(tenants: Tenants, files: Files) -> Tenants:
    """Six clinics at the head."""
    Import(files.roster(*({} for _ in CODES))).run(tenants)
    return tenants


def revise(tree: Tree, name: str, *statements: str) -> Tree:
    """The tree with one more revision."""
    text = _REVISION.format(name=name, after=tree.head, statements=statements)
    (tree.versions / f"{name}.py").write_text(text)
    return Tree(tree.folder)


def with_column(ask: Ask, column: str = "extra") -> list[str]:
    """Codes of the clinics whose residents have the column."""
    rows = ask(
        "SELECT code FROM platform.clinic JOIN pg_attribute ON attrelid = "
        "to_regclass(format('t_%%s.resident', lpad(number::text, 4, '0'))) AND attname = %s "
        "ORDER BY code",
        column,
    )
    return [row[0] for row in rows]


def revisions(ask: Ask) -> dict[str, str]:
    return dict(
        ask("SELECT code, revision FROM platform.clinic JOIN platform.clinic_revision ON clinic_id = id")
    )


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
    """Two clinics."""
    Import(files.roster({}, {"name_ug": "سىناق"})).run(tenants)
    return tenants
