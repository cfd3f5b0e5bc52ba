"""Lists of at most fifty lines: which page is asked for, and what lies before and after it."""

from __future__ import annotations

import typing

from flask import request, url_for

PAGE = 50
MOST_PAGES = 10_000


class Paging(typing.NamedTuple):
    """Addresses of the pages beside this one; empty where there is none."""

    earlier: str
    later: str


def asked_text(name: str, longest: int = 100) -> str:
    """What was typed into a filter, or chosen; without the one character that no database keeps."""
    return request.values.get(name, "").replace("\0", "").strip()[:longest]


def asked_page() -> int:
    """The number of the page, from 1; anything else is the first."""
    asked = request.args.get("page", "")
    return min(max(1, int(asked)), MOST_PAGES) if asked.isascii() and asked.isdecimal() else 1


def pages(page: int, of: int, endpoint: str, **arguments: typing.Any) -> Paging:  # noqa: ANN401 - parts of an address
    """The ways to the pages before and after ``page`` of a list of ``of`` lines."""
    earlier = url_for(endpoint, page=page - 1, **arguments) if page > 1 else ""
    later = url_for(endpoint, page=page + 1, **arguments) if page * PAGE < of else ""
    return Paging(earlier, later)
