"""Consent: asked in the person's language, answered by one press, taken back at once, printed."""

from __future__ import annotations

import typing
import uuid

import pytest
import sqlalchemy as sa

from saas.residents.models import Consent
from saas.web.keys import SealBrokenError
from tests.integration.residents import pages
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from bs4 import BeautifulSoup
    from werkzeug.test import TestResponse

    from saas.audit.models import AccessLog
    from tests.conftest import ClinicWorld
    from tests.support.world import Browser

ADULT = {"name_0": "阿依古丽", "sex_code": "2", "birth": "1985-05-05"}
CHILD = {"name_0": "努尔古丽", "sex_code": "2", "birth": "2020-05-05"}


def asked(browser: Browser, made: str, **query: str) -> tuple[BeautifulSoup, pages.Fields]:
    answer = browser.get(f"/residents/{made}/consent", query_string=query)
    assert answer.status_code == 200
    return pages.soup(answer), pages.fields_of(answer)


def answer(browser: Browser, made: str, said: str, about: str = "record", **typed: str) -> TestResponse:
    _, fields = asked(browser, made, about=about)
    sent = {**fields, **typed, **({"answer": said} if said else {})}
    return browser.post(f"/residents/{made}/consent", query_string={"about": about}, data=sent)


def rows_of(clinic: ClinicWorld, made: str) -> list[Consent]:
    card = world.card_of(clinic.app, clinic.code)
    with world.inside(clinic.app, card) as session:
        query = sa.select(Consent).where(Consent.resident_id == uuid.UUID(made)).order_by(Consent.id)
        rows = list(session.scalars(query))
        session.expunge_all()
        return rows


def states(browser: Browser, made: str) -> list[str]:
    """What the page says of each question."""
    page = pages.soup(browser.get(f"/residents/{made}"))
    return [next(one.stripped_strings) for one in page.select("#consents dd")]


def test_a_yes_keeps_who_how_when_and_which_words(north: ClinicWorld) -> None:
    browser = north.browser()
    made = pages.register(browser, **ADULT, print_language="zh")
    done = answer(browser, made, "yes", way="typed", name="阿依古丽")
    assert done.headers["Location"] == f"/residents/{made}"
    (row,) = rows_of(north, made)
    kept = (row.purpose, row.given, row.edition, row.language, row.giver, row.way, row.withdrawn_at)
    assert kept == ("record", True, "record-1", "zh", "self", "typed", None)
    assert row.mark is not None
    assert "阿依古丽".encode() not in row.mark
    assert row.decided_by == north.person("village_doctor").staff_id


def test_of_a_no_nothing_is_kept_but_that_there_is_no_consent(north: ClinicWorld) -> None:
    browser = north.browser()
    made = pages.register(browser, **ADULT)
    assert answer(browser, made, "no", giver="guardian", way="typed", name="阿依古丽").status_code == 303
    (row,) = rows_of(north, made)
    assert (row.given, row.giver, row.way, row.mark) == (False, "self", "paper", None)


@pytest.mark.parametrize("typed", [{"giver": "x"}, {"way": ""}, {"name": "x" * 5000}, {"name": "\u202e"}])
def test_a_no_is_never_held_up_by_the_form(north: ClinicWorld, typed: dict[str, str]) -> None:
    browser = north.browser()
    made = pages.register(browser, **CHILD)
    assert answer(browser, made, "no", **typed).status_code == 303
    assert [row.given for row in rows_of(north, made)] == [False]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"way": "typed"}, "name"),
        ({"way": "drawn"}, "way"),
        ({"giver": "husband"}, "giver"),
        ({"way": "typed", "name": "x" * 101}, "name"),
        ({"way": "typed", "name": "ئاي\u202eگۈل"}, "name"),
    ],
)
def test_a_yes_that_lacks_something_is_told_beside_the_field(
    north: ClinicWorld, typed: dict[str, str], field: str
) -> None:
    browser = north.browser()
    made = pages.register(browser, **ADULT)
    told = answer(browser, made, "yes", **typed)
    assert told.status_code == 422
    assert field in pages.errors_of(told)
    assert pages.fields_of(told)["name"] == typed.get("name", "")
    assert rows_of(north, made) == []


