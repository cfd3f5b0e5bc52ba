"""Taking part in a programme: by one's own yes, out by one step or with a reason; health at a glance."""

from __future__ import annotations

import gzip
import typing
import uuid

import pytest
import sqlalchemy as sa

from saas.public_health import models
from tests.integration.residents import pages
from tests.support import signing, world

if typing.TYPE_CHECKING:
    from tests.conftest import ClinicWorld
    from tests.support.world import Browser

MOST_BYTES = 12_288


@pytest.fixture
def resident_id(north: ClinicWorld) -> str:
    """A woman of 63."""
    return pages.register(north.browser(), name_0="سىناق", sex_code="2", birth="1963-05-07")


def answer(browser: Browser, resident_id: str, programme: str, said: str = "yes") -> None:
    """What she says on the page of the programme."""
    path = f"/residents/{resident_id}/consent?about={programme}&sheet=ug"
    page = pages.fields_of(browser.get(path)) | {"answer": said}
    assert browser.post(path, data=page).status_code == 303


def parts(north: ClinicWorld, resident_id: str) -> list[tuple[str, str]]:
    """Her times in programmes: which, and why each ended."""
    with world.inside(north.app, north.card) as session:
        rows = session.scalars(
            sa.select(models.Enrolment)
            .where(models.Enrolment.resident_id == uuid.UUID(resident_id))
            .order_by(models.Enrolment.id)
        )
        return [(row.programme, row.end_reason) for row in rows]


def test_her_yes_begins_it_and_one_step_ends_it(north: ClinicWorld, resident_id: str) -> None:
    browser = north.browser()
    answer(browser, resident_id, "hypertension")
    assert parts(north, resident_id) == [("hypertension", "")]
    assert "ht_followup" in browser.get(f"/residents/{resident_id}").get_data(as_text=True)
    sent = browser.send(f"/residents/{resident_id}/consent/withdraw", {"purpose": "hypertension"})
    assert sent.status_code == 303
    assert parts(north, resident_id) == [("hypertension", "withdrawn")]
    answer(browser, resident_id, "hypertension")
    assert parts(north, resident_id) == [("hypertension", "withdrawn"), ("hypertension", "")]


def test_the_same_yes_sent_twice_is_one_part(north: ClinicWorld, resident_id: str) -> None:
    browser = north.browser()
    path = f"/residents/{resident_id}/consent?about=elderly&sheet=ug"
    page = pages.fields_of(browser.get(path)) | {"answer": "yes"}
    assert [browser.post(path, data=page).status_code for _ in range(2)] == [303, 303]
    assert parts(north, resident_id) == [("elderly", "")]


def test_a_no_begins_nothing_and_is_told_like_no_answer(north: ClinicWorld, resident_id: str) -> None:
    browser = north.browser()
    before = _programmes(browser, resident_id)
    answer(browser, resident_id, "hypertension", "no")
    assert parts(north, resident_id) == []
    assert _programmes(browser, resident_id) == before


def _programmes(browser: Browser, resident_id: str) -> str:
    (part,) = pages.soup(browser.get(f"/residents/{resident_id}")).select("#programmes")
    return " ".join(part.get_text(" ").split())


def test_staff_end_it_with_a_reason_once(north: ClinicWorld, resident_id: str) -> None:
    browser = north.browser()
    answer(browser, resident_id, "diabetes")
    path = f"/residents/{resident_id}/programme-end?about=diabetes"
    page = pages.fields_of(browser.get(path))
    missing = browser.post(path, data=page)
    assert missing.status_code == 422
    assert 'aria-invalid="true"' in missing.get_data(as_text=True)
    for _ in range(2):
        assert browser.post(path, data=page | {"reason": "not_confirmed"}).status_code == 303
    assert parts(north, resident_id) == [("diabetes", "not_confirmed")]
    assert pages.save(browser, resident_id, pages.opened(browser, resident_id)).status_code == 303
    assert parts(north, resident_id) == [("diabetes", "not_confirmed")], "the old yes begins nothing anew"


