"""Syllables of Putonghua as sounds: what a hanzi, or a passport's Latin, stands for in another name.

By rule, not by list of names: each initial and each final has its sound, and the vowels of the
syllables that transcribe single consonants (提 t, 木 m, 克 k, 孜 z, 西 sh) are weak: they may be
nothing. k, g and h have signs of their own: ق is written with 卡 or 哈, غ with 尕 or nothing.
Source: the project's notes on Uyghur text, §8.
"""

from __future__ import annotations

import functools

_INITIALS = {
    "zh": "j", "ch": "C", "sh": "S", "b": "b", "p": "p", "m": "m", "f": "f", "d": "d", "t": "t", "n": "n",
    "l": "l", "g": "5", "k": "4", "h": "6", "j": "j", "q": "C", "x": "S", "r": "r", "z": "z", "c": "s",
    "s": "s", "y": "y", "w": "w", "": "",
}  # fmt: skip
_FINALS = {
    "a": "a", "o": "o", "e": "3", "i": "1", "u": "2", "v": "U",
    "ai": "e", "ei": "e", "ao": "o", "ou": "o", "an": "an", "en": "3n", "ang": "aN", "eng": "eN", "ong": "oN",
    "ia": "a", "ie": "e", "iao": "o", "iu": "u", "ian": "en", "in": "in", "iang": "aN", "ing": "iN",
    "iong": "uN", "ua": "wa", "uo": "o", "uai": "we", "ui": "wi", "uan": "wan", "un": "un", "uang": "waN",
    "ue": "O", "ve": "O", "vn": "Un",
}  # fmt: skip
_WHOLE = {
    "er": "r", "yi": "i", "ya": "ya", "ye": "ye", "yao": "yo", "you": "yu", "yan": "yan", "yin": "in",
    "yang": "yaN", "ying": "iN", "yong": "yuN", "yu": "U", "yue": "yO", "yuan": "Uan", "yun": "Un",
    "wu": "u", "wa": "wa", "wo": "wo", "wai": "we", "wei": "we", "wan": "wan", "wen": "wen", "wang": "waN",
    "weng": "weN", "ju": "jU", "qu": "CU", "xu": "SU", "juan": "jan", "quan": "Can", "xuan": "San",
    "jun": "jUn", "qun": "CUn", "xun": "SUn", "e": "e", "yo": "yo", "n": "n", "ng": "N", "m": "m",
}  # fmt: skip
_ONLY = {
    "b": "a o ai ei ao an en ang eng i ie iao ian in ing u",
    "p": "a o ai ei ao ou an en ang eng i ie iao ian in ing u",
    "m": "a o e ai ei ao ou an en ang eng i ie iao iu ian in ing u",
    "f": "a o ei ou an en ang eng u",
    "d": "a e ai ei ao ou an en ang eng ong i ia ie iao iu ian ing u uo ui uan un",
    "t": "a e ai ao ou an ang eng ong i ie iao ian ing u uo ui uan un",
    "n": "a e ai ei ao ou an en ang eng ong i ie iao iu ian in iang ing u uo uan v ve",
    "l": "a o e ai ei ao ou an ang eng ong i ia ie iao iu ian in iang ing u uo uan un v ve",
    "g": "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "k": "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "h": "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "j": "i ia ie iao iu ian in iang ing iong u ue uan un",
    "q": "i ia ie iao iu ian in iang ing iong u ue uan un",
    "x": "i ia ie iao iu ian in iang ing iong u ue uan un",
    "zh": "a e i ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "ch": "a e i ai ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "sh": "a e i ai ei ao ou an en ang eng u ua uo uai ui uan un uang",
    "r": "e i ao ou an en ang eng ong u ua uo ui uan un",
    "z": "a e i ai ei ao ou an en ang eng ong u uo ui uan un",
    "c": "a e i ai ao ou an en ang eng ong u uo ui uan un",
    "s": "a e i ai ao ou an en ang eng ong u uo ui uan un",
    "y": "a e ao ou an in ang ing ong i u ue uan un o",
    "w": "u a o ai ei an en ang eng",
    "": "a o e ai ei ao ou an en ang eng er",
}
_LONGEST = 6


def _sound(initial: str, final: str) -> str:
    whole = _WHOLE.get(initial + final)
    if whole is not None:
        return whole
    if initial == "" and final in {"o", "ou", "ao"}:
        return "o"
    if initial == "r" and final == "e":
        return "re"
    return _INITIALS[initial] + _FINALS[final]


SYLLABLES = {
    initial + final: _sound(initial, final) for initial, finals in _ONLY.items() for final in finals.split()
}
"""Every syllable without its tone, with ü written v, and the sounds that it stands for."""


def of_syllables(syllables: tuple[str, ...] | list[str]) -> str:
    """The sounds of syllables, one after the other."""
    return "".join(SYLLABLES.get(one, "") for one in syllables)


def split(letters: str, most: int = 3) -> list[tuple[str, ...]]:
    """The ways in which letters are syllables throughout, those with the longest ones first.

    An apostrophe is a border: ``xi'an``.
    """
    ways: list[tuple[str, ...]] = [()]
    for word in letters.replace("ü", "v").split("'"):
        if word:
            ways = [way + more for way in ways for more in _ways(word)[:most]][:most]
    return [way for way in ways if way]


@functools.lru_cache(maxsize=256)
def _ways(word: str) -> list[tuple[str, ...]]:
    found: list[list[tuple[str, ...]]] = [[()]]
    for end in range(1, len(word) + 1):
        here: list[tuple[str, ...]] = []
        for start in range(max(0, end - _LONGEST), end):
            if word[start:end] in SYLLABLES and found[start]:
                here += [(*way, word[start:end]) for way in found[start][:3]]
        found.append(sorted(here, key=len)[:4])
    return found[-1]
