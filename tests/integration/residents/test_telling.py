"""What is refused beside its field, and what is told once and then kept as on the document."""

from __future__ import annotations

import random
import typing

import pytest

from saas.web import clock
from tests.integration.residents import pages
from tests.support import synthetic

if typing.TYPE_CHECKING:
    from tests.conftest import ClinicWorld

PLAIN = {"name_0": "阿依古丽·图尔荪", "sex_code": "2", "birth": "1985-05-05"}


REFUSED = {
    "no name": ({"name_0": ""}, "name_0"),
    "no sex": ({"sex_code": ""}, "sex_code"),
    "no birth date": ({"birth": ""}, "birth"),
    "day that does not exist": ({"birth": "1901-02-29"}, "birth"),
    "future": ({"birth": "2999-01-01"}, "birth"),
    "over 120": ({"birth": "1850"}, "birth"),
    "emoji": ({"name_1": "👶🏽"}, "name_1"),
    "101 letters": ({"name_0": "张" * 101}, "name_0"),
    "10,000 letters": ({"name_2": "ئ" * 10_000}, "name_2"),
    "10,000 digits": ({"document_number": "9" * 10_000}, "document_number"),
    "10,000 in an address": ({"address_detail": "路" * 10_000}, "address_detail"),
    "direction override": ({"name_0": "阿\u202e依"}, "name_0"),
    "isolate": ({"village": "\u2066村"}, "village"),
    "NUL": ({"name_0": "阿\x00依"}, "name_0"),
    "escape": ({"contact_name": "a\x1b[2J"}, "contact_name"),
    "line break in a name": ({"name_0": "阿\n依"}, "name_0"),
    "letters in a phone": ({"phone_0": "abc"}, "phone_0"),
    "short phone": ({"contact_phone": "12"}, "contact_phone"),
    "unknown code": ({"sex_code": "7"}, "sex_code"),
    "stars of a mask": ({"document_number": "6500**********0036"}, "document_number"),
}


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("language", ["ug", "zh"])
def test_a_wrong_input_is_told_beside_its_field_and_nothing_is_lost(
    north: ClinicWorld, case: str, language: str
) -> None:
    wrong, field = REFUSED[case]
    browser = north.browser()
    browser.send("/language", {"_language": language})
    typed = PLAIN | {"phone_0": "000 1234 5678", "village": "试验村", "contact_phone": ""} | wrong
    answer = browser.post("/residents/new", data=pages.new_form(browser) | typed)
    assert answer.status_code == 422
    assert field in pages.errors_of(answer)
    kept = pages.fields_of(answer)
    for name, text in typed.items():
        if name != "sex_code" or text in "1209":
            assert kept.get(name, "").replace("\ufffd", "\x00") == text.replace("\r\n", "\n"), name


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"document_number": "650099198505050020"}, ["document_number"]),
        ({"document_number": "65009919850505002"}, ["document_number"]),
        ({"document_number": "650099198502300021"}, ["document_number"]),
        ({"birth": str(clock.today().year - 113)}, ["birth"]),
    ],
)
def test_a_doubtful_input_is_told_once_and_kept_when_it_is_saved_again(
    north: ClinicWorld, typed: dict[str, str], fields: list[str]
) -> None:
    browser = north.browser()
    first = browser.post("/residents/new", data=pages.new_form(browser) | PLAIN | typed)
    assert first.status_code == 200
    assert pages.asked_of(first) == fields
    again = pages.fields_of(first)
    second = pages.send_new(browser, again)
    assert second.status_code == 303
    row = pages.fields_of(browser.get(second.headers["Location"] + "/edit"))
    for name, text in typed.items():
        assert row[name][-2:] == text[-2:]


def test_sex_and_birth_date_may_differ_from_the_number(north: ClinicWorld) -> None:
    browser = north.browser()
    typed = PLAIN | {"document_number": pages.a_number(), "sex_code": "1", "birth": "1999"}
    first = browser.post("/residents/new", data=pages.new_form(browser) | typed)
    assert first.status_code == 200
    assert pages.asked_of(first) == ["sex_code", "birth"]
    second = pages.send_new(browser, pages.fields_of(first))
    row = pages.row_of(north, pages.id_in(second))
    assert (row.sex_code, str(row.birth_date)) == ("1", "1999-01-01")


def test_every_question_about_a_field_is_shown(north: ClinicWorld) -> None:
    browser = north.browser()
    typed = {"document_number": "65009919850505004X", "name_0": "甲"}
    first = browser.post("/residents/new", data=pages.new_form(browser) | typed)
    assert pages.send_new(browser, pages.fields_of(first)).status_code == 303
    both = browser.post("/residents/new", data=pages.new_form(browser) | typed)
    told = pages.soup(both).select_one("#document_number-hint")
    assert told is not None
    assert "\u20666\u2069" in told.get_text(), "the right check digit"


def test_another_wrong_number_is_told_anew(north: ClinicWorld) -> None:
    browser = north.browser()
    wrong = {"document_number": "650099198505050020"}
    first = browser.post("/residents/new", data=pages.new_form(browser) | PLAIN | wrong)
    other = pages.fields_of(first) | {"document_number": "650099198505050024"}
    second = browser.post("/residents/new", data=other)
    assert second.status_code == 200
    assert pages.asked_of(second) == ["document_number"]


def test_an_old_number_is_offered_with_18_characters_and_never_stored_with_15(
    north: ClinicWorld,
) -> None:
    browser = north.browser()
    day = pages.a_day().replace(year=1960)
    old = f"650099{day:%y%m%d}{random.randrange(498) * 2:03d}"
    typed = {"document_number": old, "name_0": "阿依古丽"}
    first = browser.post("/residents/new", data=pages.new_form(browser) | typed)
    assert first.status_code == 200
    offered = pages.fields_of(first)
    assert offered["document_number"][:17] == f"{old[:6]}19{old[6:]}"
    second = pages.send_new(browser, offered)
    made = pages.id_in(second)
    assert pages.find(browser, old).request.path == f"/residents/{made}"
    assert pages.find(browser, offered["document_number"]).request.path == f"/residents/{made}"


def test_a_small_x_becomes_a_large_one(north: ClinicWorld) -> None:
    browser = north.browser()
    number = next(
        one
        for serial in range(0, 1000, 2)
        if (one := synthetic.citizen_number(pages.a_day(), serial)).endswith("X")
    )
    made = pages.register(browser, document_number=f" {number.lower()} ", name_0="阿依古丽")
    assert "…" not in number
    shown = pages.soup(browser.get(f"/residents/{made}")).get_text()
    assert f"{number[:4]}**********{number[-4:]}" in shown
    assert number not in shown
