"""A table of words is looked up once for each language, and never in another one than the moment's."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale, lazy_gettext

from saas.formkit.wording import said
from saas.web import i18n
from saas.web.i18n import TONGUES

WORDS = {"save": lazy_gettext("Save"), "cancel": "×"}


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The language choice of the product and nothing else of it; pages are Chinese."""
    app = Flask(__name__)
    i18n.set_up(app)
    monkeypatch.setattr(i18n, "current", lambda: "zh")
    return app


def test_the_words_are_those_of_the_language_of_the_moment(app: Flask) -> None:
    with app.app_context():
        assert said(WORDS) == {"save": "保存", "cancel": "×"}
        with force_locale(TONGUES["ug"].locale):
            assert said(WORDS)["save"] == "ساقلا"
        assert said(WORDS)["save"] == "保存"
    assert said(WORDS)["save"] == "Save"


def test_a_table_is_looked_up_once(app: Flask) -> None:
    with app.app_context():
        first = said(WORDS)
    with app.app_context():
        assert said(WORDS) is first
