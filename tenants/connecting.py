"""Connections by login; every one speaks the extended protocol and prepares nothing."""

from __future__ import annotations

import typing

import psycopg

from tenants.embedded import EmbeddedServer
from tenants.entering import WebConnection
from tenants.keys import Master
from tenants.placing import MAIN
from tenants.settings import CELL_LOGINS, OPTIONAL

if typing.TYPE_CHECKING:
    from tenants.settings import TenantSettings

Connection = psycopg.Connection[typing.Any]


class NotConfigured(RuntimeError):  # noqa: N818 - reads as the state it tells
    """A login's address is missing; the message names the variable."""


class ExtendedCursor(psycopg.Cursor[typing.Any]):
    """Sends every statement by the extended protocol, so that a stacked statement is a syntax error.

    psycopg sends a statement without parameters by the simple protocol, which would run
    ``select …; reset role; set role …`` as four statements.
    """

    def _execute_send(
        self,
        query: typing.Any,  # noqa: ANN401 - psycopg's private type
        *,
        force_extended: bool = False,  # noqa: ARG002 - always forced here
        binary: bool | None = None,
    ) -> None:
        super()._execute_send(query, force_extended=True, binary=binary)


class Logins:
    """Opens connections as one of the logins, starting the embedded server when there is no address."""

    def __init__(self, settings: TenantSettings) -> None:
        self.settings = settings
        self._server: EmbeddedServer | None = None
        self._master = Master(settings.master_key_file)
        self._cells: dict[str, Logins] = {settings.cell: self}

    @property
    def cells(self) -> list[str]:
        """The names of all cells, the main one first."""
        return self.settings.cell_names

    def of(self, cell: str) -> Logins:
        """The logins in the database of a cell. Raises ``LookupError`` for a cell that is not configured."""
        if cell not in self._cells:
            further = Logins(self.settings.of_cell(cell))
            further._server = self.server() if self.settings.embedded else None
            self._cells[cell] = further
        return self._cells[cell]

    def server(self) -> EmbeddedServer:
        """The embedded server of the data folder (not started by this call)."""
        if self._server is None:
            self._server = EmbeddedServer(self.settings.data, fast=self.settings.embedded_fast)
        return self._server

    def has(self, login: str) -> bool:
        """Whether this login can be used: only the optional ones may have no address.

        In a further cell nobody signs in but the superuser, the owner, the web and the operators' console.
        """
        if self.settings.cell != MAIN:
            return login in CELL_LOGINS and (self.settings.embedded or self.settings.url(login) is not None)
        return self.settings.embedded or login not in OPTIONAL or self.settings.url(login) is not None

    def conninfo(self, login: str, database: str | None = None) -> str:
        """The connection string of a login. Raises ``NotConfigured`` when it was not given one."""
        if self.settings.embedded:
            server = self.server()
            server.ensure_running()
            return server.conninfo(login, database or self.settings.database)
        url = self.settings.url(login)
        if url is None:
            message = f"{self.settings.variable(login)} is not set"
            raise NotConfigured(message)
        if database is None:
            return url
        return psycopg.conninfo.make_conninfo(url, dbname=database)

    def connect(
        self, login: str, *, database: str | None = None, autocommit: bool = False, seconds: int = 10
    ) -> Connection:
        """A new connection; all but ``admin`` and ``owner`` always use the extended protocol."""
        kind: type[psycopg.Cursor[typing.Any]] = (
            psycopg.Cursor if login in {"admin", "owner"} else ExtendedCursor
        )
        connection_class: type[Connection] = WebConnection if login == "web" else psycopg.Connection
        connection = connection_class.connect(
            self.conninfo(login, database),
            autocommit=autocommit,
            prepare_threshold=None,
            cursor_factory=kind,
            application_name=f"shipa {login}",
            connect_timeout=seconds,
        )
        if isinstance(connection, WebConnection):
            connection.gate_key = self.gate_key
        return connection

    def gate_key(self) -> str:
        """What opens the gate to the clinics' secrets at level 2. Raises ``MasterKeyError``."""
        return self._master.derive("gate").hex()

    def cell_key(self) -> bytes:
        """What the cells of this house seal their words to each other with. Raises ``MasterKeyError``."""
        return self._master.derive("cells")
