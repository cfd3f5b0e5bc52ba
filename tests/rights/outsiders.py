"""A member of staff who has nothing to do with the household's resident, and what she can try."""

from __future__ import annotations

import dataclasses
import itertools
import typing
import uuid

import sqlalchemy as sa
from bs4 import BeautifulSoup

from saas.residents.models import Opening, Visit
from tests.isolation import cases, routes
from tests.rights.conftest import Home
from tests.support import world

if typing.TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.isolation.routes import Route
    from tests.support.world import Browser, Person

REASON = "Called by the county hospital about her"
_numbers = itertools.count(1)


@dataclasses.dataclass
class Outsider:
    """Somebody of the same clinic whose places are others."""

    home: Home
    person: Person

    def browser(self) -> Browser:
        """Signed in anew, whatever the clock says now."""
        return world.sign_in(self.home.app, self.person)

    @property
    def page(self) -> str:
        """The resident's address."""
        return f"/residents/{self.home.resident_id}"

    def status(self) -> int:
        """How the resident's page answers her."""
        return self.browser().get(self.page).status_code

    def open(self, **typed: str) -> TestResponse:
        """Ask for the page, fill in what the gate asks for, and send it."""
        browser = self.browser()
        form = cases.read_form(browser.get(self.page).get_data(as_text=True))
        filled = {"category": "referral", "reason": REASON, **typed}
        token = routes.csrf_token(self.home.app, browser)
        return browser.post(f"{self.page}/open", data={**form, **filled, "csrf_token": token})

    def begin_visit(self) -> TestResponse:
        """Say that she is here."""
        return self.browser().send(f"{self.page}/visits", {"form_id": str(uuid.uuid4())})

    def ask(self, route: Route) -> TestResponse:
        """Send an empty request of this route about the household's resident."""
        browser = self.browser()
        data = {"csrf_token": routes.csrf_token(self.home.app, browser)} if route.method == "POST" else None
        ids = self.home.ids_for("village_doctor")
        return browser.open(route.path(self.home.app, ids), method=route.method, data=data)

    def openings(self) -> list[Opening]:
        """Her openings, oldest first."""
        with world.inside(self.home.app, self.person.card) as session:
            query = sa.select(Opening).where(Opening.staff_id == self.person.staff_id)
            return list(session.scalars(query.order_by(Opening.id)))

    def visits(self) -> list[Visit]:
        """The visits that she began, oldest first."""
        with world.inside(self.home.app, self.person.card) as session:
            query = sa.select(Visit).where(Visit.started_by == self.person.staff_id)
            return list(session.scalars(query.order_by(Visit.id)))


def outsider(home: Home, *roles: str, places: world.Places = "centre") -> Outsider:
    """A new one; the household's resident belongs to a village."""
    name = f"outsider{next(_numbers)}"
    roles = roles or ("township_gp",)
    person = world.add_staff(home.app, home.household.card, name, *roles, name=f"外人{name}", places=places)
    return Outsider(home, person)


def text_of(answer: TestResponse) -> str:
    """The words of an answer's page."""
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser").get_text(" ", strip=True)
