"""The register of devices as the owner keeps it: many from a file, shipped, moved, enrolled, reported."""

from __future__ import annotations

import datetime
import hashlib
import re
import secrets
import typing

import uuid_utils.compat

from tenants.devices import reading
from tenants.devices.moves import KINDS, RECEIVED, SHIPPED, STOCK, may_operator
from tenants.operators import operator, write_act
from tenants.roster import Wrong, lines_of
from tenants.roster_file import Fault, opened

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tenants.cards import ClinicCard
    from tenants.connecting import Connection

COLUMNS = ("asset_number", "kind", "serial", "model", "batch")
TOKEN_LASTS = datetime.timedelta(minutes=15)
TOKEN_DIGITS = 12
LONGEST = 100
_ASSET = re.compile(r"[A-Za-z0-9][A-Za-z0-9./-]{0,39}")
_SERIAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./:-]{0,59}")


class DeviceRefused(Exception):  # noqa: N818 - reads as what happened
    """It cannot be; nothing has changed."""


class Taken(typing.NamedTuple):
    """What became of a file: registered, known already, refused."""

    added: int
    unchanged: int
    faults: list[Fault]


class Counted(typing.NamedTuple):
    """Devices of one kind in one county: numbers alone."""

    county_code: str
    county_zh: str
    kind: str
    target: int
    distributed: int
    in_repair: int
    lost: int
    not_confirmed: int


def take_in(connection: Connection, path: Path, *, dry_run: bool = False) -> Taken:
    """Register the devices of a file; what is there already stays. Raises ``FileRefused``."""
    found = Wrong()
    faults = found.faults
    rows = lines_of(path, COLUMNS, _faults, found, ("asset_number", "serial"))
    query = "SELECT asset_number, kind, serial, model, batch FROM platform.device"
    known = {row[0]: row for row in connection.execute(query)}
    serials = {row[2]: row[0] for row in known.values()}
    added = unchanged = 0
    for line, cells in rows:
        wrong = _against(cells, known, serials)
        if wrong:
            faults.append(Fault(opened(path).name, line, wrong[0], cells[wrong[0]], wrong[1]))
        elif cells["asset_number"] in known:
            unchanged += 1
        else:
            added += 1
            if not dry_run:
                _add(connection, cells)
    return Taken(added, unchanged, sorted(faults, key=lambda fault: fault.line))


