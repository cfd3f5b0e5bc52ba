"""Operators of the platform, signed in or on their way, for tests of the console."""

from __future__ import annotations

import dataclasses
import itertools
import re
import typing
import uuid

from saas.accounts import second_factor
from saas.accounts.passwords import hasher
from saas.web import clock
from tenants.console.sessions import PATH
from tenants.jobs import HOUSE
from tenants.working import Worker
from tests.support import world
from tests.support.apart import apart

if typing.TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from tenants.console import Console

COOKIE = "shipa_operator"
_NUMBERS = itertools.count(1)
_CSRF = re.compile(r'data-csrf="([^"]+)"')


@dataclasses.dataclass(frozen=True)
class Operator:
    """One row of the register, with what proves her."""

    id: uuid.UUID
    name: str
    role: str
    key: str

    @property
    def code(self) -> str:
        """What her telephone shows at this moment of the (moved) clock."""
        return second_factor.current_code(self.key, clock.now())


class Desk(world.Browser):
    """A browser at the console: its token is that of its own pages."""

    def csrf(self) -> str:
        """The token that the console's own pages hold."""
        page = self.get(f"{PATH}/nothing-here").get_data(as_text=True)
        found = _CSRF.search(page)
        assert found is not None
        return found[1]

    def at(self, path: str = "", **query: str) -> TestResponse:
        """A page of the console."""
        return self.get(f"{PATH}{path}", query_string=query)

    def do(self, path: str, data: dict[str, typing.Any] | None = None) -> TestResponse:
        """A change in the console."""
        return self.send(f"{PATH}{path}", data)


def console_of(app: Flask) -> Console:
    """The application's console."""
    return typing.cast("Console", app.extensions["console"])


def add(app: Flask, role: str = "onboarding", *, temporary: bool = False, factor: bool = True) -> Operator:
    """An operator of her own name; by default one who has signed in before."""
    name, operator_id = f"operator.{next(_NUMBERS)}.{uuid.uuid4().hex[:6]}", uuid.uuid4()
    key = second_factor.new_key()
    sealed = console_of(app).seal.close(key, f"totp:{operator_id}") if factor else None
    with world.caretaker(app).logins.connect("owner") as connection:
        connection.execute(
            "INSERT INTO platform.operator (id, name, role) VALUES (%s, %s, %s)", (operator_id, name, role)
        )
        connection.execute(
            "INSERT INTO platform.operator_secret "
            "(operator_id, password_hash, password_is_temporary, totp_key) VALUES (%s, %s, %s, %s)",
            (operator_id, hasher().hash(world.PASSWORD), temporary, sealed),
        )
    return Operator(operator_id, name, role, key)


def visitor(app: Flask) -> Desk:
    """A browser in which no operator is signed in."""
    return Desk(app, app.response_class)


def sign_in(app: Flask, operator: Operator, stage: str = "full") -> Desk:
    """A browser with a live session of this operator, without going through the pages."""
    with app.app_context():
        token = console_of(app).register.start(operator.id, stage, "127.0.0.1")
    browser = visitor(app)
    browser.set_cookie(COOKIE, token, domain="127.0.0.1", path=PATH)
    return browser


def work_off(app: Flask) -> None:
    """Let a worker with the owner's login do what waits in the house, and nothing of the clinics."""
    worker = Worker(world.caretaker(app))
    worker.sweep_house()
    apart(lambda: worker.work_off(HOUSE))
