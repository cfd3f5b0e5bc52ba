"""A clinic of a module's own with one of everything, and its access log."""

from __future__ import annotations

import typing

import pytest
from flask import Flask

from saas.audit import chain, reading
from saas.audit.models import AccessLog
from tests.isolation import households, routes
from tests.isolation.households import Household
from tests.isolation.routes import Route
from tests.support import world
from tests.support.files import text_of
from tests.support.world import Browser


class Home(typing.NamedTuple):
    """A furnished clinic whose staff walk through the application."""

    app: Flask
    household: Household

    @property
    def resident_id(self) -> str:
        return self.household.ids["resident_id"]

    def browser(self, role: str = "village_doctor", stage: str = "full") -> Browser:
        return routes.browser_at(self.app, self.household.people[role], stage)

    def log(self) -> list[chain.Row]:
        with world.inside(self.app, self.household.card) as session:
            return list(reading.rows(session))

    def logged_by(self, walk: typing.Callable[[], object]) -> list[chain.Row]:
        """The rows that were added while walking; those before are not read again for each walk."""
        with world.inside(self.app, self.household.card) as session:
            before = reading.head(session).number
        walk()
        with world.inside(self.app, self.household.card) as session:
            added = reading.ROWS.where(AccessLog.number > before).order_by(AccessLog.number)
            return [reading.row_of(tuple(row)) for row in session.execute(added)]

    def ids_for(self, role: str) -> dict[str, str]:
        """One of everything, with search words that this person may open."""
        person = self.household.people[role]
        words = self.household.words(person.staff_id, "مەريەم")
        return {**self.household.ids, "words": words}

    def walk(self, route: Route, role: str = "village_doctor", query: str = "") -> str:
        """Open a route as this person with one of everything; the answer's text and headers."""
        browser = self.browser(role, route.stage)
        ids = self.ids_for(role)
        body = {}
        if route.method == "POST":
            body = {**ids, "csrf_token": routes.csrf_token(self.app, browser)}
        path = f"{route.path(self.app, ids)}?{query}"
        answer = browser.open(path, method=route.method, data=body)
        return text_of(answer) + str(answer.headers)


@pytest.fixture(scope="module")
def home(app: Flask) -> Home:
    """A clinic of this module's own."""
    return Home(app, households.furnish(app, world.PASSWORD))
