"""Devices: registered from a file, shipped, enrolled by a code bound to the clinic, confirmed by it."""

from __future__ import annotations

import itertools
import json
import typing
import uuid

import psycopg
import pytest

from saas.accounts.views.devices import MOVES as MOVE_WORDS
from tenants.devices.desk import DeviceDesk
from tenants.devices.moves import BY_CLINIC, KINDS, STATES, STOCK
from tests.integration.institutions.conftest import (
    House,
    enrolled,
    forgive,
    move,
    ok,
    received,
    registered,
    row,
    shipa,
)
from tests.support import world
from tests.support.signing_in import log_of, token_of

if typing.TYPE_CHECKING:
    from pathlib import Path


def test_a_device_goes_from_the_stock_into_use_and_each_move_is_kept(house: House, tmp_path: Path) -> None:
    number = enrolled(house, tmp_path)
    assert row(house, number)["state"] == "enrolled"
    for state in ("in_use", "repair", "in_use", "lost", "received"):
        assert move(house.admin, house, number, state) == state
    with world.caretaker(house.app).logins.connect("owner") as owner:
        query = (
            "SELECT old_state, new_state, by = 'clinic' FROM platform.device_move "
            "WHERE device_id = %s ORDER BY at, id"
        )
        kept = owner.execute(query, [row(house, number)["id"]]).fetchall()
    assert [new for _, new, _ in kept] == [
        *("stock", "shipped", "received", "enrolled", "in_use", "repair", "in_use", "lost", "received")
    ]
    assert [by_clinic for *_, by_clinic in kept] == [False, False] + [True] * 7
    assert log_of(house.app, house.card, "device.enrolled")[-1].detail == {"device": number}


def test_the_database_lets_a_clinic_move_as_the_pure_table_says(house: House, tmp_path: Path) -> None:
    number = received(house, tmp_path)
    desk, token = DeviceDesk(world.caretaker(house.app).gate_engine), token_of(house.admin)
    device_id = uuid.UUID(row(house, number)["id"])
    allowed = set()
    for old, new in itertools.product(STATES, STATES):
        if old == STOCK:
            continue
        with world.caretaker(house.app).logins.connect("owner") as owner:
            owner.execute("UPDATE platform.device SET state = %s WHERE id = %s", [old, device_id])
        if desk.move(token, device_id, new):
            allowed.add((old, new))
    assert allowed == BY_CLINIC


def test_a_code_works_once_in_its_clinic_and_for_15_minutes(house: House, tmp_path: Path) -> None:
    number = received(house, tmp_path)
    code = ok(house, "token", number, "--clinic", house.card.code).strip()
    send = {"device_code_once": code}
    assert house.stranger.send("/settings/devices", send).status_code == 422
    assert row(house, number)["state"] == "received"
    with world.caretaker(house.app).logins.connect("owner") as owner:
        until = owner.execute(
            "UPDATE platform.device SET token_until = now() WHERE asset_number = %s "
            "RETURNING (SELECT token_until - now() FROM platform.device WHERE asset_number = %s)",
            [number, number],
        ).fetchone()
    assert until is not None
    assert 14 * 60 < until[0].total_seconds() <= 15 * 60
    assert house.admin.send("/settings/devices", send).status_code == 422
    again = ok(house, "token", number, "--clinic", house.card.code).strip()
    forgive(house)
    assert house.admin.send("/settings/devices", {"device_code_once": again}).status_code == 303
    assert house.admin.send("/settings/devices", {"device_code_once": again}).status_code == 422
    assert row(house, number)["token_hash"] is None
    forgive(house)


def test_guessing_is_slowed_down(house: House) -> None:
    answers = [
        house.admin.send("/settings/devices", {"device_code_once": f"{n:012d}"}).status_code for n in range(8)
    ]
    assert answers[0] == 422
    assert 429 in answers
    forgive(house)


@pytest.mark.parametrize("code", ["", "x", "1" * 11, "1" * 13, "x" * 41])
def test_what_is_no_code_is_said_so(house: House, code: str) -> None:
    assert house.admin.send("/settings/devices", {"device_code_once": code}).status_code == 422
    forgive(house)


def test_a_clinic_sees_and_moves_its_own_devices_alone(house: House, tmp_path: Path) -> None:
    number = enrolled(house, tmp_path)
    assert number in house.admin.get("/settings/devices").get_data(as_text=True)
    assert number not in house.stranger.get("/settings/devices").get_data(as_text=True)
    assert move(house.stranger, house, number, "lost") == "enrolled"
    sent = {"device_ids": [row(house, number)["id"], "no id"]}
    house.stranger.send("/settings/devices/confirm", sent)
    assert row(house, number)["confirmed_on"] is None
    house.admin.send("/settings/devices/confirm", sent)
    assert row(house, number)["confirmed_on"] is not None


