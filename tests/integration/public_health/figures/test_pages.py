"""The pages of figures: numbers, places, who is missing, paper, Excel, the population of a year."""

from __future__ import annotations

import io
import typing
import uuid

import openpyxl
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from saas.audit.models import AccessLog
from saas.public_health.rules import indicators_periods as periods
from tenants.working import Worker
from tests.support import figured, world
from tests.support.apart import apart
from tests.support.figured import sign_in
from tests.support.page import check_page

if typing.TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from saas.web.i18n import Language
    from tests.support.figured import Figured

pytestmark = pytest.mark.usefixtures("on_that_day")


def rows(answer: TestResponse, code: str) -> list[list[str]]:
    """The lines of one figure's table."""
    section = BeautifulSoup(answer.get_data(as_text=True), "html.parser").select_one(f"#{code}")
    assert section is not None
    return [
        [cell.get_text(" ", strip=True) for cell in row.select("th, td")]
        for row in section.select("tbody tr")
    ]


@pytest.mark.parametrize("language", ["zh", "ug"])
@pytest.mark.parametrize(
    "path", ["", "/print", "/print?in=zh", "/print?in=ug&inside=1", "/missing?figure=elderly_rate"]
)
def test_every_page_is_sound_in_both_languages(counted: Figured, language: Language, path: str) -> None:
    answer = sign_in(counted, "village_doctor", language).get(f"/figures{path}")
    assert answer.status_code == 200
    check_page(answer.get_data(as_text=True), language)


def test_a_year_by_place_and_altogether(counted: Figured) -> None:
    answer = sign_in(counted, "clinic_admin").get("/figures?period=2026")
    found = rows(answer, "ht_control_rate")
    assert [row[1:4] for row in found] == [
        ["0", "0", "—"],
        ["1", "2", "50.0 %"],
        ["1", "2", "50.0 %"],
        ["2", "4", "50.0 %"],
    ]
    assert rows(answer, "record_rate")[-1][1:4] == ["3", "150", "2.0 %"]
    assert rows(answer, "edu_av_count")[-1][1:] == ["1", "1", "1.5"]
    text = answer.get_data(as_text=True)
    assert "ht_control_rate v1" in text
    assert "2026-11-25 12:00" in text


def test_without_a_population_the_rate_is_a_dash_and_not_zero(counted: Figured) -> None:
    answer = sign_in(counted, "clinic_admin").get("/figures?period=2025")
    assert rows(answer, "record_rate")[-1][1:4] == ["3", "—", "—"]


@pytest.mark.parametrize("period", ["2027", "2026-Q5", "2026-13", "x", "2025-to-date", "2026-12"])
def test_a_period_that_is_none_is_not_found(counted: Figured, period: str) -> None:
    assert sign_in(counted, "clinic_admin").get(f"/figures?period={period}").status_code == 404


def test_whoever_may_see_numbers_may_not_by_that_see_people(counted: Figured) -> None:
    head = sign_in(counted, "clinic_admin")
    assert head.get("/figures/missing?figure=ht_control_rate").status_code == 403
    assert "/figures/missing" not in head.get("/figures").get_data(as_text=True)
    for path in ("", "/missing?figure=ht_control_rate", "/print", "/excel", "/population"):
        assert sign_in(counted, "audit_reviewer").get(f"/figures{path}").status_code == 403
    assert sign_in(counted, "village_doctor").get("/figures/population").status_code == 403
    assert sign_in(counted, "village_doctor").send("/figures/count").status_code == 403


def missing(answer: TestResponse) -> dict[str, str]:
    """Whom the list names, with the words beside her."""
    page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
    found = {}
    for row in page.select("main tbody tr"):
        link, said = row.select("a")[0], row.select("td")[-1]
        found[str(link["href"]).rsplit("/", 1)[1]] = said.get_text(" ", strip=True)
    return found


def test_who_is_missing_and_why_with_her_name_in_the_log(counted: Figured) -> None:
    doctor = sign_in(counted, "village_doctor")
    answer = doctor.get("/figures/missing?figure=ht_standard_rate&period=2026")
    found = missing(answer)
    assert found.keys() == {str(counted.people["b"]), str(counted.people["c"])}
    assert "七至九月" in found[str(counted.people["b"])]
    assert "年度健康体检" in found[str(counted.people["b"])]
    assert "四至六月" not in found[str(counted.people["b"])]
    with world.inside(counted.app, counted.card) as session:
        last = session.query(AccessLog).order_by(AccessLog.number.desc()).first()
        assert last is not None
        assert last.act == "figures.missing"
        assert set(last.resident_ids) == set(found)
        assert last.purpose == "care"


def test_a_doctor_sees_only_who_is_in_her_care(counted: Figured) -> None:
    _, first, second = counted.sites
    with world.inside(counted.app, counted.card) as session:
        session.execute(
            sa.text("UPDATE staff SET site_ids = cast(:sites AS jsonb) WHERE username = 'second'"),
            {"sites": f'["{second}"]'},
        )
    doctor = sign_in(counted, "second")
    address = "/figures/missing?figure=ht_standard_rate&period=2026"
    assert missing(doctor.get(address)).keys() == {str(counted.people["c"])}
    assert doctor.get(f"{address}&site={first}").status_code == 404
    assert doctor.get(f"{address}&site={uuid.uuid4()}").status_code == 404
    page = doctor.get("/figures?period=2026").get_data(as_text=True)
    assert f"site={second}" in page
    assert f"site={first}" not in page


