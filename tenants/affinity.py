"""A pool that gives a clinic the connection that knows it: its catalogue is read there already.

Without a wish, and where no connection that knows the clinic is idle, nobody waits: another one is taken.
A connection that was closed is opened again beside the requests, which take the others meanwhile.
"""

from __future__ import annotations

import contextlib
import contextvars
import itertools
import threading
import typing

from sqlalchemy.pool import QueuePool
from sqlalchemy.util.queue import Queue

from tenants.entering import WebConnection, has_left

if typing.TYPE_CHECKING:
    from sqlalchemy.pool import ConnectionPoolEntry

_wanted: contextvars.ContextVar[str] = contextvars.ContextVar("the clinic that this thread works for")

LAST, KNOWN, OWN_PLACE, OTHER, CLOSED = range(5)
"""How well a connection suits: it served the clinic last; it has served it; it is the one that new
clinics of this number go to; any; it would have to be opened first."""


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

    def take_closed(self) -> ConnectionPoolEntry | None:
        """An idle place whose connection was closed, as if it were checked out; waits for none."""
        with self.mutex:
            for entry in self.queue:
                if entry.dbapi_connection is None:
                    self.queue.remove(entry)
                    return entry
        return None

    def _suits(self, entry: ConnectionPoolEntry, wanted: str) -> int:
        if entry.dbapi_connection is None:
            return CLOSED
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
        self._opening: set[threading.Thread] = set()

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        """Leave the clinic (level 2) before anybody else can have the connection, or close it."""
        raw = record.driver_connection
        if isinstance(raw, WebConnection) and not has_left(raw):
            record.invalidate()
        _places_of(record).setdefault("place", next(self._places) % (self.size() or 1))
        closed = record.dbapi_connection is None
        super()._do_return_conn(record)
        if closed:
            self._open_beside()

    def _open_beside(self) -> None:
        """Open what was closed, so that no request has to wait until the server has let it in."""
        thread = threading.Thread(target=self._open_closed, name="opens a connection", daemon=True)
        self._opening.add(thread)
        thread.start()

    def _open_closed(self) -> None:
        entry: typing.Any = typing.cast("ClinicQueue", self._pool).take_closed()
        if entry is not None:
            # A server that is away is told to whoever needs the connection.
            with contextlib.suppress(Exception):
                entry.get_connection()
            super()._do_return_conn(entry)
        self._opening.discard(threading.current_thread())

    def dispose(self) -> None:
        """Close what is idle, what is just being opened too."""
        for thread in tuple(self._opening):
            thread.join()
        super().dispose()


def _places_of(entry: ConnectionPoolEntry) -> dict[typing.Any, typing.Any]:
    """Where an entry keeps its place through all its connections."""
    return typing.cast("dict[typing.Any, typing.Any]", entry.record_info)
