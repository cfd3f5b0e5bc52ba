"""A template says its fixed texts in the language of the moment, and finds them when it is compiled."""

from __future__ import annotations

import typing

import jinja2
import pytest
from flask import Flask, render_template
from flask_babel import force_locale, get_locale

from saas.web import i18n
from saas.web.i18n import TONGUES, Language
from saas.web.speaking import Spoken

PAGES = {
    "page.html": (
        '{% extends "frame.html" %}{% from "macros.html" import said %}'
        '{% block body %}{{ said(_("Save")) }}|{% include "part.html" %}{% endblock %}'
    ),
    "frame.html": '<p title="{{ _("Save") }}">{% block body %}{% endblock %}</p>{{ _("Shipa") }}',
    "macros.html": '{% macro said(text) %}<b>{{ text }}</b>{{ _("Save") }}{{ language }}{% endmacro %}',
    "part.html": '{{ _("Saved for %(name)s.", name=who) }}',
    "odd.html": '{{ _("5%% of <b> & \'c\'") }}{{ _(text) }}{{ other("Save") }}{{ _("Save") ~ "<" }}',
}
WORDS: dict[Language, tuple[str, str]] = {"ug": ("ساقلا", "شىپا"), "zh": ("保存", "希帕")}


class House(Flask):
    """Flask with templates that speak, and nothing else of the product."""

    jinja_environment = Spoken


@pytest.fixture
def app() -> Flask:
    """The language choice and these pages."""
    app = House(__name__)
    app.jinja_loader = jinja2.DictLoader(PAGES)
    i18n.set_up(app)
    return app


def page(app: Flask, language: Language, name: str = "page.html", **values: object) -> str:
    """A page in this language."""
    with app.test_request_context(), force_locale(TONGUES[language].locale):
        return render_template(name, **values)


def test_page_frame_part_and_macros_are_in_the_language_of_the_moment(app: Flask) -> None:
    for language in (*TONGUES, *TONGUES):
        save, house = WORDS[language]
        shown = page(app, language, who="<i>")
        assert shown.startswith(f'<p title="{save}"><b>{save}</b>{save}{language}|')
        assert "&lt;i&gt;" in shown
        assert shown.endswith(f"</p>{house}")
    assert page(app, "ug") != page(app, "zh")


def test_a_text_without_values_is_as_one_that_is_looked_up(app: Flask) -> None:
    shown = page(app, "zh", "odd.html", text="Save", other=str.upper)
    assert shown == "5% of <b> & 'c'保存SAVE保存&lt;"


def test_a_fixed_text_is_not_looked_up_when_the_page_is_shown(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    page(app, "zh", who="A")
    asked: list[str] = []

    class Deaf:
        def ugettext(self, text: str) -> str:
            asked.append(text)
            return text

    monkeypatch.setattr(i18n, "get_translations", Deaf)
    assert "保存" in page(app, "zh", who="A")
    assert asked == ["Saved for %(name)s."]


def test_where_nobody_answers_a_page_is_english(app: Flask) -> None:
    assert get_locale() is None
    assert app.jinja_env.get_template("macros.html").module.said("x") == "<b>x</b>Save"  # type: ignore[attr-defined]
    assert not typing.cast("Spoken", app.jinja_env).by_language


def test_what_is_given_to_all_templates_later_is_known_in_every_language(app: Flask) -> None:
    app.jinja_env.filters["twice"] = lambda text: text * 2
    app.jinja_loader.mapping["late.html"] = "{{ 'a' | twice }}"  # type: ignore[union-attr]
    assert page(app, "ug", "late.html") == "aa"
