"""Where the caret stands in a field of a page that is written from right to left."""

from __future__ import annotations

import typing

from tests.e2e.hands import Hands, sit_down

if typing.TYPE_CHECKING:
    from tests.e2e.house import House

DIRECTION = "id => getComputedStyle(document.getElementById(id)).direction"


FIELDS = [
    ("name_0", "", {"ug": "rtl", "zh": "ltr"}),
    ("name_0", "ئايگۈل", {"ug": "rtl", "zh": "rtl"}),
    ("name_0", "阿依古丽", {"ug": "ltr", "zh": "ltr"}),
    ("bar-q", "", {"ug": "rtl", "zh": "ltr"}),
    ("bar-q", "ئايگۈل", {"ug": "rtl", "zh": "rtl"}),
    ("document_number", "", {"ug": "ltr", "zh": "ltr"}),
    ("phone_0", "000", {"ug": "ltr", "zh": "ltr"}),
]


def test_a_field_runs_as_its_text_and_an_empty_one_as_its_page(hands: Hands, house: House) -> None:
    sit_down(hands, house, house.employ(f"runs.{hands.language}"))
    hands.go("/residents/new")
    for field, text, runs in FIELDS:
        hands.page.fill(f"#{field}", text)
        assert hands.page.evaluate(DIRECTION, field) == runs[hands.language], (field, text)
