"""Rights N12: no operator makes himself staff of a clinic; what he does to one is shown to its staff."""

from __future__ import annotations

import ast
import re
import typing
from pathlib import Path

import click
import psycopg
import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from saas.accounts.models import Staff, StaffSecret
from saas.accounts.permissions import CLINIC_ADMIN, ROLES
from saas.web import clock
from tenants.cards import ClinicCard
from tests.support import world
from tests.support.signing_in import browser_of, enter, is_inside, log_of, staff_of, text_of

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
MAKES_STAFF = {
    # The clinic's own administrator, in the browser.
    "saas/accounts/managing.py",
    # `shipa staff add` and the printed invitation, the first administrator only.
    "saas/accounts/first_administrator.py",
    # `shipa demo`, only in a database that it made itself.
    "saas/demo/staff.py",
}


@pytest.fixture
def empty(app: Flask) -> ClinicCard:
    """A clinic in which nobody works yet."""
    return world.provision(app, world.free_code(), "新建试点院", sites=0)


def add(app: Flask, card: ClinicCard, role: str = CLINIC_ADMIN, username: str = "head") -> Result:
    arguments = ["staff", "add", "--clinic", card.code, "--username", username, "--role", role]
    return app.test_cli_runner().invoke(args=arguments, input=f"{world.PASSWORD}\n")


def staff_in(app: Flask, card: ClinicCard) -> list[tuple[str, list[str]]]:
    with world.inside(app, card) as session:
        people = session.scalars(sa.select(Staff).order_by(Staff.username))
        return [(person.username, person.roles) for person in people]


def acts_on(app: Flask, card: ClinicCard) -> list[str]:
    with world.caretaker(app).logins.connect("owner") as connection:
        query = "SELECT act FROM platform.operator_act WHERE clinic_id = %s ORDER BY at, id"
        return [row[0] for row in connection.execute(query, (card.id,)).fetchall()]


def test_the_first_administrator_is_added_once(app: Flask, empty: ClinicCard) -> None:
    assert add(app, empty).exit_code == 0
    assert staff_in(app, empty) == [("head", [CLINIC_ADMIN])]
    second = add(app, empty, username="another")
    assert second.exit_code != 0
    assert staff_in(app, empty) == [("head", [CLINIC_ADMIN])]


@pytest.mark.parametrize("role", [role for role in ROLES if role != CLINIC_ADMIN])
def test_no_other_role_is_given_by_the_command(app: Flask, empty: ClinicCard, role: str) -> None:
    assert add(app, empty, role).exit_code != 0
    add(app, empty)
    assert add(app, empty, role, "another").exit_code != 0
    assert staff_in(app, empty) == [("head", [CLINIC_ADMIN])]


def test_a_clinic_that_made_its_own_administrator_takes_none_from_outside(
    app: Flask, empty: ClinicCard
) -> None:
    world.add_staff(app, empty, "own", "village_doctor", CLINIC_ADMIN)
    assert add(app, empty).exit_code != 0
    assert [name for name, _ in staff_in(app, empty)] == ["own"]


def test_the_first_password_is_for_one_use(app: Flask, empty: ClinicCard) -> None:
    add(app, empty)
    with world.inside(app, empty) as session, app.extensions["door"].gate_role(session):
        secret = session.scalars(sa.select(StaffSecret)).one()
        assert secret.password_is_temporary
        assert secret.temporary_until is not None


def test_no_other_command_asks_for_a_role_or_a_password(app: Flask) -> None:
    asking = {
        name
        for name, command in _commands(app.cli)
        if {"role", "roles", "password"} & {parameter.name for parameter in command.params}
    }
    # The platform's own people have a register of their own, and no role of a clinic.
    assert asking == {"staff add", "operators add"}
    (own,) = [command for name, command in _commands(app.cli) if name == "operators add"]
    (role,) = [one for one in own.params if one.name == "role"]
    assert isinstance(role.type, click.Choice)
    assert set(role.type.choices) == {"onboarding", "viewer"}
    names = {name for name, _ in _commands(app.cli)}
    assert {name for name in names if name.startswith("staff")} == {"staff add"}
    assert not names & {"shell", "run", "routes"}


def _commands(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, f"{path}{name} ")
        else:
            yield f"{path}{name}", command


