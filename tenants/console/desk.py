"""The console's own connection, as ``shipa_operator``: opened for a request, closed with it."""

from __future__ import annotations

import contextlib
import typing

from flask import g
from psycopg.rows import dict_row

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tenants.connecting import Logins

Row = dict[str, typing.Any]


class Desk:
    """All that the console asks of the database. No connection is held between two requests."""

    def __init__(self, logins: Logins) -> None:
        self._logins = logins

    def install(self, app: Flask) -> None:
        """Close the connection when its request is over."""
        app.teardown_appcontext(self._close)

    def rows(self, query: typing.LiteralString, **values: object) -> list[Row]:
        """The rows of a statement that stands alone, by name."""
        if "operator_connection" not in g:
            g.operator_connection = self._logins.connect("operator", autocommit=True)
        with g.operator_connection.cursor(row_factory=dict_row) as cursor:
            cursor.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def one(self, query: typing.LiteralString, **values: object) -> Row | None:
        """The first row, or ``None``."""
        return next(iter(self.rows(query, **values)), None)

    def value(self, query: typing.LiteralString, **values: object) -> typing.Any:  # noqa: ANN401 - any column
        """The first column of the first row."""
        row = self.one(query, **values)
        return None if row is None else next(iter(row.values()))

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All statements of the block in one transaction."""
        self.rows("SELECT 1")
        with g.operator_connection.transaction():
            yield

    def in_one(self, statements: list[tuple[typing.LiteralString, Row]]) -> None:
        """Several statements in one transaction."""
        with self.transaction():
            for query, values in statements:
                g.operator_connection.execute(query, values)

    @staticmethod
    def _close(_: BaseException | None) -> None:
        connection = g.pop("operator_connection", None)
        if connection is not None:
            connection.close()
