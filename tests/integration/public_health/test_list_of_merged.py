"""Finding somebody within the list of today by what a row holds that was merged into hers."""

from __future__ import annotations

import typing
import uuid

import pytest

from saas.residents.models import Resident
from tests.integration.public_health.test_list_search import persons, sought
from tests.integration.public_health.test_today import person
from tests.support import world

if typing.TYPE_CHECKING:
    from tests.conftest import ClinicWorld
    from tests.support.world import Browser


@pytest.mark.parametrize("words", ["قۇربانجان", "ياسىن", "00077712345", "2345", "4321"])
def test_what_a_merged_row_holds_leads_to_who_stayed_however_far(
    own: ClinicWorld, browser: Browser, words: str
) -> None:
    her = person(browser, name="پاتىگۈل")
    middle = person(browser, name="قۇربانجان", phone_0="00077712345")
    first = person(browser, name="ياسىن", phone_0="00077754321")
    person(browser, name="تۇرسۇن")
    for gone, into in ((first, middle), (middle, her)):
        _merge(own, uuid.UUID(str(gone)), uuid.UUID(str(into)))
    assert persons(browser, sought(browser, words)) == [str(her)]


def test_a_row_merged_into_somebody_who_is_not_on_the_list_leads_nowhere(
    own: ClinicWorld, browser: Browser
) -> None:
    young, gone = person(browser, birth="2015-05-07"), person(browser, name="قۇربانجان")
    person(browser, name="پاتىگۈل")
    _merge(own, uuid.UUID(str(gone)), uuid.UUID(str(young)))
    assert persons(browser, sought(browser, "قۇربانجان")) == []


def _merge(own: ClinicWorld, gone: uuid.UUID, into: uuid.UUID) -> None:
    """As merging leaves the rows; nothing is copied."""
    with world.inside(own.app, own.card) as session:
        row = session.get_one(Resident, gone)
        row.standing, row.merged_into_id = "merged", into
