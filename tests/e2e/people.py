"""Invented residents: numbers of area 650099, phones of zeros, names that sound like nobody else's."""

from __future__ import annotations

import dataclasses
import itertools

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_sequence = itertools.count(1)
_SYLLABLES = {"ug": ("پا", "تا", "ما", "نا", "لا", "سا"), "zh": ("巴", "达", "马", "娜", "拉", "萨")}
"""One for each class of consonants that no spelling leaves out (``saas.residents.sounding.keys``)."""
_LENGTH = 5


@dataclasses.dataclass(frozen=True)
class Invented:
    """Somebody who does not exist: document number (GB 11643), name, phone."""

    number: str
    name: str
    part: str
    phone: str
    born: str


def citizen_number(born: str, place: int) -> str:
    """A number of area 650099 with its check digit (GB 11643-1999)."""
    body = f"650099{born}{place:03d}"
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, body, strict=True))
    return body + "10X98765432"[total % 11]


def somebody(language: str) -> Invented:
    """A new person, nobody's likely double: her name sounds like no other one's, wherever she was born."""
    return invented(language, next(_sequence))


def invented(language: str, place: int) -> Invented:
    """The person of this place in the row."""
    born = f"{2020 - place % 100}-{1 + place // 1000:02d}-07"  # nobody is so old that she is asked about
    part = _part(language, place)
    name = f"ئاي{part} سىناق" if language == "ug" else f"阿依{part}"
    number = citizen_number(born.replace("-", ""), place % 1000)
    return Invented(number, name, part, f"000{place:08d}", born)


def _part(language: str, place: int) -> str:
    """The place written in syllables, of which none stands twice in a row: that would sound like once."""
    syllables = _SYLLABLES[language]
    rest, spoken = divmod(place, len(syllables))
    chosen = [spoken]
    for _ in range(_LENGTH - 1):
        rest, step = divmod(rest, len(syllables) - 1)
        chosen.append((chosen[-1] + 1 + step) % len(syllables))
    return "".join(syllables[one] for one in chosen)
