"""Rights N10: no read that the person cannot see; nobody switches the access log off or deletes it."""

from __future__ import annotations

import ast
import dataclasses
import itertools
import json
import re
import typing
from pathlib import Path

import click
import psycopg
import pytest
from flask import Flask

from saas.audit import chain
from saas.config import Settings
from tenants.extension import Tenants
from tenants.settings import TenantSettings
from tests.isolation import routes
from tests.isolation.routes import Route
from tests.rights.conftest import Home
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

Admin = psycopg.Connection[typing.Any]

ROOT = Path(__file__).resolve().parents[2]
CHANGES = ("UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
_UNMAKES = re.compile(
    r"(update|delete\s+from|truncate(\s+table)?|drop\s+table|alter\s+table)\s+\S*access_log", re.IGNORECASE
)
_SWITCH = re.compile(r"audit|access_?log|\blog(ging)?_?(off|on|level|enabled)?\b", re.IGNORECASE)


@pytest.fixture
def admin(app: Flask) -> Iterator[Admin]:
    """A superuser who looks into the catalogue."""
    with world.caretaker(app).logins.connect("admin", autocommit=True) as connection:
        yield connection


def test_no_role_can_change_any_clinics_access_log(admin: Admin) -> None:
    """Over all roles of the server but the owner and superusers, on the tables and on their columns."""
    tables, roles = _logs_and_roles(admin)
    assert len(tables) >= 2
    assert {"shipa_web", "shipa_gate"} <= set(roles)
    found = [
        (table, role, right)
        for table, role, right in itertools.product(tables, roles, CHANGES)
        if _has(admin, role, table, right)
    ]
    assert found == []


def test_each_clinics_role_alone_adds_to_and_reads_its_log(admin: Admin) -> None:
    tables, roles = _logs_and_roles(admin)
    for table, role in itertools.product(tables, roles):
        own = table == f"{role}.access_log"
        assert _has(admin, role, table, "INSERT") is own, (table, role)
        assert _has(admin, role, table, "SELECT") is own, (table, role)


def _logs_and_roles(admin: Admin) -> tuple[list[str], list[str]]:
    tables = admin.execute(
        "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE relname = 'access_log' AND relkind = 'r' ORDER BY 1"
    ).fetchall()
    roles = admin.execute(
        "SELECT rolname FROM pg_roles WHERE NOT rolsuper AND rolname !~ '^pg_' AND rolname <> 'shipa_owner'"
        " AND (rolname !~ '^t_' OR left(rolname, 6) IN (SELECT nspname FROM pg_namespace)) ORDER BY 1"
    ).fetchall()
    return [row[0] for row in tables], [row[0] for row in roles]


def _has(admin: Admin, role: str, table: str, right: str) -> bool:
    """Whether a role has the right itself, on the table or on any of its columns.

    ``shipa_web`` may become each clinic's role and inherits nothing: asked without SET ROLE.
    """
    query = "SELECT has_table_privilege(%s, %s, %s)"
    if right in {"SELECT", "INSERT", "UPDATE", "REFERENCES"}:
        query = "SELECT has_any_column_privilege(%s, %s, %s)"
    row = admin.execute(query, (role, table, right)).fetchone()
    assert row is not None
    return bool(row[0])


def test_the_grants_test_sees_a_grant_that_should_not_be(admin: Admin) -> None:
    table = _logs_and_roles(admin)[0][0]
    with admin.transaction(force_rollback=True):
        admin.execute(f"GRANT UPDATE (act) ON {table} TO shipa_gate".encode())
        assert _has(admin, "shipa_gate", table, "UPDATE")


def test_no_trigger_rule_or_row_policy_stands_on_a_log(admin: Admin) -> None:
    """Any of them could leave a row out or change it on its way."""
    found = admin.execute(
        "SELECT c.oid::regclass FROM pg_class c WHERE relname = 'access_log' AND relkind = 'r' AND"
        " (relrowsecurity OR relhasrules OR EXISTS"
        " (SELECT FROM pg_trigger WHERE tgrelid = c.oid AND NOT tgisinternal))"
    ).fetchall()
    assert found == []


def test_no_route_takes_away_or_changes_a_row(home: Home) -> None:
    """Every route once, as each of two roles: all rows that were there are there, and the chain is whole."""
    for role in ("clinic_admin", "village_doctor"):
        before = home.log()
        for route in routes.routes(home.app):
            home.walk(route, role)
        after = home.log()
        assert after[: len(before)] == before
        assert len(after) > len(before)
        assert chain.verify(after, home.household.clinic.keys.log_key) == []


def test_no_route_is_about_switching_or_emptying_the_log(app: Flask) -> None:
    found = [route for route in routes.routes(app, *routes.CHANGES) if _about_the_log(route)]
    assert found == []


def _about_the_log(route: Route) -> bool:
    return re.search(r"audit|log\b|access", f"{route.rule} {route.endpoint}") is not None


def test_no_command_deletes_or_switches_the_log(app: Flask) -> None:
    commands = dict(_commands(app.cli))
    assert {name for name in commands if name.startswith("audit")} == {"audit seal", "audit verify"}
    about = {name for name, command in commands.items() if _SWITCH.search(f"{name} {_options(command)}")}
    assert about == {"audit seal", "audit verify"}


def _commands(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, f"{path}{name} ")
        else:
            yield f"{path}{name}", command


def _options(command: click.Command) -> str:
    return " ".join(str(parameter.name) for parameter in command.params)


def test_no_setting_switches_the_log() -> None:
    names = [field.name for kind in (Settings, TenantSettings) for field in dataclasses.fields(kind)]
    assert len(names) > 8
    assert [name for name in names if _SWITCH.search(name)] == []
    variables = {name for text in _sources() for name in re.findall(r"SHIPA_[A-Z_]+", text)}
    assert "SHIPA_DATA" in variables
    assert [name for name in variables if _SWITCH.search(name)] == []


def _sources() -> Iterator[str]:
    for folder in ("saas", "tenants", "migrations"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.read_text(encoding="utf-8")


def test_no_statement_of_the_product_unmakes_a_log() -> None:
    assert [match for text in _sources() for match in _UNMAKES.finditer(text)] == []
    assert _UNMAKES.search('execute(f"DELETE FROM {schema}.access_log WHERE …")')


def test_rows_are_added_in_one_place_only() -> None:
    """``saas.audit.writing`` alone inserts; no other module makes an ``AccessLog``."""
    found = {
        path.relative_to(ROOT).as_posix()
        for folder in ("saas", "tenants")
        for path in (ROOT / folder).rglob("*.py")
        if _adds(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found == {"saas/audit/writing.py"}


def _adds(tree: ast.AST) -> bool:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)):
            text = node.value.decode(errors="replace") if isinstance(node.value, bytes) else node.value
            if re.search(r"insert\s+into\s+access_log", text, re.IGNORECASE):
                return True
        elif isinstance(node, ast.Call) and "AccessLog" in ast.unparse(node.func):
            return True
    return False


def test_the_head_of_each_chain_can_be_signed_into_a_file_off_the_database(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Tenants, "folder", tmp_path)
    seal = tmp_path / "elsewhere" / "seal.json"
    seal.parent.mkdir()
    home.browser().get(f"/residents/{home.resident_id}")
    runner = home.app.test_cli_runner()
    assert runner.invoke(args=["audit", "seal", str(seal)]).exit_code == 0
    told = json.loads(seal.read_text())["clinics"][home.household.card.code]
    last = home.log()[-1]
    assert last.hash is not None
    assert (told["number"], told["hash"]) == (last.number, last.hash.hex())


def test_a_reader_leaves_her_name_and_purpose_where_the_person_can_be_shown_them(home: Home) -> None:
    """Each opening is found by the resident's id, with who, when, in what role and what for."""
    rows = home.logged_by(lambda: home.browser().get(f"/residents/{home.resident_id}"))
    person = home.household.people["village_doctor"]
    shown = [home.resident_id, home.household.ids["other_id"]]  # she is shown as her household
    assert [(row.resident_ids, row.staff_id) for row in rows] == [(shown, str(person.staff_id))]
    assert home.household.canary in str(rows[0].staff_name)
    assert rows[0].purpose == "care"
    assert rows[0].at is not None
