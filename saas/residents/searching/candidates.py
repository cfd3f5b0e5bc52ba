"""Candidates for words, from the indexes over the keys of names; who of them is meant is not asked here."""

from __future__ import annotations

import functools
import typing

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from saas.db import Fixed, fetched
from saas.residents.models import ResidentName
from saas.residents.rules import names

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Sequence

    from saas.db import Message
    from saas.residents.searching.within import Within
    from saas.residents.sounding.query import Group

MOST = 1500
"""Rows of one group: more would fit too badly to be worth ranking."""
_MOST_WRITTEN = 300
_SHORTEST_LIKE = 3
_ESCAPE = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})
_TEXTS = postgresql.ARRAY(sa.Text)
_KEPT = 200
"""Kinds of searches whose statements are kept: by how many words and meanings, not by what they are."""


class Candidate(typing.NamedTuple):
    """One written form of somebody's name."""

    id: uuid.UUID
    resident_id: uuid.UUID
    text: str


def written(words: str, within: Within | None = None) -> list[Candidate]:
    """Written forms in which every word occurs; a word of one or two signs, at the beginning of a part."""
    parts = names.query_keys(words)
    if not parts:
        return []
    values = {f"part_{place}": _sought(part) for place, part in enumerate(parts)}
    shape = tuple(_is_short(part) for part in parts)
    statement = _of_words(shape) if within is None else _built([_holding(shape)], _MOST_WRITTEN, within)
    return _found(statement.of(**values))


def of_groups(groups: Iterable[Group], within: Within | None = None) -> list[Candidate]:
    """Written forms with a key of every set of one of the groups."""
    asked = list(groups)
    if not asked:
        return []
    values = {
        f"keys_{place}_{part}": sorted(some)
        for place, group in enumerate(asked)
        for part, some in enumerate(group.sets or [group.sounds])
    }
    shape = tuple(len(group.sets) for group in asked)
    statement = _of_sets(shape) if within is None else _built(_keyed(shape), MOST, within)
    return _found(statement.of(**values))


def _found(message: Message) -> list[Candidate]:
    return [Candidate._make(row) for row in fetched(message)[0]]


@functools.lru_cache(_KEPT)
def _of_words(shape: tuple[bool, ...]) -> Fixed:
    return _built([_holding(shape)], _MOST_WRITTEN)


@functools.lru_cache(_KEPT)
def _of_sets(shape: tuple[int, ...]) -> Fixed:
    return _built(_keyed(shape), MOST)


def _built(
    groups: Sequence[Sequence[sa.ColumnElement[bool]]], most: int, within: Within | None = None
) -> Fixed:
    """``within``: of these residents alone, so that the limit leaves nobody of them out."""
    also = [] if within is None else [within.holds(ResidentName.resident_id)]
    chosen = (sa.select(ResidentName.id).where(*group, *also).limit(most) for group in groups)
    every = sa.union_all(*(query.subquery().select() for query in chosen))
    rows = sa.select(ResidentName.id, ResidentName.resident_id, ResidentName.text)
    return Fixed(rows.where(ResidentName.id.in_(every)))


def _keyed(shape: Sequence[int]) -> list[list[sa.ColumnElement[bool]]]:
    """Of each group its conditions: so many sets of keys, or (none) the sounds of the whole."""
    return [
        [ResidentName.find_keys.overlap(_texts(f"keys_{place}_{part}")) for part in range(count)]
        or [ResidentName.sounds.overlap(_texts(f"keys_{place}_0"))]
        for place, count in enumerate(shape)
    ]


def _holding(shape: Sequence[bool]) -> list[sa.ColumnElement[bool]]:
    """Of each word whether it is short."""
    return [
        ResidentName.find_keys.contains(_texts(f"part_{place}"))
        if short
        else ResidentName.search_key.like(sa.bindparam(f"part_{place}", required=True), escape="\\")
        for place, short in enumerate(shape)
    ]


def _is_short(part: str) -> bool:
    return len(part) < _SHORTEST_LIKE


def _sought(part: str) -> object:
    return [f"c{part}"] if _is_short(part) else f"%{part.translate(_ESCAPE)}%"


def _texts(name: str) -> sa.BindParameter[Sequence[str]]:
    return sa.bindparam(name, type_=_TEXTS, required=True)
