"""What our code logs: words that stand in the code, and fields on the list of ``tenants.journal``."""

from __future__ import annotations

import ast
import typing
from pathlib import Path

import pytest

from tenants.journal import FIELDS

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
# The words of errors are handed over by two callers in the same module.
BY_NAME = {("saas/web/failing.py", "kind"), ("saas/web/jobs.py", "_log_as")}


def calls(source: str) -> Iterator[ast.Call]:
    """Calls of a logger's methods."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LEVELS:
            owner = ast.unparse(node.func.value)
            if owner in {"_log", "logging", "log"} or owner.endswith("logger") or "getLogger" in owner:
                yield node


def faults(source: str, path: str) -> list[str]:
    """What a call says that is neither a literal nor on the list."""
    found = []
    for call in calls(source):
        words, *rest = call.args
        named = isinstance(words, ast.Name) and (path, words.id) in BY_NAME
        if rest or not (named or isinstance(words, ast.Constant)):
            found.append(f"{path}:{call.lineno}: words with values")
        for keyword in call.keywords:
            keys = getattr(keyword.value, "keys", [])
            strange = [key for key in keys if isinstance(key, ast.Constant) and key.value not in FIELDS]
            if keyword.arg == "extra" and strange:
                found.append(f"{path}:{call.lineno}: a field that is not on the list")
    return found


def test_every_line_is_a_literal_with_fields_of_the_list() -> None:
    seen, found = 0, []
    for folder in ("saas", "tenants"):
        for file in (ROOT / folder).rglob("*.py"):
            source = file.read_text()
            seen += len(list(calls(source)))
            found += faults(source, str(file.relative_to(ROOT)))
    assert found == []
    assert seen > 5


@pytest.mark.parametrize(
    "line", ["_log.info(f'{x}')", "_log.error('%s', x)", "current_app.logger.info('a', extra={'name': x})"]
)
def test_a_line_with_a_value_is_found(line: str) -> None:
    assert faults(line, "a.py")


def test_nothing_is_printed() -> None:
    printing = [
        str(file)
        for folder in ("saas", "tenants")
        for file in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"print", "traceback.print_exc"}
    ]
    assert printing == []
