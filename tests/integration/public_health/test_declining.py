"""A service that is not wished: told, written down once, silent for a year, and taken back."""

from __future__ import annotations

import datetime
import re
import typing
import uuid

import pytest
import sqlalchemy as sa

from saas.formkit.models import Record
from saas.public_health import owing
from saas.public_health.models import DueItem
from saas.public_health.rules.due_days import months_later
from saas.web import clock
from tests.integration.records.conftest import form_on
from tests.integration.residents import pages
from tests.support import visited, world
from tests.support.page import check_page

if typing.TYPE_CHECKING:
    from flask import Flask

    from tests.support.visited import Village

FORM, EVENT = "service_declined", "elderly_annual"
TOLD = {"event_code": EVENT, "was_told": "1"}
BORN = "1950-05-07"


@pytest.fixture
def clinic(app: Flask) -> Village:
    """A clinic whose lists hold nobody else."""
    return visited.village(app)


@pytest.fixture
def whom(clinic: Village) -> str:
    """A woman of 76 to whom the yearly service is owed."""
    return clinic.register(BORN)


def state(clinic: Village, whom: str, event: str = EVENT) -> str:
    """Where the duty stands."""
    with world.inside(clinic.house.app, clinic.house.card) as session:
        mine = (DueItem.resident_id == uuid.UUID(whom), DueItem.event_code == event)
        return str(session.scalars(sa.select(DueItem.state).where(*mine)).one())


def programmes(clinic: Village, whom: str) -> str:
    """Her programmes as her page offers them."""
    return str(pages.soup(clinic.browser.get(f"/residents/{whom}")).select_one("#programmes"))


def declined(clinic: Village, whom: str) -> str:
    """Signed on its page; the record's address."""
    sent = clinic.typed(whom, FORM, **TOLD)
    answers = [clinic.browser.post(clinic.path(whom, FORM), data=sent) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    return str(answers[0].headers["Location"])


@pytest.mark.parametrize("begun_at", ["her page", "the visit"])
def test_one_step_from_her_page_and_from_the_visit(clinic: Village, whom: str, begun_at: str) -> None:
    path = {"her page": f"/residents/{whom}", "the visit": clinic.path(whom, "health_exam")}[begun_at]
    page = clinic.browser.get(path).get_data(as_text=True)
    check_page(page, "zh")
    links = re.findall(rf'href="([^"]*/forms/{FORM}\?[^"]*about={EVENT}[^"]*)"', page)
    assert links, page
    form = clinic.browser.get(links[0].replace("&amp;", "&")).get_data(as_text=True)
    check_page(form, "zh")
    begun = form_on(form)
    assert begun["event_code"] == [EVENT]
    assert begun["declined_on"] == [str(clock.today())]
    assert begun["was_told"] == [], "nobody says in advance that she was told"


def test_it_closes_the_duty_and_is_saved_once(clinic: Village, whom: str) -> None:
    assert state(clinic, whom) in {"due", "overdue", "upcoming"}
    assert "about=elderly" in programmes(clinic, whom)
    address = declined(clinic, whom)
    assert state(clinic, whom) == "declined"
    assert state(clinic, whom, "bp_screen_35") != "declined", "one service and no other"
    assert EVENT not in clinic.browser.get(f"/residents/{whom}").get_data(as_text=True)
    assert "可以提供" not in programmes(clinic, whom), "nor is the programme offered"
    said = clinic.browser.get(address).get_data(as_text=True)
    day = clock.today()
    assert str(months_later(day, 12)) in said
    with world.inside(clinic.house.app, clinic.house.card) as session:
        assert session.query(Record).filter_by(form_code=FORM).count() == 1


def test_after_twelve_months_it_is_owed_again(
    clinic: Village, whom: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    declined(clinic, whom)
    later = clock.now() + datetime.timedelta(days=364)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert _refreshed(clinic, whom) == "declined"
    later += datetime.timedelta(days=2)
    assert _refreshed(clinic, whom) in {"due", "upcoming"}


def _refreshed(clinic: Village, whom: str) -> str:
    with world.inside(clinic.house.app, clinic.house.card) as session:
        owing.refresh(uuid.UUID(whom))
        query = sa.select(DueItem.state).where(
            DueItem.resident_id == uuid.UUID(whom), DueItem.event_code == EVENT
        )
        return str(session.scalars(query.order_by(DueItem.cycle.desc()).limit(1)).one())


def test_voiding_takes_it_back(clinic: Village, whom: str) -> None:
    address = declined(clinic, whom)
    page = form_on(clinic.browser.get(f"{address}/void").get_data(as_text=True))
    assert clinic.browser.post(f"{address}/void", data=page | {"reason": ["她改变主意"]}).status_code == 303
    assert state(clinic, whom) in {"due", "overdue", "upcoming"}
    assert "about=elderly" in programmes(clinic, whom)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"was_told": "0"}, "was_told"),
        ({"was_told": ""}, "was_told"),
        ({"event_code": []}, "event_code"),
        ({"event_code": "contraception"}, "event_code"),
        ({"declined_on": "2099-01-01"}, "declined_on"),
        ({"declined_on": "1949-01-01"}, "declined_on"),
    ],
)
def test_who_was_not_told_has_not_declined(
    clinic: Village, whom: str, typed: dict[str, object], field: str
) -> None:
    answer = clinic.browser.post(clinic.path(whom, FORM), data=clinic.typed(whom, FORM, **(TOLD | typed)))
    assert answer.status_code == 422
    assert set(pages.errors_of(answer)) == {field}
    assert state(clinic, whom) != "declined"


def test_the_cursor_stands_at_the_service_from_which_one_came(clinic: Village, whom: str) -> None:
    page = pages.soup(clinic.browser.get(f"{clinic.path(whom, FORM)}?about=bp_screen_35"))
    assert [str(one["value"]) for one in page.select("input[autofocus]")] == ["bp_screen_35"]


def test_an_unknown_service_in_the_address_chooses_nothing(clinic: Village, whom: str) -> None:
    page = clinic.browser.get(f"{clinic.path(whom, FORM)}?about=contraception")
    assert form_on(page.get_data(as_text=True))["event_code"] == []


def test_from_the_list_it_leads_on_to_the_next_person(clinic: Village) -> None:
    first, second = clinic.register(BORN), clinic.register(BORN, name="ئايگۈل سىناق")
    visit = pages.soup(clinic.browser.get("/today")).select_one("tbody th a")
    assert visit is not None
    page = clinic.browser.get(str(visit["href"])).get_data(as_text=True)
    link = re.search(rf'href="([^"]*/forms/{FORM}\?[^"]*)"', page)
    assert link is not None
    path = link[1].replace("&amp;", "&")
    event = re.search(r"about=(\w+)", path)
    assert event is not None
    sent = form_on(clinic.browser.get(path).get_data(as_text=True)) | {"was_told": ["1"]}
    assert sent["event_code"] == [event[1]]
    onward = clinic.browser.post(path, data=sent).headers["Location"]
    assert any(f"/residents/{one}/" in onward for one in (first, second))
    assert "list=" in onward
