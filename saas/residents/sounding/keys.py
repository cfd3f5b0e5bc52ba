"""The keys of a name: by them candidates are found; who of them is meant, ``likeness`` says."""

from __future__ import annotations

import functools
import itertools
import re

from saas.residents.rules import names
from saas.residents.sounding import hanzi, letters, syllables
from saas.residents.sounding.cleaning import cleaned, is_arabic, is_hanzi, parts_of

VERSION = 3
"""Raised with every change of the keys; ``shipa residents rekey`` computes those of older rows anew."""

_CLASSES = str.maketrans(
    dict.fromkeys("bpf", "P")
    | dict.fromkeys("dt", "T")
    | {"m": "M"}
    | dict.fromkeys("nN", "N")
    | dict.fromkeys("lr", "L")
    | dict.fromkeys("gkqG45", "K")
    | dict.fromkeys("szZjCSc", "S")
    | dict.fromkeys("aeEioOuU01236hxwyv", "")
)
MOST_PARTS = 4
_MOST_WRITTEN = 8
_MOST_READINGS = 6
# What spellings in hanzi leave out or change: غ, ق and the k and g that others wrote for them, n before
# a lip's sound, closing r.
_OPTIONAL = (re.compile("[Gq45]"), re.compile("[nN](?=[bpmf])"), re.compile("r(?=[^aeEioOuU0123]|$)"))
_MOST_SKELETONS = 8
_SPOKEN = re.compile(r"[^\W\d_](?:[^\W\d_]|['’ʼ`‘])*")
_SHORT = 2
_SHORTEST_SPELLED, _LONGEST_SPELLED = 4, 14
_VOWEL_CLASSES = {
    "a": ("A",), "o": ("U",), "O": ("U",), "u": ("U",), "U": ("U",), "i": ("I",), "E": ("I",),
    "e": ("A", "I"), "0": ("A", ""), "1": ("", "I"), "2": ("", "U"), "3": ("", "I", "A"), "y": ("", "I"),
}  # fmt: skip


def skeleton(sounds: str) -> str:
    """The classes of the consonants, doubled ones once: ``PTL`` of abdulla and of 阿卜杜拉."""
    return letters.collapsed(sounds.translate(_CLASSES))


def skeletons(sounds: str) -> list[str]:
    """The skeleton, and those without the sounds that a spelling in hanzi may leave out."""
    return list(dict.fromkeys(skeleton(one) for one in _thinned(sounds)))


def _thinned(sounds: str) -> list[str]:
    """The sounds, and what is left of them without those that a spelling in hanzi may leave out."""
    told = [sounds]
    for optional in _OPTIONAL:
        told += [optional.sub("", one) for one in told if optional.search(one)]
    return told[:_MOST_SKELETONS]


@functools.lru_cache(maxsize=1 << 14)
def readings(part: str) -> tuple[str, ...]:
    """The sounds of one part of a cleaned name in every way in which it may be meant; none of a sign."""
    if not _SPOKEN.fullmatch(part):
        return ()
    if is_hanzi(part):
        told = hanzi.sounds_of(part)
    elif is_arabic(part):
        told = [letters.of_uyghur(part)]
    else:
        told = [*letters.of_uly(part), *letters.of_pinyin_style(part)]
        plain = "".join(sign for sign in part.casefold() if sign.isalpha() or sign == "'")
        told += [syllables.of_syllables(way) for way in syllables.split(plain)]
    return tuple(dict.fromkeys(one for one in told if one))[:_MOST_READINGS]


def spoken_parts(text: str) -> list[str]:
    """The parts of a name that can be spoken; the first of them, if there are very many."""
    return [part for part in parts_of(cleaned(text)) if readings(part)][:MOST_PARTS]


def sound_keys(text: str) -> list[str]:
    """Coarse skeletons of a whole name, of every reading and every order of its parts.

    Two names that share one sound alike, whatever their scripts, separators and order. It says nothing
    about who somebody is and is used for finding only (rights N2).
    """
    parts = [readings(part) for part in spoken_parts(text)]
    if not parts:
        return []
    choices = [list(dict.fromkeys(key for one in part for key in skeletons(one)[:2]))[:3] for part in parts]
    return sorted({joined for way in letters.combinations(choices, 27) for joined in _joined(way)} - {""})


def _joined(way: tuple[str, ...]) -> list[str]:
    if len(way) == 1:
        return [way[0]]
    return [letters.collapsed("".join(order)) for order in itertools.permutations(way)]


def without_one(key: str) -> set[str]:
    """The key, and it without each of its signs: two such sets meet when one fault parts two keys."""
    return {key} | {key[:place] + key[place + 1 :] for place in range(len(key))}


def part_keys(part: str) -> set[str]:
    """What one part of a name is looked up by when it is heard right."""
    return {key for one in readings(part) for key in keys_of(one)}


