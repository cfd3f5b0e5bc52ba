"""A judged list between its two pages: sealed in the page itself, stored nowhere."""

from __future__ import annotations

import dataclasses
import datetime
import json
import typing
import uuid

from saas.accounts.staff_list.judging import Person
from saas.db import new_id
from saas.web import clock
from saas.web.keys import SealBrokenError
from saas.web.request import here

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

KEEP = datetime.timedelta(minutes=60)

Given = tuple[uuid.UUID, Person]
"""A person with the id that she will have: sent twice, the list finds what it made."""


def seal(people: Sequence[Person]) -> str:
    """The people for a hidden field, each with her id."""
    rows = [{"id": str(new_id()), **dataclasses.asdict(person)} for person in people]
    kept = {"people": rows, "at": clock.now().isoformat()}
    return here.clinic.keys.seal(json.dumps(kept, ensure_ascii=False), _context()).hex()


def unseal(text: str | None) -> list[Given] | None:
    """The people of the field; None when it is too old, of another session, or was touched."""
    try:
        kept = json.loads(here.clinic.keys.open(bytes.fromhex(text or ""), _context()))
    except (ValueError, SealBrokenError):
        return None
    if clock.now() - datetime.datetime.fromisoformat(kept["at"]) > KEEP:
        return None
    return [(uuid.UUID(row.pop("id")), Person(**row)) for row in kept["people"]]


def _context() -> str:
    return f"staff-list:{here.session.id}"
