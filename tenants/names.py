"""What a name of an institution or a site may be, however it came: from a roster or typed in."""

from __future__ import annotations

import re
import unicodedata

LONGEST_NAME = 100
"""Characters."""

TOO_LONG = f"The name is longer than {LONGEST_NAME} characters."
CONTROL = "The cell holds a control character."
TURNS = "The cell holds a character that changes the direction of writing."
FORMULA = "The cell begins like a formula of a spreadsheet."

_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = frozenset({"Cc", "Zl", "Zp"})
_INVISIBLE = frozenset({"Cf", "Zs"})


def trimmed(text: str) -> str:
    """The text without the spaces around it; one in which nothing can be seen is empty."""
    seen = any(unicodedata.category(character) not in _INVISIBLE for character in text)
    return text.strip() if seen else ""


def character_fault(text: str) -> str:
    """What makes a text dangerous to show or to open in a spreadsheet; empty if nothing."""
    if any(unicodedata.category(character) in _CONTROL for character in text):
        return CONTROL
    if _BIDI.search(text):
        return TURNS
    if text.strip().startswith(("=", "+", "-", "@")):
        return FORMULA
    return ""
