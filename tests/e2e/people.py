"""Invented residents: numbers of area 650099, phones of zeros, names in both scripts."""

from __future__ import annotations

import dataclasses
import itertools

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_sequence = itertools.count(1)


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
    """A new person, nobody's likely double: a part of her name and her day of birth are no other one's."""
    place = next(_sequence)
    year = 2020 - 2 * (place % 51)  # nobody is so old that she is asked about
    born = f"{year}-{1 + place // 51 % 12:02d}-07"  # whose year comes again has another month
    letter = "ابپتجچخدرزژسشغفقكگلمنھۋيى"[place % 25]
    again = "巴达卡马娜塔法哈"[place // 51 % 8]  # whose year comes again has another sound
    part = f"گۈل{letter}{letter}ر" if language == "ug" else f"古丽{again}{place:02d}号"
    father = f"{'تپكملن'[place % 6]}ۇ{'رشقبغ'[place % 5]}س{'ۇىەا'[place % 4]}{'نرلم'[place // 4 % 4]}"
    name = f"ئاي{part} {father}" if language == "ug" else f"阿依{part}"
    number = citizen_number(born.replace("-", ""), place)
    return Invented(number, name, part, f"000{place:08d}", born)
