"""Hanzi and their readings, by pypinyin; surnames and a few others have a second one in names."""

from __future__ import annotations

import functools
import os
import unicodedata

# Phrases are no use for names and cost 40 MB in every process.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")

from pypinyin.constants import PINYIN_DICT

from saas.residents.sounding.letters import combinations
from saas.residents.sounding.syllables import SYLLABLES, of_syllables

_AS_SURNAME = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "查": "zha", "翟": "zhai", "盖": "ge", "任": "ren",
    "区": "ou", "尉": "yu", "宁": "ning", "覃": "qin", "朴": "piao", "缪": "miao", "种": "chong", "黑": "he",
    "折": "she", "员": "yun", "乐": "yue", "召": "shao", "繁": "po", "秘": "bi", "冼": "xian", "洗": "xian",
    "牟": "mou", "尹": "yin", "柏": "bai", "车": "che", "燕": "yan", "应": "ying", "葛": "ge", "华": "hua",
    "纪": "ji", "过": "guo", "哈": "ha", "瞿": "qu", "谌": "chen", "郗": "xi", "臧": "zang", "卜": "bu",
    "薄": "bo", "么": "yao", "祭": "zhai", "褚": "chu", "晟": "cheng", "那": "na", "万": "wan", "俞": "yu",
    "佴": "nai", "逄": "pang", "隗": "kui", "郇": "xun", "幺": "yao", "长": "zhang", "重": "chong",
}  # fmt: skip
# Signs that transcribe foreign names by another reading than their usual one.
_IN_NAMES = {"什": "shi", "扎": "za", "都": "du", "卜": "bu", "勒": "le"}
_OTHERWISE = {"希": "61", "基": "41"}
"""Also for ھى, كى: تاھىر is 塔依尔 and 塔希尔, ھاكىم is 阿克木 and 哈基木."""
_MOST = 8
_READINGS = 2
_SHORT = 4
"""Hanzi of the longest name that is likely to be Han, where a second reading may be meant."""


@functools.lru_cache(maxsize=8192)
def readings(sign: str) -> tuple[str, ...]:
    """The syllables of one hanzi without tones: as a name's first sign, then the usual ones."""
    told = PINYIN_DICT.get(ord(sign), "").split(",")
    plain = [_toneless(one) for one in told if one]
    usual = [one for one in plain[:_READINGS] if one in SYLLABLES]
    own = [one for one in (_IN_NAMES.get(sign), _AS_SURNAME.get(sign)) if one]
    return tuple(dict.fromkeys([*usual, *own]))


def main_syllables(part: str) -> list[str]:
    """The reading of each sign that names have most; a sign without one is left out."""
    return [_IN_NAMES.get(sign, told[0]) for sign in part if (told := readings(sign))]


def sounds_of(part: str) -> list[str]:
    """The sounds of a part by its usual reading, and by the surname's reading of its first sign."""
    usual = main_syllables(part)
    told = [of_syllables(usual)]
    surname = _AS_SURNAME.get(part[:1])
    if surname and usual:
        told.append(of_syllables([surname, *usual[1:]]))
    for sign, other in _OTHERWISE.items():
        if sign in part:
            told.append(other.join(of_syllables(main_syllables(piece)) for piece in part.split(sign)))
    return list(dict.fromkeys(one for one in told if one))


@functools.lru_cache(maxsize=8192)
def pinyins_of(part: str) -> list[tuple[str, ...]]:
    """The syllables of a part in every usual combination of readings; of a long one, in the usual ones."""
    most = _READINGS if len(part) <= _SHORT else 1
    choices = [list(told[:most]) for sign in part if (told := readings(sign))]
    surname = _AS_SURNAME.get(part[:1])
    if surname and choices and surname not in choices[0]:
        choices[0].insert(0, surname)
    return [way for way in combinations(choices, _MOST) if way]


def _toneless(syllable: str) -> str:
    letters = unicodedata.normalize("NFD", syllable.replace("ü", "v"))
    letters = letters.replace("u\N{COMBINING DIAERESIS}", "v")
    return "".join(sign for sign in letters if sign.isascii() and sign.isalpha())
