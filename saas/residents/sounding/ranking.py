"""Who is meant: how well written forms of names fit the words of a search.

Exact before a beginning, a beginning before the same sound less exactly heard, that before near ones.
Every pair of words and parts is compared roughly by rapidfuzz; the best of them by ``likeness``.
"""

from __future__ import annotations

import functools
import heapq
import itertools
import typing

import rapidfuzz.distance
import rapidfuzz.process

from saas.residents.rules import names
from saas.residents.sounding import hanzi, keys
from saas.residents.sounding.cleaning import is_hanzi, is_latin
from saas.residents.sounding.letters import collapsed
from saas.residents.sounding.likeness import likeness

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from saas.residents.sounding.query import Meaning

SAME_TEXT = 1.0
_SAME_SOUND = 0.985
_SPELLED = 0.97
_PARTED, _SHORTEST_PARTED = 0.03, 5
_MISSPELLED, _SHORTEST_MISSPELLED = 0.89, 3
_BEGINNING = 0.9
_HEARD_BEGINNING = 0.85
_FIRST = 0.012
_GIVEN = 0.2
"""One word is a given name sooner than a father's: people are called by it alone."""
_IN_ORDER = 0.006
_PARTNER, _WITHOUT_PARTNER = 0.45, 0.7
"""A word that is like no part speaks against a name."""
_ROUGHLY = 0.4
_WHOLE_ROUGHLY = 0.7
_HOPELESS, _WELL = 0.5, 0.9
_AS_LONG = 0.7
_MOST_HEARD, _MOST_PAIRS = 80, 2
"""Parts that are compared sound by sound with one word; the rest is too unlike."""
_FOLDED = str.maketrans("eE0yoOuUzZjCcSgGkqbpfdtlrnNhxw", "aiaiuuuussssssggggbbbttrrnnhhh", "123")
_osa = rapidfuzz.distance.OSA.distance
_indel = rapidfuzz.distance.Indel.normalized_similarity


class Ranker:
    """Compares the words of one search with many names; what two parts have in common is found once."""

    def __init__(self, told: Sequence[Meaning]) -> None:
        """Remember the meanings of the words."""
        self._told = told
        self._words = list(dict.fromkeys(word for one in told for word in one.parts))
        self._sizes = {word: len(keys.readings(word)[0]) + 1 for word in self._words}
        self._alike: dict[str, dict[str, float]] = {word: {} for word in self._words}
        self._whole: dict[tuple[str, str], float] = {}

    def scores(self, texts: Iterable[str]) -> list[float]:
        """How well each written form fits: 1 for the same, 0 for nothing in common."""
        told = [_forms(text) for text in texts]
        fresh = dict.fromkeys(part for forms in told for form in forms for part in form)
        for word in self._words:
            self._compare(word, [part for part in fresh if part not in self._alike[word]])
        return [self._best(forms) for forms in told]

    def _best(self, forms: list[list[str]]) -> float:
        """Of the name as it is written and, less likely, as it may have to be parted."""
        whole, *parted = [self._score(form) for form in forms]
        return max(whole, max(parted, default=0.0) - _PARTED)

    def _compare(self, word: str, parts: list[str]) -> None:
        """Compare all roughly; the nearest sound by sound, by their two nearest pairs of readings."""
        known, mine = self._alike[word], names.search_key(word)
        heard = [(sounds, part) for part in parts for sounds in keys.readings(part)]
        choices = [sounds.translate(_FOLDED) for sounds, _ in heard]
        pairs: dict[str, list[tuple[float, str, str]]] = {part: [] for part in parts}
        for one in keys.readings(word):
            near = rapidfuzz.process.extract(
                one.translate(_FOLDED), choices, scorer=_indel, score_cutoff=_ROUGHLY, limit=2 * _MOST_HEARD
            )
            for _, score, place in near:
                sounds, part = heard[place]
                pairs[part].append((score, one, sounds))
        rough = {part: max(told)[0] if told else 0.0 for part, told in pairs.items()}
        for part in heapq.nlargest(_MOST_HEARD, rough, key=rough.__getitem__):
            known[part] = _alike(mine, names.search_key(part), heapq.nlargest(_MOST_PAIRS, pairs[part]))
        for part, score in rough.items():
            known.setdefault(part, score * _ROUGHLY)

    def _score(self, form: list[str]) -> float:
        if not form:
            return 0.0
        fits = (self._fit(meaning.parts, form) - meaning.handicap for meaning in self._told)
        return max(fits, default=0.0)

    def _fit(self, words: tuple[str, ...], form: list[str]) -> float:
        best = self._by_parts(words, form)
        if len(form) != len(words) and best < _WELL and self._may_be_whole(words, form):
            best = max(best, self._as_whole(words, form))
        if all(is_latin(word) for word in words) and any(is_hanzi(part) for part in form):
            best = max(best, _as_spelled(words, form))
        return best

    def _by_parts(self, words: tuple[str, ...], form: list[str]) -> float:
        """The best pairing of words and parts; a word without a partner counts nothing."""
        sizes = [self._sizes[word] for word in words]
        nobody = [0.0] * max(0, len(words) - len(form))
        rows = [
            [self._alike[word].get(part, 0.0) * size for part in form] + nobody
            for word, size in zip(words, sizes, strict=True)
        ]
        total, best = sum(sizes), 0.0
        late = _FIRST if len(words) > 1 else _GIVEN
        if sum(map(max, rows)) < _HOPELESS * total:
            return best
        for order in itertools.permutations(range(len(form) + len(nobody)), len(words)):
            found = [row[slot] for row, slot in zip(rows, order, strict=True)]
            score = sum(found) / total
            if any(one < _PARTNER * size for one, size in zip(found, sizes, strict=True)):
                score *= _WITHOUT_PARTNER
            score -= late if order[0] else 0.0
            score -= 0.0 if list(order) == sorted(order) else _IN_ORDER
            best = max(best, score)
        return best

    def _may_be_whole(self, words: tuple[str, ...], form: list[str]) -> bool:
        """True when both are about as long."""
        mine = sum(self._sizes[word] for word in words)
        theirs = sum(len(keys.readings(part)[0]) + 1 for part in form)
        return min(mine, theirs) > _AS_LONG * max(mine, theirs)

    def _as_whole(self, words: tuple[str, ...], form: list[str]) -> float:
        """Both without their separators, in any order."""
        key = ("\0".join(words), "\0".join(form))
        if key not in self._whole:
            mine, theirs = _joined(words), _joined(tuple(form))
            self._whole[key] = max(
                (_whole_alike(one, other) for one in mine for other in theirs), default=0.0
            )
        return self._whole[key] - _FIRST


