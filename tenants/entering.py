"""How a connection becomes a clinic's and stops being it, at either level of isolation.

Level 1: ``SET LOCAL ROLE``. Level 2: ``set_user`` with a random token, which a statement of an attacker
neither undoes nor repeats, since ``shipa_web`` is a member of no clinic's role there.
"""

from __future__ import annotations

import functools
import secrets
import typing

import psycopg

from tenants.naming import checked_role, checked_schema, gate_role_of
from tenants.sending import in_one_round

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tenants.sending import Command

_COMMAND_OK = psycopg.pq.ExecStatus.COMMAND_OK
_TUPLES_OK = psycopg.pq.ExecStatus.TUPLES_OK
_IDLE = psycopg.pq.TransactionStatus.IDLE

_LEVEL = b"""
    SELECT CASE WHEN has_function_privilege(to_regrole('shipa_web')::oid,
        to_regprocedure('ref.set_user(text,text)')::oid, 'EXECUTE') THEN 2 ELSE 1 END
"""
"""What ``shipa init`` sets up as the last thing of level 2; nothing else gives ``shipa_web`` this right."""


class BindingError(RuntimeError):
    """The database session and the clinic do not fit; nothing was read."""


class WebConnection(psycopg.Connection[typing.Any]):
    """A connection of ``shipa_web``.

    ``level`` is that of its database, 0 until it was asked; ``token`` is what alone takes it out of the
    clinic that it entered at level 2; ``gate_key`` gives the words that open the gate there.
    """

    level: int = 0
    token: bytes = b""
    gate_key: Callable[[], str]


def level_of(connection: psycopg.Connection[typing.Any]) -> int:
    """Which level of isolation this database has for ``shipa_web``: 2 or 1."""
    result = connection.pgconn.exec_(_LEVEL)
    if result.status != _TUPLES_OK:
        raise _refusal(connection, "the level is not known", result.get_error_message())
    return int(result.get_value(0, 0) or b"1")


@functools.lru_cache(maxsize=4096)
def opening_of(schema: str) -> bytes:
    """``SET LOCAL`` of a clinic's role and search path; made once per clinic and process."""
    return f"SET LOCAL ROLE {checked_role(schema)}; ".encode() + _path_of(schema)


@functools.lru_cache(maxsize=4096)
def _path_of(schema: str) -> bytes:
    return f"SET LOCAL search_path = {checked_schema(schema)}, ref".encode()


def send(connection: psycopg.Connection[typing.Any], message: bytes) -> None:
    """Send one fixed message of ours by the simple protocol; never any text of a request.

    Raises ``BindingError``, and the driver's error when the server is gone.
    """
    result = connection.pgconn.exec_(message)
    if result.status != _COMMAND_OK:
        raise _refusal(connection, "binding refused", result.get_error_message())


def _refusal(connection: psycopg.Connection[typing.Any], what: str, why: str) -> Exception:
    """A lost line is the driver's error, which a request meets like any other; all else is ours."""
    if connection.pgconn.status == psycopg.pq.ConnStatus.BAD:
        return psycopg.OperationalError("the connection was lost")
    return BindingError(f"{what}: {why}")


def enter(connection: WebConnection, schema: str) -> None:
    """Begin a transaction as the clinic, in one round trip. Raises ``BindingError``.

    psycopg begins lazily, with the first statement; a ``SET LOCAL`` sent before that would be ignored,
    so the message brings its own BEGIN.
    """
    connection.level = connection.level or level_of(connection)
    if connection.level == 1:
        send(connection, b"BEGIN; " + opening_of(schema))
        return
    leave(connection)
    connection.token = secrets.token_hex(32).encode()
    entry = (b"SELECT ref.set_user($1, $2)", (checked_schema(schema).encode(), connection.token))
    # set_user must be a transaction of its own, and takes effect when that one commits.
    _pipelined(connection, [entry], [(b"BEGIN", ()), (_path_of(schema), ())])


def leave(connection: WebConnection) -> None:
    """Stop being the clinic that was entered at level 2, and forget what was set or left in its name.

    Raises ``BindingError`` or ``psycopg.Error``; the connection must then be closed. Not RESET ALL:
    set_user crashes on it (decision 0023).
    """
    if connection.token:
        if connection.pgconn.transaction_status != _IDLE:
            message = "the connection is not idle when its clinic is left"
            raise BindingError(message)
        _pipelined(connection, [(b"SELECT ref.reset_user($1)", (connection.token,))], [(b"DISCARD ALL", ())])
        connection.token = b""


def has_left(connection: WebConnection) -> bool:
    """``leave`` for the pool: tells whether the connection may be used again."""
    try:
        leave(connection)
    except (BindingError, psycopg.Error):
        return False
    return not connection.closed


def open_gate(connection: WebConnection, schema: str) -> None:
    """Within the bound transaction: be let at the clinic's secrets."""
    if connection.level == 1:
        send(connection, f"SET LOCAL ROLE {gate_role_of(schema)}".encode())
    else:
        send(connection, f"SET LOCAL shipa.gate = '{connection.gate_key()}'".encode())


def close_gate(connection: WebConnection, schema: str) -> None:
    """Within the bound transaction: be the clinic again, and nothing more."""
    if connection.level == 1:
        send(connection, f"SET LOCAL ROLE {checked_role(schema)}".encode())
    else:
        send(connection, b"SET LOCAL shipa.gate = ''")


def _pipelined(connection: WebConnection, *transactions: Sequence[Command]) -> None:
    """Run these transactions in one round trip; each must succeed. Raises ``BindingError``."""
    refused = in_one_round(connection.pgconn, *transactions)
    if refused:
        refusal = _refusal(connection, "binding refused", str(refused))
        # Whatever state it is in, nobody may find out.
        connection.close()
        raise refusal
