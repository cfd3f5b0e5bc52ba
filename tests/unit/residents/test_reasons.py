"""A reason says something: 15 real characters, not blanks, not one key, not the same again (rights I7)."""

from __future__ import annotations

import pytest

from saas.residents.rules import reasons


def codes(reason: str, category: str = "emergency") -> list[tuple[str, str]]:
    return [(finding.field, finding.code) for finding in reasons.findings(category, reason)]


@pytest.mark.parametrize(
    "reason",
    [
        "腹痛两小时由邻村家属送来本站急诊处理",
        "ئوغلى كېسەل بولۇپ قېلىپ باشقا كەنتتىن كەلدى",
        "fell from a roof, called us",
        "abcdefghijklmno",
    ],
)
def test_words_are_a_reason_in_every_script(reason: str) -> None:
    assert codes(reason) == []


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("", "reason-short"),
        (" " * 40, "reason-short"),
        ("a b c d e f g h i j k l m n", "reason-short"),
        ("abcdefghijklmn", "reason-short"),
        ("." * 40, "reason-short"),
        ("啊" * 40, "reason-short"),
        ("aaaaaaaaabbbbbbbbbcccccccccc", "reason-short"),
        ("asdfasdfasdfasdf", "reason-empty"),
        ("ab" * 20, "reason-empty"),
        ("abcdefgh" * 2, "reason-empty"),
        ("😀😁😂🤣😃😄😅😆😉😊😋😎😍😘🥰😗", "reason-short"),
    ],
)
def test_what_says_nothing_is_no_reason(reason: str, code: str) -> None:
    assert codes(reason) == [("reason", code)]


def test_fifteen_are_enough_and_fourteen_are_not() -> None:
    assert len(reasons.real_characters("abcdefghijklmno")) == reasons.SHORTEST
    assert codes("abcdefghijklmn") == [("reason", "reason-short")]


def test_a_reason_has_an_end() -> None:
    words = "the county hospital called " * 40
    assert codes(words[: reasons.LONGEST]) == []
    assert codes(words) == [("reason", "too-long")]


@pytest.mark.parametrize("category", ["", "curious", "EMERGENCY", "family_planning"])
def test_a_category_is_one_of_the_five(category: str) -> None:
    assert codes("the county hospital called", category) == [("category", "category-missing")]


@pytest.mark.parametrize("category", reasons.CATEGORIES)
def test_each_of_the_five_is_a_category(category: str) -> None:
    assert codes("the county hospital called", category) == []
