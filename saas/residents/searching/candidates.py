"""Candidates for words, from the indexes over the keys of names; who of them is meant is not asked here."""

from __future__ import annotations

import typing

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from saas.db import session
from saas.residents.models import ResidentName
from saas.residents.rules import names

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

    from saas.residents.searching.within import Within
    from saas.residents.sounding.query import Group

MOST = 1500
"""Rows of one group: more would fit too badly to be worth ranking."""
_MOST_WRITTEN = 300
_SHORTEST_LIKE = 3
_ESCAPE = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})
_TEXTS = postgresql.ARRAY(sa.Text)


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
    conditions = [_holds(part) for part in parts]
    return _fetched([_chosen(conditions, within).limit(_MOST_WRITTEN)])


def of_groups(groups: Iterable[Group], within: Within | None = None) -> list[Candidate]:
    """Written forms with a key of every set of one of the groups."""
    return _fetched([_chosen(_conditions(group), within).limit(MOST) for group in groups])


def _chosen(conditions: Iterable[sa.ColumnElement[bool]], within: Within | None) -> sa.Select[uuid.UUID]:
    """``within``: of these residents alone, so that the limit leaves nobody of them out."""
    query = sa.select(ResidentName.id).where(*conditions)
    return query if within is None else query.where(within.holds(ResidentName.resident_id))


def _conditions(group: Group) -> list[sa.ColumnElement[bool]]:
    if not group.sets:
        return [ResidentName.sounds.overlap(_array(group.sounds))]
    return [ResidentName.find_keys.overlap(_array(some)) for some in group.sets]


def _array(some: Iterable[str]) -> sa.ColumnElement[list[str]]:
    return sa.literal(sorted(some), _TEXTS)


def _holds(part: str) -> sa.ColumnElement[bool]:
    if len(part) < _SHORTEST_LIKE:
        return ResidentName.find_keys.contains(_array([f"c{part}"]))
    return ResidentName.search_key.like(f"%{part.translate(_ESCAPE)}%", escape="\\")


def _fetched(queries: list[sa.Select[uuid.UUID]]) -> list[Candidate]:
    if not queries:
        return []
    every = sa.union_all(*(query.subquery().select() for query in queries))
    rows = sa.select(ResidentName.id, ResidentName.resident_id, ResidentName.text)
    return [Candidate(*row) for row in session.execute(rows.where(ResidentName.id.in_(every)))]
