"""Rights N1: a device has no place, no user and no time at which it was seen, in no table and on no page."""

from __future__ import annotations

import re
import typing
from pathlib import Path

from tenants import institution_tables as tables

if typing.TYPE_CHECKING:
    from flask import Flask

ROOT = Path(__file__).resolve().parents[2]
WATCHING = re.compile(
    r"seen|locat|latitude|longitude|gps|coordinat|position|address|\bip\b|_ip|staff|user|person|login|screen"
    r"|imei|imsi|mac_|ssid|wifi|usage|minutes|battery",
    re.IGNORECASE,
)
COLUMNS = {
    "device": {
        *("id", "asset_number", "kind", "serial", "model", "batch", "waybill", "state", "clinic_id"),
        *("token_hash", "token_until", "confirmed_on"),
    },
    "device_move": {"id", "device_id", "old_state", "new_state", "by", "at"},
    "device_target": {"county_code", "kind", "count"},
}
"""Reviewed: each new column is a decision. ``confirmed_on`` is a day that the clinic says itself."""


OF_THE_CLINIC = {"clinic_code", "county_zh", "is_practice"}
"""What the operators' list says of the clinic that has a device: its sign, not where the device is."""


def test_the_tables_have_these_columns_and_no_other() -> None:
    found = {
        table.name: set(table.columns.keys())
        for table in tables.metadata.tables.values()
        if table.name.startswith("device")
    }
    assert found == COLUMNS
    assert not [name for names in found.values() for name in names if WATCHING.search(name)]


def test_the_database_has_no_other_either(app: Flask) -> None:
    query = (
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = 'platform' AND table_name LIKE '%device%'"
    )
    with app.extensions["building"].logins.connect("owner") as owner:
        columns = owner.execute(query).fetchall()
    assert {name for _, name in columns} == set().union(*COLUMNS.values(), OF_THE_CLINIC)
    assert not [name for _, name in columns if WATCHING.search(name)]


def test_what_the_clinic_did_is_kept_without_the_name_of_a_person() -> None:
    """The moves say only 'clinic'; who of its staff it was stands in the clinic's own log."""
    text = (ROOT / "migrations/platform/versions/0008_institutions.py").read_text(encoding="utf-8")
    assert text.count("'clinic');") == 2
    assert "staff_id" not in text


def test_the_page_shows_no_other_field_of_a_device() -> None:
    page = (ROOT / "saas/accounts/templates/accounts/devices.html").read_text(encoding="utf-8")
    shown = set(re.findall(r"device\.(\w+)", page))
    assert shown == {
        *("id", "kind", "asset_number", "model", "serial", "state", "confirmed_on", "is_confirmed", "offered")
    }
