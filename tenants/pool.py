"""The engines of a web process: few connections to each cell, each closed after it served many clinics."""

from __future__ import annotations

import select
import threading
import time
import typing

import psycopg
import sqlalchemy as sa
from sqlalchemy import event

from tenants.affinity import ClinicPool
from tenants.checking import findings
from tenants.placing import MAIN

if typing.TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

    from tenants.binding import Binding
    from tenants.connecting import Connection, Logins

FEWEST_CLINICS = 100
MOST_CLINICS = 115
"""A PostgreSQL backend keeps the catalogue of every clinic it saw: 0.12 MB when it served one page of it,
0.19 MB when it served four kinds; closing frees it. The low end of the design's 100 to 150, because that
grows with the tables of a clinic."""

APART = 0.75
"""Of the even distance between two closings of a pool; those that come sooner wait, up to the most."""

WEB_CONNECTIONS = 3
GATE_CONNECTIONS = 1

CELL_SECONDS = 3
"""How long a request waits for a further cell to take a connection."""

CELL_REST = 5.0
"""Seconds for which a cell that could not be reached is not asked again: its clinics' requests must not take
the threads of the others."""


def engine_options(logins: Logins, login: str) -> dict[str, typing.Any]:
    """``create_engine`` options of the ``web`` or ``gate`` login; connects when first needed."""
    size = WEB_CONNECTIONS if login == "web" else GATE_CONNECTIONS
    return {
        "poolclass": ClinicPool,
        "creator": lambda: logins.connect(login, autocommit=login == "gate"),
        "pool_size": size,
        "max_overflow": 0,
        "pool_timeout": 15,
        "pool_recycle": 1800,
        "hide_parameters": True,
        "use_native_hstore": False,
    }


def gate_engine(logins: Logins) -> sa.Engine:
    """The engine of the reception: one connection, each statement on its own."""
    options = engine_options(logins, "gate")
    # In autocommit nothing is ever left open that a return to the pool would have to roll back.
    options["pool_reset_on_return"] = None
    return sa.create_engine("postgresql+psycopg://", isolation_level="AUTOCOMMIT", **options)


def renew_lost(engine: sa.Engine) -> None:
    """Take no connection out of the pool whose server has gone away meanwhile: open a new one in its place.

    An idle connection has nothing to read unless the server said goodbye, so that a look at the socket
    is enough and costs no message: a page after a restart of the database works at once.
    """
    event.listen(engine, "checkout", _check_line)


def _check_line(connection: psycopg.Connection[typing.Any], *_: object) -> None:
    if connection.closed or select.select([connection.fileno()], [], [], 0)[0]:
        raise sa.exc.DisconnectionError


def recycle(engine: sa.Engine) -> None:
    """Close a connection when it comes back after 100 to 115 distinct clinics, and never several together.

    Pages of the server's buffers that two connections have touched are private to neither: a connection
    that outlives all others of its pool owns what it touched alone. So the first ones live shorter, each
    by another part, and the oldest always finds others of one and two thirds of its age.
    """
    closings = _Closings(typing.cast("QueuePool", engine.pool).size())
    event.listen(engine, "checkin", closings.on_checkin)


