"""Two records become one person: which values she has then, who confirms, what an undo puts back."""

from __future__ import annotations

import dataclasses
import datetime
import enum
import typing

from saas.residents.rules import names, phones
from saas.residents.rules.identity import NAMES, PHONES, Fields
from saas.residents.rules.versions import MINE, THEIRS, Difference, differences

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

UNDO_DAYS = 30
SHORTEST_REASON, LONGEST_REASON = 15, 500
_GROUPS: tuple[tuple[tuple[str, ...], Callable[[str], str]], ...] = (
    (NAMES, names.search_key),
    (PHONES, phones.normalised),
)


class Part(enum.Enum):
    """What somebody can do about two records that are one person."""

    PROPOSE = "propose"
    WAIT = "wait"
    CONFIRM = "confirm"
    ALONE = "alone"


def part(*, may_merge: bool, proposed: bool, by_me: bool, others: int) -> Part:
    """Two people make one person of two records: one proposes, another one with the permission confirms.

    ``others`` are the further active people of the clinic who could propose or confirm. Where there is
    none, the one who has the permission decides alone and gives a reason.
    """
    if proposed and not by_me:
        return Part.CONFIRM if may_merge else Part.PROPOSE
    if may_merge and not others:
        return Part.ALONE
    return Part.WAIT if proposed else Part.PROPOSE


def is_reason(text: str) -> bool:
    """A reason has 15 to 500 characters, spaces at its ends not counted."""
    return SHORTEST_REASON <= len(text.strip()) <= LONGEST_REASON


def may_be_undone(confirmed_at: datetime.datetime, now: datetime.datetime) -> bool:
    """Within 30 days of the confirmation."""
    return now - confirmed_at <= datetime.timedelta(days=UNDO_DAYS)


def offered(stays: Mapping[str, str], other: Mapping[str, str]) -> Fields:
    """The form of the one who stays, with what the other form adds to it or says otherwise.

    A name or phone that is not there yet comes into a free place, and only without one it stands against
    another. What the other form leaves empty, and what stands for a name that is not known, stays.
    """
    fields = {field: other[field] or text for field, text in stays.items()}
    for group, alike in _GROUPS:
        fields |= _placed(group, stays, other, alike)
    if not other["document_number"]:
        fields["document_type"] = stays["document_type"]
    fields["placeholder"] = stays["placeholder"]
    return fields


def _placed(
    group: Sequence[str],
    stays: Mapping[str, str],
    other: Mapping[str, str],
    alike: Callable[[str], str],
) -> Fields:
    placed = {field: stays[field] for field in group}
    known = {alike(text) for text in placed.values() if text}
    for field in group:
        text = other[field]
        if not text or alike(text) in known:
            continue
        known.add(alike(text))
        own = [one for one in (field, *group) if placed[one] == stays[one]]
        free = next((one for one in group if not placed[one]), own[0])
        placed[free] = text
    return placed


def proposing(found: Iterable[Difference]) -> list[Difference]:
    """The same differences; proposed is what is stored, and the other value only where nothing is."""
    return [dataclasses.replace(one, before=one.mine if one.theirs else one.theirs) for one in found]


def choices_to_make(stays: Mapping[str, str], other: Mapping[str, str]) -> list[Difference]:
    """The fields in which two records are chosen between; the kind of a document follows its number."""
    found = proposing(differences(None, stays, offered(stays, other)))
    numbers = any(one.field == "document_number" for one in found)
    return [one for one in found if one.field != "document_type" or not numbers]


def merged(stays: Mapping[str, str], other: Mapping[str, str], choices: Mapping[str, str]) -> Fields:
    """The form after the merge. A field without a choice is as proposed."""
    made = {one.field: choices.get(one.field) or one.proposed for one in choices_to_make(stays, other)}
    if "document_number" in made:
        made["document_type"] = made["document_number"]
    adds = offered(stays, other)
    return {field: adds[field] if made.get(field, THEIRS) == MINE else text for field, text in stays.items()}


@dataclasses.dataclass(frozen=True)
class Undone:
    """What an undo does to the one who stayed: her form then, what is put back, what was edited since."""

    fields: Fields
    back: list[str]
    kept: list[str]


def put_back(was: Mapping[str, str], became: Mapping[str, str], now: Mapping[str, str]) -> Undone:
    """Values that the merge took over are put back, unless somebody changed them since."""
    taken = [field for field in was if was[field] != became[field]]
    kept = [field for field in taken if any(now[one] != became[one] for one in _unit(field, taken))]
    back = [field for field in taken if field not in kept]
    return Undone({**now, **{field: was[field] for field in back}}, back, kept)


def _unit(field: str, taken: Iterable[str]) -> set[str]:
    """A document's number and its kind go together."""
    document = {"document_type", "document_number"}
    return document & set(taken) if field in document else {field}


def rebased(
    later: tuple[Mapping[str, str], Mapping[str, str]], was: Mapping[str, str], became: Mapping[str, str]
) -> tuple[Fields, Fields]:
    """What a later merge into the same record must remember once this one is undone.

    Where it remembers a value that came by this merge, it remembers the value from before it.
    """
    before, after = dict(later[0]), dict(later[1])
    taken = [field for field in was if was[field] != became[field]]
    for field in taken:
        if later[0][field] != became[field]:
            continue
        # What the later merge left alone is put back by this undo; a document's kind stays with its number.
        if all(later[1][one] == later[0][one] for one in _unit(field, taken)):
            after[field] = was[field]
        before[field] = was[field]
    return before, after
