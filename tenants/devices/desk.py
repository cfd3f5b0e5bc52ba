"""The clinic's own devices at the reception desk, as ``shipa_gate``: what a page of the clinic may ask."""

from __future__ import annotations

import dataclasses
import re
import typing

import sqlalchemy as sa

from tenants.devices import words
from tenants.devices.moves import CONFIRMED, STATES, offered_to_clinic
from tenants.devices.stock import TOKEN_DIGITS, token_hash
from tenants.door import token_hash as session_hash

if typing.TYPE_CHECKING:
    import datetime
    import uuid
    from collections.abc import Sequence

    from tenants.cards import ClinicCard


@dataclasses.dataclass(frozen=True)
class Device:
    """One device of the clinic."""

    id: uuid.UUID
    asset_number: str
    kind: str
    model: str
    serial: str
    state: str
    confirmed_on: datetime.date | None

    @property
    def offered(self) -> list[str]:
        """Where the clinic may move it."""
        return offered_to_clinic(self.state)

    @property
    def is_confirmed(self) -> bool:
        """Whether the clinic is asked if it still has it."""
        return self.state in CONFIRMED


class DeviceDesk:
    """Which clinic asks is known from its live session alone; the database finds it there itself."""

    kinds, states = words.KINDS, words.STATES

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def _one(self, statement: str, **values: object) -> typing.Any:  # noqa: ANN401 - what the function returns
        with self._engine.connect() as connection:
            return connection.execute(sa.text(statement), values).scalar_one()

    def devices(self, card: ClinicCard) -> list[Device]:
        """The clinic's devices, those that were retired last."""
        columns = ", ".join(field.name for field in dataclasses.fields(Device))
        query = f"SELECT {columns} FROM platform.clinic_device WHERE clinic_id = :clinic"  # noqa: S608
        with self._engine.connect() as connection:
            found = [
                Device(**row) for row in connection.execute(sa.text(query), {"clinic": card.id}).mappings()
            ]
        return sorted(found, key=lambda one: (STATES.index(one.state), one.asset_number))

    def enrol(self, session_token: str, code: str) -> str | None:
        """Enrol the device that this code was made for; its asset number, or None: wrong, old, another's."""
        digits = re.sub(r"[\s-]", "", code)
        if not re.fullmatch(rf"[0-9]{{{TOKEN_DIGITS}}}", digits, re.ASCII):
            return None
        statement = "SELECT platform.enrol_device(:session, :code)"
        found: str | None = self._one(statement, session=session_hash(session_token), code=token_hash(digits))
        return found

    def move(self, session_token: str, device_id: uuid.UUID, state: str) -> bool:
        """Move one of the clinic's devices; False when it is another's or may not be moved so."""
        statement = "SELECT platform.move_device(:session, :device, :state)"
        return bool(self._one(statement, session=session_hash(session_token), device=device_id, state=state))

    def confirm(self, session_token: str, devices: Sequence[uuid.UUID], day: datetime.date) -> int:
        """Note that the clinic still has these devices of its own; how many."""
        statement = "SELECT platform.confirm_devices(:session, :devices, :day)"
        session = session_hash(session_token)
        return int(self._one(statement, session=session, devices=list(devices), day=day))