def _faults(cells: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if not _ASSET.fullmatch(cells["asset_number"]):
        yield "asset_number", "An asset number is 1 to 40 Latin letters, digits and . / -."
    if cells["kind"] not in KINDS:
        yield "kind", f"The kind is none of {', '.join(KINDS)}."
    if not _SERIAL.fullmatch(cells["serial"]):
        yield "serial", "A serial number is 1 to 60 Latin letters, digits and signs."
    if not cells["model"]:
        yield "model", "The model is empty."
    for column in ("model", "batch"):
        if len(cells[column]) > LONGEST:
            yield column, f"The text is longer than {LONGEST} characters."


def _against(
    cells: Mapping[str, str], known: Mapping[str, tuple[str, ...]], serials: Mapping[str, str]
) -> tuple[str, str] | None:
    """What is wrong with a line beside what is registered."""
    there = known.get(cells["asset_number"])
    if there is not None and there != tuple(cells[column] for column in COLUMNS):
        return "asset_number", "Another device is registered under this number."
    if serials.get(cells["serial"], cells["asset_number"]) != cells["asset_number"]:
        return "serial", "A device with this serial number is registered already."
    return None


def _add(connection: Connection, cells: Mapping[str, str]) -> None:
    device_id = uuid_utils.compat.uuid7()
    connection.execute(
        "INSERT INTO platform.device (id, asset_number, kind, serial, model, batch) VALUES "
        "(%(id)s, %(asset_number)s, %(kind)s, %(serial)s, %(model)s, %(batch)s)",
        {"id": device_id, **cells},
    )
    _write_move(connection, device_id, "", STOCK)


def ship(connection: Connection, asset_number: str, card: ClinicCard, waybill: str) -> None:
    """Send a device of the stock to a clinic. Raises ``DeviceRefused``."""
    if not waybill.strip() or len(waybill) > LONGEST:
        raise DeviceRefused("a shipment has a waybill")
    if card.state == "closed":
        raise DeviceRefused(f"the clinic {card.code} is closed")
    device_id = _moved(connection, asset_number, SHIPPED)
    write_act(connection, card.id, "device.shipped", asset_number)
    connection.execute(
        "UPDATE platform.device SET state = %s, clinic_id = %s, waybill = %s WHERE id = %s",
        [SHIPPED, card.id, waybill.strip(), device_id],
    )


def move(connection: Connection, asset_number: str, new: str) -> None:
    """Say that a device is in another state. Raises ``DeviceRefused``."""
    if new == SHIPPED:
        raise DeviceRefused("a device is shipped to a clinic with a waybill")
    device_id = _moved(connection, asset_number, new)
    # In the stock it is nobody's, and what was confirmed was another's word.
    connection.execute(
        "UPDATE platform.device SET state = %(new)s, token_hash = NULL, token_until = NULL, "
        "clinic_id = CASE WHEN %(stock)s THEN NULL ELSE clinic_id END, "
        "waybill = CASE WHEN %(stock)s THEN '' ELSE waybill END, "
        "confirmed_on = CASE WHEN %(stock)s THEN NULL ELSE confirmed_on END WHERE id = %(id)s",
        {"new": new, "stock": new == STOCK, "id": device_id},
    )


def _moved(connection: Connection, asset_number: str, new: str) -> uuid.UUID:
    """The device, held, after its move was allowed and noted."""
    device_id, old, clinic_id = _held(connection, asset_number)
    if not may_operator(old, new):
        raise DeviceRefused(f"the device {asset_number} is {old} and cannot become {new}")
    _write_move(connection, device_id, old, new)
    if clinic_id is not None:
        write_act(connection, clinic_id, "device.moved", f"{asset_number}: {old} > {new}")
    return device_id


def _held(connection: Connection, asset_number: str) -> tuple[uuid.UUID, str, uuid.UUID | None]:
    row = connection.execute(
        "SELECT id, state, clinic_id FROM platform.device WHERE asset_number = %s FOR UPDATE", [asset_number]
    ).fetchone()
    if row is None:
        raise DeviceRefused(f"no device has the asset number {asset_number}")
    return row[0], row[1], row[2]


def _write_move(connection: Connection, device_id: uuid.UUID, old: str, new: str) -> None:
    connection.execute(
        "INSERT INTO platform.device_move (id, device_id, old_state, new_state, by) "
        "VALUES (%s, %s, %s, %s, %s)",
        [uuid_utils.compat.uuid7(), device_id, old, new, operator()],
    )


def token(connection: Connection, asset_number: str, card: ClinicCard) -> str:
    """A code with which this clinic enrols this device once, within 15 minutes. Raises ``DeviceRefused``."""
    device_id, state, clinic_id = _held(connection, asset_number)
    if clinic_id != card.id:
        raise DeviceRefused(f"the device {asset_number} is not of the clinic {card.code}")
    if state != RECEIVED:
        raise DeviceRefused(f"the device {asset_number} is {state}; one that was received is enrolled")
    code = "".join(secrets.choice("0123456789") for _ in range(TOKEN_DIGITS))
    connection.execute(
        "UPDATE platform.device SET token_hash = %s, token_until = now() + %s WHERE id = %s",
        [token_hash(code), TOKEN_LASTS, device_id],
    )
    write_act(connection, card.id, "device.code_made", asset_number)
    return code


def token_hash(code: str) -> bytes:
    """What the database may know of a code; it lives 15 minutes, so a slow hash would add nothing."""
    return hashlib.sha256(code.encode()).digest()


def listed(
    connection: Connection, *, state: str = "", clinic: ClinicCard | None = None, text: str = ""
) -> list[tuple[str, ...]]:
    """Devices by state, clinic and part of a number: number, kind, model, serial, state, clinic, waybill."""
    values = {"state": state, "clinic": clinic.code if clinic else "", "part": reading.part_of(text)}
    return connection.execute(reading.LIST, values).fetchall()


def aim(connection: Connection, county_code: str, kind: str, count: int) -> None:
    """How many devices of a kind a county is to get. Raises ``DeviceRefused``."""
    found = connection.execute("SELECT 1 FROM platform.clinic WHERE county_code = %s LIMIT 1", [county_code])
    if found.fetchone() is None:
        raise DeviceRefused(f"no clinic is in a county with the code {county_code}")
    connection.execute(
        "INSERT INTO platform.device_target (county_code, kind, count) VALUES (%s, %s, %s) "
        "ON CONFLICT (county_code, kind) DO UPDATE SET count = excluded.count",
        [county_code, kind, count],
    )


def report(connection: Connection, confirmed_since: datetime.date) -> list[Counted]:
    """Distributed against target per county and kind; faults; what no clinic confirmed since that day."""
    return [
        Counted(*row) for row in connection.execute(reading.REPORT, reading.report_values(confirmed_since))
    ]
