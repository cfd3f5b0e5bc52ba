"""Who cares for whom: the one rule by which a record may be opened without a reason (rights I6, I7)."""

from __future__ import annotations

import dataclasses
import datetime
import typing
import zoneinfo

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

BEIJING = zoneinfo.ZoneInfo("Asia/Shanghai")
OPENING_LASTS = datetime.timedelta(minutes=60)
"""How long a record stays open for a reason (rights I7); the database holds the same bound."""


@dataclasses.dataclass(frozen=True)
class Carer:
    """A member of staff, as far as the rule knows her. Without sites nobody is hers."""

    id: uuid.UUID
    site_ids: frozenset[str]


@dataclasses.dataclass(frozen=True)
class Registration:
    """Where a resident belongs, and who registered her when; ``imported``: she came with a list."""

    site_id: str
    at: datetime.datetime
    by: uuid.UUID
    imported: bool = False


@dataclasses.dataclass(frozen=True)
class Contact:
    """A visit, open or ended; ``taken_back`` when it was begun by mistake."""

    site_id: str
    at: datetime.datetime
    by: uuid.UUID
    taken_back: bool = False


@dataclasses.dataclass(frozen=True)
class Open:
    """A record that this member of staff has opened with a reason."""

    at: datetime.datetime
    until: datetime.datetime


def civil_day(at: datetime.datetime) -> datetime.date:
    """The day in Beijing time on which an aware moment lies."""
    return at.astimezone(BEIJING).date()


def day_began(now: datetime.datetime) -> datetime.datetime:
    """The midnight in Beijing time with which the day of ``now`` began."""
    return datetime.datetime.combine(civil_day(now), datetime.time(), BEIJING)


def belongs(carer: Carer, registration: Registration, now: datetime.datetime) -> bool:
    """The resident's place is one of hers, or she registered the resident herself today.

    A list that was brought along is no registering of hers: one import would open the whole clinic.
    """
    if registration.site_id in carer.site_ids:
        return True
    herself = registration.by == carer.id and not registration.imported
    return herself and civil_day(registration.at) == civil_day(now)


def came_today(carer: Carer, contacts: Iterable[Contact], now: datetime.datetime) -> bool:
    """The resident came today (Beijing time) to one of her places or was received by her; or still is."""
    return any(
        (contact.site_id in carer.site_ids or contact.by == carer.id)
        and not contact.taken_back
        and civil_day(contact.at) == civil_day(now)
        for contact in contacts
    )


def is_open(opening: Open, now: datetime.datetime) -> bool:
    """True from the opening's first moment to before its last; never longer than 60 minutes."""
    return opening.at <= now < min(opening.until, opening.at + OPENING_LASTS)


def in_care(
    carer: Carer,
    registration: Registration,
    contacts: Iterable[Contact],
    openings: Iterable[Open],
    now: datetime.datetime,
) -> bool:
    """True when she may open the record: by place, by today's visit, by registering, by a reason."""
    if belongs(carer, registration, now) or came_today(carer, contacts, now):
        return True
    return any(is_open(opening, now) for opening in openings)
