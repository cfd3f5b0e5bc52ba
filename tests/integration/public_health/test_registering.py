"""Into the management of hypertension in one walk: offered, asked, registered; nothing begins by itself."""

from __future__ import annotations

import typing
import uuid

import pytest
import sqlalchemy as sa

from saas.formkit.models import Record
from saas.public_health import models
from saas.web import clock
from tests.integration.records.conftest import form_on
from tests.integration.residents import pages
from tests.support import signing, visited, world

if typing.TYPE_CHECKING:
    from flask import Flask

    from tests.support.visited import Village

FORM = "hypertension_registration"
CONFIRMED = {"confirmed_by": "试验县人民医院", "primary": "1", "risk_factors": ["6"]}


@pytest.fixture(scope="module")
def clinic(app: Flask) -> Village:
    """The clinic with its doctor."""
    return visited.village(app)


@pytest.fixture
def whom(clinic: Village) -> str:
    """A woman of 63 with hypertension among her past illnesses."""
    made = clinic.register("1963-05-07")
    clinic.signed(made, "resident_profile", drug_allergies=["1"], **{"past_diseases-0-disease": "2"})
    return made


def parts(clinic: Village, whom: str) -> list[tuple[str, str]]:
    """Her times in programmes and why each ended."""
    with world.inside(clinic.house.app, clinic.house.card) as session:
        rows = session.scalars(
            sa.select(models.Enrolment).where(models.Enrolment.resident_id == uuid.UUID(whom))
        )
        return [(row.programme, row.end_reason) for row in rows]


def say(clinic: Village, whom: str, answer: str, about: str = "hypertension") -> str:
    """Her answer on the sheet; where it leads."""
    path = f"/residents/{whom}/consent?about={about}&sheet=ug"
    sent = pages.fields_of(clinic.browser.get(path)) | {"answer": answer}
    answered = [clinic.browser.post(path, data=sent) for _ in range(2)]
    assert [one.status_code for one in answered] == [303, 303]
    assert answered[0].headers["Location"] == answered[1].headers["Location"]
    return answered[0].headers["Location"]


def health(clinic: Village, whom: str) -> str:
    """Her programmes on her page, with their links."""
    return str(pages.soup(clinic.browser.get(f"/residents/{whom}")).select_one("#programmes"))


def test_the_offer_leads_to_the_sheet_the_yes_to_the_registration(clinic: Village, whom: str) -> None:
    assert "about=hypertension" in health(clinic, whom)
    assert parts(clinic, whom) == [], "what is offered has not begun"
    address = say(clinic, whom, "yes")
    assert address == clinic.path(whom, FORM)
    assert parts(clinic, whom) == [("hypertension", "")]
    begun = clinic.typed(whom, FORM)
    today = str(clock.today())
    assert (begun["enrolled_on"], begun["consent"]) == ([today], ["1"]), "what the sheet says stands there"
    assert FORM in health(clinic, whom), "who leaves the walk finds the way back"
    clinic.signed(whom, FORM, confirmed_on=today, **CONFIRMED)
    assert FORM not in health(clinic, whom)
    assert parts(clinic, whom) == [("hypertension", "")]


def test_a_no_and_another_programme_lead_back_to_her_page(clinic: Village, whom: str) -> None:
    assert say(clinic, whom, "no") == f"/residents/{whom}"
    assert say(clinic, whom, "yes", about="diabetes") == f"/residents/{whom}"


def test_a_registration_enrols_nobody_and_leads_to_the_sheet(clinic: Village, whom: str) -> None:
    sent = clinic.typed(whom, FORM, confirmed_on=str(clock.today()), consent="1", **CONFIRMED)
    answer = clinic.browser.post(clinic.path(whom, FORM), data=sent)
    assert answer.headers["Location"] == f"/residents/{whom}/consent?about=hypertension"
    assert parts(clinic, whom) == []
    assert say(clinic, whom, "yes") == f"/residents/{whom}", "it is registered already"
    assert parts(clinic, whom) == [("hypertension", "")]


def test_without_consent_the_registration_is_refused_and_nothing_is_lost(clinic: Village, whom: str) -> None:
    sent = clinic.typed(whom, FORM, confirmed_on=str(clock.today()), consent="0", **CONFIRMED)
    answer = clinic.browser.post(clinic.path(whom, FORM), data=sent)
    assert answer.status_code == 422
    assert set(pages.errors_of(answer)) == {"consent"}
    assert pages.fields_of(answer)["confirmed_by"] == CONFIRMED["confirmed_by"]
    with world.inside(clinic.house.app, clinic.house.card) as session:
        query = sa.select(Record).where(Record.resident_id == uuid.UUID(whom), Record.form_code == FORM)
        assert session.scalars(query).all() == []


def test_screening_offers_and_never_enrols(clinic: Village) -> None:
    whom = clinic.register("1963-05-07")
    for days in (9, 6, 3):
        raised = {**signing.BP, "systolic": 152}
        signing.sign(clinic.house, whom, "bp_reading", raised, signing.days_ago(days))
    assert "about=hypertension" in health(clinic, whom)
    assert parts(clinic, whom) == []


def test_a_registration_that_staff_end_ends_her_part(clinic: Village, whom: str) -> None:
    say(clinic, whom, "yes")
    today = str(clock.today())
    sent = clinic.typed(whom, FORM, confirmed_on=today, **CONFIRMED)
    record = clinic.browser.post(clinic.path(whom, FORM), data=sent).headers["Location"]
    page = clinic.browser.get(f"{record}/amend")
    changed = form_on(page.get_data(as_text=True)) | {
        "ended_on": [today], "end_reason": ["not_confirmed"], "amend_reason": ["复诊未确诊"]
    }  # fmt: skip
    assert clinic.browser.post(f"{record}/amend", data=changed).status_code == 303
    assert parts(clinic, whom) == [("hypertension", "not_confirmed")]
    assert "ht_followup" not in clinic.owed(whom)


def test_who_may_not_write_records_is_not_led_to_one(app: Flask, clinic: Village, whom: str) -> None:
    admin = world.add_staff(app, clinic.house.card, f"head.{whom[-6:]}", "clinic_admin", places="all")
    browser = world.sign_in(app, admin)
    path = f"/residents/{whom}/consent?about=hypertension&sheet=ug"
    sent = pages.fields_of(browser.get(path)) | {"answer": "yes"}
    assert browser.post(path, data=sent).headers["Location"] == f"/residents/{whom}"
