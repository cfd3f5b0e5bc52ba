"""The house's walls: layers, rooms, pure rules, and two worlds that do not know each other."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import importlinter.cli
import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[2]
# The two modules through which settings and the caretaker's services reach the house.
DOORS = {ROOT / "saas/app.py", ROOT / "saas/config.py"}
# What a rule may know beside the standard library: other rules, and what a rule says.
RULE_WORDS = re.compile(r"^saas\.\w+\.(rules|findings)(\.|$)")
# "Tenant" and the clinics' schemas are words of the caretaker; the house has one clinic.
FOREIGN_WORDS = re.compile(r"\b(t_[0-9]{4}\w*|tenants?|set role|search_path)\b", re.IGNORECASE)


def rule_files() -> list[Path]:
    """Return every file of rules: `rules.py` of a room, or all of its folder `rules/`."""
    return [*ROOT.glob("saas/*/rules.py"), *ROOT.glob("saas/*/rules/**/*.py")]


def house_files() -> list[Path]:
    return [path for path in sorted(ROOT.glob("saas/**/*.py")) if path not in DOORS]


def imported(source: str) -> Iterator[str]:
    """Yield the full name of everything that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)


def spoken(source: str) -> list[str]:
    """Return the lines of code that speak of more than one clinic; comments and docstrings may."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
            node.body[0] = ast.Pass()
    return [line for line in ast.unparse(tree).splitlines() if FOREIGN_WORDS.search(line)]


def impure(source: str) -> list[str]:
    """Return the imports that make a rule impure."""
    return [
        name
        for name in imported(source)
        if name.split(".")[0] not in sys.stdlib_module_names and not RULE_WORDS.match(name)
    ]


def test_import_linter_keeps_the_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    # Its own set-up of logging switches off every logger of ours for the rest of the process.
    monkeypatch.setattr(importlinter.cli, "_configure_logging", lambda _: None)
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_rules_know_only_the_standard_library_and_rules() -> None:
    assert rule_files()
    found = {str(path.relative_to(ROOT)): impure(path.read_text()) for path in rule_files()}
    assert {path: names for path, names in found.items() if names} == {}


def test_an_impure_rule_is_seen() -> None:
    assert impure("import flask\nimport datetime") == ["flask"]
    assert impure("from saas.web import clock") == ["saas.web.clock"]
    assert impure("from saas.residents.rules import birth") == []


def test_the_house_has_one_clinic_and_no_word_for_more() -> None:
    found = {str(path.relative_to(ROOT)): spoken(path.read_text()) for path in house_files()}
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_a_word_of_the_other_world_is_seen() -> None:
    assert spoken('"""Of a tenant."""\nrun("SELECT 1 FROM t_0042.staff")  # tenant') != []
    assert spoken('"""Of a tenant."""\nrun("SELECT 1 FROM staff")  # tenant') == []
