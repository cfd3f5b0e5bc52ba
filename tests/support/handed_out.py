"""Devices for tests of the console: registered, and standing where a test wants them."""

from __future__ import annotations

import typing
import uuid

from tests.support.rosters import ask

if typing.TYPE_CHECKING:
    from flask import Flask


def device(app: Flask, state: str = "stock", clinic_id: uuid.UUID | None = None) -> uuid.UUID:
    """A device that is registered, and stands so."""
    device_id, number = uuid.uuid4(), f"M-{uuid.uuid4().hex[:8]}"
    ask(
        app,
        "INSERT INTO platform.device (id, asset_number, kind, serial, model, state, clinic_id, waybill) "
        "VALUES (%s, %s, 'tablet', %s, '试验型号', %s, %s, 'W0')",
        *(device_id, number, f"S{number}", state, clinic_id),
    )
    return device_id


def asset_number(app: Flask, device_id: uuid.UUID) -> str:
    """The number that stands on it."""
    return str(ask(app, "SELECT asset_number FROM platform.device WHERE id = %s", device_id)[0][0])
