"""Where a new clinic gets its place, and how the cells are named in the environment."""

from __future__ import annotations

import dataclasses
import importlib
import os
import types
import typing

import pytest

from tenants.cell_desk import CellDesk
from tenants.checking import Problem
from tenants.commands.serve import kept_from_the_web
from tenants.connecting import Logins
from tenants.placing import MAIN, Cell, cell_for
from tenants.settings import UNCHECKED, SettingError, TenantSettings

if typing.TYPE_CHECKING:
    from tenants.extension import Tenants


@dataclasses.dataclass(frozen=True)
class Line:
    county_code: str = ""
    county_zh: str = ""
    prefecture_zh: str = ""


HERE = Line("653101", "喀什市", "喀什地区")
MAIN_CELL = Cell(MAIN)

TABLE: list[tuple[str, Line, list[Cell], dict[str, int], str | None]] = [
    ("one cell", HERE, [MAIN_CELL], {MAIN: 1600}, MAIN),
    ("one cell without room", HERE, [Cell(MAIN, room=3)], {MAIN: 3}, None),
    ("the last place", HERE, [Cell(MAIN, room=3)], {MAIN: 2}, MAIN),
    ("fewest clinics", HERE, [MAIN_CELL, Cell("east")], {MAIN: 5, "east": 4}, "east"),
    ("the first of equals", HERE, [MAIN_CELL, Cell("east")], {}, MAIN),
    ("by county code", HERE, [MAIN_CELL, Cell("east", frozenset({"653101"}))], {"east": 99}, "east"),
    ("by county", HERE, [MAIN_CELL, Cell("east", frozenset({"喀什市"}))], {"east": 99}, "east"),
    ("by prefecture", HERE, [MAIN_CELL, Cell("east", frozenset({"喀什地区"}))], {"east": 99}, "east"),
    ("by prefecture code", HERE, [MAIN_CELL, Cell("east", frozenset({"653100"}))], {"east": 99}, "east"),
    (
        "county before prefecture",
        HERE,
        [Cell("a", frozenset({"喀什地区"})), Cell("b", frozenset({"653101"}))],
        {"b": 9},
        "b",
    ),
    (
        "fewest of those that name it",
        HERE,
        [Cell("a", frozenset({"653101"})), Cell("b", frozenset({"653101"})), MAIN_CELL],
        {"a": 2, "b": 1},
        "b",
    ),
    ("full: to one for all", HERE, [MAIN_CELL, Cell("east", frozenset({"653101"}), 2)], {"east": 2}, MAIN),
    ("not into another's cell", HERE, [MAIN_CELL, Cell("east", frozenset({"650100"}))], {MAIN: 9}, MAIN),
    ("unless nowhere else is room", HERE, [Cell(MAIN, room=1), Cell("e", frozenset({"x"}))], {MAIN: 1}, "e"),
    ("a line without a county", Line(), [Cell("e", frozenset({"", "00"})), MAIN_CELL], {}, MAIN),
]


@pytest.mark.parametrize(
    ("line", "cells", "counts", "wanted"), [row[1:] for row in TABLE], ids=[r[0] for r in TABLE]
)
def test_a_new_clinic_gets_its_place(
    line: Line, cells: list[Cell], counts: dict[str, int], wanted: str | None
) -> None:
    assert cell_for(line, cells, counts) == wanted


def settings(**environ: str) -> TenantSettings:
    return TenantSettings.from_env({"SHIPA_DATA": "/tmp/shipa-none", **environ})  # noqa: S108


def test_without_the_setting_there_is_one_cell() -> None:
    assert settings().cells == (Cell(MAIN),)
    assert settings().cell_names == ["main"]


