"""A table of words is looked up once for each language, and never in another one than the moment's."""

from __future__ import annotations

import datetime
import typing

import pytest
from flask import Flask
from flask_babel import force_locale, lazy_gettext

from saas.formkit import filling, posting
from saas.formkit.evaluating import evaluate
from saas.formkit.wording import said
from saas.public_health.forms.ht_followup import HypertensionFollowUp
from saas.web import i18n
from saas.web.i18n import TONGUES

if typing.TYPE_CHECKING:
    from saas.formkit.boxes import Box

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


def test_the_words_of_a_form_are_those_of_the_language_of_the_moment(app: Flask) -> None:
    with app.app_context():
        first = _drawn()
        with force_locale(TONGUES["ug"].locale):
            assert _drawn() != first
        assert _drawn() == first


def test_what_is_typed_stays_with_whoever_typed_it(app: Flask) -> None:
    with app.app_context():
        before = _drawn()
        typed = _drawn(systolic_bp=["128"])
        assert [box.value for box in typed if box.name == "systolic_bp"] == ["128"]
        assert _drawn() == before


def _drawn(**texts: list[str]) -> list[Box]:
    """Every field of a follow-up as its page shows it, with these texts typed."""
    form, day = HypertensionFollowUp, datetime.date(2026, 5, 7)
    found = evaluate(form, posting.raw_answers(form, texts), today=day)
    shown = filling.sheet(form, texts, found, filling.How())
    return [box for _, boxes in shown.groups for box in boxes]


def test_a_table_is_looked_up_once(app: Flask) -> None:
    with app.app_context():
        first = said(WORDS)
    with app.app_context():
        assert said(WORDS) is first
