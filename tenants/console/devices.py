"""Devices as the console sees and moves them; each move is a function of the owner's, with its act."""

from __future__ import annotations

import secrets
import typing

from tenants.console.blueprint import console
from tenants.console.guarding import me
from tenants.console.paging import PAGE
from tenants.devices import reading
from tenants.devices.stock import TOKEN_DIGITS, token_hash

if typing.TYPE_CHECKING:
    import uuid

    from tenants.console.desk import Row


def listed(state: str, clinic_code: str, text: str, page: int) -> tuple[list[Row], int]:
    """One page of devices by asset number, and how many there are."""
    desk = console().desk
    values = {"state": state, "clinic": clinic_code, "part": reading.part_of(text)}
    part = {"most": PAGE, "after": (page - 1) * PAGE}
    of = desk.value("SELECT count(*) " + reading.WHERE, **values)
    lines = "SELECT id, " + reading.LINE + reading.WHERE + reading.ORDER
    return desk.rows(lines + " LIMIT %(most)s OFFSET %(after)s", **values, **part), of


def find(device_id: uuid.UUID) -> Row | None:
    """One device."""
    return console().desk.one(
        "SELECT id, asset_number, kind, model, serial, batch, waybill, state, confirmed_on, clinic_id, "
        "clinic_code, EXISTS (SELECT FROM platform.operator_clinic c WHERE c.id = clinic_id) AS is_listed "
        "FROM platform.operator_device d WHERE id = %(id)s",
        id=device_id,
    )


def moves_of(device_id: uuid.UUID) -> list[Row]:
    """Where it was, the newest first. What a clinic did has no name of a person."""
    return console().desk.rows(
        "SELECT old_state, new_state, by, at FROM platform.device_move WHERE device_id = %(id)s "
        "ORDER BY at DESC, id DESC",
        id=device_id,
    )


def clinic_of(code: str) -> Row | None:
    """The institution of this code that a device may be sent to; its state says whether it is open."""
    return console().desk.one(
        "SELECT id, code, state FROM platform.operator_clinic WHERE code = %(code)s", code=code
    )


def move(device: Row, goal: str) -> bool:
    """Say where it is now; False when it is not where the page showed it, or cannot go there."""
    return _moved(device, goal, None, "")


def send(device: Row, clinic_id: uuid.UUID, waybill: str) -> bool:
    """Send it to a clinic; from another one by way of the stock."""
    return _moved(device, "shipped", clinic_id, waybill)


def _moved(device: Row, goal: str, clinic_id: uuid.UUID | None, waybill: str) -> bool:
    return bool(
        console().desk.value(
            "SELECT platform.operator_device_move(%(token)s, %(id)s, %(was)s, %(goal)s, %(clinic)s, "
            "%(waybill)s)",
            token=me().token_hash,
            id=device["id"],
            was=device["state"],
            goal=goal,
            clinic=clinic_id,
            waybill=waybill,
        )
    )


def make_code(device_id: uuid.UUID) -> str | None:
    """A code with which its clinic enrols it once, within 15 minutes; ``None`` when it was not received."""
    code = "".join(secrets.choice("0123456789") for _ in range(TOKEN_DIGITS))
    kept = console().desk.value(
        "SELECT platform.operator_device_code(%(token)s, %(id)s, %(code)s)",
        token=me().token_hash,
        id=device_id,
        code=token_hash(code),
    )
    return f"{code[:4]} {code[4:8]} {code[8:]}" if kept else None