def test_cells_are_read_with_their_rules_and_addresses() -> None:
    url = "postgresql://shipa_web:x@there/shipa"
    found = settings(
        SHIPA_CELLS="east, south2",
        SHIPA_WEB_URL="postgresql://shipa_web@here/shipa",
        SHIPA_EAST_WEB_URL=url,
        SHIPA_EAST_OWNER_URL="postgresql://shipa_owner@there/shipa",
        SHIPA_SOUTH2_WEB_URL="postgresql://shipa_web@third/shipa",
        SHIPA_EAST_OPERATOR_URL="postgresql://shipa_operator:x@there/shipa",
        SHIPA_EAST_PLACES="653101, 喀什地区",
        SHIPA_EAST_ROOM="600",
    )
    assert found.cells == (Cell(MAIN), Cell("east", frozenset({"653101", "喀什地区"}), 600), Cell("south2"))
    east = found.of_cell("east")
    assert (east.url("web"), east.url("gate"), east.url("jobs")) == (url, None, None)
    assert east.variable("owner") == "SHIPA_EAST_OWNER_URL"
    # The console and readiness ask where they were given an address, and nowhere else.
    assert [cell for cell in ("east", "south2") if CellDesk(Logins(found)).can_ask(cell)] == ["east"]
    assert not CellDesk(Logins(found)).can_ask(MAIN)
    assert found.variable("owner") == "SHIPA_OWNER_URL"
    with pytest.raises(LookupError, match="no cell is named west"):
        found.of_cell("west")


def test_on_the_embedded_server_a_cell_is_another_database() -> None:
    found = settings(SHIPA_CELLS="east")
    assert (found.embedded, found.of_cell("east").embedded) == (True, True)
    assert (found.database, found.of_cell("east").database) == ("shipa", "shipa_east")


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"SHIPA_CELLS": "East"}, "SHIPA_CELLS"),
        ({"SHIPA_CELLS": "main"}, "SHIPA_CELLS"),
        ({"SHIPA_CELLS": "web"}, "SHIPA_CELLS"),
        ({"SHIPA_CELLS": "a;drop"}, "SHIPA_CELLS"),
        ({"SHIPA_CELLS": "east,east"}, "SHIPA_CELLS"),
        ({"SHIPA_CELLS": "east", "SHIPA_EAST_ROOM": "many"}, "SHIPA_EAST_ROOM"),
        ({"SHIPA_CELLS": "east", "SHIPA_EAST_WEB_URL": "mysql://x"}, "SHIPA_EAST_WEB_URL"),
        ({"SHIPA_CELLS": "east", "SHIPA_EAST_WEB_URL": "postgresql://x"}, "SHIPA_WEB_URL is not"),
        ({"SHIPA_CELLS": "east", "SHIPA_WEB_URL": "postgresql://x"}, "SHIPA_EAST_WEB_URL is not set"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(environ: dict[str, str], words: str) -> None:
    with pytest.raises(SettingError, match=words):
        settings(**typing.cast("dict[str, typing.Any]", environ))


def test_no_web_process_gets_the_owners_address_of_any_cell() -> None:
    assert kept_from_the_web(["main", "east"]) == {
        "SHIPA_ADMIN_URL",
        "SHIPA_OWNER_URL",
        "SHIPA_EAST_ADMIN_URL",
        "SHIPA_EAST_OWNER_URL",
    }


def test_serve_begins_without_a_cell_that_is_away_and_names_it_to_its_processes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = importlib.import_module("tenants.commands.check")
    problems = [Problem("Cell far: away", "Wait.", "far"), Problem("Cell near: away", "Wait.", "near")]
    monkeypatch.setattr(command, "problems_of", lambda _: problems)
    monkeypatch.setenv(UNCHECKED, "")
    tenants = typing.cast("Tenants", types.SimpleNamespace(logins=None))
    assert command.show_findings(tenants) == 0
    assert os.environ[UNCHECKED] == "far,near"
    assert "Cell far: away. Wait." in capsys.readouterr().err
    assert settings(SHIPA_CELLS="far", SHIPA_UNCHECKED_CELLS="far").unchecked == {"far"}
    problems.append(Problem("Cell near: a hole", "Close it."))
    assert command.show_findings(tenants) == 1
