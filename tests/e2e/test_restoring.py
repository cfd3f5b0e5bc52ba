"""A form is sent while its clinic is restored: it comes back, and sent again later it is saved once."""

from __future__ import annotations

import typing

from playwright.sync_api import expect

from tenants.pausing import paused
from tests.e2e.accessible import violations
from tests.e2e.hands import Hands, sit_down
from tests.e2e.test_bad_answers import TYPED, fill, save
from tests.e2e.test_records import new_patient, stored
from tests.support import world

if typing.TYPE_CHECKING:
    from tests.e2e.house import House


def test_what_is_sent_meanwhile_comes_back_and_is_saved_when_it_is_sent_again(
    hands: Hands, house: House, language: str
) -> None:
    patient = new_patient(house, language)
    sit_down(hands, house, patient.doctor)
    before = len(stored(house, patient))
    with world.caretaker(house.app).logins.connect("owner", autocommit=True) as registry:
        with paused(registry, patient.doctor.card):
            hands.go(f"{patient.page}/forms/ht_followup")
            hands.focus_comes_to("symptoms-1")
            hands.picture("restoring-banner")
            fill(hands, TYPED)
            hands.press("F4")
            again = "main form[method=post] [name=systolic_bp]"
            expect(hands.page.locator(again)).to_have_value(TYPED["systolic_bp"])
            hands.picture("restoring-refused")
            assert violations(hands.page) == []
            assert len(stored(house, patient)) == before
        save(hands, patient)
    assert [len(stored(house, patient)), stored(house, patient)[-1].answers["systolic_bp"]] == [
        before + 1,
        int(TYPED["systolic_bp"]),
    ]
