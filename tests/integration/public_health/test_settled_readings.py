"""Settled readings (§19a) as the pages hold them: what counts, what waits, what is read as a number."""

from __future__ import annotations

import datetime
import uuid

import pytest

from saas.residents.models import Resident
from tests.integration.residents import pages
from tests.support import visited, world
from tests.support.visited import AGED_58, CLASSES, HT, NO_REFERRAL, REFERRED, Label, Village

IN_14_DAYS = "2026-12-14"
CLASS, REFERRAL = "followup_class", "referral_advised"


@pytest.fixture(autouse=True)
def _on_that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    visited.move_clock(monkeypatch)


@pytest.mark.parametrize(("before", "referred"), [("2026-05-30", REFERRED), ("2026-05-29", NO_REFERRAL)])
def test_the_previous_visit_counts_for_six_months_to_the_day(
    town: Village, label: Label, before: str, referred: str
) -> None:
    whom = town.register(AGED_58)
    town.signed(whom, HT, service_date=before, systolic_bp="150")
    assert town.told(whom, HT, systolic_bp="150").results[label(HT, REFERRAL)] == referred


def test_without_a_birth_date_there_is_no_class_and_the_emergency_stands_first(
    town: Village, label: Label
) -> None:
    whom = town.register(AGED_58)
    with world.inside(town.house.app, town.house.card) as session:
        session.get_one(Resident, uuid.UUID(whom)).birth_date = None
    told = town.told(whom, HT, systolic_bp="182", diastolic_bp="95")
    assert told.banners[0] == "emergency"
    assert label(HT, CLASS) not in told.results


def test_a_reading_at_home_by_telephone_sets_no_class(town: Village, label: Label) -> None:
    whom = town.register(AGED_58)
    told = town.told(whom, HT, visit_mode="3", systolic_bp="150")
    assert label(HT, CLASS) not in told.results
    assert "135/85" in told.texts
    assert town.told(whom, HT, visit_mode="2", systolic_bp="150").results[label(HT, CLASS)] == CLASSES["2"]


def test_the_doctors_class_decides_the_day_and_the_computed_one_stays(town: Village, label: Label) -> None:
    whom = town.register(AGED_58)
    told = town.told(whom, HT, followup_class="2")
    assert told.results[label(HT, CLASS)] == CLASSES["1"]
    assert told.banners[0] == "warn"
    assert told.next_day == IN_14_DAYS
    assert town.signed(whom, HT, followup_class="2")[label(HT, CLASS)].startswith(CLASSES["2"])


def test_full_width_digits_and_direction_marks_are_read_as_numbers(town: Village, label: Label) -> None:
    whom = town.register(AGED_58)
    told = town.told(whom, HT, systolic_bp="\u200f１５０ ", diastolic_bp="٨٨")
    assert told.results[label(HT, CLASS)] == CLASSES["2"]


def test_weighing_is_asked_when_it_is_due_and_the_index_follows(town: Village, label: Label) -> None:
    whom = town.register(AGED_58)
    day = datetime.date(2025, 11, 30)
    first = town.told(whom, HT)
    assert label(HT, "bmi") not in first.results, "without a height there is no index"
    town.signed(whom, HT, service_date=str(day), weight="70")
    answer = town.browser.post(town.path(whom, HT), data=town.typed(whom, HT))
    assert answer.status_code == 422
    assert set(pages.errors_of(answer)) == {"weight"}
