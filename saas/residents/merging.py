"""Making one person of two records, and taking that back: no row moves, nothing is deleted."""

from __future__ import annotations

import dataclasses
import json
import typing

import sqlalchemy as sa

from saas.accounts import permissions
from saas.accounts.models import Staff
from saas.db import new_id, session
from saas.residents import linking, stored, tokens
from saas.residents.models import Resident, ResidentLink
from saas.residents.rules import merging as rules
from saas.web import changes

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping

    from saas.residents.linking import Hand
    from saas.residents.rules.identity import Fields
    from saas.web.keys import ClinicKeys

PROPOSES, MERGES = "residents.write", "residents.merge"


@dataclasses.dataclass(frozen=True)
class Pair:
    """Two records, held until the end of the request: ``stays`` keeps her id, ``goes`` goes into her."""

    stays: Resident
    goes: Resident

    @property
    def is_open(self) -> bool:
        """False once one of them is another record or was taken back."""
        return not {self.stays.standing, self.goes.standing} & {"merged", "undone"}

    def fields(self, keys: ClinicKeys) -> tuple[Fields, Fields]:
        """Both forms as they are stored."""
        return stored.fields_of(self.stays, keys), stored.fields_of(self.goes, keys)


class Decision(typing.NamedTuple):
    """Which value stays, field by field; and why, of somebody who decides alone."""

    choices: Mapping[str, str]
    reason: str = ""


def pair(stays_id: uuid.UUID, goes_id: uuid.UUID, *, hold: bool = False) -> Pair | None:
    """The two, or None unless there are two. ``hold`` locks them, always in the same order."""
    query = sa.select(Resident).where(Resident.id.in_([stays_id, goes_id])).order_by(Resident.id)
    if hold:
        query = query.with_for_update(of=Resident).execution_options(populate_existing=True)
    rows = {row.id: row for row in session.scalars(query)}
    return Pair(rows[stays_id], rows[goes_id]) if len(rows) > 1 else None


def proposal(one: uuid.UUID, other: uuid.UUID) -> ResidentLink | None:
    """What somebody has proposed about the two and nobody has confirmed yet."""
    return next(iter(linking.between(one, other, ("merge",))), None)


def part_of(staff: Staff | typing.Any, proposed: ResidentLink | None) -> rules.Part:  # noqa: ANN401
    """What this member of staff can do about a pair."""
    return rules.part(
        may_merge=permissions.may(staff.roles, MERGES),
        proposed=proposed is not None,
        by_me=proposed is not None and proposed.created_by == staff.id,
        others=_others(staff.id),
    )


def _others(staff_id: uuid.UUID) -> int:
    """The further active people who could propose or confirm."""
    active = sa.select(Staff.roles).where(Staff.disabled_at.is_(None), Staff.id != staff_id)
    needed = (PROPOSES, MERGES)
    return sum(any(permissions.may(roles, one) for one in needed) for roles in session.scalars(active))


def propose(two: Pair, choices: Mapping[str, str], hand: Hand) -> None:
    """Say that two held records are one person; another proposal and an earlier answer give way."""
    linking.settle(two.stays.id, two.goes.id, ("merge", "later", "different"), hand)
    session.add(_link(two, choices, hand))
    session.flush()


def _link(two: Pair, choices: Mapping[str, str], hand: Hand) -> ResidentLink:
    return ResidentLink(
        id=new_id(),
        kind="merge",
        resident_id=two.stays.id,
        other_id=two.goes.id,
        detail={"choices": dict(choices)},
        created_at=hand.at,
        created_by=hand.by,
    )


def merge(
    two: Pair,
    proposed: ResidentLink | None,
    decision: Decision,
    keys: ClinicKeys,
    hand: Hand,
) -> list[str]:
    """Make one person of two held records; the names of the fields that were taken over."""
    was, other = two.fields(keys)
    became = rules.merged(was, other, decision.choices)
    link = _of_this_pair(two, proposed, hand)
    linking.settle(two.stays.id, two.goes.id, ("later", "different"), hand)
    link.confirmed_at, link.confirmed_by, link.reason = hand.at, hand.by, decision.reason
    link.detail = {"standing": two.goes.standing, "taken": _sealed(link, was, became, keys)}
    _write(two.stays, became, keys, hand)
    two.goes.standing, two.goes.merged_into_id = "merged", two.stays.id
    session.flush()
    changes.tell(two.stays.id, two.goes.id)
    return [field for field, text in was.items() if became[field] != text]


def _of_this_pair(two: Pair, proposed: ResidentLink | None, hand: Hand) -> ResidentLink:
    """The row that holds the merge; a proposal made for a record that is another one now gets a new row."""
    if proposed is not None and (proposed.resident_id, proposed.other_id) == (two.stays.id, two.goes.id):
        return proposed
    link = _link(two, {}, hand)
    if proposed is not None:
        link.created_at, link.created_by = proposed.created_at, proposed.created_by
        proposed.ended_at, proposed.ended_by = hand.at, hand.by
    session.add(link)
    return link


def undone(link: ResidentLink, stays: Resident, keys: ClinicKeys) -> rules.Undone:
    """What undoing a merge would put back in the one who stayed."""
    was, became = _opened(link, keys)
    return rules.put_back(was, became, stored.fields_of(stays, keys))


def undo(link: ResidentLink, two: Pair, keys: ClinicKeys, hand: Hand) -> rules.Undone:
    """Make two of one again: the other as she was, the one who stayed without what was taken over."""
    was, became = _opened(link, keys)
    result = rules.put_back(was, became, stored.fields_of(two.stays, keys))
    merges = linking.merges_into(two.stays.id)
    for later in merges[merges.index(link) + 1 :]:
        before, after = rules.rebased(_opened(later, keys), was, became)
        later.detail = {**later.detail, "taken": _sealed(later, before, after, keys)}
    _write(two.stays, result.fields, keys, hand)
    two.goes.standing, two.goes.merged_into_id = str(link.detail["standing"]), None
    link.ended_at, link.ended_by = hand.at, hand.by
    session.flush()
    changes.tell(two.stays.id, two.goes.id)
    return result


def _write(resident: Resident, fields: Fields, keys: ClinicKeys, hand: Hand) -> None:
    if stored.fields_of(resident, keys) == fields:
        return
    stored.put(resident, fields, keys)
    resident.updated_at, resident.updated_by = hand.at, hand.by


def _place(link: ResidentLink) -> str:
    return f"resident_link:{link.id}"


def _sealed(link: ResidentLink, was: Fields, became: Fields, keys: ClinicKeys) -> str:
    """The stayer's form before and after, for the undo; numbers are in it, so it is sealed."""
    return tokens.sealed(json.dumps([was, became]), _place(link), keys)


def _opened(link: ResidentLink, keys: ClinicKeys) -> tuple[Fields, Fields]:
    text = tokens.opened(str(link.detail["taken"]), _place(link), keys)
    if text is None:
        message = "what a merge took over does not open"
        raise RuntimeError(message)
    was, became = json.loads(text)
    return was, became
