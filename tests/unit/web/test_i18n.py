"""Which language a page has, and how a person changes it."""

from __future__ import annotations

import types
import typing

import pytest
from flask import Flask, g
from flask_babel import gettext

from saas.web import i18n
from saas.web.guard import public

if typing.TYPE_CHECKING:
    from flask.testing import FlaskClient


def _somebody(language: str | None, clinic: str) -> types.SimpleNamespace:
    return types.SimpleNamespace(
        staff=types.SimpleNamespace(language=language),
        clinic=types.SimpleNamespace(setting=types.SimpleNamespace(default_language=clinic)),
    )


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A page that says one word, with the language choice of the product."""
    app = Flask(__name__)
    monkeypatch.setattr(i18n, "recognise", lambda: "here" in g)
    app.config.update(SECRET_KEY="test", SESSION_COOKIE_SECURE=False, HERE=None)

    @app.before_request
    def enter() -> None:
        if app.config["HERE"]:
            g.here = app.config["HERE"]

    spoken: list[str] = []
    app.extensions |= {"spoken": spoken, "pipeline": types.SimpleNamespace(speak=spoken.append)}
    i18n.set_up(app)

    @app.route("/page", methods=["GET", "POST"])
    @public
    def page() -> str:
        return f"{i18n.current()} {gettext('Save')}"

    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser of no language of its own."""
    return app.test_client()


UG, ZH = "ug ساقلا", "zh 保存"


def test_uyghur_is_the_last_resort(client: FlaskClient) -> None:
    assert client.get("/page").text == UG
    assert client.get("/page", headers={"Accept-Language": "fr"}).text == UG


@pytest.mark.parametrize("said", ["zh-CN,zh;q=0.9", "zh", "zh-Hans-CN", "en, zh-TW;q=0.5"])
def test_the_browser_is_asked_before_the_last_resort(client: FlaskClient, said: str) -> None:
    assert client.get("/page", headers={"Accept-Language": said}).text == ZH


def test_the_clinic_goes_before_the_browser(app: Flask, client: FlaskClient) -> None:
    app.config["HERE"] = _somebody(None, "zh")
    assert client.get("/page", headers={"Accept-Language": "ug"}).text == ZH


def test_the_computer_goes_before_the_clinic(app: Flask, client: FlaskClient) -> None:
    client.set_cookie("shipa_language", "ug")
    app.config["HERE"] = _somebody(None, "zh")
    assert client.get("/page").text == UG


def test_the_person_goes_before_the_computer(app: Flask, client: FlaskClient) -> None:
    client.set_cookie("shipa_language", "ug")
    app.config["HERE"] = _somebody("zh", "ug")
    assert client.get("/page").text == ZH


def test_a_switch_counts_at_once_and_is_kept(app: Flask, client: FlaskClient) -> None:
    app.config["HERE"] = _somebody("ug", "ug")
    answer = client.post("/page", data={"_language": "zh", "name": "阿"})
    assert answer.text == ZH
    assert app.extensions["spoken"] == ["zh"]
    cookie = client.get_cookie("shipa_language")
    assert cookie is not None
    assert (cookie.value, cookie.http_only, cookie.same_site) == ("zh", True, "Lax")


@pytest.mark.parametrize("asked", ["en", "", "ZH", "zh'"])
def test_a_language_that_is_not_ours_changes_nothing(client: FlaskClient, asked: str) -> None:
    answer = client.post("/page", data={"_language": asked})
    assert answer.text == UG
    assert client.get_cookie("shipa_language") is None
    client.set_cookie("shipa_language", asked)
    assert client.get("/page").text == UG


def test_a_page_without_a_form_is_shown_again(client: FlaskClient) -> None:
    answer = client.post("/language", data={"_language": "zh", "back": "/page?site=all"})
    assert (answer.status_code, answer.location) == (303, "/page?site=all")
    assert client.get("/page").text == ZH


@pytest.mark.parametrize(
    "back", ["//evil.example/", "https://evil.example/", "/\\evil.example", "evil", "", "/\t/evil"]
)
def test_the_way_back_never_leads_elsewhere(client: FlaskClient, back: str) -> None:
    answer = client.post("/language", data={"_language": "zh", "back": back})
    assert answer.location == "/"


def test_a_switch_to_nothing_is_refused(client: FlaskClient) -> None:
    assert client.post("/language", data={}).status_code == 422


def test_both_languages_are_right_to_left_or_left_to_right_as_they_are() -> None:
    assert {code: tongue.direction for code, tongue in i18n.TONGUES.items()} == {
        "ug": "rtl",
        "zh": "ltr",
    }


def test_outside_a_request_the_language_is_uyghur() -> None:
    assert i18n.current() == "ug"
