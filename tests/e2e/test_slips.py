"""Slips that hold a code: nothing of them runs off the paper, A4 or A5, in either language."""

from __future__ import annotations

import typing

import pytest

from tests.e2e.hands import Hands, sit_down
from tests.support import world

if typing.TYPE_CHECKING:
    from tests.e2e.house import House

PAPER = {"A4": 703, "A5": 491}
"""The room between the margins, in the browser's points."""
CUT = """() => [...document.querySelectorAll('.slip, .slip dd')]
  .filter(each => each.scrollWidth > each.clientWidth + 1)
  .map(each => each.className + ' ' + each.textContent.trim().slice(0, 40))"""


@pytest.mark.parametrize(
    ("path", "stage"), [("/recovery-sheet", "sheet"), ("/settings/archive-code", "full")]
)
def test_a_code_stays_on_its_paper(hands: Hands, house: House, path: str, stage: str) -> None:
    sit_down(hands, house, house.employ(f"head.{hands.language}", "clinic_admin"), stage)
    hands.go(path)
    if hands.page.is_visible("#own_password"):
        hands.page.fill("#own_password", world.PASSWORD)
    hands.press("F4")
    hands.wait(".slip .big-code")
    hands.page.emulate_media(media="print")
    for paper, width in PAPER.items():
        hands.page.set_viewport_size({"width": width, "height": 900})
        hands.page.evaluate("paper => (document.body.dataset.paper = paper)", paper)
        hands.picture(f"slip-{stage}-{paper}")
        assert hands.page.evaluate(CUT) == [], paper
