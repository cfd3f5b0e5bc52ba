"""What the national papers have beside plain rows: a letter and its stub, points, fields in one cell."""

from __future__ import annotations

import typing

import pytest
from bs4 import BeautifulSoup

from saas.public_health.rules import elderly
from saas.residents.messages import isolated
from saas.web import clock
from tests.e2e.people import citizen_number
from tests.integration.records.conftest import listed, open_desk
from tests.integration.records.test_filling import fill_page, text
from tests.support import complete, synthetic
from tests.support.filled import BY_CODE

if typing.TYPE_CHECKING:
    from bs4 import Tag
    from flask import Flask

    from tests.integration.records.conftest import Desk

pytestmark = pytest.mark.timeout(60)
SELF_CARE = {"meal": "3", "grooming": "1", "dressing": "1", "toileting": "2", "mobility": "3"}
"""3, 0, 0, 1 and 5 points."""
LETTER = ("to_institution", "to_department", "receiving_doctor", "initial_impression", "present_history")


def paper(desk: Desk, address: str, language: str = "zh", more: str = "") -> Tag:
    """The sheet in one language."""
    page = text(desk.browser().get(f"{address}/print?in={language}{more}"))
    (sheet,) = BeautifulSoup(page, "html.parser").select("article.paper")
    return sheet


def rows_of(sheet: Tag) -> dict[str, str]:
    """The rows of a sheet: what their label says, and what stands in the first cell."""
    rows = {row: row.select('th[scope="row"]') for row in sheet.select(".paper-form tr") if row.td}
    return {words(heads[0]): words(row.select("td")[0]) for row, heads in rows.items() if heads}


def words(tag: Tag) -> str:
    """The words of a part of the sheet."""
    return " ".join(tag.get_text(" ", strip=True).split())


def whole(desk: Desk, code: str, **more: object) -> str:
    """A form with an answer to everything, and its record's address."""
    path = fill_page(desk, code)
    texts = {key: list(each) for key, each in complete.page(BY_CODE[code], clock.today()).items()}
    answer = desk.confirmed(path, desk.begin(path) | texts | listed(more))
    assert answer.status_code == 303
    return str(answer.location)


def test_a_referral_says_who_she_is_and_leaves_a_stub(app: Flask) -> None:
    number = synthetic.phone()
    desk = open_desk(app, phone_0=number, township="试验乡", village="三村")
    address = desk.signed("referral", **{name: f"试验 {name}" for name in LETTER}, phone="00087654321")
    sheet = paper(desk, address)
    stub, letter = sheet.select_one(".paper-stub"), sheet
    assert stub is not None
    age = clock.today().year - 1950
    for part in (words(stub), words(letter).replace(words(stub), "", 1)):
        assert "姓名 ئايگۈل سىناق" in part
        assert "性别 女" in part
        assert f"年龄 {isolated(str(age))}" in part
        assert "现住址 试验乡 三村" in part
        assert f"电话 {number}" in part
        assert "试验 to_institution" in part
        assert "试验 receiving_doctor" in part
        assert f"转诊日期 {clock.today()}" in part
    assert desk.clinic.name_zh in words(stub), "from where"
    assert "转诊医生" in words(stub)
    assert "00087654321" in words(letter)
    assert "00087654321" not in words(stub), "the doctor's phone goes along"
    assert "to_institution" not in rows_of(sheet), "it stands once in the letter"


def test_the_letter_is_in_the_language_of_its_sheet(fresh: Desk) -> None:
    address = fresh.signed("referral", **dict.fromkeys(LETTER, "试验"))
    sheet = paper(fresh, address, "ug")
    assert sheet["dir"] == "rtl"
    assert "ئايال" in words(sheet)
    assert "女" not in words(sheet)


def test_no_document_number_leaves_with_a_letter(app: Flask) -> None:
    document = citizen_number("19500101", 2)
    desk = open_desk(app, document_type="01", document_number=document)
    address = desk.signed("referral", **dict.fromkeys(LETTER, "试验"))
    assert document[-4:] not in words(paper(desk, address))


def test_self_care_has_the_papers_table_with_its_points(fresh: Desk) -> None:
    address = fresh.signed("elderly_self_care", **SELF_CARE)
    table = paper(fresh, address).select_one(".paper-items")
    assert table is not None
    items = [body for body in table.select("tbody") if len(body.select("tr")) == 2]
    for (item, scores), body in zip(elderly.SCORES.items(), items, strict=True):
        points = [words(cell) for cell in body.select("tr")[1].select("td")]
        printed = {str(place): point for place, point in enumerate(points, 1)}
        assert {code: printed[code] for code in scores} == {code: str(each) for code, each in scores.items()}
        assert words(body.select(".paper-score")[0]) == str(scores[SELF_CARE[item]])
        (found, _) = body.select(".is-found")
        assert words(found).startswith("✓")
    assert [words(cell) for cell in table.select("tbody")[-1].select("th, td")] == [
        "总分 · 老年人生活自理能力自我评估: 中度依赖（9–18分）",
        "9",
    ]


def test_the_examination_has_one_cell_where_the_paper_has_one(fresh: Desk) -> None:
    rows = rows_of(paper(fresh, whole(fresh, "health_exam"), more="&sensitive=1"))
    pressures = [(label, cell) for label, cell in rows.items() if "压" in label and "mmHg" in label]
    assert [cell for _, cell in pressures] == ["128/82 mmHg", "126/80 mmHg"]
    assert [label[:2] for label, _ in pressures] == ["左侧", "右侧"]
    assert "血红蛋白" in rows["血常规"]
    assert "血小板" in rows["血常规"]
    assert "skin_text" in rows["皮肤"], "the text of a choice stands beside it"
    assert not [label for label in rows if "异常（" in label]


def test_what_the_paper_has_no_row_for_is_printed_where_it_was_answered(fresh: Desk) -> None:
    plain = rows_of(paper(fresh, fresh.signed()))
    assert not [label for label in plain if "危险体征" in label]
    told = rows_of(paper(fresh, fresh.signed(danger_signs=["1"])))
    assert {label.split()[0] for label in told.keys() - plain.keys()} == {"危险体征", "紧急程度"}


def test_a_dose_is_printed_without_zeros_after_the_point(fresh: Desk) -> None:
    row = {"drug_name": "氨氯地平", "times_per_day": "1.0", "dose_each": "2.50", "dose_unit": "mg"}
    more = {f"medications-0-{name}": each for name, each in row.items()}
    assert rows_of(paper(fresh, fresh.signed(**more)))["用药情况"] == (
        "氨氯地平 · 每日次数 1 · 每次用量 2.5 毫克（mg）"
    )


def test_a_visit_without_a_day_is_todays_on_paper_too(fresh: Desk) -> None:
    rows = rows_of(paper(fresh, fresh.signed(service_date="")))
    assert rows["随访日期"] == str(clock.today())
