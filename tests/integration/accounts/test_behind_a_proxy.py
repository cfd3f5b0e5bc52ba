"""Behind the proxy of an https address each PC keeps its own address; without one nobody chooses his."""

from __future__ import annotations

import dataclasses
import typing

import pytest

from saas.accounts import slow_down
from saas.app import create_app
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from saas.config import Settings
    from tenants.settings import TenantSettings
    from tests.support.world import Browser

HTTPS = "https://shipa.example"


@pytest.fixture(scope="module")
def proxied(settings: Settings, place: TenantSettings) -> Iterator[Flask]:
    """The application as it is served at an https address."""
    application = create_app(dataclasses.replace(settings, url=HTTPS), place)
    application.test_client_class = world.Browser
    yield application
    world.close(application)


def failures_of(app: Flask, address: str) -> int:
    """How often sign-ins from this address failed."""
    key = slow_down.address_key(app.secret_key, address)  # type: ignore[arg-type]
    found = app.extensions["door"].failures(key)
    return found[0] if found else 0


def fail(browser: Browser, base_url: str, headers: dict[str, str]) -> None:
    """A wrong password through these headers."""
    page = browser.get("/sign-in", base_url=base_url, headers=headers).get_data(as_text=True)
    csrf = page.split('data-csrf="', 1)[1].split('"', 1)[0]
    fields = {"clinic": world.NORTH, "username": "nobody at all", "password": "wrong"}
    headers = {**headers, "Referer": f"{base_url}/sign-in"}
    data = {"csrf_token": csrf, **fields}
    answer = browser.post("/sign-in", data=data, base_url=base_url, headers=headers)
    assert answer.status_code == 422


def test_the_proxys_word_for_the_address_is_taken(proxied: Flask) -> None:
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.1, 203.0.113.9"}
    fail(typing.cast("Browser", proxied.test_client()), HTTPS, headers)
    assert failures_of(proxied, "203.0.113.9") == 1
    assert failures_of(proxied, "198.51.100.1") == 0


def test_without_a_proxy_the_header_is_nobodys(app: Flask, visitor: Browser) -> None:
    fail(visitor, world.BASE_URL, {"X-Forwarded-For": "203.0.113.77"})
    assert failures_of(app, "203.0.113.77") == 0


def test_the_banner_stands_where_the_connection_is_not_protected_and_nowhere_else(
    proxied: Flask, visitor: Browser
) -> None:
    banner = 'class="insecure"'
    assert banner in visitor.get("/sign-in").get_data(as_text=True)
    browser = proxied.test_client()
    page = browser.get("/sign-in", base_url=HTTPS, headers={"X-Forwarded-Proto": "https"})
    assert page.status_code == 200
    assert banner not in page.get_data(as_text=True)
