"""Level 2 in two cells of one house: each shaped by `shipa init`, and a clinic moves between them guarded."""

from __future__ import annotations

import contextlib
import dataclasses
import typing

import pytest
from psycopg.conninfo import conninfo_to_dict

from saas.accounts.models import StaffSecret
from saas.app import create_app
from saas.config import Settings
from tenants.archives.exporting import Export
from tenants.archives.opening import Archive
from tenants.archives.restoring import Restore
from tenants.catalogue import catalogue
from tenants.checking import check, level
from tenants.clinic_check import checked
from tenants.commands.check import LEVELS
from tenants.moving.fence import fence, take_down
from tenants.moving.move import Move
from tenants.placing import MAIN, Cell
from tenants.readying import make_ready
from tests.support import world
from tests.support.archived import PURPOSE, give_code
from tests.support.set_user import own_server

if typing.TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

    from tenants.cards import ClinicCard
    from tenants.extension import Tenants

CELLS = (MAIN, world.FAR)


@pytest.fixture(scope="module")
def house(worker_id: str) -> Iterator[Flask]:
    """A house of two cells on a server with set_user, made as `shipa init` makes it."""
    server, names = own_server(), {cell: f"cells_{cell}_{worker_id}" for cell in CELLS}
    for name in names.values():
        server.drop(name)
    urls = {(world.FAR, login): server.url(login, names[world.FAR]) for login in ("owner", "web")}
    urls[world.FAR, "admin"] = server.url("admin", "postgres")
    place = dataclasses.replace(
        server.logins(names[MAIN]).settings,
        clinic_numbers=(7000, 7099),
        cells=tuple(map(Cell, CELLS)),
        cell_urls=urls,
    )
    app = create_app(Settings(hash_cost="test"), place)
    app.test_client_class = world.Browser
    make_ready(world.caretaker(app))
    yield app
    world.close(app)
    for name in names.values():
        server.drop(name)


@pytest.fixture(scope="module")
def card(house: Flask) -> ClinicCard:
    return world.provision(house, "650099701", "二级试点院", cell=MAIN)


@pytest.fixture
def tenants(house: Flask) -> Tenants:
    return world.caretaker(house)


def test_each_cell_is_made_at_level_two_with_the_key_of_the_gate(house: Flask, tenants: Tenants) -> None:
    assert [level(tenants.logins.of(cell)) for cell in CELLS] == [2, 2]
    assert [str(one) for one in check(tenants.logins, allow=("fsync", "synchronous_commit"))] == []
    assert make_ready(tenants) == []
    told = house.test_cli_runner().invoke(args=["check"]).output
    assert f"isolation {LEVELS[2]}" in told
    assert f"cell far: isolation {LEVELS[2]}" in told


def test_a_cell_whose_gate_has_another_key_is_found_and_mended(tenants: Tenants) -> None:
    far = tenants.logins.of(world.FAR)
    database = str(conninfo_to_dict(far.conninfo("owner"))["dbname"])
    with contextlib.closing(far.connect("admin", database=database, autocommit=True)) as admin:
        admin.execute(
            "CREATE OR REPLACE FUNCTION ref.gate_is_open() RETURNS boolean LANGUAGE plpgsql STABLE "
            "AS 'BEGIN RETURN true; END'"
        )
    found = check(tenants.logins, allow=("fsync", "synchronous_commit"))
    assert [one.what.startswith("Cell far: ") for one in found if "gate" in one.what]
    assert [one for one in make_ready(tenants) if one.startswith("cell far: the gate")]
    assert check(tenants.logins, allow=("fsync", "synchronous_commit")) == []


def test_a_clinic_moves_with_its_gate_and_back(house: Flask, tenants: Tenants, card: ClinicCard) -> None:
    first = world.add_staff(house, card, "head", "clinic_admin")
    browser = world.sign_in(house, first)
    for number, cell in enumerate((world.FAR, MAIN)):
        with tenants.logins.connect("owner", autocommit=True) as registry:
            assert Move(tenants, registry, world.card_of(house, card.code), cell).run().done == "moved"
        moved = world.card_of(house, card.code)
        assert moved.cell == cell
        assert browser.get("/account").status_code == 200
        world.add_staff(house, moved, f"new{number}", "village_doctor")
        assert checked(tenants, [moved], lambda *_: None) == {card.code: []}
        with world.inside(house, moved) as session, tenants.app.extensions["door"].gate_role(session):
            assert session.query(StaffSecret).count() == 2 + number
    assert check(tenants.logins, allow=("fsync", "synchronous_commit")) == []


def test_a_clinic_is_restored_with_its_gate(
    house: Flask, tenants: Tenants, card: ClinicCard, tmp_path: Path
) -> None:
    there, path = world.card_of(house, card.code), tmp_path / "archive"
    code = give_code(tenants, there)
    doctor = world.add_staff(house, there, "restored", "village_doctor")
    Export(tenants, there, PURPOSE).write(path)
    Restore(tenants, Archive(path, code, tenants.master)).run(PURPOSE)
    assert checked(tenants, [there], lambda *_: None) == {card.code: []}
    assert check(tenants.logins, allow=("fsync", "synchronous_commit")) == []
    assert world.sign_in(house, doctor).get("/account").status_code == 200


def test_a_fence_that_is_taken_down_leaves_the_gate_as_it_was(
    house: Flask, tenants: Tenants, card: ClinicCard
) -> None:
    there = world.card_of(house, card.code)
    with tenants.logins.of(there.cell).connect("owner", autocommit=True) as owner:
        before = catalogue(owner, there.binding.schema)
        with owner.transaction():
            fence(owner, there)
        assert catalogue(owner, there.binding.schema) != before
        take_down(owner, there, tenants.metadata)
        assert catalogue(owner, there.binding.schema) == before
