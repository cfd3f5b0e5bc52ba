"""The same application on one plain schema: no session check, no binding, no guard, no access log."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import secrets
import typing

import psycopg
from flask import Flask, g
from flask.sessions import SessionInterface
from sqlalchemy import event
from werkzeug.test import EnvironBuilder

from saas.app import create_app
from saas.config import Settings
from saas.db import db
from saas.web import request
from saas.web.request import Here
from saas.web.sessions import BrowserSession
from tenants.binding import begin_as_clinic
from tenants.naming import schema_of

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask import Request, Response
    from flask.sessions import SessionMixin

    from tenants.connecting import Logins
    from tenants.settings import TenantSettings

TABLES = ("clinic_setting", "site", "staff", "resident", "resident_name", "resident_key", "due_item")
ADDRESS = "http://127.0.0.1:8000"
_SECRET = secrets.token_urlsafe(32)


def plain_url(bare: Logins, number: int = 1) -> str:
    """How to connect to one schema of the bare script's database, as the owner of its tables."""
    return psycopg.conninfo.make_conninfo(
        bare.conninfo("owner"), options=f"-c search_path={schema_of(number)},ref"
    )


def copy_rows(ours: Logins, schema: str, bare: Logins, tables: Sequence[str] = TABLES) -> None:
    """The same rows in the plain schema as in the clinic's."""
    with ours.connect("owner") as source, psycopg.connect(plain_url(bare)) as target:
        for table in tables:
            target.execute(f"TRUNCATE {table} CASCADE".encode())
        for table in tables:
            columns = _columns(source, schema, table)
            out = f"COPY {schema}.{table} ({columns}) TO STDOUT".encode()
            into = f"COPY {table} ({columns}) FROM STDIN".encode()
            with source.cursor().copy(out) as rows, target.cursor().copy(into) as copy:
                for row in rows:
                    copy.write(row)


def _columns(source: psycopg.Connection[typing.Any], schema: str, table: str) -> str:
    query = (
        "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute "
        "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
    )
    row = source.execute(query, (f"{schema}.{table}",)).fetchone()
    return "" if row is None else str(row[0])


class _NoSession(SessionInterface):
    """A session that was there before and costs nothing."""

    def open_session(self, app: Flask, request: Request) -> BrowserSession:  # noqa: ARG002 - Flask's signature
        return BrowserSession(csrf_token=_SECRET)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Nothing is kept."""


def plain_app(tenants: TenantSettings, bare: Logins, here: Here) -> Flask:
    """The application with ``here`` known beforehand and the pipeline taken out."""
    place = dataclasses.replace(tenants, web_url=plain_url(bare), gate_url=plain_url(bare))
    app = create_app(Settings(), place)
    app.session_interface = _NoSession()
    before, after = app.before_request_funcs[None], app.after_request_funcs[None]
    before[before.index(request.enter)] = lambda: _known(here)
    after.remove(request.leave)
    return app


def _known(here: Here) -> None:
    g.here, g.clinic = here, here.clinic


@contextlib.contextmanager
def unbound() -> Iterator[None]:
    """Sessions that belong to no clinic, for as long as the block lasts."""
    sessions = db.session.session_factory
    event.remove(sessions, "after_begin", begin_as_clinic)
    try:
        yield
    finally:
        event.listen(sessions, "after_begin", begin_as_clinic)


class Caller:
    """Asks an application for one page, again and again, as a server would, without the network."""

    def __init__(self, app: Flask, path: str, cookie: str = "") -> None:
        builder = EnvironBuilder(path, base_url=ADDRESS, environ_base={"HTTP_COOKIE": cookie})
        self._app = app
        self._environ = builder.get_environ()

    def page(self) -> str:
        """The page as text. AssertionError unless the answer is 200."""
        said: list[str] = []

        def start(status: str, *_: object) -> typing.Callable[[bytes], object]:
            said.append(status)
            return said.append  # type: ignore[return-value]

        body = self._app(self._environ | {"wsgi.input": io.BytesIO()}, start)
        text = b"".join(body)
        if hasattr(body, "close"):
            body.close()
        assert said == ["200 OK"], said
        return text.decode()
