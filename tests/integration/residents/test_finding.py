"""Finding and listing: by any part of any name, by number, by phone; lists are never by name."""

from __future__ import annotations

import logging
import random
import typing
import uuid

import pytest

from saas.accounts.models import Staff
from saas.residents import writing
from saas.residents.models import Resident, ResidentName
from saas.residents.rules import identity
from saas.web import clock
from saas.web.clinic import clinic_of
from saas.web.models import ClinicSetting
from tests.integration.residents import pages
from tests.support import synthetic, world

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from werkzeug.test import TestResponse

    from saas.audit.models import AccessLog
    from tenants.cards import ClinicCard
    from tests.conftest import ClinicWorld
    from tests.support.world import Browser

PLAIN = {"sex_code": "2", "birth": "1985-05-05"}


@pytest.mark.parametrize(
    "typed", ["阿卜杜拉·图尔荪", "Abdulla Tursun'gül", "ئابدۇللا تۇرسۇن", "Ñandú Ó Briain"]
)
def test_any_part_of_any_written_form_finds(app: Flask, typed: str) -> None:
    # In a clinic of few; among many who are a little like the part, see test_searching.
    card = world.provision(app, world.free_code(), "少人院")
    browser = world.sign_in(app, world.add_staff(app, card, "doctor", "village_doctor", places="all"))
    mark = synthetic.lone_name()
    made = pages.register(browser, **PLAIN, name_0="努尔", name_2=f"{typed} {mark}")
    for part in (mark, mark[1:8], f"{mark} {typed[:3]}", typed[2:] + mark, f"  {mark.upper()} "):
        assert made in pages.ids_in(pages.find(browser, part)), part
    assert made not in pages.ids_in(pages.find(browser, f"{mark} zzz"))


def test_the_parts_of_a_name_stand_in_one_name(north: ClinicWorld) -> None:
    browser = north.browser()
    first, second = synthetic.lone_name(), synthetic.lone_name()
    made = pages.register(browser, **PLAIN, name_0=first, name_1=second)
    assert made in pages.ids_in(pages.find(browser, first))
    assert made not in pages.ids_in(pages.find(browser, f"{first} {second}"))


@pytest.mark.parametrize("pattern", ["%", "_", "\\", "%%%", "چ%", "'; select 1 --", "\x00", "👶"])
def test_signs_of_patterns_are_letters_like_others(north: ClinicWorld, pattern: str) -> None:
    browser = north.browser()
    made = pages.register(browser, **PLAIN, name_0=f"چوڭ {synthetic.lone_name()}")
    answer = pages.find(browser, pattern)
    assert answer.status_code == 200
    found = pages.ids_in(answer)
    assert made not in found
    # What is left of it is a word like others; whoever sounds like it is found, and nobody else.
    letters = "select 1" if "select" in pattern else ""
    assert found == (pages.ids_in(pages.find(browser, letters)) if letters else [])


@pytest.mark.parametrize("words", ["", "   "])
def test_an_empty_search_is_the_list(north: ClinicWorld, words: str) -> None:
    answer = north.browser().send("/residents/find", {"q": words})
    assert answer.headers["Location"] == "/residents"


def test_a_phone_finds_all_who_share_it(north: ClinicWorld) -> None:
    browser = north.browser()
    phone = synthetic.phone()
    first = pages.register(browser, **PLAIN, name_0="甲", phone_0=phone)
    second = pages.register(browser, **PLAIN, name_0="乙", phone_2=f"{phone[:3]} {phone[3:]}")
    third = pages.register(browser, **PLAIN, name_0="丙", contact_phone=phone)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in phone)
    for typed in (phone, wide, f"+86{phone}", f"({phone[:3]}) {phone[3:7]}-{phone[7:]}"):
        found = pages.find(browser, typed)
        assert pages.ids_in(found) == [third, second, first]
    assert phone not in pages.find(browser, phone).get_data(as_text=True).replace(
        f'value="{phone}"', ""
    ).replace(f"<bdi>{phone}</bdi>", ""), "lists show the end of a phone only"


