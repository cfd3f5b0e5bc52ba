"""Printed codes of digits: temporary passwords, recovery codes, the recovery sheet."""

from __future__ import annotations

import secrets

TEMPORARY_DIGITS = 12
RECOVERY_COUNT = 10
RECOVERY_DIGITS = 11
SHEET_DIGITS = 20

# Digits alone: a Uyghur or Chinese keyboard layout that is still on does not get in the way.
# They are few bits per sign, so each code is stored as a slow hash and tried under the slow-down.


def temporary_password() -> str:
    """A one-time password to be printed: 12 digits (40 bits)."""
    return _digits(TEMPORARY_DIGITS)


def recovery_codes() -> list[str]:
    """Ten codes; the first digit is the code's place, so that a try costs one hash and not ten."""
    return [f"{place}{_digits(RECOVERY_DIGITS)}" for place in range(RECOVERY_COUNT)]


def recovery_place(code: str) -> int | None:
    """Which of the ten a typed code claims to be; ``None`` when it cannot be one."""
    if len(code) != RECOVERY_DIGITS + 1 or not (code.isascii() and code.isdecimal()):
        return None
    return int(code[0])


def sheet_code() -> str:
    """The code of a recovery sheet: 20 digits (66 bits), good until it is used."""
    return _digits(SHEET_DIGITS)


def in_groups(code: str) -> str:
    """The code as it is printed, in groups of four."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def _digits(count: int) -> str:
    return "".join(secrets.choice("0123456789") for _ in range(count))
