"""The answer to a search: at most ten people, the likeliest first."""

from __future__ import annotations

import dataclasses
import re
import typing

import sqlalchemy as sa

from saas.db import Fixed, fetched, one_of_ids, session
from saas.residents.models import Resident
from saas.residents.rules import names
from saas.residents.searching import by_number, candidates
from saas.residents.searching.within import Within
from saas.residents.sounding import query
from saas.residents.sounding.ranking import Ranker
from saas.residents.summaries import Summary, summaries

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Container, Iterable, Mapping, Sequence

    from saas.residents.searching.candidates import Candidate
    from saas.web.keys import ClinicKeys

MOST = 10
LONGEST = 100
"""Characters of a search that are looked at."""
_LIKELY = 0.6
"""Less likeness than this is none."""
_AS_WRITTEN = 0.03
_WITHIN, _LETTERS_WITHIN = 0.83, 4
"""What stands in the midst of a name, as it was typed, comes before names that only sound a little like it;
fewer letters stand in too many names."""
_WELL, _GOOD, _HARDLY = 0.9, 0.88, 0.8
_FEW = 4
"""So few who fit well one word may find, and nearer ones are still looked for."""
_MOST_PARTS_OF_ONE = 4 * MOST
_DIGIT = re.compile(r"[0-9０-９]")
_LETTER = re.compile(r"[^\W\d_]")


@dataclasses.dataclass(frozen=True)
class Answer:
    """People in the order of likelihood; ``has_more`` when the list is full."""

    residents: Sequence[Summary]
    has_more: bool


def search(words: str, keys: ClinicKeys, people: sa.Select[uuid.UUID] | None = None) -> Answer:
    """Whom the words lead to. What kind of words they are is guessed from their characters.

    With ``people``, the ids of a list, only whom of these they lead to.
    """
    words = words.strip()[:LONGEST]
    ids: list[uuid.UUID] = []
    within = None if people is None else Within(people)
    if _DIGIT.search(words):
        ids += by_number.ids_of(words, keys, MOST, within)
    if len(ids) < MOST and words:
        ids += _by_name(words, within)
    chosen = _only(_standing(dict.fromkeys(ids)), people)[:MOST]
    rows = {row.id: row for row in summaries(chosen)}
    return Answer([rows[one] for one in chosen if one in rows], has_more=len(chosen) == MOST)


def _only(ids: list[uuid.UUID], people: sa.Select[uuid.UUID] | None) -> list[uuid.UUID]:
    if people is None:
        return ids
    listed = set(session.scalars(sa.select(Resident.id).where(Resident.id.in_(ids), Resident.id.in_(people))))
    return [one for one in ids if one in listed]


def _by_name(words: str, within: Within | None) -> list[uuid.UUID]:
    if not _LETTER.search(words):
        return _newest(candidates.written(words, within))
    look = _Look(words, within)
    return look.best()


def _newest(found: Iterable[Candidate]) -> list[uuid.UUID]:
    return sorted({one.resident_id for one in found}, reverse=True)[:_MOST_PARTS_OF_ONE]


class _Look:
    """One search by name, wider with each step as long as nobody fits well."""

    def __init__(self, words: str, within: Within | None) -> None:
        self._words, self._within = words, within
        told = query.meanings(words)
        self._typed, self._others = told[:1], told[1:]
        self._ranker = Ranker(self._typed)
        self._seen: set[uuid.UUID] = set()
        self._scores: dict[uuid.UUID, float] = {}
        self._within_names: set[uuid.UUID] = set()

    def best(self) -> list[uuid.UUID]:
        """Those who fit at all, best first; of equals the last registered first."""
        self._look()
        fitting = [(self._place(one, score), one) for one, score in self._scores.items() if score >= _LIKELY]
        return [one for _, one in sorted(fitting, reverse=True)[:_MOST_PARTS_OF_ONE]]

    def _place(self, one: uuid.UUID, score: float) -> float:
        return max(score, _WITHIN) if one in self._within_names else score

    def _look(self) -> None:
        typed, others = self._typed, self._others
        written = candidates.written(self._words, self._within)
        if sum(map(len, names.query_keys(self._words))) >= _LETTERS_WITHIN:
            self._within_names.update(one.resident_id for one in written)
        # Ranked together: among them shows whether a word is somebody's whole name.
        same = candidates.of_groups(query.same_sound(typed), self._within)
        self._take([*written, *same], written={one.id for one in written})
        if not typed:
            return
        if self._top < _WELL and others:
            # From here on the keyboard may have been on the other layout.
            self._ranker = Ranker([*typed, *others])
            self._seen.clear()
            self._heard(query.same_sound(others))
        if self._top < _WELL or self._good < (MOST if len(typed[0].parts) > 1 else _FEW):
            self._heard(query.near(typed))
        if self._top < _WELL:
            self._heard(query.near(others))
        if self._top < _GOOD:
            self._heard(query.unparted(typed))
        if self._top < _HARDLY:
            self._heard(query.far([*typed, *others]))

    def _heard(self, groups: Iterable[query.Group]) -> None:
        self._take(candidates.of_groups(groups, self._within))

    def _take(self, found: Iterable[Candidate], written: Container[uuid.UUID] = ()) -> None:
        fresh = {one.id: one for one in found if one.id not in self._seen}
        self._seen |= fresh.keys()
        scores = self._ranker.scores([one.text for one in fresh.values()])
        for one, score in zip(fresh.values(), scores, strict=True):
            # What occurs in a name as it was typed fits, however little of the name it is.
            fits = max(score, _LIKELY) + _AS_WRITTEN if one.id in written else score
            self._scores[one.resident_id] = max(fits, self._scores.get(one.resident_id, 0.0))

    @property
    def _top(self) -> float:
        return max(self._scores.values(), default=0.0)

    @property
    def _good(self) -> int:
        return sum(score >= _GOOD for score in self._scores.values())


def _standing(ids: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """In their order: a merged row leads to the person who stayed, one that was taken back to nobody."""
    wanted = list(ids)
    rows = _rows(wanted)
    while beyond := {row[1] for row in rows.values() if row[1]} - rows.keys():
        rows |= _rows(beyond)
    return list(dict.fromkeys(one for start in wanted if (one := _stayed(start, rows))))


_WHERE = Fixed(
    sa.select(Resident.id, Resident.standing, Resident.merged_into_id).where(one_of_ids(Resident.id))
)


def _rows(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, tuple[str, uuid.UUID | None]]:
    asked = list(ids)
    (found,) = fetched(_WHERE.of(ids=asked)) if asked else [[]]
    return {one: (standing, into) for one, standing, into in found}


def _stayed(one: uuid.UUID, rows: Mapping[uuid.UUID, tuple[str, uuid.UUID | None]]) -> uuid.UUID | None:
    for _ in rows:
        standing, into = rows[one]
        if into is None:
            return None if standing == "undone" else one
        one = into
    return None
