"""The console and a clinic of another cell in a browser: as it answers, and while it does not."""

from __future__ import annotations

import typing

from tenants.console.sessions import PATH
from tenants.placing import MAIN
from tests.e2e.test_operators import PREFECTURE, look, sit_down
from tests.support import operating, world
from tests.support.cells import closed
from tests.support.elsewhere import county_of

if typing.TYPE_CHECKING:
    import pytest

    from tests.e2e.hands import Hands
    from tests.e2e.house import House


def test_a_clinic_of_a_cell_that_answers_and_of_one_that_does_not(
    hands: Hands, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    county, near, far = county_of(house.app)
    assert (near.cell, far.cell) == (MAIN, world.FAR)
    sit_down(hands, house, operating.add(house.app))
    page, slips = f"{PATH}/clinics/{far.id}", f"{PATH}/slips?prefecture={PREFECTURE}&county={county}"
    faults = look(hands, page)
    hands.picture("cell-answers")
    hands.follow("form[action$='/room'] button >> nth=0")
    hands.at(page)
    with closed(world.caretaker(house.app), monkeypatch):
        faults += look(hands, page)
        assert hands.page.locator(".notice-warn").count() == 1
        hands.picture("cell-silent")
        faults += look(hands, slips)
        assert (near.code in hands.text(), far.code in hands.text()) == (True, False)
        hands.picture("cell-silent-slips")
        hands.press("F4")
        hands.wait(".invitation")
        assert hands.page.locator(".invitation").count() == 1
        hands.picture("cell-silent-printed")
    # The served process asks it again a few seconds later.
    for _ in range(20):
        hands.go(slips)
        if far.code in hands.text():
            break
        hands.page.wait_for_timeout(500)
    assert far.code in hands.text()
    assert faults == []