def test_a_whole_number_opens_its_person_and_a_part_of_it_finds_nobody(north: ClinicWorld) -> None:
    browser = north.browser()
    number = pages.a_number()
    made = pages.register(browser, document_number=number, name_0="甲")
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in number)
    for typed in (number, wide, number.lower(), f"{number[:6]} {number[6:14]} {number[14:]}"):
        answer = browser.send("/residents/find", {"q": typed})
        assert answer.headers["Location"] == f"/residents/{made}"
    assert made not in pages.ids_in(pages.find(browser, number[:14]))


def test_a_number_that_two_people_have_lists_both(north: ClinicWorld) -> None:
    browser = north.browser()
    number = pages.a_number()
    first = pages.register(browser, document_number=number, name_0="甲")
    typed = pages.new_form(browser) | {"document_number": number, "name_0": "乙"}
    told = browser.post("/residents/new", data=typed)
    second = pages.id_in(browser.post("/residents/new", data=pages.fields_of(told)))
    assert pages.ids_in(pages.find(browser, number)) == [second, first]


def test_the_words_stand_in_no_address_log_or_title(
    north: ClinicWorld, caplog: pytest.LogCaptureFixture
) -> None:
    browser = north.browser()
    word = synthetic.lone_name()
    made = pages.register(browser, **PLAIN, name_0=word)
    with caplog.at_level(logging.DEBUG):
        sent = browser.send("/residents/find", {"q": word})
        answer = browser.get(sent.headers["Location"])
    assert made in pages.ids_in(answer)
    assert word not in sent.headers["Location"]
    assert word not in caplog.text
    title = pages.soup(answer).title
    assert title is not None
    assert word not in title.get_text()
    assert word not in str(pages.soup(browser.get(f"/residents/{made}")).title)


def test_sealed_words_open_for_their_person_only(north: ClinicWorld, south: ClinicWorld) -> None:
    sent = north.browser("village_doctor").send("/residents/find", {"q": synthetic.lone_name()})
    path = sent.headers["Location"]
    assert north.browser("village_doctor").get(path).status_code == 200
    assert north.browser("public_health_nurse").get(path).status_code == 404
    assert south.browser("village_doctor").get(path).status_code == 404
    for broken in (path[:-3] + "AAA", "/residents/found/AAAA", "/residents/found/%00%ff"):
        assert north.browser("village_doctor").get(broken).status_code == 404


def test_another_clinic_finds_nobody_of_ours(north: ClinicWorld, south: ClinicWorld) -> None:
    word, phone = synthetic.lone_name(), synthetic.phone()
    number = pages.a_number()
    made = pages.register(north.browser(), document_number=number, name_0=word, phone_0=phone)
    for words in (word, number, phone):
        answer = pages.find(south.browser(), words)
        assert pages.ids_in(answer) == []
        assert made not in answer.get_data(as_text=True)


def test_a_search_writes_one_row_with_the_ids_shown(
    north: ClinicWorld, log_rows: Callable[[str], list[AccessLog]]
) -> None:
    browser = north.browser()
    word = synthetic.lone_name()
    made = [pages.register(browser, **PLAIN, name_0=f"{word}{n}") for n in "甲乙"]
    pages.find(browser, word)
    row = log_rows(made[0])[-1]
    assert (row.act, row.status) == ("residents.found", 200)
    assert row.resident_ids == [made[1], made[0]]
    assert word not in str(row.detail)


def test_a_list_shows_ends_of_numbers_and_both_names(north: ClinicWorld) -> None:
    browser = north.browser()
    word = synthetic.lone_name()
    number = pages.a_number()
    pages.register(browser, document_number=number, name_0="阿依古丽", name_1=word, phone_0="00033334444")
    page = pages.find(browser, word).get_data(as_text=True)
    assert number not in page
    assert "00033334444" not in page
    for shown in (f"…{number[-4:]}", "…4444", "阿依古丽", word):
        assert shown in page


@pytest.mark.parametrize(
    "path",
    [
        "/residents?page=0",
        "/residents?page=x",
        "/residents?page=-1",
        "/residents?site=x",
        "/residents?page=１",
    ],
)
def test_a_page_that_cannot_be_is_not_found(north: ClinicWorld, path: str) -> None:
    assert north.browser().get(path).status_code == 404


