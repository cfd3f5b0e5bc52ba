"""What every answer says to the browser, whatever its status; and which requests are not answered at all."""

from __future__ import annotations

import dataclasses
import typing

import pytest
from flask import Blueprint, abort

from saas.app import create_app
from saas.web.guard import public
from saas.web.headers import HEADERS
from tests.isolation.routes import CHANGES, csrf_token, routes
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.typing import ResponseReturnValue
    from werkzeug.test import TestResponse

    from saas.config import Settings
    from tenants.settings import TenantSettings
    from tests.isolation.conftest import Walker
    from tests.support.world import Browser

HTTPS = "https://shipa.example"
PROXY = {"X-Forwarded-Proto": "https"}

# Word for word, so that a header that is weakened in the application is seen here.
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}

breaking = Blueprint("breaking", __name__)


@breaking.get("/breaking/<int:status>")
@public
def breaks(status: int) -> ResponseReturnValue:
    if status == 500:
        raise RuntimeError("planted")
    abort(status)


@pytest.fixture(scope="module")
def fragile(settings: Settings, place: TenantSettings) -> Iterator[Flask]:
    """The application with a view that fails as it is told."""
    application = create_app(settings, place)
    application.test_client_class = world.Browser
    application.register_blueprint(breaking)
    yield application
    world.close(application)


@pytest.fixture(scope="module")
def behind_proxy(settings: Settings, place: TenantSettings) -> Iterator[Flask]:
    """The application as people reach it by https."""
    application = create_app(dataclasses.replace(settings, url=HTTPS), place)
    application.test_client_class = world.Browser
    yield application
    world.close(application)


def check(answer: TestResponse, where: object) -> None:
    """The headers of one answer."""
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, where
    assert answer.headers["Cache-Control"] == "no-store", where
    assert set(answer.headers["Content-Security-Policy"].split("; ")) == POLICY, where
    assert answer.headers["X-Content-Type-Options"] == "nosniff", where
    assert answer.headers["X-Frame-Options"] == "DENY", where
    assert answer.headers["Referrer-Policy"] == "same-origin", where
    assert "Server" not in answer.headers, where
    assert "X-Powered-By" not in answer.headers, where


def test_every_answer_of_every_route_has_the_headers(app: Flask, walker: Walker, visitor: Browser) -> None:
    for route in routes(app):
        role = walker.allowed(route)
        for browser in (visitor, walker.browser(route, role)):
            for path in {walker.path(route, role), walker.nowhere(route)}:
                check(browser.open(path, method=route.method), route)
                check(browser.open(path, method="DELETE"), route)
                check(browser.open(path, method="OPTIONS"), route)


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 422, 429, 500, 503])
def test_every_error_has_the_headers_and_tells_no_more_than_it_must(
    fragile: Flask, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    answer = fragile.test_client().get(f"/breaking/{status}")
    assert answer.status_code == status
    check(answer, status)
    text = answer.get_data(as_text=True)
    assert not [word for word in ("Traceback", "planted", "psycopg", "werkzeug") if word in text]


@pytest.mark.parametrize(
    "path", ["/nowhere", "/static/nothing.css", "/residents/not-an-id", "/%00", "/..%2f"]
)
def test_what_is_not_there_has_the_headers(visitor: Browser, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code in {303, 404}
    check(answer, path)


def test_built_files_are_kept_and_not_sniffed(app: Flask, visitor: Browser) -> None:
    address = app.jinja_env.globals["asset"]("app.js")  # type: ignore[operator]
    with visitor.get(str(address)) as answer:
        answer.get_data()
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "650099001.example", "", "a b"])
def test_another_host_name_is_refused(app: Flask, walker: Walker, host: str) -> None:
    browser = world.sign_in(app, walker.household.people["village_doctor"])
    for path in ("/residents", "/sign-in", "/healthz"):
        answer = browser.get(path, headers={"Host": host})
        assert answer.status_code == 400, (host, path)
        assert "CANARY" not in answer.get_data(as_text=True)
        check(answer, (host, path))


def test_what_is_too_large_is_refused_with_the_headers(app: Flask, walker: Walker) -> None:
    browser = world.sign_in(app, walker.household.people["village_doctor"])
    token = csrf_token(app, browser)
    answer = browser.post("/drafts", data={"x": "x" * 3_000_000}, headers={"X-CSRFToken": token})
    assert answer.status_code == 413
    check(answer, "/drafts")


def test_behind_https_every_request_without_the_proxys_word_is_refused(behind_proxy: Flask) -> None:
    browser = behind_proxy.test_client()
    for route in routes(behind_proxy):
        path = route.path(
            behind_proxy, dict.fromkeys(route.arguments, "01a206c2-690f-76f8-87e4-a6eae1e0c0b5")
        )
        for headers in ({}, {"X-Forwarded-Proto": "http"}, {"X-Forwarded-Proto": "http,https"}):
            answer = browser.open(path, base_url=HTTPS, method=route.method, headers=headers)
            assert answer.status_code == 400, (route, headers)
            check(answer, route)


def test_behind_https_cookies_are_pinned_to_the_host(behind_proxy: Flask, app: Flask) -> None:
    browser = behind_proxy.test_client()
    page = browser.get("/sign-in", base_url=HTTPS, headers=PROXY)
    token = page.get_data(as_text=True).split('data-csrf="')[1].split('"')[0]
    person = world.SOUTH
    form = {"clinic": person, "clinic_code": person, "username": "village_doctor"}
    form |= {"password": world.PASSWORD, "csrf_token": token}
    answer = browser.post(
        "/sign-in", base_url=HTTPS, headers={**PROXY, "Referer": f"{HTTPS}/sign-in"}, data=form
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    cookies = [*page.headers.getlist("Set-Cookie"), *answer.headers.getlist("Set-Cookie")]
    names = {cookie.partition("=")[0] for cookie in cookies}
    assert {"__Host-shipa_session", "__Host-shipa_visitor", "__Host-shipa_clinic"} <= names
    for cookie in cookies:
        parts = {part.strip() for part in cookie.split(";")[1:]}
        assert cookie.startswith("__Host-"), cookie
        assert {"Secure", "Path=/", "SameSite=Lax", "HttpOnly"} <= parts, cookie
        assert "Domain" not in cookie, cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


def test_on_this_machine_alone_cookies_are_still_closed_to_scripts(app: Flask, visitor: Browser) -> None:
    answer = visitor.get("/sign-in")
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie


def test_changes_are_posts(app: Flask) -> None:
    assert {route.method for route in routes(app, *CHANGES)} == {"POST"}
