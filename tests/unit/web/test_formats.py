"""Times, numbers and names as pages show them."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from saas.web import formats


def test_a_moment_is_shown_in_beijing_time() -> None:
    late = datetime.datetime(2026, 3, 5, 17, 30, tzinfo=datetime.UTC)
    assert formats.moment(late) == "2026-03-06 01:30"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        formats.moment(datetime.datetime(2026, 3, 5, 17, 30))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (1234567, "1,234,567"), (1234.5, "1,234.5"), (-1000, "-1,000")]
)
def test_a_number_has_groups_of_three(value: float, text: str) -> None:
    assert formats.number(value) == text


@given(some.integers())
def test_a_number_is_written_in_european_digits(value: int) -> None:
    assert int(formats.number(value).replace(",", "")) == value


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("阿卜杜拉·图尔荪", "zh"),
        ("ئابدۇللا تۇرسۇن", "ug"),
        ("Abdulla Tursun", ""),
        ("13 组", "zh"),
        ("", ""),
        ("3 ئا", "ug"),
    ],
)
def test_the_script_of_a_text_picks_its_face(text: str, lang: str) -> None:
    assert formats.script_lang(text) == lang


@given(some.text())
def test_any_text_has_one_of_three_scripts(text: str) -> None:
    assert formats.script_lang(text) in {"", "ug", "zh"}


def test_errors_of_forms_within_forms_become_one_text() -> None:
    assert formats.flat_errors(["a", "a", "b"]) == "a b"
    assert formats.flat_errors({"x": ["a"], "y": [["b"], []]}) == "a b"
    assert formats.flat_errors([]) == ""
