"""The binding seam: every transaction of the ORM begins as one clinic, or not at all."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import typing
import uuid
import weakref

import psycopg
from sqlalchemy import event
from sqlalchemy.orm import Session

from tenants.naming import checked_role, checked_schema, gate_role_of

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection
    from sqlalchemy.orm import SessionTransaction

_IDLE = psycopg.pq.TransactionStatus.IDLE
_INTRANS = psycopg.pq.TransactionStatus.INTRANS

_guarded: weakref.WeakSet[typing.Any] = weakref.WeakSet()


class BindingError(RuntimeError):
    """The database session and the clinic do not fit; nothing was read."""


@dataclasses.dataclass(frozen=True)
class Binding:
    """Which clinic a database session belongs to, for its whole life."""

    clinic_id: uuid.UUID
    schema: str

    def __post_init__(self) -> None:
        checked_schema(self.schema)

    @property
    def opening(self) -> bytes:
        """Role and search path, for this transaction only."""
        return opening_of(self.schema)


@functools.lru_cache(maxsize=4096)
def opening_of(schema: str) -> bytes:
    """``SET LOCAL`` of a clinic's role and search path; made once per clinic and process."""
    return f"SET LOCAL ROLE {checked_role(schema)}; SET LOCAL search_path = {schema}, ref".encode()


def bind(session: Session, binding: Binding) -> None:
    """Give a fresh session its clinic. A session that already has another one raises."""
    held = session.info.get("binding")
    if held is not None and held != binding:
        message = "this session belongs to another clinic"
        raise BindingError(message)
    session.info["binding"] = binding


def binding_of(session: Session) -> Binding:
    """The clinic of a session. Raises ``BindingError`` when it has none."""
    held = session.info.get("binding")
    if not isinstance(held, Binding):
        message = "this session belongs to no clinic"
        raise BindingError(message)
    return held


def driver_connection(connection: Connection) -> psycopg.Connection[typing.Any]:
    """Psycopg's own connection under SQLAlchemy's."""
    raw = connection.connection.driver_connection
    if not isinstance(raw, psycopg.Connection):
        message = "not a psycopg connection"
        raise BindingError(message)
    return raw


def send(connection: psycopg.Connection[typing.Any], message: bytes) -> None:
    """Send one fixed message of ours by the simple protocol; never any text of a request."""
    result = connection.pgconn.exec_(message)
    if result.status != psycopg.pq.ExecStatus.COMMAND_OK:
        text = f"binding refused: {result.get_error_message()}"
        raise BindingError(text)


def begin_as_clinic(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    """``after_begin``: open the transaction in one raw message, as the session's clinic.

    psycopg begins lazily, with the first statement; a ``SET LOCAL`` sent before that would be ignored,
    so the message brings its own BEGIN.
    """
    if transaction.nested:
        return
    binding = binding_of(session)
    raw = driver_connection(connection)
    if raw.pgconn.transaction_status != _IDLE:
        message = "the connection is not idle before it is bound"
        raise BindingError(message)
    send(raw, b"BEGIN; " + binding.opening)
    if raw.pgconn.transaction_status != _INTRANS:
        message = "the connection is in no transaction after it was bound"
        raise BindingError(message)
    connection.connection.info.setdefault("clinics", set()).add(binding.schema)


def guard(sessions: type[Session] | typing.Any) -> None:  # noqa: ANN401 - a scoped_session too
    """Bind every transaction of this session class or factory; asking twice changes nothing."""
    # Not event.contains: it goes by id() and says yes for the id of a factory that is gone.
    if sessions not in _guarded:
        event.listen(sessions, "after_begin", begin_as_clinic)
        _guarded.add(sessions)


@contextlib.contextmanager
def gate_role(session: Session) -> Iterator[None]:
    """Within the bound transaction, be the role that alone may read the clinic's secrets.

    Pending changes are flushed on both sides of the border. After a database error inside, the
    transaction is lost anyway and the role ends with it.
    """
    binding = binding_of(session)
    session.flush()
    raw = driver_connection(session.connection())
    send(raw, f"SET LOCAL ROLE {gate_role_of(binding.schema)}".encode())
    try:
        with session.no_autoflush:
            yield
        session.flush()
    finally:
        if raw.pgconn.transaction_status == _INTRANS:
            send(raw, f"SET LOCAL ROLE {checked_role(binding.schema)}".encode())
