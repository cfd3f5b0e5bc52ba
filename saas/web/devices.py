"""The clinic's devices as the house knows them. Meanings: ``tenants.devices.desk``."""

from __future__ import annotations

import typing

from flask import current_app

if typing.TYPE_CHECKING:
    import datetime
    import uuid
    from collections.abc import Mapping, Sequence


class Device(typing.Protocol):
    """One device of the clinic; nothing tells where it is or who uses it."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def asset_number(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def serial(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def confirmed_on(self) -> datetime.date | None: ...
    @property
    def offered(self) -> Sequence[str]: ...
    @property
    def is_confirmed(self) -> bool: ...


class Devices(typing.Protocol):
    """What a clinic may ask about its devices; the session's token says whose they are."""

    @property
    def kinds(self) -> Mapping[str, object]:
        """What kinds of devices are called."""

    @property
    def states(self) -> Mapping[str, object]:
        """What the states of a device are called."""

    def devices(self, card: typing.Any) -> Sequence[Device]: ...  # noqa: ANN401 - the card the door gave
    def enrol(self, session_token: str, code: str) -> str | None: ...
    def move(self, session_token: str, device_id: uuid.UUID, state: str) -> bool: ...
    def confirm(self, session_token: str, devices: Sequence[uuid.UUID], day: datetime.date) -> int: ...


def devices() -> Devices:
    """Those of this application."""
    return typing.cast("Devices", current_app.extensions["devices"])
