"""The operators' page of devices: a report per county, a list that is searched, nothing that moves one."""

from __future__ import annotations

import re
import typing
import uuid

import psycopg
import pytest

from tenants.devices.moves import KINDS, STATES
from tenants.devices.words import KINDS as KIND_WORDS
from tenants.devices.words import STATES as WORDS
from tests.support import operating, rosters, world
from tests.support.signing_in import text_of

if typing.TYPE_CHECKING:
    from flask import Flask

    from tests.support.operating import Desk


@pytest.fixture(scope="module")
def batch(app: Flask) -> str:
    """The name of a batch of 51 devices, of which one is at a clinic."""
    batch, card = f"B{uuid.uuid4().hex[:8]}", world.provision(app, world.free_code(), "设备之院", sites=0)
    with world.caretaker(app).logins.connect("owner") as owner:
        for number in range(51):
            owner.execute(
                "INSERT INTO platform.device (id, asset_number, kind, serial, model, batch, state, "
                "clinic_id) VALUES (gen_random_uuid(), %s, 'glucose', %s, '试验型号', %s, %s, %s)",
                [f"{batch}-{number:02d}", f"S{batch}{number}", batch]
                + (["repair", card.id] if number == 0 else ["stock", None]),
            )
    return batch


def test_the_list_has_fifty_a_page_and_is_searched_by_number_and_state(desk: Desk, batch: str) -> None:
    def numbers(**query: str) -> int:
        page = desk.at("/devices", q=batch, **query).get_data(as_text=True)
        return len(re.findall(rf">{batch}-\d\d<", page))

    assert [numbers(), numbers(page="2"), numbers(state="repair")] == [50, 1, 1]
    assert batch not in text_of(desk.at("/devices", q="%"))


def test_the_report_counts_what_is_in_repair_and_not_confirmed(desk: Desk, batch: str) -> None:
    html = desk.at("/devices", q=batch).get_data(as_text=True).split('<form class="filter"', 1)[0]
    lines = re.findall(r"<tr>.*?</tr>", html, re.DOTALL)
    row = next(line for line in lines if "650099" in line and ("血糖" in line or "شېكىر" in line))
    target, distributed, repair, lost, not_confirmed = re.findall(r">(\d+)<", row.split("</th>", 1)[1])
    assert (target, lost) == ("0", "0")
    assert min(int(distributed), int(repair), int(not_confirmed)) >= 1


def test_a_viewer_looks_at_devices(app: Flask, batch: str) -> None:
    viewer = operating.sign_in(app, operating.add(app, "viewer"))
    assert f"{batch}-00" in viewer.at("/devices", q=batch).get_data(as_text=True)
    query = "SELECT id, clinic_id FROM platform.device WHERE asset_number = %s"
    ((device_id, clinic_id),) = rosters.ask(app, query, f"{batch}-00")
    page = viewer.at(f"/devices/{device_id}").get_data(as_text=True)
    main = page.split("<main", 1)[1].split("</main", 1)[0]
    assert (f"{batch}-00" in main, "<form" in main, f"/clinics/{clinic_id}" in main) == (
        True,
        False,
        False,
    )


def test_nobody_else_sees_it_and_the_list_has_no_way_to_move_a_device(app: Flask, desk: Desk) -> None:
    assert operating.visitor(app).at("/devices").status_code == 303
    main = desk.at("/devices").get_data(as_text=True).split("<main", 1)[1].split("</main", 1)[0]
    assert 'method="post"' not in main


def test_the_login_of_the_console_reads_no_code_and_changes_no_device(app: Flask) -> None:
    with world.caretaker(app).logins.connect("operator", autocommit=True) as connection:
        for statement in (
            "SELECT token_hash FROM platform.device",
            "UPDATE platform.device SET state = 'lost'",
            "DELETE FROM platform.device_target",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())


def test_every_kind_and_state_has_its_words() -> None:
    assert (set(KIND_WORDS), set(WORDS)) == (set(KINDS), set(STATES))
