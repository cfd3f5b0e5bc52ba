"""Editing: masked numbers, two people at once, a page that is older than what is stored."""

from __future__ import annotations

import datetime
import random
import typing
import uuid

import pytest

from saas.residents.models import Resident
from tests.integration.residents import pages
from tests.support import synthetic, world

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.test import TestResponse

    from saas.audit.models import AccessLog
    from tests.conftest import ClinicWorld
    from tests.support.world import Browser

PLAIN = {"name_0": "阿依古丽·图尔荪", "sex_code": "2", "birth": "1985-05-05", "village": "旧村"}
NUMBERED = {"name_0": "阿依古丽", "village": "旧村"}


def a_number() -> str:
    day = datetime.date(1930, 1, 1) + datetime.timedelta(days=random.randrange(25_000))
    return synthetic.citizen_number(day, random.randrange(500) * 2)


def row_of(clinic: ClinicWorld, resident_id: str) -> Resident:
    card = world.caretaker(clinic.app).clinics(clinic.code)[0]
    with world.inside(clinic.app, card) as session:
        return session.get_one(Resident, uuid.UUID(resident_id))


def opened(browser: Browser, made: str) -> pages.Fields:
    return pages.fields_of(browser.get(f"/residents/{made}/edit"))


def save(browser: Browser, made: str, fields: pages.Fields) -> TestResponse:
    return browser.post(f"/residents/{made}/edit", data=fields)


@pytest.fixture
def doctor(north: ClinicWorld) -> Browser:
    return north.browser("village_doctor")


@pytest.fixture
def nurse(north: ClinicWorld) -> Browser:
    return north.browser("public_health_nurse")


def test_a_masked_number_stays_and_a_typed_one_replaces_it(north: ClinicWorld, doctor: Browser) -> None:
    number, other = a_number(), a_number()
    made = pages.register(doctor, document_number=number, name_0="阿依古丽")
    form = opened(doctor, made)
    assert form["document_number"] == f"{number[:4]}**********{number[-4:]}"
    assert number not in str(form)
    assert save(doctor, made, form | {"village": "新村"}).status_code == 303
    assert pages.find(doctor, number).request.path == f"/residents/{made}"
    typed = opened(doctor, made) | {"document_number": other, "birth": "", "sex_code": ""}
    assert save(doctor, made, typed).status_code == 303
    assert pages.find(doctor, other).request.path == f"/residents/{made}"
    assert made not in pages.ids_in(pages.find(doctor, number))


def test_a_half_masked_number_is_refused(doctor: Browser) -> None:
    made = pages.register(doctor, document_number=a_number(), name_0="阿依古丽")
    form = opened(doctor, made)
    wrong = form["document_number"].replace("*", "1", 1)
    answer = save(doctor, made, form | {"document_number": wrong})
    assert answer.status_code == 422
    assert "document_number" in pages.errors_of(answer)
    assert pages.fields_of(answer)["document_number"] == wrong


def test_every_field_can_be_changed_and_emptied(north: ClinicWorld, doctor: Browser) -> None:
    made = pages.register(doctor, **NUMBERED, document_number=a_number(), phone_1="00011112222")
    changed = {
        "document_type": "03",
        "document_number": "E00000001",
        "name_0": "",
        "name_1": "ئايگۈل تۇرسۇن",
        "sex_code": "9",
        "birth": "1986-06",
        "phone_0": "000 3333 4444",
        "phone_1": "",
        "contact_name": "تۇرسۇن",
        "contact_phone": "00055556666",
        "village": "",
        "address_detail": "3组",
        "township": "乡",
        "county": "县",
        "prefecture": "",
        "province": "区",
        "print_language": "zh",
        "placeholder": "unknown",
    }
    assert save(doctor, made, opened(doctor, made) | changed).status_code == 303
    after = opened(doctor, made)
    assert {name: after[name] for name in changed} == changed | {"document_number": "E0*****01"}


def test_what_was_so_before_is_not_asked_again(doctor: Browser) -> None:
    wrong = PLAIN | {"document_number": a_number(), "sex_code": "1"}
    first = doctor.post("/residents/new", data=pages.new_form(doctor) | wrong)
    made = pages.id_in(doctor.post("/residents/new", data=pages.fields_of(first)))
    assert save(doctor, made, opened(doctor, made) | {"village": "x村"}).status_code == 303
    asked = save(doctor, made, opened(doctor, made) | {"birth": "2001"})
    assert asked.status_code == 200
    assert pages.asked_of(asked) == ["birth"]


