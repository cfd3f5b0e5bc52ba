"""Finds in the product's sources what rights N1 says it never has; shared by the test and its proof."""

from __future__ import annotations

import ast
import csv
import re
import typing
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.pofile import read_po

DATA = Path(__file__).parent / "data"
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_BETWEEN = "\n|qqq|\n"
_ARABIC = r"[\u0600-\u06ff]"
FOLDERS = ("saas", "tenants", "migrations", "translations", "static/js", "static/css", "assets")


class Term(typing.NamedTuple):
    """A forbidden word or phrase and the line of the list that it stands for."""

    line: str
    language: str
    term: str


class Hit(typing.NamedTuple):
    """A forbidden term in a file of the product."""

    path: str
    term: str


def terms() -> list[Term]:
    """Both lists: the copied one of reproductive health, and N1's own in Chinese, Uyghur and English."""
    own = [Term(row["line"], row["language"], row["term"]) for row in _lines("n1-terms.csv")]
    copied = [
        Term(row["reason"], "en", row["pattern"].replace("_", " "))
        for row in _lines("rh-forbidden-fields.csv")
    ]
    return own + copied


def exceptions() -> dict[Hit, str]:
    """Reviewed hits that are no such field, with the reason."""
    return {Hit(row["path"], row["term"]): row["reason"] for row in _lines("n1-exceptions.csv")}


def _lines(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def found_in(text: str, wanted: Iterable[Term]) -> set[str]:
    """The terms that a text holds, exactly.

    English and Uyghur by whole words (``maritalStatus`` has two), Chinese by characters.
    """
    words = " " + " ".join(word.lower() for word in _WORD.findall(text)) + " "
    return {term.term for term in wanted if _holds(term, text, words)}


def _holds(term: Term, text: str, words: str) -> bool:
    if term.language == "en":
        return f" {term.term} " in words
    if term.language == "zh":
        return term.term in text
    return re.search(rf"(?<!{_ARABIC}){term.term}(?!{_ARABIC})", text) is not None


def hits(root: Path) -> set[Hit]:
    """Every forbidden term in the sources under a checkout's root, by file."""
    wanted = terms()
    return {
        Hit(path.relative_to(root).as_posix(), term)
        for folder in FOLDERS
        for path in sorted((root / folder).rglob("*"))
        # The translators' glossary holds words for what the product may never show; messages count.
        if path.is_file() and (folder != "translations" or path.suffix == ".po")
        # One look per file, not per text: the catalogues are long. The word between keeps texts apart.
        for term in found_in(_BETWEEN.join(texts(path)), wanted)
    }


def texts(path: Path) -> Iterator[str]:
    """What a file declares.

    Of Python the names and texts without docstrings and comments, of a catalogue the messages in both
    languages, of every other file the whole.
    """
    if path.suffix == ".py":
        yield from _declared(ast.parse(path.read_text(encoding="utf-8")))
    elif path.suffix == ".po":
        with path.open("rb") as file:
            for message in read_po(file):
                yield from _flat([message.id, message.string])
    elif path.suffix in {".html", ".csv", ".json", ".txt", ".js", ".mjs", ".css", ".sql", ".mako"}:
        yield path.read_text(encoding="utf-8")


def _flat(parts: Iterable[object]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, str):
            yield part
        elif isinstance(part, list | tuple):
            yield from _flat(part)


def _declared(tree: ast.AST) -> Iterator[str]:
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if id(node) in docstrings:
            continue
        for value in (getattr(node, field, None) for field in ("id", "attr", "arg", "name", "value")):
            if isinstance(value, str):
                yield value
