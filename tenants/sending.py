"""Fixed messages of ours to the server, beneath the driver's cursors: many commands in one round trip."""

from __future__ import annotations

import select
import typing

import psycopg
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg.pq.abc import PGconn, PGresult

Command = tuple[bytes, "Sequence[bytes]"]
"""A statement with ``$1``, ``$2`` …, and these values as the server reads text."""

_WELL = frozenset({ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK})


def in_one_round(pgconn: PGconn, *transactions: Sequence[Command]) -> psycopg.Error | None:
    """Run these transactions in one round trip; what the first command that failed was told, if any did.

    Nothing of a transaction is run after its command that failed; whoever sent a BEGIN rolls back.
    """
    pgconn.enter_pipeline_mode()
    for commands in transactions:
        for command, values in commands:
            pgconn.send_query_params(command, values or None)
        pgconn.pipeline_sync()
    refused = None
    for commands in transactions:
        for _ in commands:
            result = _next(pgconn)
            refused = refused or error_of(pgconn, result)
            _next(pgconn)
        _next(pgconn)
    if pgconn.status == ConnStatus.OK:
        pgconn.exit_pipeline_mode()
    return refused


def error_of(pgconn: PGconn, result: PGresult | None) -> psycopg.Error | None:
    """What the server, or libpq of a broken line, says of a command that failed; None when it went well."""
    if result is not None and result.status in _WELL:
        return None
    if result is None or pgconn.status == ConnStatus.BAD:
        return psycopg.OperationalError("the connection was lost")
    return error_from_result(result)


def _next(pgconn: PGconn) -> PGresult | None:
    """The next answer; other threads work while it is waited for."""
    while pgconn.is_busy():
        poll = select.poll()
        poll.register(pgconn.socket, select.POLLIN)
        poll.poll()
        pgconn.consume_input()
    return pgconn.get_result()