def _forms(text: str) -> list[list[str]]:
    """The parts of a name; of hanzi without a separator also what may be two names."""
    parts = keys.spoken_parts(text)
    if len(parts) != 1 or len(parts[0]) < _SHORTEST_PARTED or not is_hanzi(parts[0]):
        return [parts]
    return [parts, *([parts[0][:at], parts[0][at:]] for at in range(2, len(parts[0]) - 1))]


@functools.lru_cache(maxsize=64)
def _joined(parts: tuple[str, ...]) -> list[str]:
    orders = itertools.permutations(parts) if len(parts) < keys.MOST_PARTS else [parts]
    ways = (way for order in orders for way in itertools.product(*(keys.readings(one)[:2] for one in order)))
    return list(dict.fromkeys(collapsed("".join(way)) for way in itertools.islice(ways, 12)))


def _whole_alike(one: str, other: str) -> float:
    rough = _indel(one.translate(_FOLDED), other.translate(_FOLDED)[: len(one) + 2])
    return _heard(one, other) if rough > _WHOLE_ROUGHLY else rough * _ROUGHLY


def _alike(mine: str, theirs: str, pairs: Iterable[tuple[float, str, str]]) -> float:
    if mine == theirs:
        return SAME_TEXT
    best = max((_heard(one, other) for _, one, other in pairs), default=0.0)
    return max(best, _BEGINNING) if theirs.startswith(mine) and len(mine) > 1 else best


def _heard(one: str, other: str) -> float:
    whole, beginning = likeness(one, other)
    return max(whole * _SAME_SOUND, beginning * _HEARD_BEGINNING)


def _as_spelled(words: tuple[str, ...], form: list[str]) -> float:
    """Pinyin and initials of hanzi, typed in Latin letters."""
    typed = "".join(sign for word in words for sign in word.casefold() if sign.isalpha()).replace("ü", "v")
    ways = [way for part in form if (way := hanzi.pinyins_of(part))]
    best = 0.0
    for chosen in itertools.islice(itertools.product(*ways), 12):
        flat = [syllable for part in chosen for syllable in part]
        whole, initials = "".join(flat), "".join(one[0] for one in flat)
        if typed in {whole, initials, whole.replace("v", "u")}:
            return _SPELLED
        if whole.startswith(typed) or initials.startswith(typed):
            best = _BEGINNING
        elif len(typed) > _SHORTEST_MISSPELLED and _osa(typed, whole, score_cutoff=1) == 1:
            best = max(best, _MISSPELLED)
    return best
