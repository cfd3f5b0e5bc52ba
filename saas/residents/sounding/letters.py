"""Uyghur and Latin letters as sounds: one sign for each, the same for every script.

Vowels ``a e E i o O u U`` (ا ە ې ى و ۆ ۇ ۈ); ``0`` is ە or ھ, nobody knows. Consonants as in ULY, with
one sign each: ``C`` چ, ``Z`` ژ, ``S`` ش, ``G`` غ, ``N`` ڭ. ``1 2 3`` are the vowels of hanzi that often
stand for none (提 木 克), see ``syllables``; ``4 5 6`` their k, g and h, which stand for ق, غ and خ as well.
"""

from __future__ import annotations

import itertools
import re
import typing
import unicodedata

from saas.residents.sounding.cleaning import UNSURE_HEH

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Choice = typing.TypeVar("Choice")

_UYGHUR = dict(zip("اەبپتجچخدرزژسشغفقكگڭلمنھوۇۆۈۋېىي", "aebptjCxdrzZsSGfqkgNlmnhouOUwEiy", strict=True))
# Letters of Arabic spelling that Uyghur does not have.
_UYGHUR |= {UNSURE_HEH: "0", "ح": "h", "ع": "", "ص": "s", "ض": "z", "ط": "t", "ظ": "z", "ث": "s", "ذ": "z"}
_ULY_PAIRS = {"ch": "C", "sh": "S", "gh": "G", "zh": "Z", "ng": "N", "kh": "x"}
_ULY_LETTERS = {"c": "k", "v": "w", "ö": "O", "ü": "U", "é": "E", "ë": "E", "ê": "E", "ä": "e"}
# SASM and passports write the same sounds with the letters of pinyin.
_PINYIN_STYLE = {"x": "S", "q": "C", "h": "x", "ĝ": "G"}
_VOWELS = "aeEioOuU01236"
_DOUBLED = re.compile(r"(.)\1+")


def collapsed(sounds: str) -> str:
    """Without doubled sounds."""
    return _DOUBLED.sub(r"\1", sounds)


def of_uyghur(part: str) -> str:
    """The sounds of a part in Uyghur script; ئ is silent, and so is what is no letter."""
    return collapsed("".join(_UYGHUR.get(sign, "") for sign in part))


def of_uly(part: str) -> list[str]:
    """The sounds of a part in ULY. Without apostrophes ng, sh and gh are two sounds as well: both."""
    letters = _plain(part)
    told = [_spelled(letters, _ULY_PAIRS, _ULY_LETTERS)]
    for pair in ("ng", "gh", "sh"):
        # "Tursungül": n and g; nothing of the kind at an end.
        if pair in letters[1:-1]:
            apart = {key: sound for key, sound in _ULY_PAIRS.items() if key != pair}
            told.append(_spelled(letters, apart, _ULY_LETTERS))
    return list(dict.fromkeys(told))


def of_pinyin_style(part: str) -> list[str]:
    """The sounds of a part in which x, q and h are the letters of pinyin; empty when it has none of them."""
    letters = _plain(part)
    if not set(letters) & set(_PINYIN_STYLE):
        return []
    return [_spelled(letters, {"ng": "N", "zh": "j", "ch": "C", "sh": "S"}, _ULY_LETTERS | _PINYIN_STYLE)]


def spelling(sounds: str) -> str:
    """The plain Latin letters of sounds, as most people would type them: ``abdulla``."""
    pairs = {"C": "ch", "Z": "zh", "S": "sh", "G": "gh", "N": "ng", "O": "o", "U": "u", "E": "e", "0": "e"}
    return "".join(pairs.get(sound, sound) for sound in sounds)


def _plain(part: str) -> str:
    """Lower-case letters; marks go except where they make another letter, apostrophes become one."""
    out = []
    for sign in part.casefold():
        if sign in "'’ʼ`‘":
            out.append("'")
        elif sign in _ULY_LETTERS or sign == "ĝ":
            out.append(sign)
        else:
            out.append(unicodedata.normalize("NFD", sign)[0])
    return "".join(out)


def _spelled(letters: str, pairs: dict[str, str], single: dict[str, str]) -> str:
    sounds, place = [], 0
    while place < len(letters):
        pair = letters[place : place + 2]
        if pair in pairs:
            sounds.append(pairs[pair])
            place += 2
            continue
        sign = letters[place]
        if (sign.isalpha() and sign.isascii()) or sign in single:
            sounds.append(single.get(sign, sign))
        place += 1
    return collapsed("".join(sounds))


def combinations(choices: Sequence[Iterable[Choice]], most: int) -> list[tuple[Choice, ...]]:
    """The first combinations of one choice for each place."""
    return list(itertools.islice(itertools.product(*choices), most))
