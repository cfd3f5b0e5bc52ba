"""Undo after saving: the record is voided, what was owed is owed again, what was typed waits in its form."""

from __future__ import annotations

import typing
import uuid

import pytest
import sqlalchemy as sa

from saas.audit.models import AccessLog
from saas.formkit.models import Record
from saas.formkit.texts import TAKEN_BACK
from saas.residents.models import Resident
from tests.conftest import ClinicWorld
from tests.integration.public_health.test_list_walk import both, opened
from tests.integration.public_health.test_owing import enrol, items
from tests.integration.public_health.test_today import person, save, shown
from tests.integration.residents import pages
from tests.support import signing, world

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.world import Browser


@pytest.fixture
def north(own: ClinicWorld) -> ClinicWorld:
    """A clinic of the test's own in place of the one that all share."""
    return own


def undo(browser: Browser, address: str) -> str:
    """Where the notice on a page leads to, its button and its key being there."""
    page = pages.soup(browser.get(address))
    form = page.select_one("form.flash-undo")
    assert form is not None
    assert form.select_one("button[data-key=F7] kbd") is not None
    return str(form["action"])


def made(north: ClinicWorld) -> list[Record]:
    """Every record, oldest first."""
    with world.inside(north.app, north.card) as session:
        found = list(session.scalars(sa.select(Record).order_by(Record.signed_at, Record.id)))
        session.expunge_all()
        return found


def acts(north: ClinicWorld) -> list[str]:
    """What the access log says, oldest first."""
    with world.inside(north.app, north.card) as session:
        return list(session.scalars(sa.select(AccessLog.act).order_by(AccessLog.number)))


@pytest.fixture
def saved(north: ClinicWorld, browser: Browser) -> tuple[str, str]:
    """The address of a form of the list that was just saved, and of its undo; another person comes after."""
    person(browser, name="سىناق بىر"), person(browser)
    url = shown(browser)[0]
    return url, undo(browser, save(browser, url).location)


def test_the_notice_names_her_and_no_name_waits_outside_the_clinic(
    north: ClinicWorld, browser: Browser
) -> None:
    person(browser, name="سىناق بىر"), person(browser)
    url = shown(browser)[0]
    answer = save(browser, url)
    with world.caretaker(north.app).logins.connect("owner") as owner:
        rows = owner.execute("SELECT data::text FROM platform.web_session").fetchall()
    assert any("saved_for" in row[0] for row in rows), "the notice waits"
    assert not any("سىناق" in row[0] or "\\u0633" in row[0] for row in rows)
    page = pages.soup(browser.get(answer.location))
    notice = page.select_one(".flash")
    assert notice is not None
    assert "سىناق بىر" in notice.get_text()
    assert acts(north)[-2:].count("records.saved") == 1
    assert page.select_one(".flash form") is not None
    assert pages.soup(browser.get(answer.location)).select_one(".flash") is None, "said once"


def test_undo_voids_the_record_and_opens_its_form_with_what_was_typed(
    north: ClinicWorld, browser: Browser, saved: tuple[str, str]
) -> None:
    url, button = saved
    her = uuid.UUID(url.split("/")[2])
    assert "bp_screen_35" not in {code for code, state in items(north, her).items() if state == "due"}
    answer = browser.send(button, {})
    assert (answer.status_code, answer.location) == (303, url)
    first, voiding = made(north)
    assert (voiding.amends, voiding.void, voiding.reason) == (first.id, True, TAKEN_BACK)
    assert first.answers["systolic"] == 128, "nothing is deleted"
    assert items(north, her)["bp_screen_35"] in {"due", "overdue"}
    form = opened(browser, url)
    assert (form["systolic"], form["diastolic"]) == ("128", "78")
    assert form["form_id"] != str(first.form_id)
    assert "records.take_back" in acts(north)
    answer = browser.send(url, form | {"systolic": "126"})
    assert answer.status_code == 303, pages.errors_of(answer)
    assert answer.location.split("?")[0].endswith("/forms/bp_reading"), "on to the next person"
    assert made(north)[-1].answers["systolic"] == 126


def test_the_reason_is_read_in_each_language(north: ClinicWorld, browser: Browser) -> None:
    resident_id = person(browser)
    url = shown(browser)[0]
    button = undo(browser, save(browser, url).location)
    browser.send(button, {})
    address = f"/residents/{resident_id}/records/{made(north)[0].id}"
    texts = {}
    for language in ("ug", "zh"):
        browser.set_cookie("shipa_language", language, domain="127.0.0.1")
        browser.send("/language", {"_language": language, "back": address})
        texts[language] = pages.soup(browser.get(address)).get_text()
        assert TAKEN_BACK not in texts[language]
    assert "10分钟" in texts["zh"]
    assert "ئىمزا قويغان كىشى" in texts["ug"]


def test_pressed_twice_it_is_taken_back_once(
    north: ClinicWorld, browser: Browser, saved: tuple[str, str]
) -> None:
    url, button = saved
    browser.send(button, {})
    form = opened(browser, url)
    browser.send(url, form | {"systolic": "166", "_back": "1"})
    answer = browser.send(button, {})
    assert answer.location == url
    assert len(made(north)) == 2
    assert opened(browser, url)["systolic"] == "166", "what was typed since stays"


def test_a_draft_that_came_after_its_own_form_was_signed_is_not_newer(
    north: ClinicWorld, browser: Browser, saved: tuple[str, str]
) -> None:
    url, button = saved
    page = pages.soup(browser.get(url)).select_one("form[data-draft]")
    assert page is not None
    (signed,) = made(north)
    late = {"form_id": str(signed.form_id), "systolic": "", "_page": str(page["data-draft"])}
    assert browser.send("/drafts", late).status_code == 200
    browser.send(button, {})
    form = opened(browser, url)
    assert (form["systolic"], form["diastolic"]) == ("128", "78")


