"""Where a page of the log begins, as its address says."""

from __future__ import annotations

from flask import abort, request

_DIGITS = 18
"""A number of this many digits is still a bigint of the database."""


def asked_before() -> int | None:
    """The row's number before which the page begins; None on the first page, 404 for what is no number."""
    text = request.args.get("before", "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > _DIGITS:
        abort(404)
    return int(text)
