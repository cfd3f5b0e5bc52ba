"""The health card's number, as it is printed and as a scanner types it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas.residents.rules import card

NUMBERS = st.integers(0, card.POSSIBLE - 1)
SOME = "0123456789" * 3 + "012345678"


def test_nobody_guesses_a_card() -> None:
    assert card.POSSIBLE > 2**128


@given(NUMBERS)
def test_a_number_is_read_as_it_is_printed(number: int) -> None:
    token = card.token(number)
    assert re.fullmatch(r"SHIPA:[0-9]{39}", token)
    assert int(card.read(token) or "-1") == number


@pytest.mark.parametrize(
    "typed",
    [
        f"SHIPA:{SOME}",
        f"shipa:{SOME}",
        f"SHIPA;{SOME}",
        f"  SHIPA:{SOME}\u200e ",
        f"شھىپا:{SOME}",  # the Uyghur layout was on
        f"：{SOME}",
        SOME,
        "".join(chr(ord(sign) + 0xFEE0) for sign in SOME),
    ],
)
def test_whatever_the_keyboard_makes_of_the_letters_the_digits_are_read(typed: str) -> None:
    assert card.read(typed) == SOME


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "SHIPA:",
        SOME[1:],
        SOME + "0",
        f"SHIPA:{SOME}x",
        "650099199001010010",
        "ئايگۈل",
        f"{'x' * 13}{SOME}",
    ],
)
def test_what_is_no_card(typed: str) -> None:
    assert card.read(typed) is None


@given(st.binary(min_size=32, max_size=32))
def test_the_check_digits_are_four(hashed: bytes) -> None:
    assert re.fullmatch(r"[0-9]{4}", card.check_digits(hashed))