class _Closings:
    """The closings of one pool, and how many clinics its connections have met since the last one."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._opened = 0
        self._met = 0

    def on_checkin(self, _: object, entry: ConnectionPoolEntry) -> None:
        """Count what the connection met; close it when its time has come."""
        clinics = len(entry.info.get("clinics", ()))
        self._met += clinics - entry.info.get("counted", 0)
        entry.info["counted"] = clinics
        if clinics >= MOST_CLINICS or (clinics >= self._limit(entry) and self._are_apart()):
            self._met = 0
            entry.invalidate()

    def _limit(self, entry: ConnectionPoolEntry) -> int:
        """100; of the first connections of the pool each another part of it."""
        if "limit" not in entry.info:
            self._opened += 1
            entry.info["limit"] = min(FEWEST_CLINICS, FEWEST_CLINICS * self._opened // self._size)
        return int(entry.info["limit"])

    def _are_apart(self) -> bool:
        """Whether the last closing lies far enough back; together all connections meet 100 in between."""
        return self._met >= FEWEST_CLINICS * APART


class CellClosed(psycopg.OperationalError):
    """A cell is not reached, or not configured any more; its clinics get the page for busy moments."""


class CellEngines:
    """The engines of the further cells, each made when one of its clinics first asks for something."""

    def __init__(self, logins: Logins) -> None:
        self._logins = logins
        self._engines: dict[str, sa.Engine] = {}
        self._making = threading.Lock()

    def engine_of(self, session: Session) -> sa.Engine | None:
        """Where this session's clinic lives; ``None`` for the main cell, and for a session without one."""
        binding: Binding | None = session.info.get("binding")
        return None if binding is None or binding.cell == MAIN else self.engine(binding.cell)

    def engine(self, cell: str) -> sa.Engine:
        """The engine of a further cell. Raises ``OperationalError`` when none is configured by this name."""
        found = self._engines.get(cell)
        if found is None:
            with self._making:
                found = self._engines.get(cell) or self._made(cell)
                self._engines[cell] = found
        return found

    def away(self) -> list[str]:
        """The further cells that do not answer this process now."""
        return [cell for cell in self._logins.cells if cell != MAIN and not self._answers(cell)]

    def _answers(self, cell: str) -> bool:
        try:
            with self.engine(cell).connect() as connection:
                connection.execute(sa.text("select 1"))
        except sa.exc.DBAPIError:
            return False
        except sa.exc.TimeoutError:
            # All connections are at work.
            return True
        return True

    def _made(self, cell: str) -> sa.Engine:
        if cell not in self._logins.cells:
            closed = CellClosed(f"no cell is named {cell}")
            # As the driver's errors come from an engine, so that whoever leaves out a cell that is away does.
            raise sa.exc.OperationalError(None, None, closed)
        options = engine_options(self._logins.of(cell), "web")
        options |= {"creator": Patience(self._logins.of(cell), "web").connect, "pool_timeout": CELL_SECONDS}
        engine = sa.create_engine("postgresql+psycopg://", **options)
        event.listen(engine, "connect", lambda _, entry: entry.info.update(cell=cell))
        recycle(engine)
        renew_lost(engine)
        return engine

    def dispose(self) -> None:
        """Close all connections that are not in use."""
        for engine in self._engines.values():
            engine.dispose()


class Patience:
    """Connects to a cell; one that did not answer is left alone for a moment, and tried by one at a time."""

    def __init__(self, logins: Logins, login: str) -> None:
        self._logins, self._login = logins, login
        self._asking = threading.Lock()
        self._unchecked = logins.settings.cell in logins.settings.unchecked
        self._failed_at: float | None = None

    def connect(self) -> Connection:
        """A new connection. Raises ``CellClosed`` without asking, ``psycopg.OperationalError``."""
        if self._failed_at is None:
            return self._tried()
        rests = time.monotonic() - self._failed_at < CELL_REST
        if rests or not self._asking.acquire(blocking=False):
            message = "the cell did not answer a moment ago"
            raise CellClosed(message)
        try:
            return self._tried()
        finally:
            self._asking.release()

    def _tried(self) -> Connection:
        try:
            made = self._logins.connect(self._login, seconds=CELL_SECONDS)
            self._check(made)
        except psycopg.OperationalError:
            self._failed_at = time.monotonic()
            raise
        self._failed_at = None
        return made

    def _check(self, connection: Connection) -> None:
        """No page is served from a database that nobody has checked (``shipa check``)."""
        if not self._unchecked:
            return
        connection.execute("SET LOCAL statement_timeout = '5min'")
        found = findings(connection)
        if found:
            connection.close()
            message = f"the cell is not safe to serve: {found[0].what}"
            raise CellClosed(message)
        connection.rollback()
        self._unchecked = False
