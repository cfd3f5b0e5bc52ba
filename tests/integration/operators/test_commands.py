"""``shipa operators`` as it is typed: add, list, disable, renew; refusals change nothing."""

from __future__ import annotations

import json
import typing
import uuid

import pytest

from tenants.console.sessions import PATH
from tests.support import operating, world
from tests.support.rosters import ask

if typing.TYPE_CHECKING:
    from click.testing import Result
    from flask import Flask


def typed(app: Flask, *words: str, password: str = world.PASSWORD) -> Result:
    return app.test_cli_runner().invoke(args=["operators", *words], input=f"{password}\n")


def listed(app: Flask) -> dict[str, dict[str, object]]:
    rows = json.loads(typed(app, "list", "--format", "json").stdout)
    return {row["name"]: row for row in rows}


def test_an_operator_is_added_listed_disabled_and_renewed(app: Flask) -> None:
    name = f"li.{uuid.uuid4().hex[:8]}"
    done = typed(app, "add", name, "--role", "onboarding")
    assert done.exit_code == 0, done.output
    assert PATH in done.output
    plain = {"name": name, "role": "onboarding", "state": "may sign in", "second_factor": False}
    assert listed(app)[name] == plain
    assert name in typed(app, "list").stdout
    desk = operating.visitor(app)
    entered = desk.do("/sign-in", {"operator_name": name, "password": world.PASSWORD})
    assert entered.headers["Location"] == f"{PATH}/new-password"
    assert typed(app, "disable", name).exit_code == 0
    assert listed(app)[name]["state"] == "disabled"
    assert desk.at("/new-password").headers["Location"] == f"{PATH}/sign-in?over=idle"


def test_renewed_she_begins_anew_without_a_second_factor(app: Flask) -> None:
    operator = operating.add(app)
    desk = operating.sign_in(app, operator)
    assert typed(app, "renew", operator.name, password="yet another 000 horse").exit_code == 0
    assert listed(app)[operator.name]["second_factor"] is False
    assert desk.at("/clinics").headers["Location"] == f"{PATH}/sign-in?over=idle"
    again = operating.visitor(app)
    answer = again.do("/sign-in", {"operator_name": operator.name, "password": "yet another 000 horse"})
    assert answer.headers["Location"] == f"{PATH}/new-password"


@pytest.mark.parametrize(
    ("words", "password"),
    [
        (("add", "li", "--role", "both"), world.PASSWORD),
        (("add", "li", "--role", "clinic_admin"), world.PASSWORD),
        (("add", "LI ", "--role", "viewer"), world.PASSWORD),
        (("add", "1li", "--role", "viewer"), world.PASSWORD),
        (("add", "weak.one", "--role", "viewer"), "short"),
        (("add", "weak.one", "--role", "viewer"), ""),
        (("disable", "nobody.of.this.name"), ""),
        (("renew", "nobody.of.this.name"), world.PASSWORD),
    ],
)
def test_what_cannot_be_is_refused_in_one_line_and_changes_nothing(
    app: Flask, words: tuple[str, ...], password: str
) -> None:
    before = ask(app, "SELECT count(*) FROM platform.operator")
    done = typed(app, *words, password=password)
    assert done.exit_code in (1, 2)
    assert "Traceback" not in done.output
    assert ask(app, "SELECT count(*) FROM platform.operator") == before


def test_nobody_is_added_twice_not_with_the_other_role_either(app: Flask) -> None:
    operator = operating.add(app)
    done = typed(app, "add", operator.name, "--role", "viewer")
    assert (done.exit_code, "already" in done.output) == (1, True)
    assert ask(app, "SELECT role FROM platform.operator WHERE id = %s", operator.id) == [("onboarding",)]


def test_what_was_typed_turns_no_line_of_a_message(app: Flask) -> None:
    turned = "\u202e653101"
    for command in (
        ["clinics", "suspend", turned],
        ["clinics", "merge", turned, turned],
        ["clinics", "import", turned],
    ):
        done = app.test_cli_runner().invoke(args=command)
        assert (done.exit_code, done.stdout) == (2, "")
        assert turned not in done.stderr
        assert "\N{REPLACEMENT CHARACTER}653101" in done.stderr
