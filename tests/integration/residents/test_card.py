"""Health cards: found by a scan, voided at once, replaced, never to be printed again."""

from __future__ import annotations

import re
import typing
import uuid

import pytest
import segno
import sqlalchemy as sa
from bs4 import BeautifulSoup

from saas.residents.models import ResidentKey
from tests.integration.residents import pages
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.test import TestResponse

    from saas.audit.models import AccessLog
    from tests.conftest import ClinicWorld
    from tests.support.world import Browser

PLAIN = {"sex_code": "2", "birth": "1985-05-05"}


class Made(typing.NamedTuple):
    """A card on paper: what its picture says, and the page."""

    number: str
    page: BeautifulSoup


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Made]:
    """Make a card as the page does, and read its picture."""
    seen: list[str] = []
    draw = segno.make

    def noted(text: str, **how: typing.Any) -> typing.Any:  # noqa: ANN401 - segno's
        seen.append(text)
        return draw(text, **how)

    monkeypatch.setattr(segno, "make", noted)

    def make(browser: Browser, made: str, **more: object) -> Made:
        answer = browser.send(f"/residents/{made}/card", {"form_id": str(uuid.uuid4()), **more})
        assert answer.status_code == 200
        return Made(seen[-1], pages.soup(answer))

    return make


def scan(browser: Browser, words: str) -> TestResponse:
    return browser.send("/residents/find", {"q": words})


def cards_of(north: ClinicWorld, made: str) -> list[ResidentKey]:
    return [key for key in pages.row_of(north, made).keys if key.kind == "card"]


def test_a_scanned_card_opens_its_person(
    north: ClinicWorld, printed: Callable[..., Made], log_rows: Callable[[str], list[AccessLog]]
) -> None:
    browser = north.browser()
    made = pages.register(browser, **PLAIN, name_0="阿依古丽")
    card = printed(browser, made)
    digits = card.number.removeprefix("SHIPA:")
    for typed in (card.number, digits, f"شھىپا:{digits}"):
        assert scan(browser, typed).headers["Location"] == f"/residents/{made}"
    row = log_rows(made)[-1]
    assert (row.act, row.detail) == ("residents.find", {"by": "card"})
    assert [one.act for one in log_rows(made)][1] == "residents.card"


def test_nothing_but_names_clinic_and_check_digits_stand_on_a_card(
    north: ClinicWorld, printed: Callable[..., Made]
) -> None:
    browser = north.browser()
    number, phone = pages.a_number(), "00012345678"
    made = pages.register(
        browser, document_number=number, name_0="阿依古丽", name_1="ئايگۈل", phone_0=phone, village="新村"
    )
    card = printed(browser, made, names=["0", "1"])
    face = card.page.select_one(".health-card")
    assert face is not None
    words = face.get_text(" ", strip=True).split()
    assert words[:2] == ["阿依古丽", "ئايگۈل"]
    assert words[2:-1] == [world.SIGNS[world.NORTH]]
    assert re.fullmatch(r"[0-9]{4}", words[-1])
    assert card.number not in str(card.page)
    assert re.fullmatch(r"SHIPA:[0-9]{39}", card.number)
    for told in (number[6:14], number[-6:], phone, "新村", made):
        assert told not in str(face)


@pytest.mark.parametrize(("ticked", "names"), [([], []), (["1"], ["ئايگۈل"]), (["0", "9"], ["阿依古丽"])])
def test_the_name_stands_as_the_person_wants_it(
    north: ClinicWorld, printed: Callable[..., Made], ticked: list[str], names: list[str]
) -> None:
    browser = north.browser()
    made = pages.register(browser, **PLAIN, name_0="阿依古丽", name_1="ئايگۈل")
    card = printed(browser, made, names=ticked)
    assert [one.get_text(strip=True) for one in card.page.select(".card-name")] == names


def test_a_lost_card_finds_nobody_at_once_and_says_so(
    north: ClinicWorld, printed: Callable[..., Made], log_rows: Callable[[str], list[AccessLog]]
) -> None:
    browser = north.browser()
    made = pages.register(browser, **PLAIN, name_0="阿依古丽")
    card = printed(browser, made)
    assert browser.send(f"/residents/{made}/card/void").status_code == 303
    answer = scan(browser, card.number)
    assert answer.headers["Location"] == "/residents"
    told = browser.get("/residents?site=all")
    assert pages.soup(told).select_one(".flash-warn") is not None
    row = log_rows(made)[-2]
    assert (row.act, row.detail) == ("residents.find", {"by": "void card"})
    form = pages.new_form(browser)
    assert card.number[6:] not in "".join(form.values())


