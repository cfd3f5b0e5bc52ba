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
    """The words, sealed as they travel in an address, so that no name stands in it; whom they lead to."""

    token: str
    words: str
    ids: Sequence[uuid.UUID]
    has_more: bool


def sealed() -> str:
    """The words that were sent, for the address; nothing when there are none."""
    words = request.form.get("q", "").strip()[: searching.LONGEST]
    return tokens.sealed(words, words_place(), here.clinic.keys) if words else ""


def sought(asked: Asked, site_ids: Sequence[uuid.UUID]) -> Sought | None:
    """Whom of a list the words of the address lead to; None without words, 404 for somebody else's."""
    token = request.args.get("words", "")
    if not token:
        return None
    words = tokens.opened(token, words_place(), here.clinic.keys)
    if words is None:
        abort(404)
    found = searching.search(words, here.clinic.keys, worklist.people(asked, site_ids, clock.today()))
    return Sought(token, words, [one.id for one in found.residents], found.has_more)
