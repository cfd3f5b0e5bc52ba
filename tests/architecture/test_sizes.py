"""Files and functions stay small enough to be read at once; no bag for leftovers exists."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 300
LONGEST_FUNCTION = 30
FOLDERS = ("assets", "migrations", "saas", "static/css", "static/js", "tenants", "tests", "translations")
ENDINGS = {".css", ".html", ".js", ".mjs", ".py", ".sh"}
BAGS = {"common", "helper", "helpers", "misc", "shared", "util", "utils"}


def files(*endings: str) -> list[Path]:
    """Return the hand-written files; a revision is a list of steps that Alembic wrote."""
    found = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))
    return sorted(path for path in found if path.suffix in endings and path.parent.name != "versions")


def long_functions(source: str) -> list[str]:
    """Return each function that is too long, from `def` to its last line, with its length."""
    functions = (
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    lengths = {f"{node.name}:{node.lineno}": (node.end_lineno or 0) - node.lineno + 1 for node in functions}
    return [f"{name}: {length} lines" for name, length in lengths.items() if length > LONGEST_FUNCTION]


def test_no_file_is_longer_than_300_lines() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in files(*ENDINGS)}
    assert len(lengths) > 50
    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_longer_than_30_lines() -> None:
    found = {str(path.relative_to(ROOT)): long_functions(path.read_text()) for path in files(".py")}
    assert {path: names for path, names in found.items() if names} == {}


def test_a_long_function_is_seen() -> None:
    assert long_functions("def f():\n" + "    pass\n" * 30) == ["f:1: 31 lines"]
    assert long_functions("class C:\n  async def f():\n" + "    pass\n" * 30) == ["f:2: 31 lines"]
    assert long_functions("def f():\n" + "    pass\n" * 29) == []


def test_no_module_or_folder_is_a_bag_for_leftovers() -> None:
    parts = {path: {path.stem, *path.parent.relative_to(ROOT).parts} for path in files(".py")}
    assert [str(path) for path, names in parts.items() if names & BAGS] == []
