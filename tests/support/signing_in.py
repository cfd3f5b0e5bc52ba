"""Walking through the sign-in pages as a person does, and people with a second factor."""

from __future__ import annotations

import concurrent.futures
import re
import typing

import sqlalchemy as sa

from saas.accounts import second_factor, staff_secrets
from saas.accounts.factor import key_context
from saas.accounts.models import Staff
from saas.accounts.passwords import hasher
from saas.audit.models import AccessLog
from saas.web import clock
from saas.web.clinic import clinic_of
from saas.web.models import ClinicSetting
from tests.support import world
from tests.support.world import PASSWORD, Browser, Person

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from flask import Flask
    from werkzeug.test import TestResponse

    from saas.accounts.staff_secrets import Secret
    from tenants.cards import ClinicCard

NEW_PASSWORD = "tomurqara gulluk bulaq"
SHEET = "1234 5678 9012 3456 7890"


def browser_of(app: Flask) -> Browser:
    """A browser in which nobody is signed in."""
    return typing.cast("Browser", app.test_client())


def enter(browser: Browser, card: ClinicCard, username: str, password: str = PASSWORD) -> TestResponse:
    """Fill in the sign-in page and send it."""
    fields = {"clinic": card.code, "username": username, "password": password}
    return browser.send("/sign-in", fields)


def set_up_administrator(app: Flask, person: Person) -> str:
    """A second factor and a printed sheet, as after the first sign-in; returns the factor's key."""
    key = second_factor.new_key()
    with world.inside(app, person.card) as session:
        keys = clinic_of(person.card, session.scalars(sa.select(ClinicSetting)).one()).keys
        staff_secrets.change(
            person.staff_id,
            totp_key=keys.seal(key, key_context(person.staff_id)),
            totp_confirmed_at=clock.now(),
            recovery_hashes=[hasher().hash(f"{place}11112222333") for place in range(10)],
            sheet_hash=hasher().hash(SHEET),
            sheet_printed_at=clock.now(),
        )
    return key


def code_of(key: str) -> str:
    """The code that the telephone shows at this moment of the (moved) clock."""
    return second_factor.current_code(key, clock.now())


def secret_of(app: Flask, person: Person) -> Secret:
    """What is stored to prove who the person is."""
    with world.inside(app, person.card):
        found = staff_secrets.find(person.staff_id)
    assert found is not None
    return found


def staff_of(app: Flask, card: ClinicCard, username: str) -> Staff | None:
    """The row of a person."""
    with world.inside(app, card) as session:
        return session.scalars(sa.select(Staff).where(Staff.username == username)).one_or_none()


def log_of(app: Flask, card: ClinicCard, act: str) -> list[AccessLog]:
    """The access-log rows of one kind, oldest first."""
    with world.inside(app, card) as session:
        query = sa.select(AccessLog).where(AccessLog.act == act).order_by(AccessLog.number)
        return list(session.scalars(query))


def token_of(browser: Browser) -> str:
    """The session token in the browser's cookie; empty without one."""
    cookie = browser.get_cookie("shipa_session", domain="127.0.0.1")
    return cookie.value if cookie else ""


def at_once(act: Callable[..., None], each: Iterable[tuple[typing.Any, ...]]) -> None:
    """Do something several times in parallel; what goes wrong in one is raised here."""
    with concurrent.futures.ThreadPoolExecutor() as pool:
        for future in [pool.submit(act, *one) for one in each]:
            future.result()


def with_token(app: Flask, token: str) -> Browser:
    """Another browser that replays a token."""
    browser = browser_of(app)
    browser.set_cookie("shipa_session", token, domain="127.0.0.1")
    return browser


def is_inside(browser: Browser) -> bool:
    """Whether this browser's session opens a page."""
    return browser.get("/account").status_code == 200


def text_of(answer: TestResponse) -> str:
    """The page without its tags and with single spaces."""
    html = answer.get_data(as_text=True)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def hidden(answer: TestResponse, name: str) -> str:
    """The value of a hidden field of the page."""
    html = answer.get_data(as_text=True)
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', html)
    assert found, f"no field {name}"
    value = re.search(r'value="([^"]*)"', found.group(0))
    return value.group(1).replace("&#34;", '"').replace("&quot;", '"') if value else ""