def keys_of(sounds: str) -> set[str]:
    """Skeletons of sounds, marked ``s``; a short one fits far too many, so it keeps its vowels: ``m``."""
    found: set[str] = set()
    for left in _thinned(sounds):
        key = skeleton(left)
        found |= {f"s{key}"} if len(key) > _SHORT else {f"m{one}" for one in _with_vowels(left)}
    return found


def _with_vowels(sounds: str) -> list[str]:
    """The skeleton with classes of vowels; a weak vowel is there and is not."""
    choices = [list(_VOWEL_CLASSES.get(one) or (one.translate(_CLASSES),)) for one in sounds]
    return list(dict.fromkeys(letters.collapsed("".join(way)) for way in letters.combinations(choices, 16)))


def near_keys(part: str) -> set[str]:
    """Of one part, what one typing fault leaves of its skeletons, marked ``d``."""
    mains = {skeleton(one) for one in readings(part)}
    return {f"d{less}" for key in mains for less in without_one(key)}


def beginning_keys(part: str) -> set[str]:
    """How the skeletons of a part begin, marked ``b``: it is found before it is typed to its end."""
    mains = {skeleton(one) for one in readings(part)}
    return {f"b{key[:length]}" for key in mains for length in range(1, len(key) + 1)}


def split_keys(part: str) -> set[str]:
    """Of hanzi without a separator: skeletons of what may be the first and the last name in it."""
    if not is_hanzi(part) or len(part) < 4:  # noqa: PLR2004 - two signs each at least
        return set()
    pieces = [piece for at in range(2, len(part) - 1) for piece in (part[:at], part[at:])]
    return {key for piece in pieces for one in hanzi.sounds_of(piece) for key in keys_of(one)}


def spelled_keys(parts: list[str]) -> set[str]:
    """Plain Latin letters of every name, whole and from each part on, marked ``y``; initials, ``i``."""
    spelled: set[str] = set()
    initials: set[str] = set()
    ways = [_spellings(part) for part in parts[:MOST_PARTS]]
    for way in letters.combinations(ways, 12):
        flat = [syllable for part in way for syllable in part if syllable]
        for start in range(len(flat)):
            if len(parts) == 1 or start in _borders(way):
                spelled.add("".join(flat[start:]))
                spelled.add("".join(flat[: start + 1]))
        if len(parts) > 1:
            spelled |= {"".join(part) for part in way}
        first = "".join(syllable[0] for syllable in flat)
        initials |= {first[:length] for length in range(2, len(first) + 1)}
        initials |= {"".join(syllable[:1] for syllable in part) for part in way}
    spelled |= {one.replace("v", "u") for one in spelled if "v" in one}
    return {f"y{one}" for one in spelled if len(one) > 1} | {f"i{one}" for one in initials if len(one) > 1}


def _borders(way: tuple[tuple[str, ...], ...]) -> set[int]:
    return {0, *itertools.accumulate(len(part) for part in way)}


def _spellings(part: str) -> list[tuple[str, ...]]:
    if is_hanzi(part):
        return hanzi.pinyins_of(part) or [("",)]
    told = readings(part)[:1] or ("",)
    return [(letters.spelling(told[0]),)] if is_arabic(part) else [(_latin(part),)]


def _latin(part: str) -> str:
    return "".join(sign for sign in names.search_key(part) if sign.isalnum())


def misspelled_keys(parts: list[str]) -> set[str]:
    """Of a short name, what one typing fault leaves of its plain Latin letters, marked ``n``.

    A long one is found by the skeletons of its parts; in a short one they say too little.
    """
    ways = letters.combinations([_spellings(part)[:2] for part in parts[:MOST_PARTS]], 4)
    wholes = {"".join(syllable for part in way for syllable in part) for way in ways}
    short = {one.replace("v", "u") for one in wholes if _SHORTEST_SPELLED <= len(one) <= _LONGEST_SPELLED}
    return {f"n{less}" for one in short for less in without_one(one)}


def written_keys(part: str) -> set[str]:
    """How a part begins as it is written, one sign and two; of hanzi every sign and pair: marked ``c``."""
    plain = names.search_key(part)
    if not is_hanzi(part):
        return {f"c{plain[:1]}", f"c{plain[:2]}"}
    return {f"c{plain[at : at + length]}" for at in range(len(plain)) for length in (1, 2)}


def find_keys(text: str) -> list[str]:
    """All keys of one written form, for the index; the same kinds for every script (rights N2)."""
    parts = spoken_parts(text)
    found = {key for part in parts_of(cleaned(text))[:_MOST_WRITTEN] for key in written_keys(part)}
    for part in parts:
        found |= part_keys(part) | near_keys(part) | beginning_keys(part) | split_keys(part)
    return sorted(found | spelled_keys(parts) | misspelled_keys(parts))
