"""The routes of the application as the tests of this folder walk them: computed, never listed by hand."""

from __future__ import annotations

import dataclasses
import re
import typing

from saas.web.guard import entrance_of
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

    from saas.web.guard import Entrance
    from tests.support.world import Browser, Person

CHANGES = ("POST", "PUT", "PATCH", "DELETE")
_TOKEN = re.compile(r'data-csrf="([^"]+)"')


@dataclasses.dataclass(frozen=True)
class Route:
    """One method of one rule, and who may use it."""

    endpoint: str
    rule: str
    method: str
    arguments: tuple[str, ...]
    entrance: Entrance

    def path(self, app: Flask, ids: Mapping[str, object]) -> str:
        """Its address with these ids. KeyError when one has no value here: give it one."""
        # The code of a form is nobody's id: the same in every clinic.
        form = "ht_followup" if "resident_id" in self.arguments else "health_education_activity"
        values = {name: form if name == "code" else ids[name] for name in self.arguments}
        if "record_id" in values and "resident_id" not in values:
            values["record_id"] = ids.get("clinic_record_id", ids["record_id"])
        return app.url_map.bind("127.0.0.1").build(self.endpoint, values, method=self.method)

    @property
    def stage(self) -> str:
        """The standing of a session that may enter."""
        return min(self.entrance.stages, default="full")

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"


def routes(app: Flask, *methods: str) -> list[Route]:
    """Every route of a clinic's pages, or those of some methods; the operators' console is walked apart."""
    return [route for route in every_route(app, *methods) if not route.entrance.apart]


def operator_routes(app: Flask, *methods: str) -> list[Route]:
    """Every route of the console."""
    return [route for route in every_route(app, *methods) if route.entrance.apart]


def every_route(app: Flask, *methods: str) -> list[Route]:
    """Every route that there is, or those of some methods."""
    found = [
        Route(
            rule.endpoint, rule.rule, method, tuple(sorted(rule.arguments)), entrance_of(app, rule.endpoint)
        )
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    ]
    return sorted((one for one in found if one.method in methods or not methods), key=str)


def csrf_token(app: Flask, browser: Browser) -> str:
    """A valid CSRF token of this browser, as its pages hold it."""
    token = world.session_token(browser)
    if token is not None:
        return token
    found = _TOKEN.search(browser.get("/sign-in").get_data(as_text=True))
    assert found is not None, "the sign-in page holds no token"
    return found[1]


def browser_at(app: Flask, person: Person, stage: str) -> Browser:
    """A browser in which the person is signed in, at a stage of signing in or with a covered screen."""
    browser = world.sign_in(app, person, stage="full" if stage == "locked" else stage)
    if stage == "locked":
        from saas.web import clock  # noqa: PLC0415 - moved by tests, so looked up late

        door = app.extensions["door"]
        cookie = browser.get_cookie("shipa_session", domain="127.0.0.1")
        assert cookie is not None
        door.lock(door.open(cookie.value)[0], clock.now())
    return browser