def test_a_place_elsewhere_is_not_found(north: ClinicWorld, south: ClinicWorld) -> None:
    foreign = pages.new_form(south.browser())["site_id"]
    browser = north.browser()
    for site in (foreign, str(uuid.uuid4())):
        assert browser.get(f"/residents?site={site}").status_code == 404


def test_the_list_is_of_one_place_50_a_page_the_last_registered_first(north: ClinicWorld) -> None:
    app = north.app
    card = world.provision(app, world.free_code(), "名单院")
    browser = world.sign_in(app, world.add_staff(app, card, "lister", "village_doctor", places="all"))
    options = pages.soup(browser.get("/residents/new")).select("#site_id option")
    sites = [str(option["value"]) for option in options]
    assert len(sites) == 3
    made = add_directly(app, card, 52, sites[0])
    other = pages.register(browser, **PLAIN, name_0="乙", site_id=sites[-1])
    first = browser.get("/residents")
    assert pages.ids_in(first) == made[:1:-1]
    second = turned(browser, first, "next")
    assert pages.ids_in(second) == [made[1], made[0]]
    assert pages.soup(second).select('a[rel="next"]') == []
    assert pages.ids_in(turned(browser, second, "prev")) == made[:1:-1]
    assert pages.ids_in(browser.get("/residents?site=all"))[0] == other
    assert pages.ids_in(browser.get(f"/residents?site={sites[-1]}")) == [other]
    assert pages.soup(browser.get("/residents?site=" + sites[1])).select_one(".empty")
    found = pages.find(browser, "甲")
    assert len(pages.ids_in(found)) == 10, "of a search only those who are likeliest"
    assert set(pages.ids_in(found)) <= set(made)
    swap_scripts_and_languages(app, card)
    assert pages.ids_in(browser.get("/residents")) == made[:1:-1], "rights N2"


def turned(browser: Browser, page: TestResponse, way: str) -> TestResponse:
    """The next or previous page."""
    link = pages.soup(page).select_one(f'a[rel="{way}"]')
    assert link is not None
    return browser.get(str(link["href"]))


def add_directly(app: Flask, card: ClinicCard, count: int, site_id: str) -> list[str]:
    """Residents whose names fall out of every order; their ids as registered."""
    fields = identity.tidied(PLAIN | {"site_id": site_id, "print_language": "ug"})
    with app.app_context(), world.inside(app, card) as session:
        keys = clinic_of(card, session.query(ClinicSetting).one()).keys
        staff = session.query(Staff).first()
        assert staff is not None
        made = [
            writing.made(
                fields | {"name_0": f"{chr(0x4E00 + 7 * n % 60)}甲"},
                keys,
                form_id=uuid.uuid4(),
                at=clock.now(),
                by=staff.id,
            )
            for n in range(count)
        ]
        session.add_all(made)
        return [str(resident.id) for resident in made]


def swap_scripts_and_languages(app: Flask, card: ClinicCard) -> None:
    """Give every resident a name in another script and the other language of prints."""
    with world.inside(app, card) as session:
        for name in session.query(ResidentName):
            name.text = "ئايگۈل"[:: random.choice((1, -1))]
        for resident in session.query(Resident):
            resident.print_language = "zh" if resident.print_language == "ug" else "ug"


def test_who_has_no_part_in_care_sees_no_list(north: ClinicWorld) -> None:
    browser = north.browser("audit_reviewer")
    assert browser.get("/residents").status_code == 403
    assert browser.send("/residents/find", {"q": "x"}).status_code == 403


@pytest.mark.parametrize("name", ["ئابدۇللا", "阿卜杜拉", "Abdulla"])
def test_the_index_of_names_sees_every_script(north: ClinicWorld, name: str) -> None:
    """With LC_CTYPE C it saw Latin letters alone, and each search read the whole table."""
    with world.caretaker(north.app).logins.connect("owner") as connection:
        row = connection.execute("select ref.show_trgm(%s)", [name]).fetchone()
    assert row is not None
    assert row[0] != []


def test_more_words_than_a_search_looks_at_are_told(north: ClinicWorld) -> None:
    browser = north.browser()
    assert pages.soup(pages.find(browser, "ئ" * 100)).select(".flash") == []
    page = pages.soup(pages.find(browser, "ئ" * 10_000))
    assert "10000" in page.select_one(".flash").get_text()  # type: ignore[union-attr]