def test_staff_are_made_in_reviewed_places_only() -> None:
    """Rows of ``staff`` and ``staff_secret``: no other module of the product writes them."""
    makers = {
        path.relative_to(ROOT).as_posix()
        for folder in ("saas", "tenants", "migrations")
        for path in (ROOT / folder).rglob("*.py")
        if _makes_staff(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert makers == MAKES_STAFF


def _makes_staff(tree: ast.AST) -> bool:
    calls = (ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call))
    texts = (str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return any(name in {"Staff", "models.Staff"} for name in calls) or any(
        re.search(r"(insert\s+into|update)\s+\S*\bstaff\b", text, re.IGNORECASE) for text in texts
    )


def test_the_caretaker_has_no_word_for_staff_or_roles_of_a_clinic() -> None:
    """``tenants`` provisions schema, sites and keys; it could not name a member of staff."""
    named = {
        path.name
        for path in (ROOT / "tenants").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in {"staff", *ROLES}
    }
    assert named == set()


def test_the_demo_refuses_a_database_that_it_did_not_make(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["demo", "--no-serve"])
    assert done.exit_code != 0
    assert "Traceback" not in done.output
    with world.caretaker(app).logins.connect("owner") as connection:
        row = connection.execute("SELECT 1 FROM platform.clinic WHERE code = '653101210'").fetchone()
    assert row is None


def test_every_command_on_a_clinic_is_an_act(app: Flask, empty: ClinicCard) -> None:
    runner = app.test_cli_runner()
    provisioned = acts_on(app, empty)
    assert len(provisioned) == 1
    add(app, empty)
    assert runner.invoke(args=["clinics", "suspend", empty.code]).exit_code == 0
    assert runner.invoke(args=["clinics", "resume", empty.code]).exit_code == 0
    assert acts_on(app, empty) == [
        *provisioned,
        "staff.added",
        "clinic.suspended",
        "clinic.resumed",
    ]


def test_a_refused_command_is_no_act(app: Flask, empty: ClinicCard) -> None:
    add(app, empty)
    before = acts_on(app, empty)
    add(app, empty, username="another")
    assert acts_on(app, empty) == before


@pytest.mark.parametrize("login", ["web", "gate"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE platform.operator_act SET act = 'x'",
        "DELETE FROM platform.operator_act",
        "TRUNCATE platform.operator_act",
        "INSERT INTO platform.operator_act (act) VALUES ('x')",
    ],
)
def test_no_login_of_the_web_writes_or_unmakes_an_act(app: Flask, login: str, statement: str) -> None:
    logins = world.caretaker(app).logins
    with (
        logins.connect(login, autocommit=True) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement.encode())


def test_no_statement_of_the_product_changes_an_act() -> None:
    unmakes = re.compile(
        r"(update|delete\s+from|truncate(\s+table)?)\s+(platform\.)?operator_act", re.IGNORECASE
    )
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "tenants").rglob("*.py"))
    assert not any(unmakes.search(text) for text in texts)
    assert not any(unmakes.search(path.read_text(encoding="utf-8")) for path in (ROOT / "saas").rglob("*.py"))


def test_staff_see_an_act_at_the_next_sign_in_and_it_is_copied_into_the_log(
    app: Flask, empty: ClinicCard
) -> None:
    doctor = world.add_staff(app, empty, "doctor", "village_doctor")
    nurse = world.add_staff(app, empty, "nurse", "public_health_nurse")
    runner = app.test_cli_runner()
    assert runner.invoke(args=["clinics", "suspend", empty.code]).exit_code == 0
    assert runner.invoke(args=["clinics", "resume", empty.code]).exit_code == 0
    for person in (doctor, nurse):
        browser = browser_of(app)
        answer = enter(browser, empty, person.username)
        assert answer.headers["Location"] == "/notices", person.username
        assert not is_inside(browser)
        page = browser.get("/notices")
        assert len(re.findall(r"20\d\d-\d\d-\d\d", text_of(page))) >= 2
        assert browser.send("/notices").headers["Location"] == "/"
        assert is_inside(browser)
    copied = log_of(app, empty, "operator.act")
    assert [row.detail["act"] for row in copied] == ["clinic.suspended", "clinic.resumed"]
    assert enter(browser_of(app), empty, "doctor").headers["Location"] == "/"


def test_somebody_new_is_shown_everything_that_was_done_before(app: Flask, empty: ClinicCard) -> None:
    person = world.add_staff(app, empty, "doctor", "village_doctor")
    with world.inside(app, empty) as session:
        session.execute(sa.update(Staff).where(Staff.id == person.staff_id).values(acts_seen_at=None))
    browser = browser_of(app)
    assert enter(browser, empty, "doctor").headers["Location"] == "/notices"
    browser.send("/notices")
    assert len(log_of(app, empty, "operator.act")) == len(acts_on(app, empty)) == 1
    seen = staff_of(app, empty, "doctor")
    assert seen is not None
    assert seen.acts_seen_at is not None
    assert seen.acts_seen_at <= clock.now()
