"""Files that people send: a larger limit for the views that say so, and never a copy on the disk."""

from __future__ import annotations

import io
import typing

from flask import Flask, Request, current_app, request
from flask import session as flask_session

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from saas.web.sessions import BrowserSession

View = typing.TypeVar("View", bound="Callable[..., object]")


class InMemory(Request):
    """Werkzeug would put a file over 500 kB into a folder for temporary files, in plain."""

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002 - Werkzeug's signature
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> io.BytesIO:
        return io.BytesIO()


def takes_file(megabytes: int) -> Callable[[View], View]:
    """This view may be sent so much, by somebody who is signed in."""

    def mark(view: View) -> View:
        view.upload_limit = megabytes * 1024 * 1024  # type: ignore[attr-defined]
        return view

    return mark


def install(app: Flask) -> None:
    """Called before whatever reads the form: the limit counts from its first byte."""
    app.request_class = InMemory
    app.before_request(_allow)


def _allow() -> None:
    view = current_app.view_functions.get(str(request.endpoint))
    limit = getattr(view, "upload_limit", None)
    browser = typing.cast("BrowserSession", flask_session)
    if limit is not None and browser.may_send_files:
        request.max_content_length = limit
