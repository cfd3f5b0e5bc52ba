"""What a resident's page says of other records: perhaps the same person, one household, merged."""

from __future__ import annotations

import dataclasses
import datetime
import typing

from saas.residents import linking, person
from saas.residents.models import Resident, ResidentLink
from saas.residents.rules import merging as rules
from saas.residents.showing import Line, lines
from saas.residents.summaries import summaries
from saas.web import clock
from saas.web.request import here

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence


class Hint(typing.NamedTuple):
    """Somebody may be the same person; ``proposed`` once a member of staff has said so."""

    other_id: uuid.UUID
    proposed: bool


class Merged(typing.NamedTuple):
    """A record that went into this one, and whether it can still come apart."""

    gone_id: uuid.UUID
    at: datetime.datetime | None
    in_time: bool


@dataclasses.dataclass(frozen=True)
class Links:
    """Everything of this kind on one page. ``ids``: whose names or ids stand on it."""

    hints: list[Hint]
    household: list[tuple[uuid.UUID, Line]]
    merges: list[Merged]

    @property
    def ids(self) -> list[uuid.UUID]:
        """Who else is on the page: they are named in its row of the log (rights I6)."""
        others = (*(hint.other_id for hint in self.hints), *(one for one, _ in self.household))
        return list(dict.fromkeys(others))


def of(resident: Resident) -> Links:
    """The links of one person, whichever of her records they were made for."""
    about = linking.about(resident.id)
    links = [link for link in about if link.confirmed_at is None and link.kind != "different"]
    merges = (link for link in about if link.confirmed_at and link.resident_id == resident.id)
    ids = {one for link in links for one in (link.resident_id, link.other_id)}
    now = person.stayers(ids) if ids else {}

    def others(kinds: Sequence[str]) -> dict[uuid.UUID, ResidentLink]:
        chosen = [link for link in links if link.kind in kinds]
        found = {now[one]: link for link in chosen for one in (link.resident_id, link.other_id)}
        return {one: link for one, link in found.items() if one != resident.id}

    return Links(
        [Hint(one, link.kind == "merge") for one, link in others(("later", "merge")).items()],
        _household(list(others(("household",)))),
        [_merged(link) for link in merges if link.kind == "merge"],
    )


def _household(ids: list[uuid.UUID]) -> list[tuple[uuid.UUID, Line]]:
    found = summaries(ids)
    shown = lines(found, here.clinic.keys, clock.today())
    return [(one.id, line) for one, line in zip(found, shown, strict=True)]


def _merged(link: ResidentLink) -> Merged:
    in_time = link.confirmed_at is not None and rules.may_be_undone(link.confirmed_at, clock.now())
    return Merged(link.other_id, link.confirmed_at, in_time)
