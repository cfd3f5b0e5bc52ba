"""What a doctor needs most of a person's page stands beside the name, and opens what is due."""

from __future__ import annotations

import datetime
import typing

import pytest

from saas.web import clock
from tests.conftest import ClinicWorld
from tests.integration.public_health.test_list_walk import both, opened
from tests.integration.public_health.test_owing import enrol
from tests.integration.public_health.test_today import person, shown
from tests.integration.residents import pages
from tests.support import world

if typing.TYPE_CHECKING:
    import uuid

    from tests.support.world import Browser


@pytest.fixture
def north(own: ClinicWorld) -> ClinicWorld:
    """A clinic of the test's own in place of the one that all share."""
    return own


def beside_the_name(browser: Browser, whom: uuid.UUID) -> list[str]:
    """Where the buttons in the line of the name lead to, in their order; a key for what leads nowhere."""
    page = pages.soup(browser.get(f"/residents/{whom}"))
    return [str(one.get("href") or one["data-key"]) for one in page.select(".heading-line .btn")]


def test_it_opens_the_same_form_as_the_list(north: ClinicWorld, browser: Browser) -> None:
    one, two = person(browser), both(north, browser)
    three = person(browser)
    enrol(north, three, "hypertension", 200)
    for whom in (one, two, three):
        visit, records, edit, printed, back = beside_the_name(browser, whom)
        assert f"{visit}?list=" in " ".join(shown(browser)), "the form, with no place in a list"
        assert str(whom) in visit
        assert (records, edit) == (f"/residents/{whom}/records", f"/residents/{whom}/edit")
        assert (printed, back) == ("F8", "/residents")
        assert browser.get(visit).status_code == 200


def test_where_nothing_is_owed_it_leads_to_the_forms_to_choose_from(
    north: ClinicWorld, browser: Browser
) -> None:
    child = person(browser, birth=str(clock.today() - datetime.timedelta(days=8 * 365)))
    assert beside_the_name(browser, child)[0] == f"/residents/{child}/records"


def test_a_visit_that_was_begun_on_her_page_ends_at_its_record(north: ClinicWorld, browser: Browser) -> None:
    whom = person(browser)
    visit = beside_the_name(browser, whom)[0]
    sent = opened(browser, visit) | {"systolic": "128", "diastolic": "78", "place": "clinic"}
    answer = browser.send(visit, sent)
    assert answer.location.startswith(f"/residents/{whom}/records/")


@pytest.mark.parametrize(
    ("role", "first"), [("public_health_nurse", "forms"), ("clinic_admin", "edit"), ("pharmacist", "F8")]
)
def test_each_role_sees_what_it_may_do(north: ClinicWorld, browser: Browser, role: str, first: str) -> None:
    whom = person(browser)
    other = world.sign_in(north.app, world.add_staff(north.app, north.card, role, role, places="all"))
    found = beside_the_name(other, whom)
    assert first in found[0]
    assert found[-1] == "/residents"
    for address in found:
        if address.startswith("/"):
            assert other.get(address).status_code == 200, address
