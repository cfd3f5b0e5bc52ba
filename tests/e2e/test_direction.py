"""Where the caret stands in a field of a page that is written from right to left."""

from __future__ import annotations

import typing

import pytest

from tests.e2e.hands import Hands, sit_down

if typing.TYPE_CHECKING:
    from tests.e2e.house import House

DIRECTION = "id => getComputedStyle(document.getElementById(id)).direction"


@pytest.mark.parametrize(
    ("field", "text", "runs"),
    [
        ("name_0", "", {"ug": "rtl", "zh": "ltr"}),
        ("name_0", "ئايگۈل", {"ug": "rtl", "zh": "rtl"}),
        ("name_0", "阿依古丽", {"ug": "ltr", "zh": "ltr"}),
        ("bar-q", "", {"ug": "rtl", "zh": "ltr"}),
        ("bar-q", "ئايگۈل", {"ug": "rtl", "zh": "rtl"}),
        ("document_number", "", {"ug": "ltr", "zh": "ltr"}),
        ("phone_0", "000", {"ug": "ltr", "zh": "ltr"}),
    ],
)
def test_a_field_runs_as_its_text_and_an_empty_one_as_its_page(
    hands: Hands, house: House, field: str, text: str, runs: dict[str, str]
) -> None:
    sit_down(hands, house, house.employ(f"runs.{hands.language}.{field}.{len(text)}.{text[:1]}".lower()))
    hands.go("/residents/new")
    hands.page.fill(f"#{field}", text)
    assert hands.page.evaluate(DIRECTION, field) == runs[hands.language]