def test_without_a_button_nothing_is_decided(north: ClinicWorld) -> None:
    browser = north.browser()
    made = pages.register(browser, **ADULT)
    for said in ("", "maybe"):
        told = answer(browser, made, said)
        assert told.status_code == 422
        assert pages.soup(told).select_one("#errors") is not None
    assert rows_of(north, made) == []


def test_for_a_child_a_guardian_is_proposed_and_needed(north: ClinicWorld) -> None:
    browser = north.browser()
    made = pages.register(browser, **CHILD)
    assert asked(browser, made)[1]["giver"] == "guardian"
    assert "giver" in pages.errors_of(answer(browser, made, "yes", giver="self"))
    assert answer(browser, made, "yes").status_code == 303
    assert [row.giver for row in rows_of(north, made)] == ["guardian"]


def test_taking_back_is_one_step_and_takes_back_that_question_alone(north: ClinicWorld) -> None:
    browser = north.browser()
    made = pages.register(browser, **ADULT)
    for about in ("record", "reminders"):
        answer(browser, made, "yes", about)
    nurse = north.browser("pharmacist")
    assert nurse.send(f"/residents/{made}/consent/withdraw", {"purpose": "reminders"}).status_code == 303
    row = {row.purpose: row for row in rows_of(north, made)}
    assert row["record"].withdrawn_at is None
    assert row["reminders"].withdrawn_by == north.person("pharmacist").staff_id
    assert nurse.send(f"/residents/{made}/consent/withdraw", {"purpose": "reminders"}).status_code == 303
    assert nurse.send(f"/residents/{made}/consent/withdraw", {"purpose": "all"}).status_code == 303


def test_a_no_after_a_yes_ends_the_yes(north: ClinicWorld) -> None:
    browser = north.browser()
    made = pages.register(browser, **ADULT)
    answer(browser, made, "yes")
    answer(browser, made, "no")
    assert [(row.given, row.withdrawn_at is None) for row in rows_of(north, made)] == [
        (True, False),
        (False, True),
    ]


def test_refused_and_taken_back_read_the_same_and_nobody_is_urged(
    north: ClinicWorld, moved_clock: Callable[..., None]
) -> None:
    browser = north.browser()
    made = pages.register(browser, **ADULT)
    fresh = states(browser, made)
    answer(browser, made, "no", "record")
    answer(browser, made, "yes", "reminders")
    browser.send(f"/residents/{made}/consent/withdraw", {"purpose": "reminders"})
    now = states(browser, made)
    assert now[0] == now[1] != fresh[0]
    assert now[2] == fresh[2]
    page = pages.soup(browser.get(f"/residents/{made}"))
    links = [one.get_text() for one in page.select('#consents a[href*="/consent?"]')]
    assert links[0] == links[1] != links[2], "within twelve months nothing reminds of the question"
    moved_clock(days=366)
    page = pages.soup(north.browser().get(f"/residents/{made}"))
    later = [one.get_text() for one in page.select('#consents a[href*="/consent?"]')]
    assert later == [links[2]] * 3


def test_the_same_form_twice_is_one_answer(north: ClinicWorld) -> None:
    browser = north.browser()
    made = pages.register(browser, **ADULT)
    _, fields = asked(browser, made)
    for said in ("yes", "no"):
        sent = browser.post(f"/residents/{made}/consent", data=fields | {"answer": said})
        assert sent.status_code == 303
    assert [row.given for row in rows_of(north, made)] == [True]


@pytest.mark.parametrize("page_language", ["ug", "zh"])
@pytest.mark.parametrize("hers", ["ug", "zh"])
def test_the_sheet_is_in_the_persons_language_whatever_the_pages(
    north: ClinicWorld, page_language: str, hers: str
) -> None:
    browser = north.browser("public_health_nurse")
    made = pages.register(browser, **ADULT, print_language=hers)
    browser.send("/language", {"_language": page_language})
    other = {"ug": "zh", "zh": "ug"}[hers]
    for query, shown in (({}, hers), ({"sheet": other}, other)):
        page, _ = asked(browser, made, **query)
        html = page.html
        assert html is not None
        assert html["dir"] == {"ug": "rtl", "zh": "ltr"}[page_language]
        sheets = page.select(".sheet")
        assert {str(one["dir"]) for one in sheets} == {{"ug": "rtl", "zh": "ltr"}[shown]}
        agree = page.select_one('button[name="answer"][value="yes"]')
        assert agree is not None
        assert agree.get_text() == {"ug": "قوشۇلىمەن", "zh": "同意"}[shown]
    browser.send("/language", {"_language": "ug"})


