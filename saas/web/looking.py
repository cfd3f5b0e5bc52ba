"""A page that only looks: it changes nothing, so what it has read once holds to its end."""

from __future__ import annotations

import functools
import typing

from flask import g, has_request_context, request

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Hashable

Asked = typing.TypeVar("Asked", bound="Hashable")
Read = typing.TypeVar("Read")


def is_looking() -> bool:
    """True in a request that changes nothing (GET, HEAD); outside of requests nobody looks."""
    return has_request_context() and request.method in {"GET", "HEAD"}


def once(read: Callable[[Asked], Read]) -> Callable[[Asked], Read]:
    """Read once, however many parts of a page ask; a post reads anew, for it may have changed something."""

    @functools.wraps(read)
    def reading(asked: Asked) -> Read:
        if not is_looking():
            return read(asked)
        kept = g.setdefault("looked", {})
        if (read, asked) not in kept:
            kept[read, asked] = read(asked)
        return typing.cast("Read", kept[read, asked])

    return reading
