"""Every page of the operators' console says whom it lets in; its filters are reviewed as the clinics' are."""

from __future__ import annotations

import ast
import typing
from pathlib import Path

import pytest

from saas.app import create_app
from saas.config import Settings
from saas.web.guard import entrance_of
from tenants.console.frame import MENU
from tests.rights.query_arguments import arguments

if typing.TYPE_CHECKING:
    from flask import Flask

ROOT = Path(__file__).resolve().parents[2]
AT_THE_DOOR = {
    "operators.language",
    "operators.sign_in",
    "operators.sign_in_submit",
    "operators.sign_out",
}
"""Reviewed: open before the console's own sign-in."""

FILTERS = {
    "state": "where a clinic stands on its way to work",
    "prefecture": "the place of institutions",
    "county": "the place of institutions",
    "place": "prefecture and county in one choice",
    "clinic": "the code of an institution that has devices",
    "q": "part of an institution's code or name, or of a number of a device",
    "period": "a published year",
    "figure": "a published figure",
}
"""Reviewed (rights N2): what a list of the console is chosen by; nothing is about a person."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application, connected to nothing."""
    return create_app(Settings.from_env({"SHIPA_DATA": str(tmp_path_factory.mktemp("data"))}))


def words(app: Flask) -> dict[str, set[str]]:
    """Whom each page of the console lets in."""
    rules = app.url_map.iter_rules()
    return {
        rule.endpoint: set(entrance_of(app, rule.endpoint).apart)
        for rule in rules
        if rule.endpoint.startswith("operators.")
    }


def test_every_page_of_the_console_says_whom_it_lets_in(built: Flask) -> None:
    found = words(built)
    assert {endpoint for endpoint, one in found.items() if "door" in one} == AT_THE_DOOR
    known = {"door", "second_factor", "new_password", "enrol", "onboarding", "viewer"}
    assert set().union(*found.values()) == known
    assert {endpoint for endpoint, one in found.items() if "viewer" in one} == {
        "operators.changes",
        "operators.closing",
        "operators.closing_list",
        "operators.device",
        "operators.devices",
        "operators.home",
        "operators.region",
        "operators.region_sheet",
    }


def test_an_entry_of_the_menu_is_for_whom_its_page_opens(built: Flask) -> None:
    found = words(built)
    assert [endpoint for endpoint, _, role in MENU if role not in found[endpoint]] == []


def test_lists_are_chosen_by_reviewed_words_only() -> None:
    asked, read = set(), set()
    for path in (ROOT / "tenants").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        read |= {(path.name, one) for one in arguments(tree)}
        asked |= {
            str(node.args[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and ast.unparse(node.func) == "asked_text"
            and isinstance(node.args[0], ast.Constant)
        }
    assert asked == FILTERS.keys()
    assert read == {("paging.py", "page"), ("paging.py", "request.values")}
