"""The chain of access-log rows: what a row's hash covers, and how a chain is verified. Pure."""

from __future__ import annotations

import datetime
import hmac
import typing
from collections.abc import Iterable, Sequence

from saas.audit.canonical import canonical, instant

GENESIS = bytes(32)
"""What the first row of a chain has as ``previous``."""

FAULT_LIMIT = 1_000
"""So many faults of each sort are named one by one in a chain; the rest is counted."""

CANDIDATE_LIMIT = 60
"""A faulty row is tried under so many other numbers before it counts as changed."""


class Row(typing.NamedTuple):
    """One row as read; ``detail`` and ``resident_ids`` come from ``canonical.parsed``."""

    number: int
    at: datetime.datetime | None
    staff_id: str | None
    staff_name: str | None
    act: str | None
    status: int | None
    resident_ids: object
    purpose: str | None
    detail: object
    previous: bytes | None
    hash: bytes | None


class Seal(typing.NamedTuple):
    """The head of a chain as kept outside the database: its number, hash and time.

    An empty chain has number 0, the hash ``GENESIS`` and no time.
    """

    number: int
    hash: bytes
    at: datetime.datetime | None


Kind = typing.Literal[
    "changed", "inserted", "foreign", "deleted", "reordered", "forked", "cut", "rewritten", "more"
]


class Fault(typing.NamedTuple):
    """One thing wrong with a chain. ``number`` is the row's (of a range the first, ``last`` the last)."""

    number: int
    kind: Kind
    text: str
    last: int | None = None


def row_hash(row: Row, key: bytes) -> bytes:
    """HMAC-SHA-256 over the canonical JSON of ``previous`` and every other column but ``hash``."""
    covered = {
        "act": row.act,
        "at": None if row.at is None else instant(row.at),
        "detail": row.detail,
        "number": row.number,
        "previous": None if row.previous is None else row.previous.hex(),
        "purpose": row.purpose,
        "resident_ids": row.resident_ids,
        "staff_id": row.staff_id,
        "staff_name": row.staff_name,
        "status": row.status,
    }
    return hmac.digest(key, canonical(covered).encode(), "sha256")


def verify(rows: Iterable[Row], key: bytes, seal: Seal | None = None) -> list[Fault]:
    """Everything wrong with a chain, in the order of its numbers; an empty list when it is whole.

    ``rows`` come ordered by number (``ValueError`` otherwise) and are read once; memory does not grow
    with them. Found: a change of any column, a deleted, inserted, exchanged or doubled row, a chain
    that continues another row than the one before, and, with the seal, a chain that was cut before the
    sealed row or written anew with the clinic's key.

    A cut of rows newer than the seal cannot be seen: what is left is a whole, shorter chain. Seal often
    and keep the seals off this server.
    """
    walk = _Walk(key, seal)
    for row in rows:
        walk.take(row)
    return walk.faults()


_Kept = typing.TypeVar("_Kept")


