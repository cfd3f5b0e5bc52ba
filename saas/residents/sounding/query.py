"""What somebody may mean by the words of a search, and by which keys the candidates are found."""

from __future__ import annotations

import dataclasses
import typing

from saas.residents.sounding import hanzi, keys, layouts, syllables
from saas.residents.sounding.cleaning import cleaned, is_arabic, is_hanzi, is_latin
from saas.residents.sounding.syllables import of_syllables

OTHER_LAYOUT = 0.04
"""How much less likely it is that somebody forgot to switch the keyboard."""
_SHORTEST_NEAR = 3
_SHORTEST_CUT = 4
_LONGEST_INITIALS = 8


@dataclasses.dataclass(frozen=True)
class Meaning:
    """One way to read the words: their parts, and how much less likely it is than what was typed."""

    parts: tuple[str, ...]
    handicap: float = 0.0


class Group(typing.NamedTuple):
    """Candidates have a key of each of these sets; or, when ``sounds`` is given, sound like it as a whole."""

    sets: tuple[frozenset[str], ...] = ()
    sounds: frozenset[str] = frozenset()


def meanings(words: str) -> list[Meaning]:
    """As typed, and as the same keys write it on the other layout."""
    told = [Meaning(_parts(words))]
    if is_arabic(words):
        told.append(Meaning(_parts(layouts.as_latin(cleaned(words))), OTHER_LAYOUT))
    elif is_latin(words):
        told.append(Meaning(_parts(layouts.as_uyghur(words)), OTHER_LAYOUT))
    return [one for one in dict.fromkeys(told) if one.parts]


def _parts(words: str) -> tuple[str, ...]:
    return tuple(keys.spoken_parts(words))


def same_sound(told: list[Meaning]) -> list[Group]:
    """Who sounds alike in each part, or as a whole; who is spelled so, or has these initials."""
    groups = []
    for meaning in told:
        groups.append(Group(tuple(frozenset(keys.part_keys(part)) for part in meaning.parts)))
        whole = set(keys.sound_keys(" ".join(meaning.parts)))
        if len(meaning.parts) == 1:
            whole |= _rotated(meaning.parts[0])
        groups.append(Group(sounds=frozenset(whole)))
        spelled = _spelled(meaning.parts)
        if spelled:
            groups.append(Group((frozenset(spelled),)))
    return [group for group in dict.fromkeys(groups) if all(group.sets) and (group.sets or group.sounds)]


def near(told: list[Meaning]) -> list[Group]:
    """Who sounds alike but for one fault, or begins so."""
    groups = []
    for meaning in told:
        exact = [frozenset(keys.part_keys(part)) for part in meaning.parts]
        loose = _loosened(meaning.parts)
        for place, some in enumerate(loose):
            groups.append(Group((*exact[:place], some, *exact[place + 1 :])))
        if spelled := _joined(meaning.parts):
            groups.append(Group((frozenset(f"n{less}" for less in keys.without_one(spelled)),)))
    return [group for group in dict.fromkeys(groups) if all(group.sets)]


def unparted(told: list[Meaning]) -> list[Group]:
    """Who sounds alike when words without a separator are parted somewhere, with one fault at most."""
    groups = []
    for meaning in told:
        exact, loose = _cut(meaning.parts, keys.keys_of), _cut(meaning.parts, _loose_sounds)
        for (one, other), (near_one, near_other) in zip(exact, loose, strict=True):
            groups.append(Group((frozenset(one), frozenset(near_other))))
            groups.append(Group((frozenset(near_one), frozenset(other))))
    return [group for group in dict.fromkeys(groups) if all(group.sets)]


def far(told: list[Meaning]) -> list[Group]:
    """Who sounds nearly alike in every part, when nobody is nearer."""
    groups = [Group(tuple(_loosened(meaning.parts))) for meaning in told if len(meaning.parts) > 1]
    return [group for group in dict.fromkeys(groups) if all(group.sets)]


def _loosened(parts: tuple[str, ...]) -> list[frozenset[str]]:
    """For each part the keys that one fault leaves; for the last one also those of longer names."""
    shortest = _SHORTEST_NEAR if len(parts) == 1 else 0
    sets = []
    for part in parts:
        mains = {keys.skeleton(one) for one in keys.readings(part)}
        some = {f"d{less}" for key in mains if len(key) >= shortest for less in keys.without_one(key)}
        if part == parts[-1]:
            some |= {f"b{key}" for key in mains if len(key) >= shortest - 1}
        sets.append(frozenset(some))
    return sets


def _loose_sounds(sounds: str) -> set[str]:
    return {f"d{less}" for less in keys.without_one(keys.skeleton(sounds))}


def _cut(parts: tuple[str, ...], make: typing.Callable[[str], set[str]]) -> list[tuple[set[str], set[str]]]:
    """Where words without a separator may be parted: the keys of both pieces, for each place."""
    if len(parts) != 1:
        return []
    part = parts[0]
    if is_hanzi(part):
        told = [hanzi.main_syllables(part)] if len(part) >= _SHORTEST_CUT else []
    else:
        plain = "".join(sign for sign in part.casefold() if sign.isalpha()) if is_latin(part) else ""
        told = [list(way) for way in syllables.split(plain)[:1] if len(way) >= _SHORTEST_CUT]
    return [
        (make(of_syllables(way[:at])), make(of_syllables(way[at:])))
        for way in told
        for at in range(2, len(way) - 1)
    ]


def _spelled(parts: tuple[str, ...]) -> set[str]:
    joined = _joined(parts)
    if not joined:
        return set()
    told = {f"y{joined}"}
    return told | {f"i{joined}"} if 1 < len(joined) <= _LONGEST_INITIALS else told


def _joined(parts: tuple[str, ...]) -> str:
    """All letters of Latin words in one; empty for other words."""
    if not all(is_latin(part) for part in parts):
        return ""
    joined = "".join(sign for part in parts for sign in part.casefold() if sign.isalpha())
    return joined.replace("ü", "u").replace("v", "u")


def _rotated(part: str) -> set[str]:
    """Hanzi without a separator in another order: what may be the second name comes first."""
    if not is_hanzi(part):
        return set()
    turned = (part[at:] + part[:at] for at in range(2, len(part) - 1))
    return {key for one in turned for sound in hanzi.sounds_of(one) for key in keys.skeletons(sound)}
