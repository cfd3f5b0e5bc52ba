"""What a form says to the person before it: which field an error means, units in words, the paper's lines."""

from __future__ import annotations

import typing

import pytest
from bs4 import BeautifulSoup

from saas.formkit import texts
from tests.integration.records.conftest import open_desk
from tests.integration.records.test_filling import fill_page, text, typed
from tests.support import synthetic

if typing.TYPE_CHECKING:
    from bs4 import Tag
    from flask import Flask

    from tests.integration.records.conftest import Desk

pytestmark = pytest.mark.timeout(60)


def errors_of(page: str) -> dict[str, str]:
    """The list of errors: where each leads, and what it says."""
    found = BeautifulSoup(page, "html.parser").select("#errors li")
    return {str(one.a["href"]): one.get_text(" ", strip=True) for one in found if one.a}


def one(page: str, selector: str) -> Tag:
    """What is there once."""
    (found,) = BeautifulSoup(page, "html.parser").select(selector)
    return found


def test_each_error_of_the_list_names_its_field(desk: Desk) -> None:
    sent = typed(desk, heart_rate="", systolic_bp="82", diastolic_bp="128", **{"medications-0-route": "口服"})
    told = errors_of(text(desk.send(fill_page(desk), sent)))
    assert told["#heart_rate"] == "心率 : 此项必填，或说明缺失原因。"
    assert told["#systolic_bp"].startswith("收缩压 :")
    assert told["#diastolic_bp"].startswith("舒张压 :")
    assert told["#medications-0-drug_name"].startswith("用药情况 1 · 药物名称 :"), "the row and its part"


def test_nobody_is_asked_for_a_reason_where_the_page_has_no_place_for_one(desk: Desk) -> None:
    page = text(desk.send(fill_page(desk, "encounter_note"), desk.begin(fill_page(desk, "encounter_note"))))
    assert "缺失原因" not in page
    assert set(errors_of(page)) == {"#subjective", "#objective", "#assessment", "#plan"}


def test_a_table_that_must_be_filled_in_says_so_and_has_the_focus_when_it_was_not(desk: Desk) -> None:
    address = fill_page(desk, "resident_profile")
    page = text(desk.browser().get(address))
    assert one(page, "#past_diseases > legend .required")
    assert not one(page, "#past_diseases-0-disease").get("aria-invalid")
    sent = desk.begin(address) | {"drug_allergies": ["1"]}
    page = text(desk.send(address, sent))
    assert set(errors_of(page)) == {"#past_diseases"}
    first = BeautifulSoup(page, "html.parser").select('[aria-invalid="true"]')[0]
    assert first["id"] == "past_diseases-0-disease", "where the cursor goes"


def test_units_that_people_say_are_words_of_the_page(desk: Desk) -> None:
    labels = BeautifulSoup(text(desk.browser().get(fill_page(desk))), "html.parser").select(".unit")
    units = {label.get_text(strip=True) for label in labels}
    assert "mmHg" in units
    assert not units & texts.UNITS.keys(), "said in the page's language"


def test_the_paper_has_the_papers_word_for_the_signature_and_room_for_notes(fresh: Desk) -> None:
    record = fresh.signed()
    page = text(fresh.browser().get(f"{record}/print?in=zh"))
    assert one(page, ".paper-form tr:last-child th").get_text(strip=True) == "随访医生签名"
    assert "is-short" not in one(page, ".paper-form")["class"]
    address = fill_page(fresh, "encounter_note")
    notes = {name: [name] for name in ("subjective", "objective", "assessment", "plan")}
    answer = fresh.send(address, fresh.begin(address) | notes)
    page = text(fresh.browser().get(f"{answer.headers['Location']}/print?in=zh"))
    assert "is-short" in one(page, ".paper-form")["class"]
    assert len(BeautifulSoup(page, "html.parser").select("tr.paper-tall")) == len(notes)


def test_the_paper_has_the_next_day_also_where_it_was_left_to_the_rules(fresh: Desk) -> None:
    address = fresh.signed()
    (record,) = fresh.records()
    assert record.next_due_on
    assert "next_due_date" not in record.answers
    paper = one(text(fresh.browser().get(f"{address}/print?in=zh")), ".paper-form").get_text(" ", strip=True)
    assert f"下次随访日期 {record.next_due_on}" in paper


def rows_of(desk: Desk, address: str) -> dict[str, str]:
    """The rows of a record's Chinese paper: what each is called, and what stands in its cells."""
    page = BeautifulSoup(text(desk.browser().get(f"{address}/print?in=zh")), "html.parser")
    return {
        row.select("th")[-1].get_text(" ", strip=True): " ".join(
            cell.get_text(" ", strip=True) for cell in row.select("td")
        ).strip()
        for row in page.select(".paper-form tr")
    }


def test_the_paper_has_the_pressure_in_one_row(fresh: Desk) -> None:
    address = fresh.signed()
    (record,) = fresh.records()
    rows = rows_of(fresh, address)
    pressure = next(name for name in rows if name.startswith("收缩压"))
    assert pressure == "收缩压/舒张压 mmHg"
    assert rows[pressure] == f"{record.answers['systolic_bp']}/{record.answers['diastolic_bp']}"
    assert not [name for name in rows if name.startswith("舒张压")], "it has no row of its own"


def test_a_referral_does_not_print_the_control_of_its_page(fresh: Desk) -> None:
    address = fill_page(fresh, "referral")
    names = ("to_institution", "to_department", "initial_impression", "present_history")
    texts = {name: [name] for name in names}
    answer = fresh.send(address, fresh.begin(address) | texts)
    assert answer.status_code == 303, answer.status_code
    rows = rows_of(fresh, answer.headers["Location"])
    assert "initial_impression" in rows.values()
    assert not [name for name in rows if "敏感" in name]


def test_the_cover_begins_with_her_phone_and_a_referral_does_not(app: Flask) -> None:
    number = synthetic.phone()
    desk = open_desk(app, phone_0=number)
    assert desk.begin(fill_page(desk, "health_record"))["phone"] == [number]
    assert desk.begin(fill_page(desk, "referral"))["phone"] == [""], "there it is the doctor's"


def test_a_time_is_asked_for_with_an_example(desk: Desk) -> None:
    page = text(desk.browser().get(fill_page(desk, "bp_reading")))
    hint = BeautifulSoup(page, "html.parser").select("#measured_at ~ .hint bdi")
    assert [one.get_text() for one in hint] == ["2026-05-07 09:30"]


def test_from_a_print_in_one_language_both_are_one_step_away(fresh: Desk) -> None:
    address = f"{fresh.signed()}/print"
    here = f"a[href^='{address}']"
    for chosen, others in (("", {"zh", "ug"}), ("zh", {"", "ug"}), ("ug", {"", "zh"})):
        page = text(fresh.browser().get(f"{address}?in={chosen}" if chosen else address))
        links = {str(one["href"]) for one in BeautifulSoup(page, "html.parser").select(here)}
        assert links == {f"{address}?in={each}" if each else address for each in others}
        assert page.count("<article") == (1 if chosen else 2)
