"""The model base, the session and the keys; the only module that sets up the ORM."""

from __future__ import annotations

import datetime
import typing
import uuid

import sqlalchemy as sa
import sqlalchemy_utils
import uuid_utils.compat
from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy import session as flask_sessions
from sqlalchemy import orm
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, Session, mapped_column


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
