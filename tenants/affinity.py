"""A pool that gives a clinic the connection that knows it: its catalogue is read there already.

Without a wish, and where no connection that knows the clinic is idle, nobody waits: another one is taken.
"""

from __future__ import annotations

import contextvars
import itertools
import typing

from sqlalchemy.pool import QueuePool
from sqlalchemy.util.queue import Queue

from tenants.entering import WebConnection, has_left

if typing.TYPE_CHECKING:
    from sqlalchemy.pool import ConnectionPoolEntry

_wanted: contextvars.ContextVar[str] = contextvars.ContextVar("the clinic that this thread works for")

LAST, KNOWN, OWN_PLACE, OTHER = range(4)
"""How well a connection suits: it served the clinic last; it has served it; it is the one that new
clinics of this number go to; any."""


def want(schema: str) -> None:
    """Say which clinic the next connection of this thread is for: a wish, nothing depends on it."""
    _wanted.set(schema)


def served(info: dict[typing.Any, typing.Any], schema: str) -> None:
    """Note at a connection that it serves this clinic."""
    info.setdefault("clinics", set()).add(schema)
    info["last"] = schema


class ClinicQueue(Queue["ConnectionPoolEntry"]):
    """The idle connections, longest idle first; every method is called with the queue's lock held."""

    def _get(self) -> ConnectionPoolEntry:
        wanted = _wanted.get("")
        if not wanted or len(self.queue) == 1:
            return super()._get()
        best = min(self.queue, key=lambda entry: self._suits(entry, wanted))
        self.queue.remove(best)
        return best

    def _suits(self, entry: ConnectionPoolEntry, wanted: str) -> int:
        if entry.info.get("last") == wanted:
            return LAST
        if wanted in entry.info.get("clinics", ()):
            return KNOWN
        # Clinics are spread evenly by number, so that each connection meets only its part of them.
        own = int(wanted[2:]) % (self.maxsize or 1) == _places_of(entry)["place"]
        return OWN_PLACE if own else OTHER


class ClinicPool(QueuePool):
    """Prefers for a clinic the idle connection that knows it; takes back none that is still a clinic's."""

    _queue_class = ClinicQueue

    def __init__(self, *arguments: typing.Any, **options: typing.Any) -> None:  # noqa: ANN401 - QueuePool's
        super().__init__(*arguments, **options)
        self._places = itertools.count()

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        """Leave the clinic (level 2) before anybody else can have the connection, or close it."""
        raw = record.driver_connection
        if isinstance(raw, WebConnection) and not has_left(raw):
            record.invalidate()
        _places_of(record).setdefault("place", next(self._places) % (self.size() or 1))
        super()._do_return_conn(record)


def _places_of(entry: ConnectionPoolEntry) -> dict[typing.Any, typing.Any]:
    """Where an entry keeps its place through all its connections."""
    return typing.cast("dict[typing.Any, typing.Any]", entry.record_info)