@pytest.mark.parametrize(
    "query",
    ["", "figure=no_such", "figure=edu_events", "figure=ht_control_rate&period=2030",
     "figure=ht_control_rate&site=x",
     "figure=ht_control_rate&page=0", "figure=ht_control_rate&page=x"],
)  # fmt: skip
def test_what_is_no_list_is_not_found(counted: Figured, query: str) -> None:
    assert sign_in(counted, "village_doctor").get(f"/figures/missing?{query}").status_code == 404


def test_the_numbers_of_the_page_and_of_the_lists_agree(counted: Figured) -> None:
    doctor = sign_in(counted, "village_doctor")
    page = doctor.get("/figures?period=2026")
    for code in (
        "record_use_rate",
        "elderly_rate",
        "ht_standard_rate",
        "ht_control_rate",
        "dm_standard_rate",
    ):
        reached, all_ = map(int, rows(page, code)[-1][1:3])
        found = missing(doctor.get(f"/figures/missing?figure={code}&period=2026"))
        assert len(found) == all_ - reached, code


def sheet(answer: TestResponse) -> list[list[typing.Any]]:
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]  # type: ignore[union-attr]


def test_the_file_to_be_passed_on_keeps_small_numbers_back_and_holds_no_formula(counted: Figured) -> None:
    head = sign_in(counted, "clinic_admin")
    outside = head.get("/figures/excel?period=2026")
    assert str(outside.mimetype).endswith("spreadsheetml.sheet")
    book = openpyxl.load_workbook(io.BytesIO(outside.data))
    cells = [cell for row in book.active.iter_rows() for cell in row]  # type: ignore[union-attr]
    assert all(cell.data_type != "f" for cell in cells)
    assert "'=HYPERLINK(1)" in [cell.value for cell in cells]
    people = ("ht_", "dm_", "record", "electronic", "elderly")
    mine = [line for line in sheet(outside) if str(line[1]).startswith(people)]
    assert len(mine) == 8 * 4
    assert all(line[3] == "*" for line in mine)
    population = [line[4] for line in mine if str(line[1]).startswith("record_rate")]
    assert population == ["—", 100, 50, 150] or "*" in population
    inside = [
        line
        for line in sheet(head.get("/figures/excel?period=2026&inside=1"))
        if line[1] == "ht_control_rate v1"
    ]
    assert [line[3:6] for line in inside][-1] == [2, 4, "50.0 %"]
    with world.inside(counted.app, counted.card) as session:
        last = session.query(AccessLog).order_by(AccessLog.number.desc()).first()
        assert last is not None
        assert (last.act, last.purpose, last.resident_ids) == ("figures.excel", "administration", [])


@pytest.mark.parametrize(("language", "rtl"), [("zh", False), ("ug", True)])
def test_the_sheet_has_the_direction_of_the_language(counted: Figured, language: str, *, rtl: bool) -> None:
    answer = sign_in(counted, "clinic_admin", language).get("/figures/excel?period=2026")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert bool(book.worksheets[0].sheet_view.rightToLeft) is rtl


def test_paper_in_both_languages_or_one_keeps_back_unless_it_stays_inside(counted: Figured) -> None:
    head = sign_in(counted, "clinic_admin")
    page = BeautifulSoup(head.get("/figures/print?period=2026").get_data(as_text=True), "html.parser")
    assert [paper["lang"] for paper in page.select("article.paper")] == ["zh-Hans-CN", "ug"]
    assert page.select_one("article.paper td").get_text(strip=True) in {"*", "—"}  # type: ignore[union-attr]
    one = BeautifulSoup(
        head.get("/figures/print?period=2026&in=ug&inside=1").get_data(as_text=True), "html.parser"
    )
    assert [paper["dir"] for paper in one.select("article.paper")] == ["rtl"]
    assert "50.0 %" in one.select_one("article.paper").get_text()  # type: ignore[union-attr]


def test_counting_again_is_asked_for_done_by_the_worker_and_seen(counted: Figured) -> None:
    nurse = sign_in(counted, "public_health_nurse")
    answer = nurse.send("/figures/count?period=2026")
    assert answer.status_code == 303
    waiting = nurse.get(answer.location).get_data(as_text=True)
    address = BeautifulSoup(waiting, "html.parser").select_one("[data-progress]")["data-progress"]  # type: ignore[index]
    told = nurse.get(str(address)).get_json()
    assert (told["done"], told["ended"]) == (0, False)
    apart(Worker(world.caretaker(counted.app)).work_off)
    told = nurse.get(str(address)).get_json()
    assert told["ended"]
    assert told["done"] == told["of"] == len(periods.every(figured.TODAY))
    assert "data-progress" not in nurse.get(answer.location).get_data(as_text=True)
