"""Records opened with a reason: opening, closing, and what a reviewer says (rights I7)."""

from __future__ import annotations

import dataclasses
import typing

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from saas.accounts import permissions
from saas.accounts.models import Staff
from saas.db import Fixed, fetched, new_id, one_of_ids, session
from saas.residents.models import Opening
from saas.residents.rules import care

if typing.TYPE_CHECKING:
    import datetime
    import uuid
    from collections.abc import Iterable, Sequence

    from saas.web.keys import ClinicKeys

ACCEPTED, QUESTIONED = "accepted", "questioned"
VERDICTS = (ACCEPTED, QUESTIONED)
PAGE = 50
"""Openings on one page (rights N5)."""
_OF_PERSON = Fixed(
    sa.select(*Opening.__table__.columns)
    .where(one_of_ids(Opening.resident_id))
    .order_by(Opening.opened_at.desc())
)


@dataclasses.dataclass(frozen=True)
class Reason:
    """Why a record is opened; no words when a visit was begun for somebody outside one's care."""

    category: str
    words: str = ""


class Shown(typing.NamedTuple):
    """One opening for people: who, when, why, what the reviewer said, whether anybody can review it."""

    row: Opening
    opened_by: str
    reason: str
    reviewer: str
    has_reviewer: bool

    @property
    def state(self) -> str:
        """``accepted``, ``questioned``, ``waiting`` for a reviewer, or ``nobody`` who could review it."""
        return self.row.verdict or ("waiting" if self.has_reviewer else "nobody")


def begin(  # noqa: PLR0913 - one row
    resident_id: uuid.UUID,
    reason: Reason,
    keys: ClinicKeys,
    *,
    form_id: uuid.UUID,
    at: datetime.datetime,
    by: uuid.UUID,
) -> Opening | None:
    """Open the record for 60 minutes; the same form opens it once. None for a form of something else."""
    made = Opening(id=new_id(), resident_id=resident_id, staff_id=by, category=reason.category)
    made.opened_at, made.ends_at, made.form_id = at, at + care.OPENING_LASTS, form_id
    made.reason = keys.seal(reason.words, place_of(made.id))
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError as error:
        if "uq_opening_form_id" not in str(error.orig):
            raise
        there = by_form(form_id)
        same = there is not None and (there.resident_id, there.staff_id) == (resident_id, by)
        return there if same else None
    return made


def place_of(opening_id: uuid.UUID) -> str:
    """Where the sealed reason of an opening belongs."""
    return f"opening:{opening_id}"


def by_form(form_id: uuid.UUID) -> Opening | None:
    """The opening that this form has made."""
    return session.scalars(sa.select(Opening).where(Opening.form_id == form_id)).one_or_none()


def close(opening: Opening, now: datetime.datetime) -> None:
    """End an opening before its time."""
    opening.ends_at = max(opening.opened_at, min(opening.ends_at, now))


def one(opening_id: uuid.UUID, *, for_change: bool = False) -> Opening | None:
    """One opening. ``for_change`` reads it anew and holds the row to the end."""
    query = sa.select(Opening).where(Opening.id == opening_id)
    if for_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def may_review(opening: Opening, staff_id: uuid.UUID) -> bool:
    """Nobody reviews an opening of her own, and a verdict stays (rights I7, I11)."""
    return opening.staff_id != staff_id and not opening.verdict


def judge(opening: Opening, verdict: str, note: str, *, at: datetime.datetime, by: uuid.UUID) -> None:
    """Write down what a reviewer says."""
    opening.verdict, opening.verdict_note = verdict, note
    opening.reviewed_at, opening.reviewed_by = at, by


def listed(page: int, *, of_staff: uuid.UUID | None) -> list[Opening]:
    """Openings, those without a verdict first, then the newest; one more than a page shows."""
    query = sa.select(Opening)
    if of_staff is not None:
        query = query.where(Opening.staff_id == of_staff)
    order = (Opening.reviewed_at.is_not(None), Opening.opened_at.desc(), Opening.id.desc())
    return list(session.scalars(query.order_by(*order).offset((page - 1) * PAGE).limit(PAGE + 1)))


def of_person(resident_ids: Sequence[uuid.UUID]) -> list[Opening]:
    """Every opening of one person's record, the newest first: rows to be shown, not to be changed."""
    return fetched(_OF_PERSON.of(ids=list(resident_ids)))[0]


def questioned(since: datetime.datetime, *, of_staff: uuid.UUID | None) -> list[Opening]:
    """What a reviewer has questioned since a moment."""
    query = sa.select(Opening).where(Opening.verdict == QUESTIONED, Opening.reviewed_at > since)
    if of_staff is not None:
        query = query.where(Opening.staff_id == of_staff)
    return list(session.scalars(query.order_by(Opening.reviewed_at)))


def shown(openings: Iterable[Opening], keys: ClinicKeys) -> list[Shown]:
    """Openings with names and reasons, for a person who may see them."""
    openings = list(openings)
    people = {person.id: person for person in session.scalars(sa.select(Staff))} if openings else {}
    reviewers = {
        person.id
        for person in people.values()
        if permissions.may(person.roles, "audit.review") and person.disabled_at is None
    }
    return [
        Shown(
            row,
            people[row.staff_id].name,
            keys.open(row.reason, place_of(row.id)),
            "" if row.reviewed_by is None else people[row.reviewed_by].name,
            has_reviewer=bool(reviewers - {row.staff_id}),
        )
        for row in openings
    ]
