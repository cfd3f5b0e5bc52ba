"""The engines of a web process: few connections, each closed after it served many clinics."""

from __future__ import annotations

import random
import typing

import sqlalchemy as sa
from sqlalchemy import event

if typing.TYPE_CHECKING:
    from sqlalchemy.pool import ConnectionPoolEntry

    from tenants.connecting import Logins

FEWEST_CLINICS = 100
MOST_CLINICS = 105
"""A PostgreSQL backend keeps the catalogue of every clinic it saw: 0.12 MB when it served one page of it,
0.19 MB when it served four kinds; closing frees it. The lowest bound of the design's 100 to 150, because
that grows with the tables of a clinic; not one number, so that connections do not close together."""

WEB_CONNECTIONS = 3
GATE_CONNECTIONS = 1


def engine_options(logins: Logins, login: str) -> dict[str, typing.Any]:
    """``create_engine`` options of the ``web`` or ``gate`` login; connects when first needed."""
    size = WEB_CONNECTIONS if login == "web" else GATE_CONNECTIONS
    return {
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


def recycle(engine: sa.Engine) -> None:
    """Close a connection when it comes back after 100 to 105 distinct clinics."""

    def on_checkin(_: object, entry: ConnectionPoolEntry) -> None:
        limit = entry.info.setdefault(
            "clinic_limit",
            random.randint(FEWEST_CLINICS, MOST_CLINICS),  # noqa: S311 - spreads, guards nothing
        )
        if len(entry.info.get("clinics", ())) >= limit:
            entry.invalidate()

    event.listen(engine, "checkin", on_checkin)
