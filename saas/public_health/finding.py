"""Finding somebody within the list of today, by what the search box understands; in the order of care."""

from __future__ import annotations

import dataclasses
import typing

from flask import abort, request

from saas.public_health import worklist
from saas.residents import searching, tokens
from saas.residents.views.finding import words_place
from saas.web import clock
from saas.web.request import here

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from saas.public_health.worklist import Asked


@dataclasses.dataclass(frozen=True)
class Sought:
    """What was typed, whom of the list it leads to, and whether it might lead to more."""

    words: str
    ids: Sequence[uuid.UUID]
    has_more: bool


def sealed() -> str:
    """The words that were sent, sealed, so that no name stands in an address; nothing without words."""
    words = request.form.get("q", "").strip()[: searching.LONGEST]
    return tokens.sealed(words, words_place(), here.clinic.keys) if words else ""


def sought(asked: Asked, site_ids: Sequence[uuid.UUID]) -> Sought | None:
    """Whom of a list its words lead to; None without words, 404 for somebody else's."""
    if not asked.words:
        return None
    words = opened(asked)
    if words is None:
        abort(404)
    found = searching.search(words, here.clinic.keys, worklist.people(asked, site_ids, clock.today()))
    return Sought(words, [one.id for one in found.residents], found.has_more)


def opened(asked: Asked) -> str | None:
    """The words of a list as they were typed; None for what the signed-in person did not type."""
    return tokens.opened(asked.words, words_place(), here.clinic.keys)