def test_a_lost_race_shows_both_and_loses_nothing(
    north: ClinicWorld, doctor: Browser, nurse: Browser
) -> None:
    made = pages.register(doctor, **PLAIN, phone_0="00010000000")
    mine, theirs = opened(doctor, made), opened(nurse, made)
    changed = theirs | {"village": "她村", "phone_0": "00020000000", "name_1": "ئايگۈل"}
    assert save(nurse, made, changed).status_code == 303
    answer = save(doctor, made, mine | {"village": "我村", "address_detail": "9号", "phone_0": "00010000000"})
    assert answer.status_code == 409
    text = pages.soup(answer).get_text()
    for shown in ("旧村", "她村", "我村", "00010000000", "00020000000", "9号", "ئايگۈل"):
        assert shown in text, shown
    assert row_of(north, made).village == "她村", "nothing is saved yet"
    form = pages.fields_of(answer)
    # One side alone changed these, and it is marked.
    assert form["choose-phone_0"] == "theirs"
    assert form["choose-name_1"] == "theirs"
    assert form["choose-address_detail"] == "mine"
    assert "choose-village" not in form, "both changed the village: nobody chooses for her"
    undecided = save(doctor, made, form)
    assert undecided.status_code == 422
    again = pages.fields_of(undecided)
    saved = save(doctor, made, again | {"choose-village": "mine"})
    assert saved.status_code == 303
    after = opened(doctor, made)
    expected = {
        "village": "我村",
        "phone_0": "00020000000",
        "name_1": "ئايگۈل",
        "address_detail": "9号",
        "name_0": PLAIN["name_0"],
    }
    assert {name: after[name] for name in expected} == expected


@pytest.mark.parametrize("side", ["mine", "theirs"])
def test_either_side_of_a_number_can_be_chosen(
    north: ClinicWorld, doctor: Browser, nurse: Browser, side: str
) -> None:
    made = pages.register(doctor, document_number=a_number(), name_0="阿依古丽")
    numbers = {"mine": a_number(), "theirs": a_number()}
    mine, theirs = opened(doctor, made), opened(nurse, made)
    empty = {"birth": "", "sex_code": ""}
    saved = save(nurse, made, theirs | empty | {"document_number": numbers["theirs"]})
    assert saved.status_code == 303
    answer = save(doctor, made, mine | empty | {"document_number": numbers["mine"]})
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert numbers["theirs"] not in page, "what is stored stays masked"
    choices = {"choose-document_number": side, "choose-birth": side, "choose-sex_code": side}
    final = save(doctor, made, pages.fields_of(answer) | choices)
    assert final.status_code == 303
    assert pages.find(doctor, numbers[side]).request.path == f"/residents/{made}"


def test_a_third_save_in_between_is_compared_again(
    north: ClinicWorld, doctor: Browser, nurse: Browser
) -> None:
    made = pages.register(doctor, **PLAIN)
    mine = opened(doctor, made)
    save(nurse, made, opened(nurse, made) | {"village": "一村"})
    first = save(doctor, made, mine | {"village": "我村"})
    save(nurse, made, opened(nurse, made) | {"address_detail": "二号"})
    second = save(doctor, made, pages.fields_of(first) | {"choose-village": "mine"})
    assert second.status_code == 409
    form = pages.fields_of(second)
    assert (form["choose-village"], form["choose-address_detail"]) == ("mine", "theirs")
    assert save(doctor, made, form).status_code == 303
    row = row_of(north, made)
    assert (row.village, row.address_detail) == ("我村", "二号")


def test_the_comparison_survives_a_switch_of_language(doctor: Browser, nurse: Browser) -> None:
    made = pages.register(doctor, **PLAIN)
    mine = opened(doctor, made)
    save(nurse, made, opened(nurse, made) | {"village": "她村"})
    first = pages.fields_of(save(doctor, made, mine | {"village": "我村"}))
    switched = save(doctor, made, first | {"_language": "zh", "choose-village": "theirs"})
    assert switched.status_code == 200
    assert pages.soup(switched).select_one('html[dir="ltr"]')
    form = pages.fields_of(switched)
    assert form["choose-village"] == "theirs"
    assert save(doctor, made, form).status_code == 303


def test_the_same_change_twice_is_harmless(north: ClinicWorld, doctor: Browser) -> None:
    made = pages.register(doctor, **PLAIN)
    typed = opened(doctor, made) | {"village": "新村"}
    assert save(doctor, made, typed).status_code == 303
    assert save(doctor, made, typed).status_code == 303
    assert row_of(north, made).version == 2


