"""The citizen's number (GB 11643-1999) and its like: check character, birth date, sex; told, not refused."""

from __future__ import annotations

import datetime
import re
import unicodedata

# ISO 7064 MOD 11-2, as GB 11643-1999 prints it.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_FULL = re.compile(r"[0-9]{17}[0-9X]")
_OLD = re.compile(r"[0-9]{15}")
_IGNORED = re.compile(r"[\s\-‐‑–—·.]+")
_WIDE = {ord(sign) + 0xFEE0: sign for sign in map(chr, range(0x21, 0x7F))}
_CENTENARIAN = ("996", "997", "998", "999")

MALE, FEMALE = "1", "2"


def without_marks(text: str) -> str:
    """The text without direction marks and other signs that nobody sees; copied numbers bring them."""
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf")


def normalised(text: str) -> str:
    """The number as it is stored and compared: plain digits and capitals, no spaces, dashes or marks.

    Full-width signs become ordinary ones. No other digit becomes one: a circled or an Arabic-Indic
    digit stays as it is and is no digit of a number.
    """
    return _IGNORED.sub("", without_marks(text).translate(_WIDE).upper())


def check_character(number: str) -> str:
    """The last character that belongs to the first 17 digits (ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECKS[total % 11]


def has_shape(number: str) -> bool:
    """17 digits and a digit or X. The area code is not looked at: codes are withdrawn over time."""
    return _FULL.fullmatch(number) is not None


def birth_date_of(number: str) -> datetime.date | None:
    """The day in digits 7–14; None when there is no such day."""
    if not has_shape(number):
        return None
    try:
        return datetime.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def sex_of(number: str) -> str | None:
    """Code of GB/T 2261.1 from digit 17: odd is male (1), even is female (2)."""
    if not has_shape(number):
        return None
    return MALE if int(number[16]) % 2 else FEMALE


def is_valid(number: str) -> bool:
    """Shape, an existing day and the right check character."""
    return birth_date_of(number) is not None and check_character(number) == number[17]


def converted(number: str) -> str | None:
    """The 18 characters of a first-generation number: 19 after digit 6, check character appended.

    None when it is not 15 digits or its day does not exist, and for the sequences 996 to 999: they
    were kept for people over a hundred, born in the century before. Such numbers ended in 2013.
    """
    if _OLD.fullmatch(number) is None or number.endswith(_CENTENARIAN):
        return None
    longer = f"{number[:6]}19{number[6:]}"
    longer += check_character(longer)
    return longer if is_valid(longer) else None
