"""Registering: what is filled in, never lost and never doubled."""

from __future__ import annotations

import concurrent.futures
import datetime
import typing
import uuid

import pytest
import sqlalchemy as sa

from saas.accounts.models import Site
from saas.residents.models import ResidentKey
from tests.integration.residents import pages
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from saas.audit.models import AccessLog
    from tests.conftest import ClinicWorld

PLAIN = {"name_0": "阿依古丽·图尔荪", "sex_code": "2", "birth": "1985-05-05"}


def test_a_number_and_a_name_are_enough(north: ClinicWorld) -> None:
    day = pages.a_day()
    made = pages.register(north.browser(), document_number=pages.a_number(day), name_0="阿依古丽·图尔荪")
    row = pages.row_of(north, made)
    assert (row.sex_code, row.birth_date, row.birth_precision) == ("2", day, "day")
    assert [name.text for name in row.names] == ["阿依古丽·图尔荪"]


def test_names_are_stored_trimmed_and_otherwise_as_given(north: ClinicWorld) -> None:
    made = pages.register(
        north.browser(), **PLAIN | {"name_0": "  阿依古丽·图尔荪 ", "name_2": "ئايگۈل ھه‌سه‌ن"}
    )
    texts = {name.position: name.text for name in pages.row_of(north, made).names}
    assert texts == {0: "阿依古丽·图尔荪", 2: "ئايگۈل ھه‌سه‌ن"}


def test_the_places_are_offered_the_centre_first_then_by_code(north: ClinicWorld) -> None:
    page = pages.soup(north.browser().get("/residents/new"))
    offered = [str(option["value"]) for option in page.select("#site_id option")]
    with world.inside(north.app, north.card) as session:
        places = {str(site.id): (site.kind != "centre", site.code) for site in session.query(Site)}
    assert len(places) > 2
    assert offered == sorted(places, key=lambda one: places[one])


@pytest.mark.parametrize(
    ("typed", "day", "precision"),
    [
        ("1963年5月7日", datetime.date(1963, 5, 7), "day"),
        ("1963-05", datetime.date(1963, 5, 1), "month"),
        ("1963", datetime.date(1963, 1, 1), "year"),
    ],
)
def test_a_birth_date_keeps_its_precision(
    north: ClinicWorld, typed: str, day: datetime.date, precision: str
) -> None:
    browser = north.browser()
    made = pages.register(browser, **PLAIN | {"birth": typed})
    row = pages.row_of(north, made)
    assert (row.birth_date, row.birth_precision) == (day, precision)
    edited = pages.fields_of(browser.get(f"/residents/{made}/edit"))
    assert edited["birth"] == day.isoformat()[: {"day": 10, "month": 7, "year": 4}[precision]]


def test_the_same_form_twice_makes_one_resident(north: ClinicWorld) -> None:
    browser = north.browser()
    typed = pages.new_form(browser) | PLAIN
    first, second = (pages.send_new(browser, typed) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert pages.id_in(first) == pages.id_in(second)


def test_the_same_form_sent_at_once_makes_one_resident(north: ClinicWorld) -> None:
    browser = north.browser()
    typed = pages.new_form(browser) | PLAIN | {"name_0": "", "placeholder": "unknown"}
    browsers = [north.browser() for _ in range(4)]
    for one in browsers:
        one.get("/residents")
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(
                lambda one: one.post("/residents/new", data=typed | {"csrf_token": one.csrf()}),
                browsers,
            )
        )
    assert {answer.status_code for answer in answers} == {303}
    assert len({pages.id_in(answer) for answer in answers}) == 1


def test_the_same_form_with_other_texts_shows_both(north: ClinicWorld) -> None:
    browser = north.browser()
    typed = pages.new_form(browser) | PLAIN
    made = pages.id_in(pages.send_new(browser, typed))
    answer = browser.post("/residents/new", data=typed | {"village": "新村", "birth": "1986"})
    assert answer.status_code == 409
    text = pages.soup(answer).get_text()
    assert "新村" in text
    assert "1985-05-05" in text
    saved = browser.post(f"/residents/{made}/edit", data=pages.fields_of(answer))
    assert saved.status_code == 303
    row = pages.row_of(north, made)
    assert (row.village, str(row.birth_date)) == ("新村", "1986-01-01")


def test_a_person_without_a_name_gets_a_number_and_is_found_by_it(north: ClinicWorld) -> None:
    browser = north.browser()
    made = pages.register(browser, name_0="", placeholder="newborn", sex_code="1", birth="2026-11-20")
    row = pages.row_of(north, made)
    number = row.placeholder_number
    assert number is not None
    assert str(number) in pages.heading_of(browser.get(f"/residents/{made}"))
    assert made in pages.ids_in(pages.find(browser, str(number)))
    form = pages.fields_of(browser.get(f"/residents/{made}/edit"))
    saved = browser.post(f"/residents/{made}/edit", data=form | {"name_0": "努尔古丽"})
    assert saved.status_code == 303
    after = pages.row_of(north, made)
    assert (after.placeholder_number, after.names[0].text) == (number, "努尔古丽")