def test_a_switch_of_the_pages_language_keeps_sheet_and_text(north: ClinicWorld) -> None:
    browser = north.browser()
    made = pages.register(browser, **ADULT, print_language="ug")
    page, fields = asked(browser, made, sheet="zh", about="sharing")
    form = page.select_one("form[data-main]")
    assert form is not None
    sent = fields | {"_language": "zh", "name": "阿依", "way": "typed"}
    switched = browser.post(str(form["action"]), data=sent)
    assert switched.status_code == 200
    assert pages.fields_of(switched) | {"csrf_token": ""} == fields | {
        "csrf_token": "",
        "name": "阿依",
        "way": "typed",
    }
    assert pages.soup(switched).select('.sheet[dir="ltr"]')
    browser.send("/language", {"_language": "ug"})


@pytest.mark.parametrize(("sheet", "shown"), [("ug", ["rtl"]), ("zh", ["ltr"]), ("both", ["rtl", "ltr"])])
def test_the_sheet_is_printed_in_each_language_and_in_both(
    north: ClinicWorld, sheet: str, shown: list[str]
) -> None:
    browser = north.browser("pharmacist")
    made = pages.register(north.browser(), **ADULT)
    page = browser.get(f"/residents/{made}/consent/sheet", query_string={"about": "sharing", "sheet": sheet})
    found = pages.soup(page).select("article.sheet")
    assert [str(one["dir"]) for one in found] == shown
    assert all("sharing-1" in one.get_text() for one in found)
    assert all("阿依古丽" in one.get_text() for one in found)


def test_a_question_that_there_is_not_is_not_found(north: ClinicWorld) -> None:
    browser = north.browser()
    made = pages.register(browser, **ADULT)
    assert browser.get(f"/residents/{made}/consent?about=everything").status_code == 404
    assert browser.get(f"/residents/{made}/consent/sheet?about=x").status_code == 404


def test_the_log_tells_the_question_and_not_the_answer(
    north: ClinicWorld, log_rows: Callable[[str], list[AccessLog]]
) -> None:
    browser = north.browser()
    made = pages.register(browser, **ADULT)
    told = []
    for said in ("yes", "no"):
        answer(browser, made, said)
        row = log_rows(made)[-1]
        told.append((row.act, row.detail, row.status))
    assert told == [("residents.consent", {"purpose": "record"}, 303)] * 2


@pytest.mark.parametrize(
    ("role", "asks", "withdraws"), [("pharmacist", 403, 303), ("audit_reviewer", 403, 403)]
)
def test_who_may_ask_and_who_may_take_back(north: ClinicWorld, role: str, asks: int, withdraws: int) -> None:
    made = pages.register(north.browser(), **ADULT)
    browser = north.browser(role)
    assert browser.get(f"/residents/{made}/consent").status_code == asks
    assert browser.send(f"/residents/{made}/consent", {"answer": "no"}).status_code == asks
    assert browser.send(f"/residents/{made}/consent/withdraw", {"purpose": "record"}).status_code == withdraws


def test_a_typed_name_opens_for_its_own_answer_alone(north: ClinicWorld) -> None:
    browser = north.browser()
    made = pages.register(browser, **ADULT)
    answer(browser, made, "yes", way="typed", name="阿依古丽")
    (row,) = rows_of(north, made)
    keys = pages.keys_of(north)
    assert row.mark is not None
    assert keys.open(row.mark, f"consent:{row.id}") == "阿依古丽"
    with pytest.raises(SealBrokenError):
        keys.open(row.mark, f"consent:{uuid.uuid4()}")
