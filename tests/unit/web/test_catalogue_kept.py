"""Texts follow the language of the answer, also where it changes in the middle."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import Domain, force_locale, lazy_gettext, refresh

from saas.web import i18n
from saas.web.i18n import TONGUES, Language

SAYS = (
    "{{ gettext('Save') }} {{ ngettext('About one minute left.', 'About %(num)s minutes left.', 2) }}"
    " {{ pgettext('nowhere', 'Save') }}"
)
SAVE = lazy_gettext("Save")


@pytest.fixture
def app() -> Flask:
    """The language choice of the product and nothing else of it."""
    app = Flask(__name__)
    i18n.set_up(app)
    return app


def said(app: Flask) -> str:
    """What a template and a text of the code say now."""
    return f"{app.jinja_env.from_string(SAYS).render()} {SAVE}"


def speaks(monkeypatch: pytest.MonkeyPatch, language: Language) -> None:
    """From now on this is chosen for an answer."""
    monkeypatch.setattr(i18n, "current", lambda: language)


def test_a_forced_language_has_its_own_words_and_the_first_ones_come_back(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaks(monkeypatch, "zh")
    with app.app_context():
        first = said(app)
        with force_locale(TONGUES["ug"].locale):
            other = said(app)
        assert said(app) == first
    assert first.startswith("保存 约需")
    assert other.startswith("ساقلا")


def test_a_language_chosen_anew_is_followed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    speaks(monkeypatch, "zh")
    with app.app_context():
        first = said(app)
        speaks(monkeypatch, "ug")
        assert said(app) == first, "chosen once for an answer"
        refresh()
        assert said(app).startswith("ساقلا")


def test_one_answer_leaves_nothing_to_the_next(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = []
    languages: list[Language] = ["zh", "ug", "zh"]
    for language in languages:
        speaks(monkeypatch, language)
        with app.app_context():
            texts.append(said(app))
    assert texts[0] == texts[2] != texts[1]


def test_where_nobody_answers_a_text_stays_english(app: Flask) -> None:
    assert said(app) == "Save About 2 minutes left. Save Save"


def test_what_is_put_into_a_text_is_escaped_and_the_text_is_not(app: Flask) -> None:
    page = app.jinja_env.from_string("{{ _('Q&A of %(who)s: 5%%', who='<b>') }}")
    assert page.render() == "Q&A of &lt;b&gt;: 5%"


def test_the_catalogue_is_looked_up_once_for_all_texts(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    speaks(monkeypatch, "zh")
    asked, look_up = [], Domain.get_translations

    def counted(domain: Domain) -> object:
        asked.append(domain)
        return look_up(domain)

    monkeypatch.setattr(Domain, "get_translations", counted)
    with app.app_context():
        assert said(app) == said(app)
    assert len(asked) == 1
