"""Two clinics with devices of their own, and what is done to them by command and by browser."""

from __future__ import annotations

import itertools
import typing

import pytest

from tests.support import world

if typing.TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result
    from flask import Flask

    from tenants.cards import ClinicCard
    from tests.support.world import Browser

NUMBERS = itertools.count(1)
HEAD = "asset_number,kind,serial,model,batch"


class House(typing.NamedTuple):
    """Two clinics, each with its administrator signed in."""

    app: Flask
    card: ClinicCard
    other: ClinicCard
    admin: Browser
    stranger: Browser


@pytest.fixture(scope="module")
def house(app: Flask) -> House:
    """Shared by the tests of this file: each has devices of its own."""
    cards, browsers = [], []
    for _ in range(2):
        code = world.free_code()
        card = world.provision(app, code, f"设备{code}院", sites=0)
        person = world.add_staff(app, card, "admin", "clinic_admin")
        cards.append(card)
        browsers.append(world.sign_in(app, person))
    return House(app, cards[0], cards[1], browsers[0], browsers[1])


def shipa(house: House, *arguments: str) -> Result:
    return house.app.test_cli_runner().invoke(args=["devices", *arguments])


def ok(house: House, *arguments: str) -> str:
    done = shipa(house, *arguments)
    assert done.exit_code == 0, done.output
    return done.output


def registered(house: House, folder: Path, kind: str = "tablet") -> str:
    """A new device of the stock; its asset number."""
    number = f"A-{next(NUMBERS):05d}"
    path = folder / f"{number}.csv"
    path.write_text(f"{HEAD}\n{number},{kind},S{number},试验型号,B1\n")
    ok(house, "import", str(path))
    return number


def received(house: House, folder: Path) -> str:
    number = registered(house, folder)
    ok(house, "ship", number, "--clinic", house.card.code, "--waybill", f"W{number}")
    assert move(house.admin, house, number, "received") == "received"
    return number


def enrolled(house: House, folder: Path) -> str:
    number = received(house, folder)
    code = ok(house, "token", number, "--clinic", house.card.code)
    assert house.admin.send("/settings/devices", {"device_code_once": code}).status_code == 303
    return number


def row(house: House, number: str) -> dict[str, typing.Any]:
    with world.caretaker(house.app).logins.connect("owner") as owner:
        found = owner.execute("SELECT to_jsonb(d) FROM platform.device d WHERE asset_number = %s", [number])
        return typing.cast("dict[str, typing.Any]", (found.fetchone() or ({},))[0])


def move(browser: Browser, house: House, number: str, state: str) -> str:
    """Where the device stands after the clinic tried to move it."""
    browser.send(f"/settings/devices/{row(house, number)['id']}/move", {"state": state})
    return str(row(house, number)["state"])


def forgive(house: House) -> None:
    with world.caretaker(house.app).logins.connect("owner") as owner:
        owner.execute("DELETE FROM platform.sign_in_failure")
