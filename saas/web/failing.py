"""When the database fails under a request: who is told, and how what was typed comes back."""

from __future__ import annotations

import contextlib
import logging

import psycopg
from flask import current_app, g, render_template, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from saas.web import clock, metering
from saas.web.door import door
from saas.web.drafts import Fields, harmless
from saas.web.traffic import request_id

DATABASE_ERRORS = (DBAPIError, psycopg.Error, PoolTimeout)
_TOKEN = "csrf_token"  # noqa: S105 - a field's name
_log = logging.getLogger(__name__)


def is_read_only() -> bool:
    """True while the disk is nearly full: what adds to the records waits, reading and printing go on.

    The same permissions rest as in a suspended clinic, so a consent can be withdrawn all the same.
    """
    return bool(current_app.extensions["disk_is_low"]())


def note_failure(kind: str, error: BaseException) -> None:
    """Count it, and write its type and place; never its text, which may hold a row."""
    metering.errors.labels(kind).inc()
    _log.error(kind, exc_info=error, extra={"request": request_id()})


def is_own_form() -> bool:
    """Whether what was posted may be shown again: it was checked, or the browser says that our page sent it.

    Without either, somebody else's page could put words into ours.
    """
    checked = bool(g.get("csrf_valid", False))
    return checked or request.headers.get("Sec-Fetch-Site") == "same-origin"


def typed() -> Fields:
    """What can be sent again: the posted fields but for passwords and codes; nothing for a foreign form."""
    if request.method != "POST" or not is_own_form():
        return {}
    try:
        fields = harmless(request.form.to_dict(flat=False))
    except HTTPException:  # too large or unreadable; with the token's check before it this is rare
        return {}
    return fields if any(any(values) for values in fields.values()) else {}


def keep_token() -> None:
    """The page that comes back keeps the token that was posted: its secret cannot be read now."""
    if request.method == "POST":
        g.csrf_token = request.form.get(_TOKEN, "")


def again(status: int, title: object, message: object) -> tuple[str, int] | None:
    """The page from which it is sent again; nothing when nothing was typed."""
    fields = typed()
    if not fields:
        return None
    html = render_template("errors/again.html", title=title, message=message, fields=fields)
    return html, status


def count_failed_save(status: int) -> None:
    """For the operators: how many saves met another's (409) or broke (5xx); a number of the day alone."""
    conflict = status == 409  # noqa: PLR2004 - HTTP
    if not conflict and status < 500:  # noqa: PLR2004 - HTTP
        return
    # An answer that says what went wrong must not fail because it could not be counted.
    with contextlib.suppress(*DATABASE_ERRORS):
        door().count_failed_save(g.clinic.card, clock.today(), conflict=conflict)