def test_a_joint_visit_is_taken_back_whole(north: ClinicWorld, browser: Browser) -> None:
    her = both(north, browser)
    (url,) = shown(browser)
    answers = {**signing.DIABETES_FOLLOWUP, **signing.FOLLOWUP, "symptoms": "1", "fasting_glucose": "6.4"}
    form = opened(browser, url) | {name: str(each) for name, each in answers.items()} | {"dm_symptoms": "3"}
    answer = browser.send(url, form)
    assert answer.status_code == 303, pages.errors_of(answer)
    owed_before = items(north, her)
    answer = browser.send(undo(browser, answer.location), {})
    assert answer.location == url
    assert [each.void for each in made(north)] == [False, False, True, True]
    assert items(north, her) != owed_before
    assert items(north, her)["ht_followup"] == "overdue"
    page = pages.soup(browser.get(url))
    again = opened(browser, url)
    assert float(again["fasting_glucose"]) == 6.4
    assert page.select_one("#symptoms-1[checked]") is not None
    assert page.select_one("#dm_symptoms-3[checked]") is not None
    assert page.select_one("#symptoms-3[checked]") is None


@pytest.mark.parametrize("outcome", ["1", "4"])
def test_the_outcome_of_a_call_is_taken_back(north: ClinicWorld, browser: Browser, outcome: str) -> None:
    her = person(browser, phone_0="00012345670")
    enrol(north, her, "hypertension", 200)
    (url,) = shown(browser, "/today/calls")
    answer = browser.send(url, opened(browser, url) | {"outcome": outcome})
    button = undo(browser, answer.location)
    assert shown(browser, "/today/calls") == []
    assert browser.send(button, {}).location == url
    with world.inside(north.app, north.card) as session:
        assert session.get_one(Resident, her).standing == "here"
    assert shown(browser, "/today/calls") == [url], "she is called again"
    assert pages.soup(browser.get(url)).select_one(f"#outcome-{outcome}[checked]") is not None


def test_a_call_stays_when_somebody_told_otherwise_since(north: ClinicWorld, browser: Browser) -> None:
    her = person(browser, phone_0="00012345670")
    enrol(north, her, "hypertension", 200)
    (url,) = shown(browser, "/today/calls")
    button = undo(browser, browser.send(url, opened(browser, url) | {"outcome": "4"}).location)
    with world.inside(north.app, north.card) as session:
        session.get_one(Resident, her).standing = "moved"
    refused(north, browser, button)
    with world.inside(north.app, north.card) as session:
        assert session.get_one(Resident, her).standing == "moved"


def refused(north: ClinicWorld, browser: Browser, button: str) -> str:
    """The page on which one is told why not; nothing was changed."""
    before = len(made(north))
    answer = browser.send(button, {})
    assert answer.status_code == 303
    assert len(made(north)) == before
    assert acts(north)[-1] == "records.take_back_refused"
    page = pages.soup(browser.get(answer.location))
    assert page.select_one(".flash-warn") is not None
    assert page.select_one("a[href$=void]") is not None, "the ways that are left"
    assert page.select_one("a[href$=amend]") is not None
    return answer.location


def test_after_ten_minutes_it_stays(
    north: ClinicWorld, browser: Browser, saved: tuple[str, str], moved_clock: Callable[..., None]
) -> None:
    for _ in range(3):
        moved_clock(minutes=4)
        browser.get("/today")
    refused(north, browser, saved[1])


def test_within_ten_minutes_it_can_be_taken_back(
    north: ClinicWorld, browser: Browser, saved: tuple[str, str], moved_clock: Callable[..., None]
) -> None:
    for minutes in (4, 4, 1):
        moved_clock(minutes=minutes)
        browser.get("/today")
    assert browser.send(saved[1], {}).location == saved[0]
    assert len(made(north)) == 2


def test_somebody_else_cannot(north: ClinicWorld, browser: Browser, saved: tuple[str, str]) -> None:
    other = world.add_staff(north.app, north.card, "colleague", "village_doctor", places="all")
    refused(north, world.sign_in(north.app, other), saved[1])


def test_what_was_corrected_or_followed_stays(
    north: ClinicWorld, browser: Browser, saved: tuple[str, str]
) -> None:
    _, button = saved
    (record,) = made(north)
    her = typing.cast("uuid.UUID", record.resident_id)
    signing.sign(north, her, "bp_reading", signing.BP, signing.days_ago(0))
    refused(north, browser, button)
    with world.inside(north.app, north.card) as session:
        newer = session.scalars(sa.select(Record).where(Record.id != record.id)).one()
        session.expunge(newer)
    form = opened(browser, f"/residents/{her}/records/{record.id}/amend")
    form |= {"systolic": "129", "amend_reason": "typed wrongly"}
    assert browser.send(f"/residents/{her}/records/{record.id}/amend", form).status_code == 303
    assert "record" in refused(north, browser, button)


def test_a_correction_has_no_undo_of_this_kind(
    north: ClinicWorld, browser: Browser, saved: tuple[str, str]
) -> None:
    browser.send(saved[1], {})
    first, voiding = made(north)
    for one, status in ((voiding, 404), (first, 303)):
        address = f"/residents/{first.resident_id}/records/{one.id}/take-back"
        assert browser.send(address, {}).status_code == status
