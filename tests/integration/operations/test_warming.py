"""What the processes that serve are handed ready."""

from __future__ import annotations

import typing

import jinja2
import pytest

from saas.web.i18n import TONGUES
from saas.web.warming import warm

if typing.TYPE_CHECKING:
    from flask import Flask

    from saas.web.speaking import Spoken


def fresh(app: Flask, monkeypatch: pytest.MonkeyPatch, loader: jinja2.BaseLoader | None = None) -> Spoken:
    """The application's templates, of which none is compiled yet."""
    made = typing.cast("Spoken", app.jinja_env.overlay(cache_size=400))
    made.loader = loader or made.loader
    made.by_language = {}
    monkeypatch.setattr(app, "jinja_env", made)
    return made


def test_every_page_is_compiled_in_both_languages_before_anybody_asks_for_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = fresh(app, monkeypatch)
    warm(app)
    assert set(pages.by_language) == set(TONGUES)
    for each in pages.by_language.values():
        compiled = [template.name for template in typing.cast("typing.Any", each.cache).values()]
        assert sorted(compiled) == sorted(pages.list_templates(extensions=["html"]))
        assert {"layout.html", "accounts/sign_in.html"} <= set(compiled)


def test_a_page_that_cannot_be_compiled_ends_the_start(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh(app, monkeypatch, loader=jinja2.DictLoader({"a.html": "{% if %}"}))
    with pytest.raises(jinja2.TemplateSyntaxError):
        warm(app)