class _Walk:
    """Goes through a chain once and keeps what is faulty."""

    def __init__(self, key: bytes, seal: Seal | None) -> None:
        self._key = key
        self._seal = seal
        self._number = 0
        self._links: tuple[bytes | None, ...] = (GENESIS,)
        self._authentic = True
        self._last_authentic = seal.number if seal else 0
        self._sealed_row: Row | None = None
        self._bad: list[Row] = []
        self._beyond = 0
        self._doubled: set[int] = set()
        self._gaps: list[tuple[int, int]] = []
        self._gaps_closed = 0
        self._found: list[Fault] = []

    def take(self, row: Row) -> None:
        """Look at the next row."""
        computed = row_hash(row, self._key)
        authentic = row.hash is not None and hmac.compare_digest(computed, row.hash)
        if not authentic:
            self._keep(self._bad, row)
        if row.number <= self._number:
            self._take_out_of_line(row, authentic=authentic)
            return
        if row.number > self._number + 1:
            self._keep(self._gaps, (self._number + 1, row.number - 1))
        elif authentic and self._authentic and row.previous not in self._links:
            self._keep(self._found, _forked(row.number))
        self._step(row, computed, authentic=authentic)

    def _step(self, row: Row, computed: bytes, *, authentic: bool) -> None:
        self._number = row.number
        self._links = (row.hash, computed)
        self._authentic = authentic
        if authentic:
            self._last_authentic = max(self._last_authentic, row.number)
            self._close_gaps(row.number)
        if self._seal and row.number == self._seal.number:
            self._sealed_row = row

    def _close_gaps(self, witness: int) -> None:
        """Below a number that surely was written, what is not there was deleted.

        A gap before a faulty row alone says nothing: its number may be made up.
        """
        for first, last in self._gaps[self._gaps_closed :]:
            if first <= witness:
                self._found.append(_missing(first, min(last, witness)))
        self._gaps_closed = len(self._gaps)

    def _take_out_of_line(self, row: Row, *, authentic: bool) -> None:
        """A second row of one number, or a number below 1: only without the primary key."""
        if 1 <= row.number < self._number:
            raise ValueError("rows must come ordered by number")
        if len(self._doubled) < FAULT_LIMIT:
            self._doubled.add(row.number)
        if not authentic:
            return
        if self._authentic or row.number < 1:
            text = f"row {row.number} is there twice, or its number cannot be"
            self._keep(self._found, Fault(row.number, "forked", text))
            return
        self._step(row, row.hash or b"", authentic=True)

    def _keep(self, kept: list[_Kept], found: _Kept) -> None:
        if len(kept) < FAULT_LIMIT:
            kept.append(found)
        else:
            self._beyond += 1

    def faults(self) -> list[Fault]:
        """What was found, after the last row."""
        self._close_gaps(self._seal.number if self._seal else 0)
        found = [*self._found, *self._judged(), *self._against_seal()]
        found.sort(key=lambda fault: (fault.number, fault.kind))
        if self._beyond:
            text = f"{self._beyond} more faults"
            found.append(Fault(self._number, "more", text))
        return found

    def _against_seal(self) -> Iterable[Fault]:
        seal = self._seal
        if seal is None or seal.number == 0:
            return
        if self._number < seal.number:
            text = f"the chain ends at row {self._number}, the seal knows row {seal.number}"
            yield Fault(self._number + 1, "cut", text, seal.number)
        row = self._sealed_row
        if row and row.hash != seal.hash and row not in self._bad:
            text = f"row {seal.number} is another one than was sealed: the chain was written anew"
            yield Fault(seal.number, "rewritten", text)

    def _judged(self) -> Iterable[Fault]:
        """Say of each row whose hash does not fit what was done to it, as far as can be told."""
        origins = [self._origin(row) for row in self._bad]
        taken = {origin for origin in origins if origin is not None}
        for row, origin in zip(self._bad, origins, strict=True):
            yield self._judge(row, origin, taken)

    def _judge(self, row: Row, origin: int | None, taken: set[int]) -> Fault:
        number = row.number
        if origin is not None and self._is_vacant(origin):
            return Fault(number, "reordered", f"row {number} was written as row {origin}")
        if origin is not None:
            return Fault(number, "inserted", f"row {number} was put in, a copy of row {origin}")
        if number in taken or number in self._doubled or number < 1:
            return Fault(number, "inserted", f"row {number} was put in")
        if number <= self._last_authentic:
            return Fault(number, "changed", f"row {number} was changed")
        return Fault(number, "foreign", f"row {number} was put in or changed; no authentic row follows")

    def _is_vacant(self, number: int) -> bool:
        """True when no authentic row has this number."""
        beyond = not 1 <= number <= self._number
        faulty = any(row.number == number for row in self._bad)
        return beyond or faulty or any(first <= number <= last for first, last in self._gaps)

    def _origin(self, row: Row) -> int | None:
        """The number under which this row was written, when it is found near or among the faulty."""
        for number in self._candidates(row.number):
            if row.hash == row_hash(row._replace(number=number), self._key):
                return number
        return None

    def _candidates(self, number: int) -> Sequence[int]:
        near = [number - 1, number + 1]
        gone = [missing for first, last in self._gaps for missing in range(first, min(last, first + 9) + 1)]
        # With more faulty rows than that, most were changed alike, and trying all takes minutes.
        others = [row.number for row in self._bad] if len(self._bad) <= CANDIDATE_LIMIT else []
        wanted = [*near, *gone, *others][:CANDIDATE_LIMIT]
        return [candidate for candidate in wanted if candidate != number]


def _missing(first: int, last: int) -> Fault:
    if first == last:
        return Fault(first, "deleted", f"row {first} is missing", last)
    return Fault(first, "deleted", f"rows {first} to {last} are missing", last)


def _forked(number: int) -> Fault:
    text = f"row {number} continues another row than row {number - 1}"
    return Fault(number, "forked", text)
