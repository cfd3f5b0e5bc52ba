"""How alike two parts of names sound: a weighted edit distance over sounds, the same for every script."""

from __future__ import annotations

import functools
import itertools
import string

_PAIRS = (
    # One sound in another spelling or another system of spelling.
    ("4k 4q 5g 6h 6x", 0.0),
    ("5G", 0.08),
    ("45 4g 5k 5q", 0.12),
    ("46 56 4G 6G 6q", 0.25),
    ("4x 4h 5h 5x 6k 6g", 0.35),
    ("0e 0h xh yi nN td 1i 2u 3e 1E 31 3a", 0.03),
    ("eE Ei oO uU OU ou uO oU Oo 0a 2o 2U 2O 13 1e 13 3i 3E 1y CS:x", 0.1),
    ("ae bp pf gk kq rl wu wo wU wO sz zZ Zj gG Gq 1U 3u 32 12 yE", 0.15),
    ("td jz sS jC CS Gh Gx gq ei GK ye kG", 0.25),
    ("bf bw fw pw qx qh kx kh gh 1a 2e 2i 2a 3o 1u 1o zS ZS jy sC zC js jS jZ iU iO ", 0.4),
    ("nm Nm Ng ai ao au eo eu iu io EO Eo eO eU eu aO aU EU Eu aE pm bm cs", 0.45),
)
_GAPS = dict.fromkeys("bpftdmnNkqgszZjCS", 1.0) | {"l": 0.7, "r": 0.55, "G": 0.5, "c": 1.0}
_GAPS |= {"4": 0.9, "5": 0.7, "6": 0.25}
_GAPS |= dict.fromkeys("aeEoOuU", 0.42) | {"i": 0.34, "0": 0.3, "y": 0.25, "h": 0.25, "x": 0.35, "w": 0.35}
_GAPS |= {"1": 0.08, "2": 0.12, "3": 0.08}
_VOWELS = frozenset("aeEioOuU0123yw")


def _cost(one: str, other: str) -> float:
    if one == other:
        return 0.0
    pair = f"{one}{other}"
    for pairs, cost in _PAIRS:
        if pair in pairs.split() or pair[::-1] in pairs.split():
            return cost
    if one in _VOWELS and other in _VOWELS:
        return 0.5
    return 1.0


_SIGNS = string.ascii_letters + string.digits
_COSTS = {one: {other: _cost(one, other) for other in _SIGNS} for one in _SIGNS}


@functools.lru_cache(maxsize=4096)
def weight(sounds: str) -> float:
    """How much there is to hear; weak vowels and breath count little."""
    return sum(_GAPS.get(sound, 1.0) for sound in sounds)


@functools.lru_cache(maxsize=256)
def _gaps(sounds: str) -> list[float]:
    return [_GAPS.get(sound, 1.0) for sound in sounds]


def distances(one: str, other: str) -> tuple[float, float]:
    """What changing one sound after the other costs: to the whole other name, and to its best beginning."""
    gaps = _gaps(other)
    row = list(itertools.accumulate(gaps, initial=0.0))
    for sound, gone in zip(one, _gaps(one), strict=True):
        diagonal = row[0]
        left = row[0] = diagonal + gone
        for place, cost in enumerate(map(_COSTS[sound].__getitem__, other), 1):
            above = row[place]
            best = diagonal + cost
            if above + gone < best:  # noqa: PLR1730 - min() would take twice the time
                best = above + gone
            gap = left + gaps[place - 1]
            if gap < best:  # noqa: PLR1730 - as above
                best = gap
            row[place] = left = best
            diagonal = above
    return row[-1], min(row)


def likeness(one: str, other: str) -> tuple[float, float]:
    """1 for the same sounds, 0 for nothing in common: the whole, and one as the other's beginning."""
    if one == other:
        return 1.0, 1.0
    whole, beginning = distances(one, other)
    mine, theirs = weight(one), weight(other)
    return 1 - whole / (max(mine, theirs) or 1), 1 - beginning / (mine or 1)
