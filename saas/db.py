"""The model base, the session, the keys and fixed statements; the only module that sets up the ORM."""

from __future__ import annotations

import collections
import datetime
import functools
import typing
import uuid

import psycopg
import sqlalchemy as sa
import sqlalchemy_utils
import uuid_utils.compat
from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy import session as flask_sessions
from psycopg.types.json import Jsonb
from sqlalchemy import orm
from sqlalchemy.dialects.postgresql import psycopg as psycopg_dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, Session, mapped_column
from sqlalchemy.sql.compiler import SQLCompiler

from saas import wire

if typing.TYPE_CHECKING:
    from collections.abc import Sequence


class Base(DeclarativeBase):
    """Declarative base: constraint names by convention, aware times, text without length."""

    registry = orm.registry(
        metadata=sa.MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={datetime.datetime: sa.DateTime(timezone=True), str: sa.Text},
    )


class ClinicSession(flask_sessions.Session):
    """Takes its connections from where its clinic's data is."""

    def get_bind(
        self,
        mapper: typing.Any = None,  # noqa: ANN401 - as the class that it stands for
        clause: typing.Any = None,  # noqa: ANN401
        bind: sa.Engine | sa.Connection | None = None,
        **kwargs: typing.Any,  # noqa: ANN401
    ) -> sa.Engine | sa.Connection:
        """The engine that ``create_app`` was told of for this session; by default the application's."""
        engine: sa.Engine | None = current_app.extensions["engine_of"](self)
        return super().get_bind(mapper, clause, bind, **kwargs) if engine is None else engine


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False, "class_": ClinicSession})

if typing.TYPE_CHECKING:
    # Inheriting db.Model would make every model Any for the type checker.
    Model = Base
    session: Session
else:
    Model = db.Model
    session = db.session


_DIALECT: sa.Dialect = psycopg_dialect.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


class Message(typing.NamedTuple):
    """One statement with its values, which stand in it as ``$1``, ``$2`` … in the order of ``names``."""

    text: str
    values: dict[str, object]
    names: tuple[str, ...] = ()
    row: typing.Callable[[typing.Iterable[typing.Any]], typing.Any] = tuple
    """What each of its rows becomes."""


class Fixed:
    """A statement in which nothing but values changes: compiled once, sent by the driver itself.

    Written with the models like any other; what the ORM does beside it each time costs several times what
    so small a statement costs. Many ids are one value (``one_of_ids``), an ``in_()`` takes only values that
    stand in the program, JSON is given as it is, and a row is a named tuple that belongs to no session.
    """

    def __init__(self, statement: sa.Executable) -> None:
        self._statement = statement

    @functools.cached_property
    def _compiled(self) -> tuple[Message, frozenset[str]]:
        # When it is first needed, not before: then all models know each other.
        compiled = typing.cast("SQLCompiler", self._statement.compile(dialect=_DIALECT))  # type: ignore[attr-defined]
        binds = compiled.bind_names.items()
        given = {name: None for bind, name in binds if bind.required}
        written_out = compiled.construct_expanded_state(given)
        kept = {name: value for name, value in written_out.parameters.items() if name not in given}
        as_json = frozenset(name for bind, name in binds if isinstance(bind.type, sa.JSON))
        names = self._statement.exported_columns.keys() if isinstance(self._statement, sa.ReturnsRows) else ()
        # A row with as many values is made in one call; the driver's own way looks its columns up each time.
        row: typing.Any = collections.namedtuple("Row", names, rename=True) if names else None  # noqa: PYI024
        order = tuple(written_out.positiontup or ())
        return Message(written_out.statement, kept, order, row._make if row else tuple), as_json

    def of(self, **values: object) -> Message:
        """The statement with these values. To send it without one of them raises ``KeyError``."""
        message, as_json = self._compiled
        for name in as_json & values.keys():
            values[name] = Jsonb(values[name])
        return message._replace(values=message.values | values)


def rows_like(model: type[Base], *more: str) -> typing.Callable[[typing.Iterable[typing.Any]], typing.Any]:
    """Make rows with the names of a model's columns, and more. No session follows them: to write raises."""
    named: typing.Any = collections.namedtuple  # noqa: PYI024 - its names are known only when it runs
    row = named("Row", [*model.__table__.c.keys(), *more])
    return typing.cast("typing.Callable[[typing.Iterable[typing.Any]], typing.Any]", row._make)


def one_of_ids(column: typing.Any) -> sa.ColumnElement[bool]:  # noqa: ANN401 - a column of ids, mapped or not
    """The rows whose id is one of ``ids``, a value of a ``Fixed`` statement."""
    return typing.cast(
        "sa.ColumnElement[bool]",
        column == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid), required=True)),
    )


def fetched(*messages: Message) -> list[list[typing.Any]]:
    """The rows of each statement, in the session's transaction; several of them are one round trip.

    One after the other, each sees what the one before has done or waited for. Raises the driver's errors.
    """
    session.flush()
    connection = session.connection()
    for one in messages:
        # Whoever listens to the engine hears these too: the tests of rights judge every statement.
        for hear in connection.dispatch.before_cursor_execute:
            hear(connection, None, one.text, one.values, None, False)  # noqa: FBT003 - the event's own
    return answered(connection, [_order(one) for one in messages])


def answered(connection: sa.Connection, orders: Sequence[wire.Order]) -> list[list[typing.Any]]:
    """``wire.answers`` by the driver's connection under this one, used no more when its line broke."""
    driver = driver_of(connection)
    try:
        return wire.answers(driver, orders)
    except psycopg.OperationalError as error:
        if driver.closed:
            connection.invalidate(error)
        raise


def _order(message: Message) -> wire.Order:
    return wire.Order(message.text.encode(), [message.values[name] for name in message.names], message.row)


def value_of(message: Message) -> typing.Any:  # noqa: ANN401 - whatever the statement gives
    """The first value of a statement's first row; None without one."""
    (rows,) = fetched(message)
    return rows[0][0] if rows else None


BEGIN_WORK = Message("SAVEPOINT work", {})
"""From there on the transaction's changes can be undone, while it goes on; its commit keeps them.

By the driver, because the ORM's own savepoint costs several times as much, on every save.
"""
_UNDO = Message("ROLLBACK TO SAVEPOINT work", {})


def undo_work() -> None:
    """Back to where the work began; what the session knows is read anew when it is asked for."""
    for one in [*session.new, *session.deleted]:
        session.expunge(one)
    session.expire_all()
    fetched(_UNDO)


def driver_of(connection: sa.Connection) -> psycopg.Connection[typing.Any]:
    """The driver's own connection under SQLAlchemy's."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        message = "the clinics' data is reached by psycopg"
        raise TypeError(message)
    return driver


def new_id() -> uuid.UUID:
    """A new time-ordered key (UUID version 7), made by the application."""
    return uuid_utils.compat.uuid7()


def key_column() -> MappedColumn[uuid.UUID]:
    """The primary key column of a model."""
    return mapped_column(primary_key=True, default=new_id)


Key = Mapped[uuid.UUID]

Observer = typing.TypeVar("Observer", bound="typing.Callable[..., None]")


def observes(column: str) -> typing.Callable[[Observer], Observer]:
    """Have a model's method called, before a flush, with the new value of one of its columns."""
    decorate: typing.Callable[[Observer], Observer] = sqlalchemy_utils.observes(column)
    return decorate
