"""The one table of error pages: status → what the person is told, in her language."""

from __future__ import annotations

import typing

from flask import current_app, g, render_template, request
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from saas.web import failing
from saas.web.drafts import harmless
from saas.web.request import recognise

if typing.TYPE_CHECKING:
    from flask import Flask

_BUSY = 503
_FULL = 507
"""What a script tells apart from a lost line: the text stays in its form either way."""
_COMES_BACK = {"read-only": _FULL, "restoring": 403}
"""Refusals whose page holds what was typed, to be sent again, and their status."""

TEXTS: dict[int | str, tuple[object, object]] = {
    400: (_l("This request cannot be read"), _l("Go back and try again.")),
    403: (_l("Not open to your role"), _l("Your roles do not include this page. Ask your clinic's head.")),
    404: (_l("Page not found"), _l("There is nothing here, or it is not in this clinic.")),
    405: (_l("Not possible here"), _l("This address does not take that kind of request.")),
    409: (_l("Someone was quicker"), _l("Go back, look at what changed and save again.")),
    413: (_l("Too much at once"), _l("What was sent is too large. Shorten it and try again.")),
    429: (_l("Please wait"), _l("There were too many tries. Wait a minute and try again.")),
    500: (
        _l("Something went wrong"),
        _l("Nothing was saved. Go back: what you typed is still there. Try again."),
    ),
    503: (_l("Busy at the moment"), _l("Nothing was saved. Go back and try again in a moment.")),
    "sent": (
        _l("The server does not answer at the moment"),
        _l(
            "What you typed is kept in this page. Wait a moment and send it again; if it was saved after "
            "all, it is not saved twice."
        ),
    ),
    "read-only": (
        _l("The server's disk is nearly full"),
        _l(
            "For now everything can be read and printed, and nothing new can be saved. What you typed is "
            "kept in this page: leave it open and send it again later."
        ),
    ),
    "csrf": (
        _l("This page was open too long"),
        _l("Somebody signed in or unlocked the screen since. Check that it is you, and send it again."),
    ),
    "transport": (_l("Not a safe connection"), _l("Open this address with https.")),
    "room_off": (
        _l("This room is switched off"),
        _l("The operators of the platform switch it on for your institution."),
    ),
    "suspended": (
        _l("This institution is suspended"),
        _l("It can be read and printed for care; nothing new can be written."),
    ),
    "moving": (
        _l("This institution is being moved"),
        _l(
            "Its data is being copied to another server. Nothing was saved yet; what you typed is kept and "
            "offered on your first page. Send it again in a few minutes. Reading and printing go on."
        ),
    ),
    "restoring": (
        _l("This institution is being restored"),
        _l(
            "Its data is being brought back from an archive. Nothing was saved; what you typed is kept in "
            "this page. Leave it open and send it again in a few minutes: you will be asked for your "
            "password first. Until then everything can be read and printed."
        ),
    ),
    "ending": (
        _l("This institution is closed"),
        _l("It can be read and printed for care for 30 days; nothing new can be written."),
    ),
    "ended": (
        _l("This institution is closed"),
        _l(
            "It was closed 30 days ago or more, so its data can no longer be read here. They are kept for "
            "the time that was set; ask the operators of the platform."
        ),
    ),
    "closed": (
        _l("This institution is closed"),
        _l(
            "It was suspended 30 days ago or more, so its data can no longer be read. Nothing was deleted: "
            "everything is back as soon as the operators of the platform resume it."
        ),
    ),
}


def install(app: Flask) -> None:
    """Answer every error with a page of ours."""
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    for kind in failing.DATABASE_ERRORS:
        app.register_error_handler(kind, _database)
    app.register_error_handler(Exception, _unexpected)


def page(status: int, reason: int | str | None = None) -> tuple[str, int]:
    """The error page of a status, or of a reason that says more than the status."""
    title, message = TEXTS.get(reason if reason is not None else status, TEXTS[500])
    html = render_template("errors/error.html", status=status, title=title, message=message)
    return html, status


def _csrf(_: CSRFError) -> tuple[str, int]:
    """A page from before a sign-in or a lock still holds what was typed: offer to send it again."""
    # The token is looked at before the clinic is entered; the page shows who is signed in.
    recognise()
    own = request.headers.get("Sec-Fetch-Site") == "same-origin"
    fields = harmless(request.form.to_dict(flat=False)) if own else {}
    if not fields:
        return page(400, "csrf")
    title, message = TEXTS["csrf"]
    html = render_template("errors/again.html", title=title, message=message, fields=fields)
    return html, 400


def _http(error: HTTPException) -> typing.Any:  # noqa: ANN401 - a redirect is an HTTPException too
    if error.code is None or error.code < 400:  # noqa: PLR2004 - HTTP
        return error
    # What fails outside the view, at the commit say, comes wrapped.
    wrapped = getattr(error, "original_exception", None)
    if isinstance(wrapped, failing.DATABASE_ERRORS):
        return _database(wrapped)
    reason = g.get("refusal")
    if reason in _COMES_BACK:
        status = _COMES_BACK[reason]
        return failing.again(status, *TEXTS[reason]) or page(status, reason)
    return page(error.code, reason)


def _database(error: Exception) -> tuple[str, int]:
    failing.note_failure("database", error)
    g.database_failed = True
    try:
        return _come_back()
    except Exception:  # noqa: BLE001 - whatever the frame wanted to read of her cannot be read
        g.pop("here", None)
        return _come_back()


def _come_back() -> tuple[str, int]:
    return failing.again(_BUSY, *TEXTS["sent"]) or page(_BUSY)


def _unexpected(error: Exception) -> tuple[str, int]:
    if current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    failing.note_failure("unexpected", error)
    return page(500)
