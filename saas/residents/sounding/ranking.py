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
_LONGER = 0.05
"""How much less a longer name is meant by a word that is somebody's whole name.

Who wants the longer one can type on; who wants the whole one, in whatever script it is stored, cannot.
"""
_SURELY = 0.98
_BETWEEN_SCRIPTS = 0.6
"""Hanzi write a name in many ways: what parts them from its letters says less than letters from letters."""
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
_FORMS_KEPT = 1 << 15
"""Names whose parts are remembered: the whole list of a clinic that one works in."""
_FOLDED = str.maketrans("eE0yoOuUzZjCcSgGkq45bpfdtlrnNhx6w", "aiaiuuuussssssggggggbbbttrrnnhhhh", "123")
_osa = rapidfuzz.distance.OSA.distance
_indel = rapidfuzz.distance.Indel.normalized_similarity


class _Form(typing.NamedTuple):
    """One way to part a written form: its parts, how much there is to hear, whether pinyin spells it."""

    parts: tuple[str, ...]
    size: int
    is_spelled: bool


class _Typed(typing.NamedTuple):
    """One meaning of the words: what there is to hear of each, and their letters if all of them are Latin."""

    words: tuple[str, ...]
    handicap: float
    sizes: tuple[int, ...]
    total: int
    letters: str


class Ranker:
    """Compares the words of one search with many names; what two parts have in common is found once."""

    def __init__(self, told: Sequence[Meaning]) -> None:
        """Remember the meanings of the words."""
        self._told = [_typed(one) for one in told]
        self._words = list(dict.fromkeys(word for one in told for word in one.parts))
        self._alone = {one.parts[0] for one in told if len(one.parts) == 1}
        self._begun: set[tuple[str, str]] = set()
        self._is_whole = False
        self._alike: dict[str, dict[str, float]] = {word: {} for word in self._words}
        self._whole: dict[tuple[tuple[str, ...], tuple[str, ...]], float] = {}

    def scores(self, texts: Iterable[str]) -> list[float]:
        """How well each written form fits: 1 for the same, 0 for nothing in common."""
        told = [_forms(text) for text in texts]
        fresh = dict.fromkeys(part for forms in told for form in forms for part in form.parts)
        for word in self._words:
            self._compare(word, [part for part in fresh if part not in self._alike[word]])
        return [self._best(forms) for forms in told]

    def _best(self, forms: list[_Form]) -> float:
        """Of the name as it is written and, less likely, as it may have to be parted."""
        whole, *parted = [self._score(form) for form in forms]
        return max(whole, max(parted, default=0.0) - _PARTED)

    def _compare(self, word: str, parts: list[str]) -> None:
        """Compare all roughly; the nearest sound by sound, by their two nearest pairs of readings."""
        known, mine = self._alike[word], names.search_key(word)
        known.update(dict.fromkeys(parts, 0.0))
        heard = [(sounds, part) for part in parts for sounds in keys.readings(part)]
        choices = [_folded(sounds) for sounds, _ in heard]
        pairs: dict[str, list[tuple[float, str, str]]] = {}
        for one in keys.readings(word):
            near = rapidfuzz.process.extract(
                _folded(one), choices, scorer=_indel, score_cutoff=_ROUGHLY, limit=2 * _MOST_HEARD
            )
            for _, score, place in near:
                sounds, part = heard[place]
                pairs.setdefault(part, []).append((score, one, sounds))
        rough = {part: max(told)[0] for part, told in pairs.items()}
        known.update({part: score * _ROUGHLY for part, score in rough.items()})
        for part in heapq.nlargest(_MOST_HEARD, rough, key=rough.__getitem__):
            apart = _BETWEEN_SCRIPTS if is_hanzi(word) != is_hanzi(part) else 1.0
            nearest = heapq.nlargest(_MOST_PAIRS, pairs[part])
            self._learn(word, part, _alike(mine, names.search_key(part), nearest, apart))

    def _learn(self, word: str, part: str, fits: tuple[float, float]) -> None:
        """Keep how alike they are, and whether that is as a whole or as a longer name's beginning."""
        whole, beginning = fits
        self._alike[word][part] = max(fits)
        if beginning > whole:
            self._begun.add((word, part))
        elif whole >= _SURELY and word in self._alone:
            self._is_whole = True

    def _score(self, form: _Form) -> float:
        if not form.parts:
            return 0.0
        return max([self._fit(typed, form) - typed.handicap for typed in self._told], default=0.0)

    def _fit(self, typed: _Typed, form: _Form) -> float:
        best = self._by_parts(typed, form.parts)
        if len(form.parts) != len(typed.words) and best < _WELL and _may_be_whole(typed.total, form.size):
            best = max(best, self._as_whole(typed.words, form.parts))
        if typed.letters and form.is_spelled:
            best = max(best, _as_spelled(typed.letters, form.parts))
        return best

    def _single(self, word: str, parts: tuple[str, ...]) -> float:
        """One word beside each part: the first is likelier meant, the others are fathers' names."""
        fits = list(map(self._alike[word].__getitem__, parts))
        if max(fits) < _HOPELESS:
            return 0.0
        if self._is_whole:
            longer = [_LONGER if (word, part) in self._begun else 0.0 for part in parts]
            fits = [one - less for one, less in zip(fits, longer, strict=True)]
        fits = [one if one >= _PARTNER else one * _WITHOUT_PARTNER for one in fits]
        return max(fits[0], max(fits[1:], default=0.0) - _GIVEN)

    def _by_parts(self, typed: _Typed, parts: tuple[str, ...]) -> float:
        """The best pairing of words and parts; a word without a partner counts nothing."""
        words, sizes, total = typed.words, typed.sizes, typed.total
        if len(words) == 1:
            return self._single(words[0], parts)
        best, nobody = 0.0, [0.0] * max(0, len(words) - len(parts))
        rows = []
        for word, size in zip(words, sizes, strict=True):
            alike = self._alike[word]
            rows.append([alike[part] * size for part in parts] + nobody)
        if sum(map(max, rows)) < _HOPELESS * total:
            return best
        for order in itertools.permutations(range(len(parts) + len(nobody)), len(words)):
            found = [row[slot] for row, slot in zip(rows, order, strict=True)]
            score = sum(found) / total
            if any(one < _PARTNER * size for one, size in zip(found, sizes, strict=True)):
                score *= _WITHOUT_PARTNER
            score -= _FIRST if order[0] else 0.0
            score -= 0.0 if list(order) == sorted(order) else _IN_ORDER
            best = max(best, score)
        return best

    def _as_whole(self, words: tuple[str, ...], parts: tuple[str, ...]) -> float:
        """Both without their separators, in any order."""
        key = (words, parts)
        if key not in self._whole:
            mine, theirs = _joined(words), _joined(parts)
            self._whole[key] = max(
                (_whole_alike(one, other) for one in mine for other in theirs), default=0.0
            )
        return self._whole[key] - _FIRST


