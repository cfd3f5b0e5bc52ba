"""When something was: a day can be presumed, a time of day is asked for; the page marks what it asks."""

from __future__ import annotations

import datetime
import typing
import uuid

import pytest
from bs4 import BeautifulSoup

from saas.accounts.models import Site
from saas.formkit import records, showing, texts
from saas.formkit.declaring import Form, fields_of, is_presumed
from saas.formkit.evaluating import evaluate
from saas.web import clock
from saas.web.clinic import clinic_of
from saas.web.models import ClinicSetting
from tests.integration.records.conftest import form_on, listed
from tests.integration.records.test_filling import fill_page, text
from tests.isolation.records import EDUCATION
from tests.support import world
from tests.support.declared import every_form
from tests.support.filled import BY_CODE, HYPERTENSION

if typing.TYPE_CHECKING:
    from flask import Flask

    from tests.integration.records.conftest import Desk

pytestmark = pytest.mark.timeout(60)
TIMES = (("bp_reading", "measured_at"), ("health_education_activity", "held_at"))
READING = {"systolic": "128", "diastolic": "78"}
ACTIVITY = "/public-health/clinic-forms/forms/health_education_activity"


@every_form
def test_a_star_stands_where_a_blank_is_refused_and_nowhere_else(form: type[Form]) -> None:
    found = evaluate(form, {}, today=clock.today(), resident={"birth_date": "1950-01-01", "sex_code": "2"})
    refused = {each.field for each in found.refusals if each.fault.code == "required"}
    assert found.needed == refused


def test_the_tool_asks_for_no_reason_where_none_can_stand(app: Flask) -> None:
    form = BY_CODE["bp_reading"]
    found = evaluate(form, {}, today=clock.today())
    with app.app_context(), texts.speaking("en"):
        told = {each.field: texts.about_refusal(form, each) for each in found.refusals}
    assert told["measured_at"] == "Fill this in."
    assert told["systolic"] == "Fill this in, or say why it is missing."


@pytest.mark.parametrize(("code", "name"), TIMES)
def test_a_time_is_demanded_and_a_day_alone_is_none(code: str, name: str) -> None:
    for raw in ({}, {name: ""}, {name: "2026-03-05"}):
        found = evaluate(BY_CODE[code], raw, today=clock.today())
        assert name in {each.field for each in found.refusals}, raw
    assert not is_presumed(BY_CODE[code], name)


def test_the_tool_says_which_day_a_blank_means(app: Flask) -> None:
    with app.app_context():
        said = {code: showing.described(form)["fields"] for code, form in BY_CODE.items()}
    for code, fields in said.items():
        presumed = [
            each["name"] for each in typing.cast("list[dict[str, object]]", fields) if "blank_is" in each
        ]
        day = BY_CODE[code].about.visit_day
        assert presumed == ([day] if fields_of(BY_CODE[code])[day].kind == "date" else [])


def test_a_reading_is_proposed_for_now_and_can_be_another_time(desk: Desk) -> None:
    page = desk.begin(fill_page(desk, "bp_reading"))
    (proposed,) = page["measured_at"]
    moment = datetime.datetime.strptime(proposed, "%Y-%m-%d %H:%M").replace(tzinfo=clock.BEIJING)
    assert datetime.timedelta() <= clock.now() - moment < datetime.timedelta(minutes=2)
    answer = desk.send(
        fill_page(desk, "bp_reading"), page | listed(READING | {"measured_at": "2026-03-05 09:30"})
    )
    assert answer.status_code == 303
    assert desk.records()[-1].answers["measured_at"] == "2026-03-05 09:30"
    assert str(desk.records()[-1].service_date) == "2026-03-05"


def test_a_reading_without_its_time_comes_back_with_what_was_typed(desk: Desk) -> None:
    address = fill_page(desk, "bp_reading")
    before = len(desk.records())
    answer = desk.send(address, desk.begin(address) | listed(READING | {"measured_at": ""}))
    assert answer.status_code == 422
    page = BeautifulSoup(text(answer), "html.parser")
    assert page.select_one("#measured_at-error")
    assert page.select_one('label[for="measured_at"] .required')
    assert form_on(text(answer))["systolic"] == ["128"]
    assert len(desk.records()) == before


def test_when_an_activity_was_nobody_proposes(desk: Desk) -> None:
    page = desk.begin(ACTIVITY)
    assert page["held_at"] == [""]
    answer = desk.send(ACTIVITY, page | listed(EDUCATION | {"held_at": ""}))
    assert answer.status_code == 422
    assert BeautifulSoup(text(answer), "html.parser").select_one("#held_at-error")
    assert desk.send(ACTIVITY, page | listed(EDUCATION)).status_code == 303


def test_the_day_of_a_visit_that_is_left_blank_is_the_clinics_day(fresh: Desk) -> None:
    """Before eight in the morning of Beijing, the world's clock still has the day before."""
    early = datetime.datetime(2026, 3, 4, 17, 30, tzinfo=datetime.UTC)
    found = evaluate(
        BY_CODE["ht_followup"],
        {name: each for name, each in HYPERTENSION.items() if name != "service_date"},
        today=datetime.date(2026, 3, 5),
    )
    assert "service_date" not in {each.field for each in found.refusals}
    with world.inside(fresh.app, fresh.clinic) as session:
        keys = clinic_of(fresh.clinic, session.query(ClinicSetting).one()).keys
        site = session.query(Site).filter_by(kind="centre").one()
        place = records.Signature(fresh.staff["doctor"].staff_id, site.id, early, uuid.uuid4())
        record = records.sign(found, place, keys, resident_id=fresh.resident_id)
        assert record is not None
        assert str(record.service_date) == "2026-03-05"
