"""Answers of a person who was two rows: what she said on either holds, and one step takes it back (I3)."""

from __future__ import annotations

import typing
import uuid

import pytest

from saas.public_health import owing
from tests.integration.public_health.test_programmes import answer, parts
from tests.integration.residents import pages, twins
from tests.support import world

if typing.TYPE_CHECKING:
    from tests.conftest import ClinicWorld


@pytest.fixture
def two(north: ClinicWorld) -> tuple[str, str]:
    """Two rows of one woman."""
    first, second, _ = twins.twins(north.browser())
    return first, second


def takes_back(north: ClinicWorld, resident_id: str) -> bool:
    """Whether her page has the button that takes the programme back."""
    page = pages.soup(north.browser().get(f"/residents/{resident_id}"))
    return page.select_one('#consents button[name="purpose"][value="hypertension"]') is not None


def owed(north: ClinicWorld, resident_id: str) -> set[str]:
    """The events that are open."""
    with world.inside(north.app, north.card):
        return {one.event_code for one in owing.open_items(uuid.UUID(resident_id))}


def test_a_programme_of_the_row_that_went_is_seen_and_taken_back(
    north: ClinicWorld, two: tuple[str, str]
) -> None:
    stays, goes = two
    answer(north.browser(), goes, "hypertension")
    twins.merge(north, stays, goes)
    assert "ht_followup" in owed(north, stays)
    assert takes_back(north, stays)
    sent = north.browser().send(f"/residents/{stays}/consent/withdraw", {"purpose": "hypertension"})
    assert sent.status_code == 303
    assert parts(north, goes) == [("hypertension", "withdrawn")]
    assert "ht_followup" not in owed(north, stays)
    assert not takes_back(north, stays)


def test_what_was_taken_back_stays_so_when_the_two_are_parted(
    north: ClinicWorld, two: tuple[str, str]
) -> None:
    stays, goes = two
    answer(north.browser(), goes, "hypertension")
    twins.merge(north, stays, goes)
    north.browser().send(f"/residents/{stays}/consent/withdraw", {"purpose": "hypertension"})
    assert twins.undo(north.browser("clinic_admin"), stays, goes).status_code == 303
    assert parts(north, goes) == [("hypertension", "withdrawn")]
    assert not takes_back(north, goes)


def test_the_programme_goes_with_her_when_the_two_are_parted(
    north: ClinicWorld, two: tuple[str, str]
) -> None:
    stays, goes = two
    answer(north.browser(), goes, "hypertension")
    twins.merge(north, stays, goes)
    assert twins.undo(north.browser("clinic_admin"), stays, goes).status_code == 303
    assert (takes_back(north, stays), takes_back(north, goes)) == (False, True)
    assert parts(north, stays) == []
    assert parts(north, goes) == [("hypertension", "")]


@pytest.mark.parametrize("said_on", [0, 1])
def test_who_said_no_to_calls_on_either_row_is_not_called(
    north: ClinicWorld, two: tuple[str, str], said_on: int
) -> None:
    stays, goes = two
    assert may_be_called(north, stays)
    answer(north.browser(), two[said_on], "reminders", "no")
    twins.merge(north, stays, goes)
    assert not may_be_called(north, stays)


def test_the_last_answer_holds_whichever_row_it_was_given_on(
    north: ClinicWorld, two: tuple[str, str]
) -> None:
    stays, goes = two
    answer(north.browser(), goes, "reminders", "no")
    answer(north.browser(), stays, "reminders")
    twins.merge(north, stays, goes)
    assert may_be_called(north, stays)


def may_be_called(north: ClinicWorld, resident_id: str) -> bool:
    """Whether the page of a call has a number."""
    page = north.browser().get(f"/residents/{resident_id}/forms/call_outcome")
    assert page.status_code == 200
    return bool(pages.soup(page).select(".call-number"))
