"""Dates, times, numbers and names as pages show them."""

from __future__ import annotations

import datetime
import typing

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as some

from saas.web import formats

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

DAY = datetime.date(2026, 3, 5)


@pytest.fixture(params=["ug", "zh"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """A request whose page is in this language."""
    with Flask(__name__).test_request_context("/", method="POST", data={"_language": request.param}):
        yield request.param


@pytest.mark.parametrize(
    ("precision", "text"), [("day", "2026-03-05"), ("month", "2026-03"), ("year", "2026")]
)
def test_a_day_shows_as_much_as_is_known(precision: formats.Precision, text: str) -> None:
    assert formats.day(DAY, precision) == text


def test_a_day_before_the_year_1000_keeps_four_digits() -> None:
    assert formats.day(datetime.date(987, 1, 2)) == "0987-01-02"


def test_a_written_day_is_in_the_language_of_the_page(language: str) -> None:
    written = {"ug": "2026-يىلى 3-ئاينىڭ 5-كۈنى", "zh": "2026年3月5日"}
    assert formats.written_day(DAY) == written[language]
    shorter = {"ug": "2026-يىلى 3-ئاي", "zh": "2026年3月"}
    assert formats.written_day(DAY, "month") == shorter[language]
    year = {"ug": "2026-يىل", "zh": "2026年"}
    assert formats.written_day(DAY, "year") == year[language]


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
