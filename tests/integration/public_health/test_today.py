"""The list of today: whom it shows, in which order, and where one goes from it."""

from __future__ import annotations

import datetime
import typing
import uuid

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from saas.accounts.models import Site
from saas.formkit.models import Record
from saas.public_health import owing, worklist
from saas.public_health.rules import worklist as rule
from saas.residents.models import Resident
from saas.web import clock
from tests.conftest import ClinicWorld
from tests.integration.public_health.test_owing import enrol
from tests.integration.residents import pages
from tests.isolation.cases import read_form
from tests.support import signing, world

if typing.TYPE_CHECKING:
    from tests.support.world import Browser


@pytest.fixture
def north(own: ClinicWorld) -> ClinicWorld:
    """A clinic of the test's own in place of the one that all share."""
    return own


def person(browser: Browser, name: str = "سىناق", **fields: str) -> uuid.UUID:
    """Somebody of 63 who is registered."""
    return uuid.UUID(
        pages.register(browser, **{"name_0": name, "sex_code": "2", "birth": "1963-05-07"} | fields)
    )


def shown(browser: Browser, address: str = "/today") -> list[str]:
    """The addresses of the lines of a list, in its order."""
    answer = browser.get(address)
    assert answer.status_code == 200
    page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
    return [str(link["href"]) for link in page.select("table a")]


def test_who_is_owed_something_is_on_the_list_and_who_is_not_is_not(
    north: ClinicWorld, browser: Browser
) -> None:
    owed, settled = person(browser), person(browser)
    signing.sign(north, settled, "bp_reading", signing.BP, str(clock.today()))
    with world.inside(north.app, north.card):
        owing.refresh(settled)
    urls = " ".join(shown(browser))
    assert f"/residents/{owed}/forms/bp_reading?list=now.all.care." in urls
    assert str(settled) not in urls


def test_urgency_comes_before_days(north: ClinicWorld, browser: Browser) -> None:
    plain = person(browser)
    recheck = person(browser)
    enrol(north, recheck, "hypertension", 60)
    raised = dict(signing.FOLLOWUP) | {"systolic_bp": 158, "diastolic_bp": 96}
    signing.sign(north, recheck, "ht_followup", raised, signing.days_ago(30))
    with world.inside(north.app, north.card):
        owing.refresh(recheck)
    urls = shown(browser)
    at = {one: next(i for i, url in enumerate(urls) if str(one) in url) for one in (plain, recheck)}
    assert at[recheck] < at[plain]
    assert f"/residents/{recheck}/forms/ht_followup?" in urls[at[recheck]]
    assert str(recheck) in " ".join(shown(browser, "/today?filter=owed"))
    assert str(plain) not in " ".join(shown(browser, "/today?filter=recheck"))


def test_saving_opens_the_next_person_and_after_the_last_the_list(
    north: ClinicWorld, browser: Browser
) -> None:
    person(browser), person(browser)
    urls = shown(browser)
    answer = save(browser, urls[0])
    assert answer.location == urls[1]
    for url in urls[1:]:
        answer = save(browser, url)
    assert answer.location.startswith("/today?filter=now&site=all&order=care")


def save(browser: Browser, url: str) -> typing.Any:  # noqa: ANN401 - an answer
    """Fill in what a reading or a follow-up asks, and save it."""
    form = read_form(browser.get(url).get_data(as_text=True))
    form |= {"systolic": "128", "diastolic": "78", "place": "clinic"}
    answer = browser.send(url, form)
    assert answer.status_code == 303, BeautifulSoup(answer.get_data(as_text=True), "html.parser").main
    return answer


def test_the_order_of_a_walk_knows_numbers(north: ClinicWorld, browser: Browser) -> None:
    far = person(browser, village="1-مەھەللە", address_detail="10-ئۆي")
    near = person(browser, village="1-مەھەللە", address_detail="9-ئۆي")
    urls = shown(browser, "/today?order=walk")
    at = {one: next(i for i, url in enumerate(urls) if str(one) in url) for one in (far, near)}
    assert at[near] < at[far]
    assert str(far) in save(browser, urls[at[near]]).location


@pytest.mark.parametrize(
    "address", ["/today?filter=refused", "/today?order=name", "/today?site=x", "/today?page=0"]
)
def test_what_is_no_list_is_not_found(browser: Browser, address: str) -> None:
    assert browser.get(address).status_code == 404


