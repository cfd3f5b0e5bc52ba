"""Which rows are one person: her own, and those that were merged into it."""

from __future__ import annotations

import typing

import sqlalchemy as sa

from saas.db import session
from saas.residents.models import Resident

if typing.TYPE_CHECKING:
    import uuid


def person_ids(resident_id: uuid.UUID) -> list[uuid.UUID]:
    """The ids under which this person is or was known; her own first."""
    found, asked = [resident_id], [resident_id]
    while asked:
        query = sa.select(Resident.id).where(Resident.merged_into_id.in_(asked))
        asked = [one for one in session.scalars(query) if one not in found]
        found += asked
    return found