def test_a_touched_seal_loses_the_form_before_and_nothing_else(
    north: ClinicWorld, doctor: Browser, nurse: Browser
) -> None:
    made = pages.register(doctor, **PLAIN)
    mine = opened(doctor, made)
    save(nurse, made, opened(nurse, made) | {"village": "她村"})
    for was in ("", "x", mine["was"][:-4] + "AAAA", opened(doctor, pages.register(doctor, **PLAIN))["was"]):
        answer = save(doctor, made, mine | {"village": "我村", "was": was})
        assert answer.status_code == 409
        assert "choose-village" not in pages.fields_of(answer)
    forged = pages.fields_of(answer) | {"choose-village": "mine", "mine": "AAAA"}
    assert save(doctor, made, forged).status_code == 422
    assert row_of(north, made).village == "她村"


def test_a_wrong_input_on_an_old_page_is_told_first(doctor: Browser, nurse: Browser) -> None:
    made = pages.register(doctor, **NUMBERED, document_number=a_number())
    mine = opened(doctor, made)
    save(nurse, made, opened(nurse, made) | {"village": "她村"})
    answer = save(doctor, made, mine | {"village": "我村", "name_0": "\u202e"})
    assert answer.status_code == 422
    again = pages.fields_of(answer)
    assert (again["version"], again["was"]) == (mine["version"], mine["was"])
    assert save(doctor, made, again | {"name_0": "阿依"}).status_code == 409


def test_an_unfinished_change_waits(north: ClinicWorld, doctor: Browser) -> None:
    made = pages.register(doctor, **PLAIN)
    draft = opened(doctor, made) | {"village": "半村", "_page": f"residents.edit:{made}"}
    assert doctor.post("/drafts", data=draft).status_code == 200
    waiting = pages.soup(doctor.get(f"/residents/{made}/edit"))
    assert waiting.select_one(f'a[href="/residents/{made}/edit?draft=continue"]')
    form = pages.fields_of(doctor.get(f"/residents/{made}/edit?draft=continue"))
    assert form["village"] == "半村"
    assert save(doctor, made, form).status_code == 303
    assert opened(doctor, made)["village"] == "半村"
    doctor.post("/drafts", data=draft)
    assert doctor.send(f"/residents/{made}/edit/afresh").status_code == 303
    assert opened(doctor, made)["village"] == "半村"


def test_showing_and_changing_are_in_the_log(
    doctor: Browser, log_rows: Callable[[str], list[AccessLog]]
) -> None:
    made = pages.register(doctor, **PLAIN)
    doctor.get(f"/residents/{made}")
    save(doctor, made, opened(doctor, made) | {"village": "新村", "phone_0": "00010203040"})
    rows = log_rows(made)
    assert [row.act for row in rows] == [
        "residents.add",
        "residents.show",
        "residents.form",
        "residents.edit",
    ]
    assert rows[-1].detail == {"changed": ["phone_0", "village"]}
    assert "00010203040" not in str(rows[-1].detail)


def test_a_refused_change_is_in_the_log(doctor: Browser, log_rows: Callable[[str], list[AccessLog]]) -> None:
    made = pages.register(doctor, **PLAIN)
    save(doctor, made, opened(doctor, made) | {"birth": "x"})
    assert (log_rows(made)[-1].act, log_rows(made)[-1].status) == ("residents.form", 422)


@pytest.mark.parametrize("role", ["pharmacist"])
def test_who_may_only_read_cannot_edit(north: ClinicWorld, doctor: Browser, role: str) -> None:
    made = pages.register(doctor, **PLAIN)
    browser = north.browser(role)
    shown = browser.get(f"/residents/{made}")
    assert shown.status_code == 200
    assert not pages.soup(shown).select(f'a[href="/residents/{made}/edit"]')
    assert browser.get(f"/residents/{made}/edit").status_code == 403
    assert browser.send(f"/residents/{made}/edit", PLAIN).status_code == 403


def test_a_resident_of_another_clinic_and_an_invented_one_are_not_found(
    north: ClinicWorld, south: ClinicWorld
) -> None:
    canary = "阿依古丽·南方"
    made = pages.register(south.browser(), **PLAIN | {"name_0": canary})
    browser = north.browser()
    for one in (made, str(uuid.uuid4())):
        for answer in (
            browser.get(f"/residents/{one}"),
            browser.get(f"/residents/{one}/edit"),
            browser.get(f"/residents/{one}/edit?draft=continue"),
            browser.send(f"/residents/{one}/edit", PLAIN),
            browser.send(f"/residents/{one}/edit/afresh"),
        ):
            assert answer.status_code == 404
            assert canary not in answer.get_data(as_text=True)
