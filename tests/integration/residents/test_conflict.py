"""Two people at once: both inputs are kept, field by field, until somebody chooses."""

from __future__ import annotations

import typing

import pytest

from tests.integration.residents import pages

if typing.TYPE_CHECKING:
    from tests.conftest import ClinicWorld
    from tests.support.world import Browser

PLAIN = {"name_0": "阿依古丽·图尔荪", "sex_code": "2", "birth": "1985-05-05", "village": "旧村"}
NUMBERED = {"name_0": "阿依古丽", "village": "旧村"}


def test_a_lost_race_shows_both_and_loses_nothing(
    north: ClinicWorld, doctor: Browser, nurse: Browser
) -> None:
    made = pages.register(doctor, **PLAIN, phone_0="00010000000")
    mine, theirs = pages.opened(doctor, made), pages.opened(nurse, made)
    changed = theirs | {"village": "她村", "phone_0": "00020000000", "name_1": "ئايگۈل"}
    assert pages.save(nurse, made, changed).status_code == 303
    answer = pages.save(
        doctor, made, mine | {"village": "我村", "address_detail": "9号", "phone_0": "00010000000"}
    )
    assert answer.status_code == 409
    text = pages.soup(answer).get_text()
    for shown in ("旧村", "她村", "我村", "00010000000", "00020000000", "9号", "ئايگۈل"):
        assert shown in text, shown
    assert pages.row_of(north, made).village == "她村", "nothing is saved yet"
    form = pages.fields_of(answer)
    # One side alone changed these, and it is marked.
    sides = [form[f"choose-{field}"] for field in ("phone_0", "name_1", "address_detail")]
    assert sides == ["theirs", "theirs", "mine"]
    assert "choose-village" not in form, "both changed the village: nobody chooses for her"
    undecided = pages.save(doctor, made, form)
    assert undecided.status_code == 422
    again = pages.fields_of(undecided)
    saved = pages.save(doctor, made, again | {"choose-village": "mine"})
    assert saved.status_code == 303
    after = pages.opened(doctor, made)
    expected = {"village": "我村", "phone_0": "00020000000", "name_1": "ئايگۈل", "address_detail": "9号"}
    assert after | expected == after
    assert after["name_0"] == PLAIN["name_0"]


@pytest.mark.parametrize("side", ["mine", "theirs"])
def test_either_side_of_a_number_can_be_chosen(
    north: ClinicWorld, doctor: Browser, nurse: Browser, side: str
) -> None:
    made = pages.register(doctor, document_number=pages.a_number(), name_0="阿依古丽")
    numbers = {"mine": pages.a_number(), "theirs": pages.a_number()}
    mine, theirs = pages.opened(doctor, made), pages.opened(nurse, made)
    empty = {"birth": "", "sex_code": ""}
    saved = pages.save(nurse, made, theirs | empty | {"document_number": numbers["theirs"]})
    assert saved.status_code == 303
    answer = pages.save(doctor, made, mine | empty | {"document_number": numbers["mine"]})
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert numbers["theirs"] not in page, "what is stored stays masked"
    choices = {"choose-document_number": side, "choose-birth": side, "choose-sex_code": side}
    final = pages.save(doctor, made, pages.fields_of(answer) | choices)
    assert final.status_code == 303
    assert pages.find(doctor, numbers[side]).request.path == f"/residents/{made}"


def test_a_third_save_in_between_is_compared_again(
    north: ClinicWorld, doctor: Browser, nurse: Browser
) -> None:
    made = pages.register(doctor, **PLAIN)
    mine = pages.opened(doctor, made)
    pages.save(nurse, made, pages.opened(nurse, made) | {"village": "一村"})
    first = pages.save(doctor, made, mine | {"village": "我村"})
    pages.save(nurse, made, pages.opened(nurse, made) | {"address_detail": "二号"})
    second = pages.save(doctor, made, pages.fields_of(first) | {"choose-village": "mine"})
    assert second.status_code == 409
    form = pages.fields_of(second)
    assert (form["choose-village"], form["choose-address_detail"]) == ("mine", "theirs")
    assert pages.save(doctor, made, form).status_code == 303
    row = pages.row_of(north, made)
    assert (row.village, row.address_detail) == ("我村", "二号")