def _typed(meaning: Meaning) -> _Typed:
    sizes = tuple(len(keys.readings(word)[0]) + 1 for word in meaning.parts)
    letters = ""
    if all(is_latin(word) for word in meaning.parts):
        signs = "".join(sign for word in meaning.parts for sign in word.casefold() if sign.isalpha())
        letters = signs.replace("ü", "v")
    return _Typed(meaning.parts, meaning.handicap, sizes, sum(sizes), letters)


@functools.lru_cache(maxsize=_FORMS_KEPT)
def _forms(text: str) -> list[_Form]:
    """The parts of a name; of hanzi without a separator also what may be two names."""
    parts = keys.spoken_parts(text)
    if len(parts) != 1 or len(parts[0]) < _SHORTEST_PARTED or not is_hanzi(parts[0]):
        return [_form(parts)]
    return [_form(parts), *(_form([parts[0][:at], parts[0][at:]]) for at in range(2, len(parts[0]) - 1))]


def _form(parts: Sequence[str]) -> _Form:
    size = sum(len(keys.readings(part)[0]) + 1 for part in parts)
    return _Form(tuple(parts), size, any(is_hanzi(part) for part in parts))


def _may_be_whole(mine: int, theirs: int) -> bool:
    """True when both are about as long."""
    return min(mine, theirs) > _AS_LONG * max(mine, theirs)


@functools.lru_cache(maxsize=1 << 14)
def _folded(sounds: str) -> str:
    return sounds.translate(_FOLDED)


@functools.lru_cache(maxsize=64)
def _joined(parts: tuple[str, ...]) -> list[str]:
    orders = itertools.permutations(parts) if len(parts) < keys.MOST_PARTS else [parts]
    ways = (way for order in orders for way in itertools.product(*(keys.readings(one)[:2] for one in order)))
    return list(dict.fromkeys(collapsed("".join(way)) for way in itertools.islice(ways, 12)))


def _whole_alike(one: str, other: str) -> float:
    rough = _indel(_folded(one), _folded(other)[: len(one) + 2])
    return _heard(one, other) if rough > _WHOLE_ROUGHLY else rough * _ROUGHLY


def _alike(
    mine: str, theirs: str, pairs: Iterable[tuple[float, str, str]], apart: float
) -> tuple[float, float]:
    """As a whole, and as the beginning of a longer one; ``apart`` is how much differences count."""
    if mine == theirs:
        return SAME_TEXT, 0.0
    heard = [likeness(one, other) for _, one, other in pairs]
    whole = max((1 - (1 - one) * apart for one, _ in heard), default=0.0)
    beginning = max((one for _, one in heard), default=0.0)
    is_begun = theirs.startswith(mine) and len(mine) > 1
    return whole * _SAME_SOUND, _BEGINNING if is_begun else beginning * _HEARD_BEGINNING


def _heard(one: str, other: str) -> float:
    whole, beginning = likeness(one, other)
    return max(whole * _SAME_SOUND, beginning * _HEARD_BEGINNING)


def _as_spelled(typed: str, parts: tuple[str, ...]) -> float:
    """Pinyin and initials of hanzi, typed in Latin letters."""
    best = 0.0
    for whole, initials in _spellings(parts):
        if typed in {whole, initials, whole.replace("v", "u")}:
            return _SPELLED
        if whole.startswith(typed) or initials.startswith(typed):
            best = _BEGINNING
        elif len(typed) > _SHORTEST_MISSPELLED and _osa(typed, whole, score_cutoff=1) == 1:
            best = max(best, _MISSPELLED)
    return best


@functools.lru_cache(maxsize=1 << 14)
def _spellings(parts: tuple[str, ...]) -> list[tuple[str, str]]:
    """The whole and the initials of a name in its usual readings."""
    ways = [way for part in parts if (way := hanzi.pinyins_of(part))]
    told = []
    for chosen in itertools.islice(itertools.product(*ways), 12):
        flat = [syllable for part in chosen for syllable in part]
        told.append(("".join(flat), "".join(one[0] for one in flat)))
    return told