def test_two_doctors_at_once_get_two_numbers(north: ClinicWorld) -> None:
    def one(_: int) -> str:
        return pages.register(north.browser(), name_0="", placeholder="unknown", sex_code="0", birth="")

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        made = list(pool.map(one, range(12)))
    numbers = [pages.row_of(north, one_id).placeholder_number for one_id in made]
    assert len(set(numbers)) == 12
    assert None not in numbers


def test_numbers_are_stored_sealed(north: ClinicWorld) -> None:
    number = pages.a_number()
    made = pages.register(north.browser(), document_number=number, name_0="阿依古丽", phone_0="00012340000")
    card = world.card_of(north.app, north.code)
    with world.inside(north.app, card) as session:
        rows = session.scalars(sa.select(ResidentKey).where(ResidentKey.resident_id == uuid.UUID(made))).all()
        dump = session.execute(
            sa.text("select r::text from resident r where id = :id"), {"id": made}
        ).scalar_one()
    assert {row.kind for row in rows} == {"document", "phone", "record"}
    for row in rows:
        for clear in (number, "00012340000", number[6:14]):
            assert clear.encode() not in row.value + row.hash
            assert clear not in dump


def test_a_switch_of_language_keeps_every_text_and_saves_nothing(north: ClinicWorld) -> None:
    browser = north.browser()
    typed = pages.new_form(browser) | {"name_0": "👶", "birth": "morgen", "phone_2": "abc"}
    before = pages.ids_in(browser.get("/residents?site=all"))
    for language, direction in (("zh", "ltr"), ("ug", "rtl")):
        answer = browser.post("/residents/new", data=typed | {"_language": language})
        assert answer.status_code == 200
        assert pages.soup(answer).select_one(f'html[dir="{direction}"]')
        assert pages.errors_of(answer) == {}
        kept = pages.fields_of(answer)
        assert {name: kept[name] for name in typed if name != "csrf_token"} == {
            name: text for name, text in typed.items() if name != "csrf_token"
        }
    assert pages.ids_in(browser.get("/residents?site=all")) == before


def test_an_unfinished_form_waits_and_can_be_continued_or_let_go(north: ClinicWorld) -> None:
    browser = north.browser("public_health_nurse")
    browser.send("/residents/new/afresh")
    typed = pages.new_form(browser) | {"name_0": "阿依古", "_page": "residents.add"}
    assert browser.post("/drafts", data=typed).status_code == 200
    waiting = browser.get("/residents/new")
    assert pages.soup(waiting).select_one('a[href="/residents/new?draft=continue"]')
    continued = pages.fields_of(browser.get("/residents/new?draft=continue"))
    assert continued["name_0"] == "阿依古"
    assert continued["form_id"] == typed["form_id"]
    assert pages.send_new(browser, continued | PLAIN).status_code == 303
    assert pages.new_form(browser)["name_0"] == ""
    browser.post("/drafts", data=typed)
    assert browser.send("/residents/new/afresh").status_code == 303
    assert pages.new_form(browser)["name_0"] == ""


def test_words_searched_in_vain_begin_the_form(north: ClinicWorld) -> None:
    browser = north.browser()
    for words, field in (
        ("زۇلپىيە چىمەنقىز", "name_0"),
        (pages.a_number(), "document_number"),
        ("00098765432", "phone_0"),
    ):
        nobody = pages.find(browser, words)
        assert pages.ids_in(nobody) == []
        link = pages.soup(nobody).select_one('a[href^="/residents/new?words="]')
        assert link is not None
        assert words not in str(link["href"])
        form = pages.fields_of(browser.get(str(link["href"])))
        assert form[field] == words


def test_the_own_place_and_its_address_are_filled_in(north: ClinicWorld) -> None:
    form = pages.new_form(north.browser())
    assert (form["county"], form["prefecture"]) == ("试验县", "试验地区")
    assert form["province"] == "新疆维吾尔自治区"
    assert form["site_id"]


@pytest.mark.parametrize("role", ["pharmacist", "audit_reviewer"])
def test_who_may_not_write_gets_403(north: ClinicWorld, role: str) -> None:
    browser = north.browser(role)
    assert browser.get("/residents/new").status_code == 403
    assert browser.send("/residents/new", PLAIN).status_code == 403


def test_a_place_of_another_clinic_is_not_found(north: ClinicWorld, south: ClinicWorld) -> None:
    browser = north.browser()
    foreign = pages.new_form(south.browser())["site_id"]
    typed = pages.new_form(browser) | PLAIN | {"site_id": foreign}
    assert browser.post("/residents/new", data=typed).status_code == 404


def test_a_new_resident_is_in_the_log_once(
    north: ClinicWorld, log_rows: Callable[[str], list[AccessLog]]
) -> None:
    made = pages.register(north.browser(), **PLAIN)
    (row,) = log_rows(made)
    assert (row.act, row.status, row.purpose, row.staff_name) == (
        "residents.add",
        303,
        "care",
        "ئادىل سىناق",
    )
