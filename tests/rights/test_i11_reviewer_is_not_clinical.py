"""Rights I11: nobody both cares and reviews the log; seeing it is not reviewing it."""

from __future__ import annotations

import itertools
import typing

import pytest
import sqlalchemy as sa

from saas.accounts import permissions
from saas.accounts.models import Staff
from tests.isolation import routes
from tests.isolation.cases import read_form
from tests.support import world

if typing.TYPE_CHECKING:
    from tests.rights.conftest import Home

pytestmark = pytest.mark.timeout(60)  # clinics of its own
CARE = {"residents.read", "residents.write", "visits.read", "visits.write"}


@pytest.mark.parametrize("role", sorted(permissions.CLINICAL))
def test_the_administrators_form_gives_nobody_both(home: Home, role: str) -> None:
    browser = home.browser("clinic_admin")
    form = read_form(browser.get("/staff/new").get_data(as_text=True))
    sent = {**form, "name": "x", "username": f"both.{role}"[:30], "own_password": home.household.password}
    answer = browser.post("/staff/new", data={**sent, "roles": [role, "audit_reviewer"]})
    assert (answer.status_code, 'id="roles-error"' in answer.get_data(as_text=True)) == (422, True)
    with world.inside(home.app, home.household.card) as session:
        assert session.scalar(sa.select(Staff.id).where(Staff.username == sent["username"])) is None


def test_no_set_of_roles_that_may_be_held_both_cares_and_reviews() -> None:
    for size in range(1, len(permissions.ROLES) + 1):
        for roles in itertools.combinations(permissions.ROLES, size):
            clinical = not permissions.CLINICAL.isdisjoint(roles)
            if clinical and permissions.may(roles, "audit.review"):
                assert not permissions.may_hold_together(roles), roles


def test_reviewing_and_seeing_are_two_permissions_of_two_roles() -> None:
    assert permissions.GRANTS["audit.review"] == {permissions.AUDIT_REVIEWER}
    assert permissions.GRANTS["audit.read"] == {permissions.CLINIC_ADMIN}
    assert not [name for name in CARE if permissions.may([permissions.AUDIT_REVIEWER], name)]


def test_no_route_of_a_resident_opens_to_the_reviewer(home: Home) -> None:
    browser = home.browser("audit_reviewer")
    ids = home.ids_for("audit_reviewer")
    asked = [route for route in routes.routes(home.app) if "resident_id" in route.arguments]
    for route in asked:
        data = {"csrf_token": routes.csrf_token(home.app, browser)} if route.method == "POST" else None
        answer = browser.open(route.path(home.app, ids), method=route.method, data=data)
        assert answer.status_code == 403, str(route)
        assert home.household.canary + "village" not in answer.get_data(as_text=True)
    assert len(asked) > 8


def test_the_head_sees_the_log_and_the_reviewer_does_not(home: Home) -> None:
    assert home.browser("clinic_admin").get("/access-log").status_code == 200
    assert home.browser("audit_reviewer").get("/access-log").status_code == 403
