"""Every act that the access log can hold has words in both languages, and no words are left over."""

from __future__ import annotations

import ast
import typing
from pathlib import Path

import pytest

from saas.app import ROOMS, create_app
from saas.config import Settings
from saas.web import acts
from translations import collect

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

ROOT = Path(__file__).resolve().parents[2]
_TELLS = {"note": 0, "_note": 0, "log.note": 0, "book.note": 0, "Entry": 0, "log.Entry": 0, "task.log": 1}
"""What tells the log something, and which of its arguments is the act."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application, connected to nothing."""
    return create_app(Settings.from_env({"SHIPA_DATA": str(tmp_path_factory.mktemp("data"))}))


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Every call that tells the log something."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in _TELLS:
            yield node


def acts_of(source: str) -> set[str]:
    """The acts that a module names; one that is computed is shown as its code."""
    found = set()
    for call in calls(ast.parse(source)):
        first = call.args[_TELLS[ast.unparse(call.func)]]
        if isinstance(first, ast.Constant):
            found.add(str(first.value))
        elif ast.unparse(first) not in {"act", "str(request.endpoint)"}:
            # ``act``: a wrapper that passes it on; the endpoint: counted from the routes.
            found.add(ast.unparse(call))
    return found


def purposes_of(source: str) -> set[str]:
    """The purposes that a module names."""
    return {
        str(keyword.value.value)
        for call in calls(ast.parse(source))
        for keyword in call.keywords
        if keyword.arg == "purpose" and isinstance(keyword.value, ast.Constant)
    }


def sources() -> Iterator[str]:
    for folder in ("saas", "tenants"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.read_text(encoding="utf-8")


def test_every_act_has_words_and_no_words_are_a_ghost(built: Flask) -> None:
    said: set[str] = set().union(*(acts_of(text) for text in sources()))
    refused = {rule.endpoint for rule in built.url_map.iter_rules() if "resident_id" in rule.arguments}
    with built.app_context():
        known = set(acts.known_acts())
    assert known == said | refused
    assert len(known) > 40


def test_every_purpose_has_words() -> None:
    said: set[str] = set().union(*(purposes_of(text) for text in sources()))
    assert said | {"care"} <= acts.PURPOSES.keys()


def test_the_words_of_acts_and_purposes_are_translated() -> None:
    words = [act.words for room in ROOMS for act in room.acts.values()]
    words += [act.words for act in acts.OWN.values()] + list(acts.PURPOSES.values())
    for language in collect.LANGUAGES:
        catalogue = {message.id: message.string for message in collect.read(language)}
        for text in words:
            english = text._args[0]  # type: ignore[attr-defined]
            assert catalogue.get(english), (language, english)


def test_no_two_acts_of_a_room_say_the_same() -> None:
    for room in ROOMS:
        words = [act.words._args[0] for act in room.acts.values()]  # type: ignore[attr-defined]
        assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ('log.note("a.b")', {"a.b"}),
        ('_note("a.b", staff.id)', {"a.b"}),
        ("note(act, purpose='x')", set()),
        ("log.note(f'a.{b}')", {"log.note(f'a.{b}')"}),
        ('Entry("a.b", ())', {"a.b"}),
    ],
)
def test_an_act_is_seen(source: str, seen: set[str]) -> None:
    assert acts_of(source) == seen
