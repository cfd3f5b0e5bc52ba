"""Browser tests wait for the page that they read: what made them fail by chance does not come back.

Playwright's click is over when the next page begins to come, and a key is over at once; what is read right
after may be the page that was left. A route set on an open page is not heeded by what is under way.
"""

from __future__ import annotations

import ast
import itertools
import typing
from pathlib import Path

import pytest

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).resolve().parents[1] / "e2e"
LEADING = {"F3", "F4", "F7", "F8", "F9", "Enter", "Control+Enter", "Escape"}
"""Keys that may lead to another page; in a field, some of them only move the cursor."""
READING = {
    "all",
    "all_inner_texts",
    "content",
    "count",
    "eval_on_selector_all",
    "get_attribute",
    "inner_text",
    "input_value",
    "is_checked",
    "is_visible",
    "query_selector_all",
    "text",
    "url",
    "violations",
}
TO_ROUTE, TO_OPEN = {"route", "set_offline"}, {"go", "go_in_stopped_time", "goto"}


def named(node: ast.AST) -> str:
    """The last word of what is called."""
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def clicks(tree: ast.AST) -> Iterator[int]:
    """Lines of clicks that go past ``Hands``: those of a page or of a locator."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and named(node) == "click":
            owner = node.func.value
            if not isinstance(owner, ast.Name) or owner.id == "page":
                yield node.lineno


def leads(statement: ast.stmt) -> bool:
    """Whether this statement is a click, or the press of a key that may lead to another page."""
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
        return False
    call = statement.value
    last = getattr(call.args[-1], "value", None) if call.args else None
    if named(call) == "press":
        return last in LEADING
    return named(call) == "click" and not str(last).endswith("summary")  # which opens on its own page


def reads(statement: ast.stmt) -> bool:
    """Whether this statement reads the page without waiting for anything."""
    if not isinstance(statement, ast.Assert | ast.Assign | ast.AugAssign):
        return False
    words = {node.attr for node in ast.walk(statement) if isinstance(node, ast.Attribute)}
    words |= {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
    return bool(words & READING)


def early(tree: ast.AST) -> Iterator[int]:
    """Lines that read right after what may lead to another page."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            yield from (two.lineno for one, two in itertools.pairwise(body) if leads(one) and reads(two))


def late(tree: ast.AST) -> Iterator[int]:
    """Lines that set a route after a page was opened in the same function."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
            opened = min((one.lineno for one in calls if named(one) in TO_OPEN), default=None)
            yield from (
                one.lineno
                for one in calls
                if named(one) in TO_ROUTE and opened is not None and one.lineno > opened
            )


RULES = {"click": clicks, "early": early, "late": late}


def faults(source: str) -> list[tuple[str, int]]:
    """What is wrong with a file: the rule and the line."""
    tree = ast.parse(source)
    return [(rule, line) for rule, found in RULES.items() for line in found(tree)]


def test_every_browser_test_waits_for_the_page_that_it_reads() -> None:
    files = sorted(FOLDER.glob("test_*.py"))
    assert len(files) > 25
    found = {file.name: faults(file.read_text()) for file in files}
    assert {name: each for name, each in found.items() if each} == {}


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        ("click", "hands.page.click('a')"),
        ("click", "page.click('a')"),
        ("click", "hands.page.locator('a').click()"),
        ("early", "def f(hands):\n  hands.click('a')\n  assert hands.page.is_visible('.flash')"),
        ("early", "hands.press('1', 'F4')\nhere = hands.page.url"),
        ("early", "with x:\n  bare.click('button')\n  assert lines(bare)[0] in bare.text()"),
        ("late", "def f(hands):\n  hands.go('/')\n  hands.page.route('**', lose)"),
        ("late", "def f(hands):\n  hands.go('/')\n  hands.context.set_offline(True)"),
    ],
)
def test_a_test_that_does_not_wait_is_seen(rule: str, source: str) -> None:
    assert [one for one, _ in faults(source)] == [rule]


@pytest.mark.parametrize(
    "source",
    [
        "hands.follow('a')\nassert hands.page.is_visible('.flash')",
        "hands.click('a')\nhands.at('/today')\nassert hands.text()",
        "hands.press('Backspace')\nassert hands.page.input_value('#q') == ''",
        "hands.click('main summary')\nassert hands.text()",
        "def f(hands):\n  hands.page.route('**', lose)\n  hands.go('/')",
    ],
)
def test_a_test_that_waits_is_let_be(source: str) -> None:
    assert faults(source) == []
