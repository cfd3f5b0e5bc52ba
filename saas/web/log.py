"""What a request has to tell the access log; written by the pipeline, in the same transaction."""

from __future__ import annotations

import dataclasses
import typing

from flask import g

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping


@dataclasses.dataclass(frozen=True)
class Entry:
    """One thing that happened. ``residents`` are the ids shown or changed, ``detail`` holds no names."""

    act: str
    residents: tuple[uuid.UUID, ...] = ()
    purpose: str = "care"
    detail: Mapping[str, object] = dataclasses.field(default_factory=dict)


def note(
    act: str,
    *,
    residents: Iterable[uuid.UUID] = (),
    purpose: str = "",
    detail: Mapping[str, object] | None = None,
) -> None:
    """Have an access-log row written with the answer to this request.

    Without a purpose of its own it is this request's: care, or the reason for which a record is open.
    """
    entries().append(Entry(act, tuple(residents), purpose or g.get("purpose", "care"), dict(detail or {})))


def entries() -> list[Entry]:
    """The entries of this request so far."""
    if "log_entries" not in g:
        g.log_entries = []
    return typing.cast("list[Entry]", g.log_entries)