def test_the_filters_of_the_page_are_those_of_the_rules(north: ClinicWorld, browser: Browser) -> None:
    for programme, days in (("hypertension", 200), ("diabetes", 3), ("hypertension", 20)):
        enrol(north, person(browser), programme, days)
    person(browser, birth="1950-01-01")
    with world.inside(north.app, north.card) as session:
        sites = list(session.scalars(sa.select(Site.id)))
        for today in (clock.today(), clock.today() + datetime.timedelta(days=100)):
            everybody = worklist.listed(worklist.Asked("all"), sites, today)
            for code in rule.FILTERS:
                found = worklist.listed(worklist.Asked(code), sites, today)
                lines = rule.chosen(everybody.lines.values(), code, today)
                assert [str(one.id) for one in found.rows] == [one.person for one in lines], code
                assert found.counts[code] == len(lines)


def called(browser: Browser, url: str, outcome: str, **more: str) -> str:
    """Save how a call ended; where one goes then."""
    form = read_form(browser.get(url).get_data(as_text=True)) | {"outcome": outcome} | more
    answer = browser.send(url, form)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.location)


@pytest.fixture
def two(north: ClinicWorld, browser: Browser) -> list[uuid.UUID]:
    """Two persons with a phone whom the clinic owes a follow-up for long, and one without a phone."""
    found = [person(browser, phone_0=f"0001234567{each}") for each in range(2)]
    for one in (*found, person(browser)):
        enrol(north, one, "hypertension", 200)
    return found


def test_calls_show_the_number_and_lead_from_one_to_the_next(browser: Browser, two: list[uuid.UUID]) -> None:
    urls = shown(browser, "/today/calls")
    assert len(urls) == 2
    first = browser.get(urls[0]).get_data(as_text=True)
    assert "0001234567" in first
    assert "call-number" in first
    assert called(browser, urls[0], "1") == urls[1]
    assert called(browser, urls[1], "2").startswith("/today/calls")
    assert shown(browser, "/today/calls") == [], "both wait for their day"


@pytest.mark.parametrize(("outcome", "stays"), [("3", "moved"), ("4", "died"), ("5", "here"), ("6", "here")])
def test_who_leaves_the_list_is_called_no_more(
    north: ClinicWorld, browser: Browser, two: list[uuid.UUID], outcome: str, stays: str
) -> None:
    url = next(one for one in shown(browser, "/today/calls") if str(two[0]) in one)
    called(browser, url, outcome)
    assert str(two[0]) not in " ".join(shown(browser, "/today/calls"))
    with world.inside(north.app, north.card) as session:
        assert session.get_one(Resident, two[0]).standing == stays
        record = session.scalars(sa.select(Record.id).where(Record.resident_id == two[0])).one()
    address = f"/residents/{two[0]}/records/{record}/void"
    form = read_form(browser.get(address).get_data(as_text=True)) | {"reason": "the wrong person"}
    assert browser.send(address, form).status_code == 303
    with world.inside(north.app, north.card) as session:
        assert session.get_one(Resident, two[0]).standing == "here"
    assert str(two[0]) in " ".join(shown(browser, "/today/calls")), "undone, she is called again"


def test_who_said_no_to_reminders_is_not_called(
    north: ClinicWorld, browser: Browser, two: list[uuid.UUID]
) -> None:
    address = f"/residents/{two[0]}/consent?about=reminders"
    form = read_form(browser.get(address).get_data(as_text=True)) | {"answer": "no"}
    assert browser.send(address, form).status_code == 303
    for resident_id, is_called in zip(two[:2], (False, True), strict=True):
        page = browser.get(f"/residents/{resident_id}/forms/call_outcome").get_data(as_text=True)
        assert ('class="call-number"' in page) is is_called
    assert str(two[0]) in " ".join(shown(browser, "/today?filter=owed")), "her care goes on"


def test_the_day_prints_with_boxes_and_its_purpose_is_logged(
    north: ClinicWorld, browser: Browser, two: list[uuid.UUID]
) -> None:
    page = browser.get("/today/print?filter=owed").get_data(as_text=True)
    assert page.count('class="tick"') == 3
    with world.inside(north.app, north.card) as session:
        row = session.execute(sa.text("SELECT purpose FROM access_log ORDER BY number DESC LIMIT 1")).scalar()
    assert row == "care-of-the-day"
