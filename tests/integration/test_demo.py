"""``shipa demo``: made whole on a database of its own, kept the second time, removed with care."""

from __future__ import annotations

import dataclasses
import re
import stat
import typing

import pytest
import sqlalchemy as sa

from saas.accounts import second_factor
from saas.accounts.models import Site, Staff
from saas.accounts.permissions import ROLES
from saas.app import create_app
from saas.config import Settings
from saas.demo import commands, mark
from saas.residents import stored
from saas.residents.models import Resident
from saas.web import clock
from saas.web.clinic import clinic_of
from saas.web.models import ClinicSetting
from tenants.settings import TenantSettings
from tests.support import world
from tests.support.embedded import open_folder
from tests.support.signing_in import browser_of, enter

if typing.TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result
    from flask import Flask

    from saas.demo.mark import Account

EACH = 12


def typed(app: Flask, *words: str) -> Result:
    """What a command answers."""
    return app.test_cli_runner().invoke(args=["demo", *words])


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Where the demo is to be."""
    with open_folder() as made:
        yield made


@pytest.fixture(scope="module")
def made(folder: Path) -> Iterator[tuple[Flask, str]]:
    """The application over a demo that was just made, and what the command said."""
    place = TenantSettings(folder, folder / "keys" / "master.key", embedded_fast=True)
    app = create_app(Settings(hash_cost="test"), place)
    app.test_client_class = world.Browser
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(commands, "RESIDENTS_EACH", EACH)
        result = typed(app, "--no-serve")
    assert result.exit_code == 0, result.output
    yield app, result.output
    world.close(app)


def accounts_of(app: Flask) -> list[Account]:
    """The demo's accounts, as its mark keeps them."""
    return mark.read_accounts(world.caretaker(app).folder)


@pytest.mark.timeout(120)
def test_three_kinds_of_clinics_each_with_every_role_and_synthetic_residents(made: tuple[Flask, str]) -> None:
    app, _ = made
    cards = world.caretaker(app).clinics()
    kinds = {"township_health_centre", "community_health_centre", "community_health_station"}
    assert {card.kind for card in cards} == kinds
    for card in cards:
        with world.inside(app, card) as session:
            clinic = clinic_of(card, session.scalars(sa.select(ClinicSetting)).one())
            staff, residents = session.query(Staff).all(), session.query(Resident).all()
            sites = session.query(Site).count()
            numbers = [key.kind + stored.opened(key, clinic.keys) for one in residents for key in one.keys]
        assert {role for one in staff for role in one.roles} == set(ROLES)
        assert len(residents) == EACH
        assert numbers
        assert [one for one in numbers if not re.match(r"document650099|\w*phone000|record", one)] == []
        assert (sites > 1) is (card.kind == "township_health_centre")


def test_it_prints_every_account_and_no_administrator_is_without_a_second_factor(
    made: tuple[Flask, str],
) -> None:
    app, said = made
    accounts = accounts_of(app)
    assert len(accounts) == 3 * len(ROLES) + 1, "and one operator"
    assert [one for one in accounts if f"{one.username:<22}{one.password}" not in said] == []
    keys = {one.username: one.totp_key for one in accounts if one.totp_key}
    assert keys.keys() == {one.username for one in accounts if one.role in {"clinic_admin", "onboarding"}}
    assert [key for key in keys.values() if key not in said] == []
    admin = next(one for one in accounts if one.username == "admin1")
    card = world.caretaker(app).clinics(admin.clinic_code)[0]
    browser = browser_of(app)
    assert enter(browser, card, admin.username, admin.password).headers["Location"] == "/second-factor"
    code = typed(app, "code", "admin1").output.strip()
    assert second_factor.accepted_step(admin.totp_key, code, clock.now(), None) is not None
    assert browser.send("/second-factor", {"second_code_once": code}).status_code == 303
    assert browser.get("/staff").status_code == 200
    assert typed(app, "code", "doctor1").exit_code == 1
    assert stat.S_IMODE((world.caretaker(app).folder / mark.FILE).stat().st_mode) == 0o600


def test_a_second_time_keeps_everything_and_serves(
    made: tuple[Flask, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, _ = made
    served: list[str | None] = []
    parts = dataclasses.replace(app.extensions["demo"], serve=served.append)
    monkeypatch.setitem(app.extensions, "demo", parts)
    before = accounts_of(app)
    result = typed(app, "--bind", "127.0.0.1:8999")
    assert result.exit_code == 0, result.output
    assert (accounts_of(app), served) == (before, ["127.0.0.1:8999"])
    assert f"{EACH} residents" not in result.output
    for card in world.caretaker(app).clinics():
        with world.inside(app, card) as session:
            assert session.query(Resident).count() == EACH


@pytest.mark.parametrize(("clinics", "codes"), [("all", None), ("demo", commands.CLINICS)])
def test_all_means_the_whole_roster(
    made: tuple[Flask, str],
    monkeypatch: pytest.MonkeyPatch,
    clinics: str,
    codes: tuple[str, ...] | None,
) -> None:
    app, _ = made
    asked: list[object] = []
    parts = dataclasses.replace(app.extensions["demo"], onboard=asked.append)
    monkeypatch.setitem(app.extensions, "demo", parts)
    assert typed(app, "--clinics", clinics, "--no-serve").exit_code == 0
    assert asked == [codes]


def test_a_database_that_the_demo_did_not_make_is_neither_used_nor_removed(app: Flask) -> None:
    before = sorted(world.caretaker(app).folder.iterdir())
    for words in (["--no-serve"], ["clean"], ["code", "admin1"]):
        result = typed(app, *words)
        assert result.exit_code == 1, words
        assert "demo" in result.output
    assert sorted(world.caretaker(app).folder.iterdir()) == before
    assert {world.NORTH, world.SOUTH} <= {card.code for card in world.caretaker(app).clinics()}


def test_a_configured_database_is_refused(folder: Path) -> None:
    place = TenantSettings(folder, folder / "key", owner_url="postgresql://shipa_owner@127.0.0.1:9/shipa")
    result = typed(create_app(Settings(hash_cost="test"), place), "--no-serve")
    assert result.exit_code == 1
    assert "a database is configured" in result.output


def test_clean_removes_the_marked_folder_and_nothing_beside_it(made: tuple[Flask, str], folder: Path) -> None:
    app, _ = made
    (folder.parent / "beside").mkdir()
    held = world.caretaker(app).logins.server().hold()
    with held:
        assert typed(app, "clean").exit_code == 1, "somebody still uses it"
    assert folder.exists()
    world.close(app)
    result = typed(app, "clean")
    assert result.exit_code == 0, result.output
    assert [path.name for path in folder.parent.iterdir()] == ["beside"]
    assert typed(app, "clean").exit_code == 0
