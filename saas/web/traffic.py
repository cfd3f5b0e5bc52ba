"""One line in the log and one count for each request, by its route and never by its address."""

from __future__ import annotations

import logging
import secrets
import time
import typing

from flask import request, request_started

from saas.web import metering

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from flask import Flask

ID = "shipa.request"
_ROUTE = "shipa.route"
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST"})
_log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    """Outermost: whatever answers, files too, is counted."""
    app.wsgi_app = _Counted(app.wsgi_app)  # type: ignore[method-assign]
    request_started.connect(_remember_route, app)


def _remember_route(_: Flask) -> None:
    rule = request.url_rule
    request.environ[_ROUTE] = "" if rule is None else rule.rule


def request_id() -> str:
    """What tells the lines of this request from others'."""
    return str(request.environ.get(ID, ""))


class _Counted:
    """The application, with a stopwatch."""

    def __init__(self, inner: WSGIApplication) -> None:
        self._inner = inner

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, then count."""
        began = time.perf_counter()
        environ[ID] = secrets.token_hex(8)
        status = "500"

        def started(line: str, *rest: typing.Any) -> typing.Any:  # noqa: ANN401 - WSGI's
            nonlocal status
            status = line[:3]
            return start_response(line, *rest)

        try:
            return self._inner(environ, typing.cast("StartResponse", started))
        finally:
            _tell(environ, status, time.perf_counter() - began)


def _tell(environ: WSGIEnvironment, status: str, seconds: float) -> None:
    route, method = route_of(environ), environ.get("REQUEST_METHOD", "")
    known = method if method in _METHODS else "other"
    metering.requests.labels(route, known, f"{status[:1]}xx").inc()
    metering.duration.labels(route).observe(seconds)
    told = {"route": route, "method": known, "status": int(status), "ms": round(seconds * 1000, 1)}
    _log.info("request", extra={**told, "request": environ[ID]})


def route_of(environ: WSGIEnvironment) -> str:
    """The template of the route; ``none`` when there is none; all built files are one."""
    found = environ.get(_ROUTE)
    if found:
        return str(found)
    return "/static/" if str(environ.get("PATH_INFO", "")).startswith("/static/") else "none"
