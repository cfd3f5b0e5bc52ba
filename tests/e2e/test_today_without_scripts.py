"""The list of today where no script runs: visits, calls, joint visit, undo, file and paper."""

from __future__ import annotations

import io
import re
import typing

import openpyxl

from saas.public_health import daysheet
from tests.e2e.hands import sit_down
from tests.e2e.test_today import doctor_with

if typing.TYPE_CHECKING:
    from playwright.sync_api import FilePayload

    from tests.e2e.hands import Hands
    from tests.e2e.house import House

VISIT = {"systolic_bp": "138", "diastolic_bp": "88", "heart_rate": "72"}
CHOICES = ("symptoms-1", "adverse_reaction-1")


def filled(bare: Hands, texts: dict[str, str], *choices: str) -> None:
    """Fill in what a visit asks."""
    for name, text in texts.items():
        bare.page.fill(f"#{name}", text)
    for choice in choices:
        bare.page.check(f"#{choice}")


def sign(bare: Hands) -> None:
    """Sign and save; what the rules ask is confirmed once."""
    bare.follow("button[data-save]")
    if bare.page.is_visible("#asked"):
        bare.follow("button[data-save]")


def lines(bare: Hands) -> list[str]:
    """The addresses of the lines of a list."""
    return [str(one.get_attribute("href")) for one in bare.page.locator("tbody th a").all()]


def test_from_the_list_to_a_visit_and_the_next_person(bare: Hands, house: House) -> None:
    sit_down(bare, house, doctor_with(house, bare.language, 3, "hypertension"))
    bare.go("/today?filter=hypertension")
    first, second, _ = lines(bare)
    bare.follow("tbody th a")
    filled(bare, {"systolic_bp": "151"}, "symptoms-1")
    # Esc is a button here: what was typed waits, and the list is where it was.
    bare.follow("button[name=_back]")
    bare.at("/today?filter=hypertension*")
    assert bare.page.evaluate("document.activeElement.getAttribute('href')") == first
    bare.follow("tbody th a")
    assert bare.page.input_value("#systolic_bp") == "151"
    bare.follow("form.confirm button")
    assert bare.page.input_value("#systolic_bp") == ""
    assert bare.page.url.endswith(first), "started afresh, one still stands in the list"
    filled(bare, VISIT, *CHOICES)
    sign(bare)
    assert bare.page.url.endswith(second)
    bare.follow("form.flash-undo button")
    assert bare.page.url.endswith(first)
    assert bare.page.input_value("#systolic_bp") == "138"
    sign(bare)
    assert bare.page.url.endswith(second)


def test_the_list_is_searched(bare: Hands, house: House) -> None:
    sit_down(bare, house, doctor_with(house, bare.language, 2, "hypertension"))
    bare.go("/today?filter=hypertension")
    name, second = bare.page.locator("tbody th bdi").first.inner_text(), lines(bare)[1]
    bare.page.fill("#list-q", name)
    bare.follow("main form[role=search] button")
    assert name in bare.page.locator("tbody th bdi").all_inner_texts()
    bare.page.fill("#list-q", "00000000001")
    bare.follow("main form[role=search] button")
    (found,) = lines(bare)
    assert found.startswith(f"{second}."), "the line of the list, and the words after it"
    bare.page.fill("#list-q", "qqqqzzzz")
    bare.follow("main form[role=search] button")
    assert lines(bare) == []
    bare.follow(".empty a")
    assert len(lines(bare)) == 2


def test_calls_with_their_outcomes(bare: Hands, house: House) -> None:
    sit_down(bare, house, doctor_with(house, bare.language, 2, "hypertension"))
    bare.go("/today/calls")
    first, second = lines(bare)
    bare.follow("tbody th a")
    assert "000" in bare.page.inner_text(".call-number")
    filled(bare, {}, "outcome-1")
    sign(bare)
    assert bare.page.url.endswith(second)
    bare.follow("form.flash-undo button")
    assert bare.page.url.endswith(first)
    assert bare.page.is_checked("#outcome-1")
    filled(bare, {}, "outcome-2")
    sign(bare)
    filled(bare, {}, "outcome-1")
    sign(bare)
    bare.at("/today/calls?*")
    assert lines(bare) == []


def test_a_joint_visit(bare: Hands, house: House) -> None:
    sit_down(bare, house, doctor_with(house, bare.language, 2, "hypertension", "diabetes"))
    bare.go("/today?filter=diabetes")
    first, second = lines(bare)
    bare.follow("tbody th a")
    bare.at("/residents/{id}/joint-visit?*")
    filled(bare, VISIT | {"fasting_glucose": "6.4"}, *CHOICES)
    filled(bare, {}, "dm_symptoms-1", "dorsalis_pedis-1", "hypoglycaemia-1")
    sign(bare)
    assert bare.page.url.endswith(second)
    bare.follow("form.flash-undo button")
    assert bare.page.url.endswith(first)
    assert bare.page.is_checked("#dm_symptoms-1")


def test_the_file_of_the_day_goes_out_and_comes_back(bare: Hands, house: House) -> None:
    sit_down(bare, house, doctor_with(house, bare.language, 2, "hypertension"))
    bare.go("/today?filter=hypertension")
    with bare.page.expect_download() as waiting:
        bare.click("a[download]")
    book = openpyxl.load_workbook(io.BytesIO(waiting.value.path().read_bytes()))
    texts = VISIT | {"symptoms": "1", "visit_mode": "1", "weight": "70", "adverse_reaction": "1"}
    for name, text in texts.items():
        book.worksheets[0].cell(2, len(daysheet.HEAD) + 1 + list(daysheet.FIELDS).index(name)).value = text
    body = io.BytesIO()
    book.save(body)
    bare.follow("a[href='/today/bring-back']")
    file: FilePayload = {
        "name": "day.xlsx",
        "mimeType": "application/octet-stream",
        "buffer": body.getvalue(),
    }
    bare.page.set_input_files("#day_file", file)
    bare.follow("button[data-save]")
    results = bare.page.locator("tbody tr td:nth-of-type(2)").all_inner_texts()
    assert len(results) == 2
    assert results[0] != results[1]
    # Sent again it is told so, and nothing is saved twice.
    bare.page.set_input_files("#day_file", file)
    bare.follow("button[data-save]")
    again = bare.page.locator("tbody tr td:nth-of-type(2)").all_inner_texts()
    assert again[0] not in results
    assert again[1] == results[1]
    bare.picture("bring-back")


def test_the_paper_to_fill_in_has_the_lines_of_the_file(bare: Hands, house: House) -> None:
    sit_down(bare, house, doctor_with(house, bare.language, 3, "hypertension"))
    bare.go("/today?filter=hypertension")
    bare.follow("a[href^='/today/paper']")
    numbers = bare.page.locator(".by-hand-who > .code").all_inner_texts()
    assert numbers == ["2", "3", "4"]
    assert re.match("/today[?]filter=hypertension", str(bare.page.get_attribute("[data-key=Escape]", "href")))
    bare.picture("by-hand")