def test_no_function_works_without_a_live_session(house: House) -> None:
    desk = DeviceDesk(world.caretaker(house.app).gate_engine)
    for ask in (
        lambda: desk.enrol("nobody's", "1" * 12),
        lambda: desk.move("nobody's", uuid.uuid4(), "lost"),
        lambda: desk.confirm("nobody's", [uuid.uuid4()], None),  # type: ignore[arg-type]
    ):
        with pytest.raises(Exception, match="no live session"):
            ask()


def test_what_an_operator_may_not_do_is_refused_and_changes_nothing(house: House, tmp_path: Path) -> None:
    stock, there = registered(house, tmp_path), received(house, tmp_path)
    before = row(house, stock), row(house, there)
    for arguments in (
        ["ship", there, "--clinic", house.card.code, "--waybill", "W"],
        ["ship", stock, "--clinic", house.card.code, "--waybill", " "],
        ["ship", stock, "--clinic", "000000000", "--waybill", "W"],
        ["ship", "nothing", "--clinic", house.card.code, "--waybill", "W"],
        ["move", stock, "in_use"],
        ["move", stock, "shipped"],
        ["move", there, "enrolled"],
        ["token", stock, "--clinic", house.card.code],
        ["token", there, "--clinic", house.other.code],
        ["target", "000000", "tablet", "3"],
    ):
        refused = shipa(house, *arguments)
        assert refused.exit_code in {1, 2}, arguments
        assert "Traceback" not in refused.output
    assert (row(house, stock), row(house, there)) == before


def test_a_device_that_comes_back_to_the_stock_is_nobodys(house: House, tmp_path: Path) -> None:
    number = enrolled(house, tmp_path)
    house.admin.send("/settings/devices/confirm", {"device_ids": [row(house, number)["id"]]})
    move(house.admin, house, number, "in_use")
    move(house.admin, house, number, "repair")
    ok(house, "move", number, "stock")
    back = row(house, number)
    assert (back["clinic_id"], back["waybill"], back["confirmed_on"]) == (None, "", None)
    ok(house, "move", number, "retired")
    assert shipa(house, "move", number, "stock").exit_code == 1


def test_devices_are_found_by_state_clinic_and_part_of_a_number(house: House, tmp_path: Path) -> None:
    number = received(house, tmp_path)
    for arguments in (["--find", f"W{number}"], ["--clinic", house.card.code, "--state", "received"]):
        found = json.loads(ok(house, "list", *arguments, "--format", "json"))
        assert number in {one["asset_number"] for one in found}
    assert json.loads(ok(house, "list", "--find", "%", "--format", "json")) == []
    assert number not in ok(house, "list", "--clinic", house.other.code)


def test_the_report_counts_per_county_and_kind_what_clinics_confirmed(house: House, tmp_path: Path) -> None:
    def told() -> dict[str, int]:
        rows = json.loads(ok(house, "report", "--format", "json"))
        return next((one for one in rows if one["kind"] == "tablet" and one["county_code"] == "650099"), {})

    first = enrolled(house, tmp_path)
    ok(house, "target", "650099", "tablet", "7")
    before = told()
    number = enrolled(house, tmp_path)
    after = told()
    assert after["target"] == 7
    assert after["distributed"] == before["distributed"] + 1
    assert after["not_confirmed"] == before["not_confirmed"] + 1
    ids = [row(house, one)["id"] for one in (first, number)]
    house.admin.send("/settings/devices/confirm", {"device_ids": ids})
    assert told()["not_confirmed"] == after["not_confirmed"] - 2
    move(house.admin, house, number, "lost")
    assert (told()["distributed"], told()["lost"]) == (after["distributed"] - 1, after["lost"] + 1)


def test_every_kind_state_and_move_has_its_words() -> None:
    assert DeviceDesk.kinds.keys() == set(KINDS)
    assert DeviceDesk.states.keys() == set(STATES)
    assert MOVE_WORDS.keys() == {new for _, new in BY_CLINIC}


def test_the_web_reads_no_code_and_no_move(house: House) -> None:
    with world.caretaker(house.app).logins.connect("gate", autocommit=True) as gate:
        for statement in ("SELECT token_hash FROM platform.device", "SELECT * FROM platform.device_move"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                gate.execute(statement.encode())
