"""The reason for a correction: in each script as short as a word that says something, and no shorter."""

from __future__ import annotations

import pytest

from saas.formkit.rules import reasons

TABLE = [
    # Chinese: one word of two characters is a reason.
    ("再次更正", True),
    ("重复", True),
    ("误录", True),
    ("误", False),
    ("误 。", False),
    ("𠮷𠮷", True),
    # Uyghur and Latin: five letters.
    ("تەكرار", True),
    ("خاتا ئوقۇلغان", True),
    ("خاتا", False),
    ("wrong", True),
    ("typo", False),
    ("t y p o", False),
    ("t y p o s", True),
    ("ﻥﻥﻥﻥ", False),
    # Digits count as letters, signs and blanks as nothing.
    ("12345", True),
    ("1234", False),
    (".....", False),
    ("     ", False),
    ("", False),
    ("错!!!!", False),
    # Both in one text: two characters weigh as much as five letters.
    ("BP错", False),
    ("BPM错", True),
    ("错了 BP", True),
]


@pytest.mark.parametrize(("reason", "holds"), TABLE)
def test_what_says_enough(reason: str, holds: bool) -> None:  # noqa: FBT001 - a truth table
    assert reasons.says_enough(reason) is holds


@pytest.mark.parametrize(("reason", "holds"), TABLE)
def test_blanks_around_it_change_nothing(reason: str, holds: bool) -> None:  # noqa: FBT001 - a truth table
    assert reasons.says_enough(f"  {reason}\n") is holds
