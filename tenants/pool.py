"""The engines of a web process: few connections, each closed after it served many clinics."""

from __future__ import annotations

import select
import typing

import psycopg
import sqlalchemy as sa
from sqlalchemy import event

from tenants.affinity import ClinicPool

if typing.TYPE_CHECKING:
    from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

    from tenants.connecting import Logins

FEWEST_CLINICS = 100
MOST_CLINICS = 115
"""A PostgreSQL backend keeps the catalogue of every clinic it saw: 0.12 MB when it served one page of it,
0.19 MB when it served four kinds; closing frees it. The low end of the design's 100 to 150, because that
grows with the tables of a clinic."""

APART = 0.75
"""Of the even distance between two closings of a pool; those that come sooner wait, up to the most."""

WEB_CONNECTIONS = 3
GATE_CONNECTIONS = 1


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
