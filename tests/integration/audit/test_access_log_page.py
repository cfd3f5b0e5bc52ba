"""The page of the access log: for the administrator, newest first, by person and day, without names."""

from __future__ import annotations

import typing

import pytest
from bs4 import BeautifulSoup

from saas.audit.models import AccessLog
from saas.web import clock
from tests.integration.residents import pages
from tests.support import world
from tests.support.page import check_page

if typing.TYPE_CHECKING:
    from tests.conftest import ClinicWorld
    from tests.support.world import Browser

SINCE = "/access-log"


@pytest.fixture
def head(north: ClinicWorld) -> Browser:
    """The northern clinic's administrator."""
    return north.browser("clinic_admin")


def numbers(html: str) -> list[int]:
    """The numbers of the rows on a page."""
    page = BeautifulSoup(html, "html.parser")
    return [int(row.select("td")[0].get_text()) for row in page.select("tbody tr")]


def in_the_log(north: ClinicWorld, *conditions: typing.Any) -> list[int]:  # noqa: ANN401
    """The numbers of the table's rows, newest first."""
    card = world.card_of(north.app, north.code)
    with world.inside(north.app, card) as session:
        query = session.query(AccessLog.number).filter(*conditions)
        return [row[0] for row in query.order_by(AccessLog.number.desc())]


def test_all_rows_stand_there_newest_first_fifty_a_page(north: ClinicWorld, head: Browser) -> None:
    doctor = north.browser()
    for _ in range(60):
        doctor.get("/residents")
    expected, found, path = in_the_log(north), [], SINCE
    while path:
        html = head.get(path).get_data(as_text=True)
        check_page(html, "ug")
        assert len(numbers(html)) <= 50
        found += numbers(html)
        link = BeautifulSoup(html, "html.parser").select_one('a[rel="next"]')
        path = str(link["href"]) if link else ""
    assert found == expected
    assert len(found) > 50


def test_one_persons_rows_of_one_day(north: ClinicWorld, head: Browser) -> None:
    doctor = north.person("village_doctor")
    north.browser().get("/residents")
    day = clock.today().isoformat()
    html = head.get(f"{SINCE}?staff={doctor.staff_id}&day={day}").get_data(as_text=True)
    assert numbers(html) == in_the_log(north, AccessLog.staff_id == doctor.staff_id)[:50]
    assert numbers(head.get(f"{SINCE}?day=2001-01-01").get_data(as_text=True)) == []


@pytest.mark.parametrize(
    "query",
    [
        "staff=x",
        "staff=01900000-0000-7000-8000-000000000000",
        "day=x",
        "day=2026-02-30",
        "day=9999-12-31",
        "before=x",
    ],
)
def test_what_cannot_be_asked_is_not_found(head: Browser, query: str) -> None:
    assert head.get(f"{SINCE}?{query}").status_code == 404


def test_a_resident_is_shown_by_the_end_of_her_record_and_never_by_name(
    north: ClinicWorld, head: Browser
) -> None:
    doctor = north.browser()
    made = pages.register(doctor, name_0="گۈلنار تەكشۈر", sex_code="2", birth="1990")
    doctor.get(f"/residents/{made}")
    html = head.get(SINCE).get_data(as_text=True)
    assert made[-6:].upper() in html
    assert made not in html
    assert "گۈلنار" not in html


def test_looking_is_a_row_itself(north: ClinicWorld, head: Browser) -> None:
    before = in_the_log(north)
    head.get(SINCE)
    after = in_the_log(north, AccessLog.act == "access_log.shown")
    assert after[0] == before[0] + 1


@pytest.mark.parametrize("role", ["village_doctor", "township_gp", "pharmacist", "audit_reviewer"])
def test_only_the_administrator_sees_it(north: ClinicWorld, role: str) -> None:
    assert north.browser(role).get(SINCE).status_code == 403
