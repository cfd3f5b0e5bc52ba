"""The binding seam: every transaction of the ORM begins as one clinic, or not at all."""

from __future__ import annotations

import contextlib
import dataclasses
import typing
import uuid
import weakref

import psycopg
from sqlalchemy import event
from sqlalchemy.orm import Session

from tenants.affinity import served, want
from tenants.entering import BindingError, WebConnection, close_gate, enter, open_gate, send
from tenants.naming import checked_schema
from tenants.placing import MAIN

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection
    from sqlalchemy.orm import SessionTransaction

__all__ = [
    "Binding",
    "BindingError",
    "begin_as_clinic",
    "bind",
    "binding_of",
    "driver_connection",
    "gate_role",
    "guard",
    "send",
]

_IDLE = psycopg.pq.TransactionStatus.IDLE
_INTRANS = psycopg.pq.TransactionStatus.INTRANS

_guarded: weakref.WeakSet[typing.Any] = weakref.WeakSet()


@dataclasses.dataclass(frozen=True)
class Binding:
    """Which clinic a database session belongs to, for its whole life."""

    clinic_id: uuid.UUID
    schema: str
    cell: str = MAIN

    def __post_init__(self) -> None:
        checked_schema(self.schema)


def bind(session: Session, binding: Binding) -> None:
    """Give a fresh session its clinic. A session that already has another one raises."""
    held = session.info.get("binding")
    if held is not None and held != binding:
        message = "this session belongs to another clinic"
        raise BindingError(message)
    session.info["binding"] = binding
    want(binding.schema)


def binding_of(session: Session) -> Binding:
    """The clinic of a session. Raises ``BindingError`` when it has none."""
    held = session.info.get("binding")
    if not isinstance(held, Binding):
        message = "this session belongs to no clinic"
        raise BindingError(message)
    return held


def driver_connection(connection: Connection) -> WebConnection:
    """Psycopg's own connection under SQLAlchemy's."""
    raw = connection.connection.driver_connection
    if not isinstance(raw, WebConnection):
        message = "not a connection of shipa_web"
        raise BindingError(message)
    return raw


def begin_as_clinic(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    """``after_begin``: open the transaction in one round trip, as the session's clinic.

    A line that breaks meanwhile is the driver's error, and its connection is used no more.
    """
    if transaction.nested:
        return
    binding = binding_of(session)
    if connection.connection.info.get("cell", MAIN) != binding.cell:
        message = "the connection is another cell's"
        raise BindingError(message)
    raw = driver_connection(connection)
    if raw.pgconn.transaction_status != _IDLE:
        message = "the connection is not idle before it is bound"
        raise BindingError(message)
    try:
        enter(raw, binding.schema)
    except psycopg.OperationalError as lost:
        # SQLAlchemy did not see it happen, and would roll back at the session's end, where nobody answers.
        connection.invalidate(lost)
        raise
    if raw.pgconn.transaction_status != _INTRANS:
        message = "the connection is in no transaction after it was bound"
        raise BindingError(message)
    served(connection.connection.info, binding.schema)


def guard(sessions: type[Session] | typing.Any) -> None:  # noqa: ANN401 - a scoped_session too
    """Bind every transaction of this session class or factory; asking twice changes nothing."""
    # Not event.contains: it goes by id() and says yes for the id of a factory that is gone.
    if sessions not in _guarded:
        event.listen(sessions, "after_begin", begin_as_clinic)
        _guarded.add(sessions)


@contextlib.contextmanager
def gate_role(session: Session) -> Iterator[None]:
    """Within the bound transaction, be let at the clinic's secrets, by a role (level 1) or a key (level 2).

    Pending changes are flushed on both sides of the border. After a database error inside, the
    transaction is lost anyway and the role ends with it.
    """
    binding = binding_of(session)
    session.flush()
    raw = driver_connection(session.connection())
    open_gate(raw, binding.schema)
    try:
        with session.no_autoflush:
            yield
        session.flush()
    finally:
        if raw.pgconn.transaction_status == _INTRANS:
            close_gate(raw, binding.schema)
