"""Further cells asked as ``shipa_operator``: what the console and readiness are told of what lives there."""

from __future__ import annotations

import contextlib
import typing

import psycopg
from psycopg.rows import dict_row

from tenants.placing import MAIN
from tenants.pool import Patience

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from tenants.connecting import Connection, Logins

    Row = dict[str, typing.Any]

    class Ask(typing.Protocol):
        """One statement of a transaction: its rows, by name."""

        def __call__(self, query: typing.LiteralString, **values: object) -> list[Row]:
            """Raises ``CellSilent``, ``CellStrange``."""


_STRANGE = (
    psycopg.errors.UndefinedFunction,
    psycopg.errors.UndefinedTable,
    psycopg.errors.InvalidSchemaName,
    psycopg.errors.InsufficientPrivilege,
)
"""What a cell of an older release, or one that this house never made, says."""


class CellSilent(Exception):  # noqa: N818 - reads as the state it tells
    """A cell does not answer now; it is not asked again for some seconds."""


class CellStrange(CellSilent):
    """A cell cannot be asked: it has no address for it, is of an older release, or not of this house."""


class CellDesk:
    """Asks further cells; no connection is held between two questions."""

    def __init__(self, logins: Logins) -> None:
        self._logins = logins
        self._patience: dict[str, Patience] = {}

    @property
    def cells(self) -> list[str]:
        """The names of the further cells."""
        return [cell for cell in self._logins.cells if cell != MAIN]

    def variable(self, cell: str) -> str:
        """The name of the variable with the address that this needs."""
        return self._logins.of(cell).settings.variable("operator")

    def can_ask(self, cell: str) -> bool:
        """Whether there is an address by which this cell can be asked."""
        return cell in self.cells and self._logins.of(cell).has("operator")

    @contextlib.contextmanager
    def inside(self, cell: str) -> Iterator[Ask]:
        """A transaction in the cell, committed at the end; what is yielded runs one statement of it.

        Opening it and each statement raise ``CellSilent`` or ``CellStrange``.
        """
        if not self.can_ask(cell):
            raise CellStrange(cell)
        with _told(cell):
            connection = self._connect(cell)
        with connection, connection.cursor(row_factory=dict_row) as cursor:

            def ask(query: typing.LiteralString, **values: object) -> list[Row]:
                with _told(cell):
                    return cursor.execute(query, values).fetchall()

            yield ask

    def rows(self, cell: str, query: typing.LiteralString, **values: object) -> list[Row]:
        """The rows of one statement, by name. Raises as ``inside`` does."""
        with self.inside(cell) as ask:
            return ask(query, **values)

    def _connect(self, cell: str) -> Connection:
        if cell not in self._patience:
            self._patience[cell] = Patience(self._logins.of(cell), "operator")
        return self._patience[cell].connect()


@contextlib.contextmanager
def _told(cell: str) -> Iterator[None]:
    try:
        yield
    except _STRANGE as error:
        raise CellStrange(cell) from error
    except psycopg.errors.ObjectNotInPrerequisiteState:
        raise  # What our own functions refuse is an answer.
    except psycopg.OperationalError as error:
        raise CellSilent(cell) from error
