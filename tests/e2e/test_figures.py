"""The figures in a browser: read, printed, counted again, who is missing, the population; axe is quiet."""

from __future__ import annotations

import contextlib
import typing

import pytest

from saas.public_health.figures import counting
from saas.public_health.rules import indicators_periods as periods
from saas.web import clock
from tests.e2e.accessible import violations
from tests.e2e.hands import Hands, sit_down
from tests.support import figured, world

if typing.TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.e2e.house import House
    from tests.support.figured import Figured


@pytest.fixture(scope="module")
def clinic(house: House) -> Figured:
    """A clinic with figures of today."""
    made = figured.build(house.app)

    def inside() -> contextlib.AbstractContextManager[Session]:
        return world.inside(house.app, made.card)

    counting.compute(inside, clock.today(), clock.now(), periods.every(clock.today()))
    return made


def works_there(hands: Hands, house: House, clinic: Figured, role: str) -> None:
    """Somebody of this clinic at this PC."""
    name = f"{role}.{hands.language}"
    sit_down(hands, house, world.add_staff(house.app, clinic.card, name, role, places="all"))


def test_figures_are_read_printed_and_lead_to_what_is_owed(
    hands: Hands, house: House, clinic: Figured
) -> None:
    works_there(hands, house, clinic, "village_doctor")
    hands.go("/figures")
    hands.click("#ht_control_rate summary")
    assert violations(hands.page) == []
    hands.picture("figures")
    hands.follow("#ht_control_rate tbody a >> nth=0")
    hands.at("/figures/missing?*")
    assert violations(hands.page) == []
    hands.picture("figures-missing")
    hands.go("/figures/print?inside=1")
    assert violations(hands.page) == []
    hands.page.emulate_media(media="print")
    hands.picture("figures-print")


def test_a_new_count_is_asked_for_and_its_progress_told(hands: Hands, house: House, clinic: Figured) -> None:
    works_there(hands, house, clinic, "public_health_nurse")
    hands.go("/figures")
    hands.follow("form[action*='/figures/count'] button")
    hands.at("*asked=*")
    assert hands.page.inner_text("[data-progress] [role=status]")
    assert violations(hands.page) == []
    hands.picture("figures-counting")


def test_the_population_is_typed_and_a_wrong_number_is_marked(
    hands: Hands, house: House, clinic: Figured
) -> None:
    works_there(hands, house, clinic, "township_gp")
    hands.go("/figures/population")
    hands.page.fill("#source", "statistics")
    hands.page.fill("#told_on", "2026-03-01")
    hands.page.fill(f"#count_{clinic.sites[1]}", "many")
    hands.click("[data-key=F4]")
    hands.wait("#errors")
    assert hands.page.input_value(f"#count_{clinic.sites[1]}") == "many"
    assert violations(hands.page) == []
    hands.picture("figures-population")
    hands.page.fill(f"#count_{clinic.sites[1]}", "150")
    hands.click("[data-key=F4]")
    hands.wait(".flash-done")