def test_who_may_not_read_residents_learns_nothing_of_a_card(
    north: ClinicWorld, south: ClinicWorld, printed: Callable[..., Made]
) -> None:
    browser = north.browser()
    made = pages.register(browser, **PLAIN, name_0="阿依古丽")
    card = printed(browser, made)
    reviewer = north.browser("audit_reviewer")
    for _ in range(2):
        assert scan(reviewer, card.number).status_code == 403
        elsewhere = scan(south.browser(), card.number)
        assert elsewhere.headers["Location"].startswith("/residents/found/"), (
            "another clinic's card is unknown"
        )
        browser.send(f"/residents/{made}/card/void")


def test_voiding_can_be_undone_for_ten_minutes(
    north: ClinicWorld, printed: Callable[..., Made], moved_clock: Callable[..., None]
) -> None:
    browser = north.browser()
    made = pages.register(browser, **PLAIN, name_0="阿依古丽")
    card = printed(browser, made)
    browser.send(f"/residents/{made}/card/void")
    page = pages.soup(browser.get(f"/residents/{made}"))
    undo = page.select_one(".flash-undo")
    assert undo is not None
    assert browser.send(str(undo["action"])).status_code == 303
    assert scan(browser, card.number).headers["Location"] == f"/residents/{made}"
    browser.send(f"/residents/{made}/card/void")
    moved_clock(minutes=11)
    browser = north.browser()
    browser.send(f"/residents/{made}/card/restore")
    assert scan(browser, card.number).headers["Location"] == "/residents"


def test_a_new_card_replaces_the_old_one_for_good(north: ClinicWorld, printed: Callable[..., Made]) -> None:
    browser = north.browser()
    made = pages.register(browser, **PLAIN, name_0="阿依古丽")
    old, new = printed(browser, made), printed(browser, made)
    assert old.number != new.number
    browser.send(f"/residents/{made}/card/restore")
    assert scan(browser, old.number).headers["Location"] == "/residents"
    assert scan(browser, new.number).headers["Location"] == f"/residents/{made}"
    rows = cards_of(north, made)
    assert [row.voided_at is None for row in sorted(rows, key=lambda row: row.position)] == [False, True]


def test_the_number_of_a_card_is_kept_nowhere(north: ClinicWorld, printed: Callable[..., Made]) -> None:
    browser = north.browser()
    made = pages.register(browser, **PLAIN, name_0="阿依古丽")
    digits = printed(browser, made).number.removeprefix("SHIPA:")
    (row,) = cards_of(north, made)
    assert (row.tail_four, row.tail_six, row.type_code) == (None, None, "")
    card = world.card_of(north.app, north.code)
    with world.inside(north.app, card) as session:
        for table in ("resident_key", "access_log", "draft", "resident"):
            dump = session.execute(sa.text(f"SELECT coalesce(string_agg(t::text, ''), '') FROM {table} t"))  # noqa: S608
            assert digits not in str(dump.scalar_one()), table
    assert digits not in browser.get(f"/residents/{made}").get_data(as_text=True)
    assert browser.get(f"/residents/{made}/card").status_code == 200


def test_the_page_of_a_card_can_change_its_language(north: ClinicWorld) -> None:
    browser = north.browser()
    made = pages.register(browser, **PLAIN, name_0="阿依古丽")
    first = pages.soup(browser.send(f"/residents/{made}/card", {"names": "0"}))
    form = {str(one["name"]): str(one["value"]) for one in first.select("#page-form input")}
    other = pages.soup(browser.post(f"/residents/{made}/card", data=form | {"_language": "zh"}))
    pictures = [[one["src"] for one in page.select(".card-picture")] for page in (first, other)]
    assert pictures[0] == pictures[1]
    assert len(pictures[0]) == 1
    assert len(cards_of(north, made)) == 1
    browser.send("/language", {"_language": "ug"})


@pytest.mark.parametrize(("role", "status"), [("pharmacist", 403), ("audit_reviewer", 403)])
def test_who_may_not_write_makes_no_card(north: ClinicWorld, role: str, status: int) -> None:
    made = pages.register(north.browser(), **PLAIN, name_0="阿依古丽")
    browser = north.browser(role)
    assert browser.get(f"/residents/{made}/card").status_code == status
    assert browser.send(f"/residents/{made}/card").status_code == status
    assert cards_of(north, made) == []
