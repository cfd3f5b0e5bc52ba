"""Where one's work begins: the list of today for who may work it, for others as their roles say."""

from __future__ import annotations

import typing
from pathlib import Path

import pytest

from saas.app import ROOMS
from tests.support import world

if typing.TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import ClinicWorld

WEB = Path(__file__).resolve().parents[3] / "saas/web"
FIRST = {
    "village_doctor": "/today",
    "township_gp": "/today",
    "public_health_nurse": "/today",
    "pharmacist": "/residents",
    "fp_provider": "/residents",
    "clinic_admin": "/residents",
    "audit_reviewer": "/residents/openings",
}


@pytest.mark.parametrize(("role", "page"), FIRST.items())
def test_each_role_begins_where_its_work_lies(north: ClinicWorld, role: str, page: str) -> None:
    browser = north.browser(role)
    answer = browser.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (303, page)
    assert browser.get(page).status_code == 200


def test_of_two_roles_the_one_in_care_decides(app: Flask) -> None:
    card = world.provision(app, world.free_code(), "两职院")
    both = world.add_staff(app, card, "both", "clinic_admin", "village_doctor")
    assert world.sign_in(app, both).get("/").headers["Location"] == "/today"


def test_the_web_names_no_page_of_a_room() -> None:
    """It lies below the rooms: which page comes first is on their cards."""
    rooms = [room.name for room in ROOMS if room.name != "accounts"]
    assert "residents" in rooms
    for path in WEB.glob("*.py"):
        named = [room for room in rooms if f'"{room}.' in path.read_text()]
        assert named == [], path.name
