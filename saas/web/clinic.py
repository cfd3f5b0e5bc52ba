"""The clinic of this request: its sign, its settings, its keys."""

from __future__ import annotations

import dataclasses
import datetime
import typing

import sqlalchemy as sa
from flask import current_app, g

from saas.db import BEGIN_WORK, fetched, session
from saas.web.door import door
from saas.web.keys import ClinicKeys
from saas.web.looking import is_looking
from saas.web.models import ClinicSetting

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from saas.web.door import ClinicCard

    Unwrap = Callable[[uuid.UUID, bytes, bytes], tuple[bytes, bytes]]


Person = typing.TypeVar("Person")

READABLE_FOR = datetime.timedelta(days=30)
"""How long a suspended clinic may read and print its care data (rights I12)."""


RESTING = frozenset({"suspended", "closed"})
"""States in which a clinic takes no new work: for a time, and for good."""


def is_closed(card: ClinicCard, now: datetime.datetime) -> bool:
    """A suspended or closed clinic lets nobody in once its 30 days of reading are over (rights I12).

    The database keeps that every suspension and closing has its time; one without would be over.
    """
    if card.state not in RESTING:
        return False
    return card.suspended_at is None or now - card.suspended_at >= READABLE_FOR


@dataclasses.dataclass(frozen=True)
class Clinic:
    """The one clinic there is, as seen from inside."""

    card: ClinicCard
    setting: ClinicSetting
    keys: ClinicKeys

    @property
    def code(self) -> str:
        """The institution's code."""
        return self.card.code

    @property
    def kind(self) -> str:
        """Township health centre, community health centre or station."""
        return self.card.kind

    @property
    def name_zh(self) -> str:
        """Its Chinese name."""
        return self.card.name_zh

    @property
    def name_ug(self) -> str:
        """Its Uyghur name; empty until the clinic has filled it in."""
        return self.card.name_ug

    @property
    def county_zh(self) -> str:
        """Its county."""
        return self.card.county_zh

    @property
    def prefecture_zh(self) -> str:
        """Its prefecture."""
        return self.card.prefecture_zh

    def has_room(self, permission: str) -> bool:
        """Whether the room of a permission is on; as long as nothing was chosen, every room is.

        Only rooms that say so can be switched, by the operators of the platform.
        """
        room = permission.partition(".")[0]
        chosen = self.setting.rooms
        return not chosen or room in chosen or room not in current_app.extensions["switchable"]

    @property
    def suspended(self) -> bool:
        """True when it takes no new work (rights I12)."""
        return self.card.state in RESTING

    @property
    def ended(self) -> bool:
        """True when it was closed for good."""
        return self.card.state == "closed"

    @property
    def pause(self) -> typing.Literal["moving", "restoring", ""]:
        """Why nothing is saved in it for now: its data is copied to another server, or brought back."""
        if self.card.restoring:
            return "restoring"
        return "" if self.card.moving_to is None else "moving"

    @property
    def readable_until(self) -> datetime.datetime | None:
        """When the reading of a suspended clinic ends; nothing for a live one."""
        at = self.card.suspended_at
        return at + READABLE_FOR if self.suspended and at is not None else None


def enter_clinic(card: ClinicCard) -> Clinic:
    """Bind this request to a clinic, load its settings and keys, and open the savepoint of its work.

    A GET changes nothing, so it needs no savepoint: two messages less on every page.
    """
    door().bind(card)
    setting = session.scalars(sa.select(ClinicSetting)).one()
    if not is_looking():
        fetched(BEGIN_WORK)
    return _entered(card, setting)


def enter_clinic_as(
    card: ClinicCard, staff_id: uuid.UUID, load: Callable[..., tuple[ClinicSetting, Person]]
) -> tuple[Clinic, Person]:
    """``enter_clinic``, with the settings and the person from one query, and the savepoint with it."""
    door().bind(card)
    setting, person = load(staff_id) if is_looking() else load(staff_id, BEGIN_WORK)
    return _entered(card, setting), person


def _entered(card: ClinicCard, setting: ClinicSetting) -> Clinic:
    clinic = clinic_of(card, setting)
    g.clinic = clinic
    g.works = not is_looking()
    return clinic


def clinic_of(card: ClinicCard, setting: ClinicSetting) -> Clinic:
    """The clinic with its keys unwrapped."""
    unwrap = typing.cast("Unwrap", current_app.extensions["unwrap"])
    keys = ClinicKeys(*unwrap(setting.id, setting.wrapped_data_key, setting.wrapped_hash_key))
    return Clinic(card, setting, keys)
