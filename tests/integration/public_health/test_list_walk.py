"""From the list into a form and back: the way keeps its place, and nothing typed is lost on it."""

from __future__ import annotations

import typing
import uuid

import pytest
import sqlalchemy as sa

from saas.public_health import worklist
from saas.web.models import Draft
from tests.conftest import ClinicWorld
from tests.integration.public_health.test_owing import enrol
from tests.integration.public_health.test_today import person, shown
from tests.integration.residents import pages
from tests.isolation.cases import read_form
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.world import Browser


@pytest.fixture
def north(own: ClinicWorld) -> ClinicWorld:
    """A clinic of the test's own in place of the one that all share."""
    return own


def opened(browser: Browser, address: str) -> dict[str, str]:
    """A form as its page holds it."""
    return read_form(browser.get(address).get_data(as_text=True))


def focused(browser: Browser, address: str) -> str:
    """The address of the line that has the focus."""
    return str(pages.soup(browser.get(address)).select_one("tbody a[autofocus]")["href"])  # type: ignore[index]


def drafts(clinic: ClinicWorld) -> int:
    """How many drafts wait."""
    with world.inside(clinic.app, clinic.card) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Draft)) or 0


def both(north: ClinicWorld, browser: Browser) -> uuid.UUID:
    """Somebody in both programmes, so that her visit is a joint one."""
    made = person(browser)
    for programme in ("hypertension", "diabetes"):
        enrol(north, made, programme, 200)
    return made


def test_esc_goes_back_to_her_line_of_the_same_list_and_her_form_waits(
    north: ClinicWorld, browser: Browser
) -> None:
    person(browser), person(browser)
    url = shown(browser, "/today?filter=pressure&order=walk")[1]
    page = pages.soup(browser.get(url))
    assert page.select_one("button[name=_back][data-key=Escape]") is not None
    answer = browser.send(url, opened(browser, url) | {"systolic": "151", "_back": "1"})
    assert answer.status_code == 303
    assert answer.location.startswith("/today?filter=pressure&site=all&order=walk&at=")
    assert focused(browser, answer.location) == url
    again = browser.get(url).get_data(as_text=True)
    assert 'value="151"' in again
    assert 'action="' in again
    assert opened(browser, url)["systolic"] == "151"


def test_esc_from_an_untouched_form_leaves_no_draft_behind(north: ClinicWorld, browser: Browser) -> None:
    person(browser)
    joint = both(north, browser)
    for url in shown(browser):
        answer = browser.send(url, opened(browser, url) | {"_back": "1"})
        assert focused(browser, answer.location) == url
        assert drafts(north) == 0, url
    assert any(f"{joint}/joint-visit" in url for url in shown(browser))


def test_esc_from_a_joint_visit_keeps_what_was_typed(north: ClinicWorld, browser: Browser) -> None:
    both(north, browser)
    (url,) = shown(browser)
    answer = browser.send(url, opened(browser, url) | {"fasting_glucose": "7.7", "_back": "1"})
    assert focused(browser, answer.location) == url
    assert opened(browser, url)["fasting_glucose"] == "7.7"


def test_esc_from_a_call_goes_back_to_the_calls(north: ClinicWorld, browser: Browser) -> None:
    enrol(north, person(browser, phone_0="00012345670"), "hypertension", 200)
    (url,) = shown(browser, "/today/calls")
    answer = browser.send(url, opened(browser, url) | {"_back": "1"})
    assert answer.location.startswith("/today/calls?site=all&at=")
    assert focused(browser, answer.location) == url


def test_one_comes_back_to_the_page_on_which_she_stands(
    north: ClinicWorld, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worklist, "PAGE", 2)
    for _ in range(5):
        person(browser)
    (last,) = shown(browser, "/today?page=3")
    back = browser.send(last, opened(browser, last) | {"_back": "1"}).location
    assert shown(browser, back) == [last]
    assert focused(browser, back) == last
    gone = back.replace(last.split("/")[2], str(uuid.uuid4()))
    assert focused(browser, gone) == shown(browser)[0], "of somebody who is not on it, the first"


def test_a_form_from_no_list_goes_back_to_the_records(north: ClinicWorld, browser: Browser) -> None:
    address = f"/residents/{person(browser)}/forms/bp_reading"
    assert pages.soup(browser.get(address)).select_one("a[data-key=Escape][href$=records]") is not None
    assert browser.send(address, opened(browser, address) | {"_back": "1"}).location.endswith("/records")


@pytest.mark.parametrize("joint", [False, True])
def test_starting_afresh_keeps_the_place(north: ClinicWorld, browser: Browser, joint: bool) -> None:  # noqa: FBT001 - a case
    if joint:
        both(north, browser)
    else:
        person(browser)
    (url,) = shown(browser)
    typed = {"fasting_glucose": "x"} if joint else {"systolic": "x"}
    refused = browser.send(url, opened(browser, url) | typed)
    assert refused.status_code == 422
    assert refused.request.full_path == url, "a form without an address of its own is sent to where it stands"
    browser.send(url, opened(browser, url) | typed | {"_back": "1"})
    for language in ("ug", "zh"):
        page = pages.soup(browser.send(url, opened(browser, url) | {"_language": language}))
        assert page.html["lang"].startswith(language)  # type: ignore[index,union-attr]
        assert page.select_one("form[data-main]:not([action])") is not None
    let_go = str(pages.soup(browser.get(url)).select_one("form.confirm")["action"])  # type: ignore[index]
    assert browser.send(let_go, {}).location == url
    assert drafts(north) == 0


def test_a_visit_sent_while_the_screen_was_covered_goes_on_in_its_list(
    north: ClinicWorld, browser: Browser, moved_clock: Callable[..., None]
) -> None:
    person(browser), person(browser)
    url, after = shown(browser)
    typed = opened(browser, url) | {"systolic": "128", "diastolic": "78", "place": "clinic"}
    moved_clock(minutes=6)
    assert browser.send(url, typed).location == "/unlock"
    assert browser.person is not None
    other = world.sign_in(north.app, browser.person)
    page = pages.soup(other.get("/held"))
    form = page.select_one("section form")
    assert form is not None
    assert form["action"] == url
    fields = {str(one["name"]): str(one["value"]) for one in form.select("input[name]")}
    assert other.send(str(form["action"]), fields).location == after
    assert pages.soup(other.get("/held")).select_one("section form") is None
