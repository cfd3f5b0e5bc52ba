"""Health cards: making one, voiding it at once when it is lost, and whom a scanned one leads to.

The card's number is kept as its hash alone: nobody can print a card again, a new one replaces it.
"""

from __future__ import annotations

import datetime
import secrets
import typing

import sqlalchemy as sa

from saas.db import new_id, session
from saas.residents import stored
from saas.residents.models import ResidentKey
from saas.residents.rules import card

if typing.TYPE_CHECKING:
    import uuid

    from saas.residents.models import Resident
    from saas.web.keys import ClinicKeys

KIND = "card"
UNDO = datetime.timedelta(minutes=10)
"""How long a card that was voided by mistake can be brought back."""


def card_of(words: str, keys: ClinicKeys) -> ResidentKey | None:
    """The card, live or voided, that these words were scanned from; None for any other words."""
    digits = card.read(words)
    if digits is None:
        return None
    wanted = keys.hash(KIND, digits)
    query = sa.select(ResidentKey).where(ResidentKey.kind == KIND, ResidentKey.hash == wanted)
    return session.scalars(query).one_or_none()


def live(resident: Resident) -> ResidentKey | None:
    """The card that finds her now."""
    return next((row for row in _all(resident) if row.voided_at is None), None)


def made_at(row: ResidentKey, keys: ClinicKeys) -> datetime.datetime:
    """When a card was made: what its sealed value holds in place of the number."""
    return datetime.datetime.fromisoformat(stored.opened(row, keys))


def make(resident: Resident, keys: ClinicKeys, *, at: datetime.datetime, by: uuid.UUID) -> tuple[str, str]:
    """A new card in place of every earlier one: its number, never to be seen again, and its check digits."""
    void(resident, at=at, by=by)
    number = card.token(secrets.randbelow(card.POSSIBLE))
    rows = _all(resident)
    row = ResidentKey(id=new_id(), kind=KIND, position=len(rows))
    row.value = keys.seal(at.isoformat(), f"resident_key:{row.id}")
    row.hash = keys.hash(KIND, number.removeprefix(card.PREFIX))
    resident.keys.append(row)
    return number, card.check_digits(row.hash)


def void(resident: Resident, *, at: datetime.datetime, by: uuid.UUID) -> bool:
    """From now on the card finds nobody. False when there was none."""
    row = live(resident)
    if row is None:
        return False
    row.voided_at, row.voided_by = at, by
    return True


def restore(resident: Resident, *, at: datetime.datetime) -> bool:
    """Bring back the last card, voided a moment ago; False when that is over or a new one was made."""
    rows = _all(resident)
    if live(resident) or not rows or rows[-1].voided_at is None or at - rows[-1].voided_at > UNDO:
        return False
    rows[-1].voided_at = rows[-1].voided_by = None
    return True


def _all(resident: Resident) -> list[ResidentKey]:
    """All her cards, the newest last."""
    return sorted((key for key in resident.keys if key.kind == KIND), key=lambda row: row.position)
