"""A clinic with one of everything, for the tests that walk all routes; careless code for the attacks."""

from __future__ import annotations

import typing
import uuid

import pytest

from saas.accounts.permissions import GRANTS
from tests.isolation.households import Household, furnish
from tests.isolation.routes import browser_at
from tests.support import world
from tests.support.holes import careless_application

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tenants.connecting import Logins
    from tests.isolation.routes import Route
    from tests.support.holes import Careless
    from tests.support.world import Browser


class Walker:
    """Goes to routes as the people of one clinic."""

    def __init__(self, app: Flask, household: Household) -> None:
        self.app = app
        self.household = household

    def browser(self, route: Route, role: str) -> Browser:
        """A browser of this role in which the session stands where the route asks for it."""
        return browser_at(self.app, self.household.people[role], route.stage)

    def allowed(self, route: Route) -> str:
        """A role that may use the route; the administrator where she may."""
        granted = GRANTS.get(route.entrance.permission or "account.own", frozenset())
        return "clinic_admin" if "clinic_admin" in granted else min(granted)

    def path(self, route: Route, role: str) -> str:
        """The route's address with ids of this clinic."""
        person = self.household.people[role]
        words = self.household.words(person.staff_id, "مەريەم")
        return route.path(self.app, self.household.ids | {"words": words})

    def nowhere(self, route: Route) -> str:
        """The route's address with ids that nobody has."""
        return route.path(self.app, {name: uuid.uuid4() for name in route.arguments})


@pytest.fixture(scope="module")
def application(logins: Logins) -> Iterator[Careless]:
    """Careless code over the module's two clinics under attack; ``logins`` says at which level."""
    made = careless_application(logins)
    yield made
    made[0].dispose()


@pytest.fixture(scope="session")
def house(app: Flask) -> Household:
    """A clinic with one of everything; its tests leave its ids as they are."""
    return furnish(app, world.PASSWORD)


@pytest.fixture(scope="session")
def walker(app: Flask, house: Household) -> Walker:
    """Somebody who knows every route and everybody of the clinic."""
    return Walker(app, house)