@pytest.mark.parametrize("about", ["record", "", "x"])
def test_only_programmes_can_be_ended(north: ClinicWorld, resident_id: str, about: str) -> None:
    answered = north.browser().get(f"/residents/{resident_id}/programme-end?about={about}")
    assert answered.status_code == 404


def test_three_raised_days_are_an_offer_and_no_part(north: ClinicWorld, resident_id: str) -> None:
    for days in (9, 6, 3):
        raised = {**signing.BP, "systolic": 152}
        signing.sign(north, resident_id, "bp_reading", raised, signing.days_ago(days))
    page = north.browser().get(f"/residents/{resident_id}").get_data(as_text=True)
    assert "about=hypertension" in page
    assert parts(north, resident_id) == []


@pytest.mark.parametrize("language", ["ug", "zh"])
def test_the_page_with_a_years_records_stays_small(
    north: ClinicWorld, resident_id: str, language: str
) -> None:
    browser = north.browser()
    answer(browser, resident_id, "hypertension")
    for days in range(330, 0, -30):
        medicines = {"medications": [{"drug_name": "氨氯地平片", "dose_each": "5", "dose_unit": "mg"}]}
        signing.sign(
            north, resident_id, "ht_followup", {**signing.FOLLOWUP, **medicines}, signing.days_ago(days)
        )
    browser.send("/language", {"_language": language, "back": "/"})
    page = browser.get(f"/residents/{resident_id}")
    assert page.status_code == 200
    body = page.get_data(as_text=True)
    assert body.count("spark-line") == 3, "two lines of pressure, one of weight"
    assert body.count('class="spark-limit"') == 2, "the limits of both pressures"
    assert "氨氯地平片" in body
    assert len(gzip.compress(body.encode(), 6)) <= MOST_BYTES


def test_an_offer_says_where_it_is_written(north: ClinicWorld, resident_id: str) -> None:
    signing.sign(
        north, resident_id, "resident_profile",
        {"sex_code": "2", "birth_date": "1963-05-07", "drug_allergies": ["1"],
         "past_diseases": [{"disease": "2"}]}, signing.days_ago(1),
    )  # fmt: skip
    for days in (9, 6, 3):
        exam = {"visit_mode": "1", "fasting_glucose": "7.4"}
        visit = {**signing.DIABETES_FOLLOWUP, **exam}
        signing.sign(north, resident_id, "dm_followup", visit, signing.days_ago(days))
    sources = pages.soup(north.browser().get(f"/residents/{resident_id}")).select("#programmes .source")
    assert [one.get_text().rsplit("§", 1)[1].strip("\u2069)） ") for one in sources] == ["1.2", "1.3.2"]


def test_the_last_records_with_their_day_form_and_who_signed(north: ClinicWorld, resident_id: str) -> None:
    for days in range(7, 0, -1):
        signing.sign(north, resident_id, "bp_reading", signing.BP, signing.days_ago(days))
    signing.sign(north, resident_id, "call_outcome", {"outcome": "1"}, signing.days_ago(0))
    browser = north.browser()
    page = pages.soup(browser.get(f"/residents/{resident_id}"))
    lines = page.select(".last-records li")
    assert len(lines) == 5
    assert [line.get_text().split()[0] for line in lines] == [signing.days_ago(days) for days in range(1, 6)]
    assert all(len(line.select("small")[0].get_text(strip=True)) > 2 for line in lines)
    link = lines[0].select_one("a")
    assert link is not None
    assert browser.get(str(link["href"])).status_code == 200


def test_who_may_not_read_records_sees_no_health(north: ClinicWorld, resident_id: str) -> None:
    page = north.browser("clinic_admin").get(f"/residents/{resident_id}")
    assert "health-heading" not in page.get_data(as_text=True)
