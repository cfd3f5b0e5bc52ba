"""Statements to the server and their rows back, in one round trip; beneath the ORM and the driver's cursors.

A cursor of the driver costs several times what a small statement costs, and in its pipeline each statement
is a packet of its own. Here all of them leave in one. By the extended protocol, always: a stacked statement
is a syntax error whether it has values or not.
"""

from __future__ import annotations

import select
import typing

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, DiagnosticField, ExecStatus, TransactionStatus

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from psycopg.pq.abc import PGconn, PGresult

    Driver = psycopg.Connection[typing.Any]
    Row = Callable[[Iterable[typing.Any]], typing.Any]

_WELL = frozenset({ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK})


class Order(typing.NamedTuple):
    """A statement with ``$1``, ``$2`` …, its values in this order, and what each row becomes."""

    text: bytes
    values: Sequence[object]
    row: Row = tuple


def answers(driver: Driver, orders: Sequence[Order]) -> list[list[typing.Any]]:
    """The rows of each statement, run in turn in the open transaction; none after one that fails.

    Raises the driver's errors, and ``RuntimeError`` outside a transaction: its BEGIN is not ours to send.
    """
    if driver.pgconn.transaction_status == TransactionStatus.IDLE and not driver.autocommit:
        message = "no transaction is open"
        raise RuntimeError(message)
    with driver.lock:
        messages = [_Message(driver, order) for order in orders]
        one = len(messages) == 1
        results = [messages[0].run(driver.pgconn)] if one else _in_one(driver.pgconn, messages)
    _check(driver, results)
    return [message.rows(result) for message, result in zip(messages, results, strict=True)]


class _Message:
    """One order as the protocol has it."""

    def __init__(self, driver: Driver, order: Order) -> None:
        self._order = order
        self._types = Transformer(driver)
        values = order.values
        self._sent = self._types.dump_sequence(values, [PyFormat.AUTO] * len(values)) if values else None

    def run(self, pgconn: PGconn) -> PGresult:
        """Send it and wait; other threads work meanwhile."""
        return pgconn.exec_params(self._order.text, *self._arguments())

    def send(self, pgconn: PGconn) -> None:
        pgconn.send_query_params(self._order.text, *self._arguments())

    def _arguments(self) -> tuple[typing.Any, ...]:
        return (self._sent, self._types.types, self._types.formats) if self._sent else (None,)

    def rows(self, result: PGresult) -> list[typing.Any]:
        if not result.ntuples:
            return []
        self._types.set_pgresult(result)
        return self._types.load_rows(0, result.ntuples, self._order.row)


def _in_one(pgconn: PGconn, messages: Sequence[_Message]) -> list[PGresult]:
    """All of them before the first answer; what follows one that failed is told as not run."""
    pgconn.enter_pipeline_mode()
    try:
        for message in messages:
            message.send(pgconn)
        pgconn.pipeline_sync()
        results = []
        for _ in messages:
            results.append(_next(pgconn))
            _end(pgconn)
        _next(pgconn)  # the answer to the sync
    finally:
        if pgconn.status == ConnStatus.OK:
            pgconn.exit_pipeline_mode()
    return results


def _end(pgconn: PGconn) -> None:
    _wait(pgconn)
    pgconn.get_result()


def _next(pgconn: PGconn) -> PGresult:
    _wait(pgconn)
    result = pgconn.get_result()
    if result is None:
        raise psycopg.OperationalError(pgconn.get_error_message())
    return result


def _wait(pgconn: PGconn) -> None:
    """Until the next answer is there in full, sending the rest of ours; other threads work meanwhile."""
    waiting = select.poll()
    while (unsent := pgconn.flush()) or pgconn.is_busy():
        waiting.register(pgconn.socket, select.POLLIN | (select.POLLOUT if unsent else 0))
        waiting.poll()
        pgconn.consume_input()


def _check(driver: Driver, results: Iterable[PGresult]) -> None:
    for result in results:
        if result.status not in _WELL:
            if driver.closed and not result.error_field(DiagnosticField.SQLSTATE):
                # The server did not say so: libpq itself, of a line that broke.
                raise psycopg.OperationalError(result.get_error_message())
            raise error_from_result(result, encoding=driver.info.encoding)
