"""The health card: a random number that means nothing, and what of it may be read from a scan."""

from __future__ import annotations

import re

from saas.residents.rules import citizen_id

PREFIX = "SHIPA:"
DIGITS = 39
"""10 to the 39th is more than 2 to the 128th: nobody guesses a card. Digits alone, because a scanner
types, and a Uyghur keyboard layout that is still on turns every letter into another one."""
POSSIBLE = 10**DIGITS

_SCANNED = re.compile(rf"[^0-9]{{0,12}}([0-9]{{{DIGITS}}})")


def token(number: int) -> str:
    """What stands in the card's picture. ``number`` is random and below ``POSSIBLE``."""
    return f"{PREFIX}{number:0{DIGITS}d}"


def read(words: str) -> str | None:
    """The card's digits in what a scanner typed, whatever became of the letters before them."""
    found = _SCANNED.fullmatch(citizen_id.normalised(words))
    return found[1] if found else None


def check_digits(hashed: bytes) -> str:
    """Four digits by which two cards of one person are told apart; nothing follows from them."""
    return f"{int.from_bytes(hashed[:8], 'big') % 10_000:04d}"
