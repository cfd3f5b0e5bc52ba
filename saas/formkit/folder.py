"""All that was signed of one person, or of the clinic: read once, whatever is then asked of it."""

from __future__ import annotations

import itertools
import typing

import sqlalchemy as sa

from saas.db import Fixed, fetched, one_of_ids
from saas.formkit import records
from saas.formkit.chaining import GENESIS
from saas.formkit.models import Record

if typing.TYPE_CHECKING:
    import datetime
    import uuid
    from collections.abc import Iterable, Iterator, Sequence

    from saas.db import Message

LOOKED_BACK = 12
"""Earlier records of a form that its rules see."""

_ROWS = sa.select(
    Record.id,
    Record.resident_id,
    Record.form_code,
    Record.form_id,
    Record.service_date,
    Record.answers,
    Record.computed,
    Record.next_due_on,
    Record.signed_at,
    Record.hash,
    records.holds().label("holds"),
).order_by(*records.NEWEST_FIRST)
_OF_A_PERSON = Fixed(_ROWS.where(one_of_ids(Record.resident_id)))
_OF_THE_CLINIC = Fixed(_ROWS.where(Record.resident_id.is_(None)))


class Answered(typing.NamedTuple):
    """What was answered in one field, and on which visit."""

    value: object
    service_date: datetime.date


def asked(ids: Sequence[uuid.UUID]) -> Message:
    """What reads a folder; ``ids`` are all rows of the person, none for the clinic's own records."""
    return _OF_A_PERSON.of(ids=list(ids)) if ids else _OF_THE_CLINIC.of()


class Folder:
    """The records of one person, newest first; those that hold, and those that do not any more."""

    def __init__(self, ids: Sequence[uuid.UUID], rows: Sequence[typing.Any] | None = None) -> None:
        """Read them, unless these are the rows that ``asked`` gave, sent together with something else."""
        self._rows = fetched(asked(ids))[0] if rows is None else rows
        self._filed: list[Record] = []

    def file(self, record: Record) -> None:
        """A record was signed since the folder was read: the next one of the chain comes after it."""
        self._filed.append(record)

    @property
    def standing(self) -> list[typing.Any]:
        """The rows of the records that hold."""
        return [row for row in self._rows if row.holds]

    def head(self, resident_id: uuid.UUID | None) -> bytes:
        """The hash of the newest record of one of her rows; for whoever holds it since before the reading."""
        rows: Iterator[typing.Any] = itertools.chain(self._rows, self._filed)
        chain = (row for row in rows if row.resident_id == resident_id)
        newest = max(chain, key=lambda row: (row.signed_at, row.id), default=None)
        return GENESIS if newest is None else typing.cast("bytes", newest.hash)

    def has(self, form_id: uuid.UUID, form_code: str) -> bool:
        """Whether this page has already made its record, which need not hold any more."""
        return any((row.form_id, row.form_code) == (form_id, form_code) for row in self._rows)

    def last(self, form_code: str) -> dict[str, object] | None:
        """The answers of the newest record of a form that holds."""
        return next((row.answers for row in self._of(form_code)), None)

    def earlier(self, form_code: str, apart_from: Record | None = None) -> list[dict[str, object]]:
        """The newest records of a form as the evaluation wants them; without one that is amended."""
        rows = (row for row in self._of(form_code) if apart_from is None or row.id != apart_from.id)
        return [
            {"service_date": str(row.service_date), "answers": row.answers, "computed": row.computed}
            for row in itertools.islice(rows, LOOKED_BACK)
        ]

    def last_answers(self, names: Iterable[str]) -> dict[str, Answered]:
        """The newest answer to each field of these names, in whichever form it was asked."""
        found = {}
        for name in names:
            row = next((row for row in self._rows if row.holds and name in row.answers), None)
            if row is not None:
                found[name] = Answered(row.answers[name], row.service_date)
        return found

    def _of(self, form_code: str) -> Iterator[typing.Any]:
        return (row for row in self._rows if row.holds and row.form_code == form_code)
