"""Every template compiles, says nothing outside gettext, imports what it uses, and has no inline code."""

from __future__ import annotations

import functools
import re
import typing

import pytest
from jinja2 import Environment, nodes
from jinja2.meta import find_referenced_templates, find_undeclared_variables

from saas.app import create_app
from saas.config import Settings
from translations.collect import ROOT

if typing.TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEMPLATES = sorted(
    path for room in ("saas", "tenants") for path in ROOT.glob(f"{room}/**/templates/**/*.html")
)
_LETTER = re.compile(r"[A-Za-z\u0600-\u06ff\u3400-\u9fff]")
_TAG = re.compile(r"<[^<>]*>|<!--.*?-->", re.DOTALL)
_SAID_ATTRIBUTE = re.compile(
    r'\b(?:alt|aria-label|placeholder|title|data-text[\w-]*)="([^"{]*[^\W\d_][^"{]*)"'
)
_INLINE = re.compile(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)", re.IGNORECASE)
# Keys have their names on the keyboard in both languages; https and Esc are said as they are.
_NAMES = re.compile(r"<kbd>\w+</kbd>")


# Flask's and ours; `language` is the one for which a template was compiled.
EVERYWHERE = {"_", "asset", "csrf_token", "get_flashed_messages", "language", "request", "url_for"}


@functools.cache
def environment() -> Environment:
    """Jinja as the application sets it up, as far as parsing goes."""
    found = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    application = create_app(Settings(hash_cost="test")).jinja_env
    found.filters, found.tests = application.filters, application.tests
    return found


def faults(source: str) -> list[str]:
    """Everything that is wrong with a template."""
    tree = environment().parse(source)
    found = [f"text outside gettext: {text!r}" for text in _bare_texts(source)]
    found += [f"inline: {match.group()!r}" for match in _INLINE.finditer(source)]
    found += [f"imports {name} and does not use it" for name in _unused_imports(tree)]
    found += [f"imports {name} {said}" for name, said in _wrong_context(tree)]
    return found


def _bare_texts(source: str) -> Iterator[str]:
    """Letters between tags or in attributes that people read; Jinja's own parts are left out."""
    plain = re.sub(r"\{#.*?#\}|\{%.*?%\}", "", source, flags=re.DOTALL)
    plain = re.sub(r"\{\{.*?\}\}", "{}", plain, flags=re.DOTALL)
    for match in _SAID_ATTRIBUTE.finditer(plain):
        yield match.group(1)
    for text in re.split(r"\n", _TAG.sub("\n", _NAMES.sub("", plain))):
        if _LETTER.search(re.sub(r"&\w+;", "", text)):
            yield text.strip()


def _unused_imports(tree: nodes.Template) -> Iterator[str]:
    used = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "load"}
    for node in _imports(tree):
        yield from (name for name in _names(node) if name not in used)


def _imports(tree: nodes.Template) -> Iterator[nodes.FromImport | nodes.Import]:
    yield from tree.find_all(nodes.FromImport)
    yield from tree.find_all(nodes.Import)


def _names(node: nodes.FromImport | nodes.Import) -> list[str]:
    if isinstance(node, nodes.Import):
        return [node.target]
    return [name if isinstance(name, str) else name[1] for name in node.names]


def _wrong_context(tree: nodes.Template) -> Iterator[tuple[str, str]]:
    """With its context a file is run anew on every page: only one that asks the page for something may be."""
    for node in _imports(tree):
        needed = _asks_the_page(typing.cast("nodes.Const", node.template).value)
        if needed != node.with_context:
            yield ", ".join(_names(node)), f"with{'out' if needed else ''} context"


@functools.cache
def _asks_the_page(name: str) -> bool:
    """True when a file of macros, or one that it uses, looks for what neither it nor every page has."""
    (source,) = [path.read_text(encoding="utf-8") for path in TEMPLATES if _name(path) == name]
    asked = find_undeclared_variables(environment().parse(source))
    used = find_referenced_templates(environment().parse(source))
    return bool(asked - EVERYWHERE) or any(_asks_the_page(each) for each in used if each)


def _name(path: Path) -> str:
    return str(path).partition("/templates/")[2]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_is_sound(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8")) == []


def test_there_are_templates() -> None:
    assert len(TEMPLATES) > 5


def macros(path: Path) -> dict[str, Path]:
    """The macros that a template of components defines."""
    tree = environment().parse(path.read_text(encoding="utf-8"))
    return {macro.name: path for macro in tree.find_all(nodes.Macro)}


def uses(source: str, macro: str) -> bool:
    """True when a template calls the macro, or imports it under another name."""
    called = re.sub(rf"macro {macro}\(", "", source)
    return re.search(rf"(?<!\| )\b{macro}(?:\(| as )", called) is not None


def test_every_macro_is_used() -> None:
    sources = [path.read_text(encoding="utf-8") for path in TEMPLATES]
    defined = [macro for path in TEMPLATES for macro in macros(path)]
    assert [name for name in defined if not any(uses(source, name) for source in sources)] == []


def test_a_use_is_a_call_or_an_import_under_another_name() -> None:
    assert uses("{{ day(x) }}", "day")
    assert uses('{% from "a.html" import day as one_day with context %}', "day")
    assert not uses("{% macro day(x) %}{{ x | day(1) }}{% endmacro %}", "day")


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("<p>Save</p>", "text outside gettext"),
        ("<p>保存</p>", "text outside gettext"),
        ("<p>ساقلا</p>", "text outside gettext"),
        ('<input placeholder="Name">', "text outside gettext"),
        ('<p style="x">', "inline"),
        ('<p onclick="x()">', "inline"),
        ("<script>x()</script>", "inline"),
        ('{% from "components/show.html" import name %}', "does not use it"),
        ('{% from "components/show.html" import name with context %}{{ name() }}', "name with context"),
        ('{% from "components/frame.html" import flashes %}{{ flashes() }}', "flashes without context"),
        ('{% from "residents/_rows.html" import proof %}{{ proof() }}', "proof without context"),
    ],
)
def test_a_planted_fault_is_found(source: str, fault: str) -> None:
    assert any(fault in found for found in faults(source))


def test_a_sound_template_has_no_fault() -> None:
    imports = '{% from "components/show.html" import name %}'
    page = '<p title="{{ _("x") }}">{{ name(_("Save")) }} <kbd>F4</kbd>&nbsp;·</p>'
    assert faults(imports + page) == []


def test_no_field_about_a_resident_cuts_a_paste() -> None:
    """What is too long is told beside the field and stays; a browser would drop the rest without a word."""
    rooms = ("saas/residents/", "saas/accounts/", "saas/templates/")
    own = [path for path in TEMPLATES if str(path.relative_to(ROOT)).startswith(rooms)]
    assert len(own) > 30
    assert [str(path) for path in own if "maxlength" in path.read_text()] == []
