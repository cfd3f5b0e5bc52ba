"""What the processes that serve are handed ready."""

from __future__ import annotations

import typing

import jinja2
import pytest

from saas.web.warming import warm

if typing.TYPE_CHECKING:
    from flask import Flask


def test_every_page_is_compiled_before_anybody_asks_for_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = app.jinja_env.overlay(cache_size=400)
    monkeypatch.setattr(app, "jinja_env", fresh)
    warm(app)
    compiled = [template.name for template in typing.cast("typing.Any", fresh.cache).values()]
    assert sorted(compiled) == sorted(fresh.list_templates(extensions=["html"]))
    assert {"layout.html", "accounts/sign_in.html"} <= set(compiled)


def test_a_page_that_cannot_be_compiled_ends_the_start(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = app.jinja_env.overlay(cache_size=400, loader=jinja2.DictLoader({"a.html": "{% if %}"}))
    monkeypatch.setattr(app, "jinja_env", broken)
    with pytest.raises(jinja2.TemplateSyntaxError):
        warm(app)
