"""One person's health on one screen: what it weighs with years of records, and whether all can read it."""

from __future__ import annotations

import typing

from saas.residents.models import Resident
from tests.e2e.accessible import violations
from tests.e2e.hands import sit_down
from tests.e2e.test_today import doctor_with
from tests.e2e.test_weights import KIB, weigh
from tests.support import signing, world

if typing.TYPE_CHECKING:
    import uuid

    import pytest
    from flask import Flask

    from tenants.cards import ClinicCard
    from tests.e2e.hands import Hands
    from tests.e2e.house import House

MEDICINES: dict[str, object] = {
    "medications": [
        {"drug_name": name, "dose_each": "5", "dose_unit": "mg", "times_per_day": "1"}
        for name in ("氨氯地平片", "依那普利片", "二甲双胍片", "氢氯噻嗪片")
    ]
}
PROFILE: dict[str, object] = {
    "sex_code": "2",
    "birth_date": "1963-05-07",
    "drug_allergies": ["2", "3", "5"],
    "drug_allergies_text": "头孢",
    "past_diseases": [{"disease": code} for code in ("2", "3", "4", "7")],
}


class Clinic(typing.NamedTuple):
    """Where records are signed without a page."""

    app: Flask
    card: ClinicCard


def with_years_of_records(house: House, hands: Hands) -> uuid.UUID:
    """Somebody in both programmes with all that a summary can hold."""
    doctor = doctor_with(house, hands.language, 1, "hypertension", "diabetes")
    sit_down(hands, house, doctor)
    clinic = Clinic(house.app, doctor.card)
    with world.inside(*clinic) as session:
        whom: uuid.UUID = session.query(Resident.id).scalar()
    signing.sign(clinic, whom, "resident_profile", PROFILE, signing.days_ago(900))
    for days in range(840, 0, -60):
        pressure = {"systolic_bp": 128 + days % 50}
        glucose = {**pressure, "fasting_glucose": f"{6 + days % 30 / 10}"}
        first, second = signing.FOLLOWUP, signing.DIABETES_FOLLOWUP
        signing.sign(clinic, whom, "ht_followup", {**first, **pressure, **MEDICINES}, signing.days_ago(days))
        signing.sign(clinic, whom, "dm_followup", {**second, **glucose, **MEDICINES}, signing.days_ago(days))
    return whom


def test_the_summary_weighs_12_kib_in_one_request(
    hands: Hands, house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    whom = with_years_of_records(house, hands)
    hands.go(f"/residents/{whom}")
    later = weigh(hands, f"/residents/{whom}")
    with capsys.disabled():
        print(f"\n{hands.language}: summary {later}")  # noqa: T201
    hands.picture("summary")
    assert violations(hands.page) == []
    assert hands.page.locator(".last-records a").count() == 5
    assert hands.page.locator(".spark").count() == 3
    assert hands.page.locator(".spark-limit").count() == 3
    assert later.sent_bytes <= 12 * KIB
    assert later.requests == 1


def test_the_visit_the_records_and_the_print_are_seen_without_scrolling(hands: Hands, house: House) -> None:
    whom = with_years_of_records(house, hands)
    hands.go(f"/residents/{whom}")
    size = hands.page.viewport_size
    assert size is not None
    for button in (f"a[href$='/{whom}/joint-visit']", f"a[href$='/{whom}/records']", "[data-print]"):
        box = hands.page.locator(f".heading-line {button}").bounding_box()
        assert box is not None, button
        assert box["y"] + box["height"] <= size["height"] / 2
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size["width"]
    hands.page.evaluate("window.print = () => { window.printed = true; }")
    hands.press("F8")
    assert hands.page.evaluate("window.printed"), "F8 prints her page"
    hands.page.emulate_media(media="print")
    for control in (".heading-line .btn", ".owed a[href*=service_declined]", "#programmes a"):
        assert hands.page.locator(control).count(), control
        assert hands.page.locator(f"{control}:visible").count() == 0, f"on paper: {control}"
    assert hands.page.locator(".owed li:visible").count(), "what is owed is on paper"
    hands.page.emulate_media(media="screen")
    hands.follow(".heading-line .btn-primary")
    hands.at("/residents/{id}/joint-visit")
