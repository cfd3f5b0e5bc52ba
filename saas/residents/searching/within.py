"""Of a list alone: whether a found row belongs to somebody who stands on it."""

from __future__ import annotations

import typing

import sqlalchemy as sa

from saas.db import session
from saas.residents.models import Resident

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from sqlalchemy.orm import InstrumentedAttribute


class Within:
    """The people of a list, and the rows that were merged into theirs: these hold names and numbers too.

    Asked of each row that was found, so that the database need not go through the whole list for a few.
    """

    def __init__(self, people: sa.Select[uuid.UUID]) -> None:
        """Find the merged rows: there are few of them in a clinic."""
        self._people = people
        self._merged = _merged_into(people)

    def holds(self, column: InstrumentedAttribute[uuid.UUID]) -> sa.ColumnElement[bool]:
        """The condition that a row of this resident is one of the list."""
        listed = self._people.where(_first(self._people) == column).exists()
        if not self._merged:
            return listed
        return sa.or_(listed, column == sa.any_(sa.cast(self._merged, sa.ARRAY(sa.Uuid))))


def _merged_into(people: sa.Select[uuid.UUID]) -> Sequence[uuid.UUID]:
    first = sa.select(Resident.id, Resident.merged_into_id.label("stayed"))
    up = first.where(Resident.merged_into_id.is_not(None)).cte("up", recursive=True)
    further = sa.select(up.c.id, Resident.merged_into_id).join(Resident, Resident.id == up.c.stayed)
    up = up.union(further.where(Resident.merged_into_id.is_not(None)))
    stayer = people.where(_first(people) == up.c.stayed).exists()
    return session.scalars(sa.select(up.c.id).where(stayer)).all()


def _first(people: sa.Select[uuid.UUID]) -> sa.ColumnElement[uuid.UUID]:
    return next(iter(people.selected_columns))
