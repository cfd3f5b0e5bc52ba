"""Editing: masked numbers, questions, drafts, the log."""

from __future__ import annotations

import typing
import uuid

import pytest

from tests.integration.residents import pages

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from saas.audit.models import AccessLog
    from tests.conftest import ClinicWorld
    from tests.support.world import Browser

PLAIN = {"name_0": "阿依古丽·图尔荪", "sex_code": "2", "birth": "1985-05-05", "village": "旧村"}
NUMBERED = {"name_0": "阿依古丽", "village": "旧村"}


def test_a_masked_number_stays_and_a_typed_one_replaces_it(north: ClinicWorld, doctor: Browser) -> None:
    number, other = pages.a_number(), pages.a_number()
    made = pages.register(doctor, document_number=number, name_0="阿依古丽")
    form = pages.opened(doctor, made)
    assert form["document_number"] == f"{number[:4]}**********{number[-4:]}"
    assert number not in str(form)
    assert pages.save(doctor, made, form | {"village": "新村"}).status_code == 303
    assert pages.find(doctor, number).request.path == f"/residents/{made}"
    typed = pages.opened(doctor, made) | {"document_number": other, "birth": "", "sex_code": ""}
    assert pages.save(doctor, made, typed).status_code == 303
    assert pages.find(doctor, other).request.path == f"/residents/{made}"
    assert made not in pages.ids_in(pages.find(doctor, number))


def test_a_half_masked_number_is_refused(doctor: Browser) -> None:
    made = pages.register(doctor, document_number=pages.a_number(), name_0="阿依古丽")
    form = pages.opened(doctor, made)
    wrong = form["document_number"].replace("*", "1", 1)
    answer = pages.save(doctor, made, form | {"document_number": wrong})
    assert answer.status_code == 422
    assert "document_number" in pages.errors_of(answer)
    assert pages.fields_of(answer)["document_number"] == wrong


def test_every_field_can_be_changed_and_emptied(north: ClinicWorld, doctor: Browser) -> None:
    made = pages.register(doctor, **NUMBERED, document_number=pages.a_number(), phone_1="00011112222")
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
    assert pages.save(doctor, made, pages.opened(doctor, made) | changed).status_code == 303
    after = pages.opened(doctor, made)
    assert {name: after[name] for name in changed} == changed | {"document_number": "E0*****01"}


def test_what_was_so_before_is_not_asked_again(doctor: Browser) -> None:
    wrong = PLAIN | {"document_number": pages.a_number(), "sex_code": "1"}
    first = doctor.post("/residents/new", data=pages.new_form(doctor) | wrong)
    made = pages.id_in(doctor.post("/residents/new", data=pages.fields_of(first)))
    assert pages.save(doctor, made, pages.opened(doctor, made) | {"village": "x村"}).status_code == 303
    asked = pages.save(doctor, made, pages.opened(doctor, made) | {"birth": "2001"})
    assert asked.status_code == 200
    assert pages.asked_of(asked) == ["birth"]


def test_an_unfinished_change_waits(north: ClinicWorld, doctor: Browser) -> None:
    made = pages.register(doctor, **PLAIN)
    draft = pages.opened(doctor, made) | {"village": "半村", "_page": f"residents.edit:{made}"}
    assert doctor.post("/drafts", data=draft).status_code == 200
    waiting = pages.soup(doctor.get(f"/residents/{made}/edit"))
    assert waiting.select_one(f'a[href="/residents/{made}/edit?draft=continue"]')
    form = pages.fields_of(doctor.get(f"/residents/{made}/edit?draft=continue"))
    assert form["village"] == "半村"
    assert pages.save(doctor, made, form).status_code == 303
    assert pages.opened(doctor, made)["village"] == "半村"
    doctor.post("/drafts", data=draft)
    assert doctor.send(f"/residents/{made}/edit/afresh").status_code == 303
    assert pages.opened(doctor, made)["village"] == "半村"


def test_showing_and_changing_are_in_the_log(
    doctor: Browser, log_rows: Callable[[str], list[AccessLog]]
) -> None:
    made = pages.register(doctor, **PLAIN)
    doctor.get(f"/residents/{made}")
    pages.save(doctor, made, pages.opened(doctor, made) | {"village": "新村", "phone_0": "00010203040"})
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
    pages.save(doctor, made, pages.opened(doctor, made) | {"birth": "x"})
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