def test_the_comparison_survives_a_switch_of_language(doctor: Browser, nurse: Browser) -> None:
    made = pages.register(doctor, **PLAIN)
    mine = pages.opened(doctor, made)
    pages.save(nurse, made, pages.opened(nurse, made) | {"village": "她村"})
    first = pages.fields_of(pages.save(doctor, made, mine | {"village": "我村"}))
    switched = pages.save(doctor, made, first | {"_language": "zh", "choose-village": "theirs"})
    assert switched.status_code == 200
    assert pages.soup(switched).select_one('html[dir="ltr"]')
    form = pages.fields_of(switched)
    assert form["choose-village"] == "theirs"
    assert pages.save(doctor, made, form).status_code == 303


def test_the_same_change_twice_is_harmless(north: ClinicWorld, doctor: Browser) -> None:
    made = pages.register(doctor, **PLAIN)
    typed = pages.opened(doctor, made) | {"village": "新村"}
    assert pages.save(doctor, made, typed).status_code == 303
    assert pages.save(doctor, made, typed).status_code == 303
    assert pages.row_of(north, made).version == 2


def test_a_touched_seal_loses_the_form_before_and_nothing_else(
    north: ClinicWorld, doctor: Browser, nurse: Browser
) -> None:
    made = pages.register(doctor, **PLAIN)
    mine = pages.opened(doctor, made)
    pages.save(nurse, made, pages.opened(nurse, made) | {"village": "她村"})
    for was in (
        "",
        "x",
        mine["was"][:-4] + "AAAA",
        pages.opened(doctor, pages.register(doctor, **PLAIN))["was"],
    ):
        answer = pages.save(doctor, made, mine | {"village": "我村", "was": was})
        assert answer.status_code == 409
        assert "choose-village" not in pages.fields_of(answer)
    forged = pages.fields_of(answer) | {"choose-village": "mine", "mine": "AAAA"}
    assert pages.save(doctor, made, forged).status_code == 422
    assert pages.row_of(north, made).village == "她村"


def test_a_wrong_input_on_an_old_page_is_told_first(doctor: Browser, nurse: Browser) -> None:
    made = pages.register(doctor, **NUMBERED, document_number=pages.a_number())
    mine = pages.opened(doctor, made)
    pages.save(nurse, made, pages.opened(nurse, made) | {"village": "她村"})
    answer = pages.save(doctor, made, mine | {"village": "我村", "name_0": "\u202e"})
    assert answer.status_code == 422
    again = pages.fields_of(answer)
    assert (again["version"], again["was"]) == (mine["version"], mine["was"])
    assert pages.save(doctor, made, again | {"name_0": "阿依"}).status_code == 409


def test_a_choice_that_raises_a_question_is_asked_and_can_be_kept(
    north: ClinicWorld, doctor: Browser, nurse: Browser
) -> None:
    made = pages.register(doctor, name_0="阿依古丽", sex_code="2", birth="1985", village="旧村")
    mine = pages.opened(doctor, made)
    theirs = pages.opened(nurse, made) | {"sex_code": "1"}
    assert pages.save(nurse, made, theirs).status_code == 303
    number = pages.a_number()
    changed = mine | {"document_number": number, "birth": ""}
    answer = pages.save(doctor, made, changed)
    assert answer.status_code == 409
    asked = pages.save(doctor, made, pages.fields_of(answer) | {"choose-sex_code": "theirs"})
    assert asked.status_code == 200
    assert pages.asked_of(asked) == ["sex_code"]
    assert pages.save(doctor, made, pages.fields_of(asked)).status_code == 303
    row = pages.row_of(north, made)
    assert (row.sex_code, row.version) == ("1", 3)


def test_a_forged_page_shows_no_stored_number(doctor: Browser, nurse: Browser) -> None:
    number = pages.a_number()
    made = pages.register(doctor, document_number=number, name_0="阿依古丽")
    mine = pages.opened(doctor, made) | {"name_0": "阿依"}
    theirs = pages.opened(nurse, made) | {"document_number": "", "name_0": "古丽"}
    assert pages.save(nurse, made, theirs).status_code == 303
    answer = pages.save(doctor, made, mine)
    forged = {name: text for name, text in pages.fields_of(answer).items() if "choose" not in name}
    again = pages.save(doctor, made, forged | {"base": ""})
    assert again.status_code == 422
    for page in (answer, again):
        assert number not in page.get_data(as_text=True)
