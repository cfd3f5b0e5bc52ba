"""The application as it is served on a database of level 2: pages, gate, attacks and interleaved work."""

from __future__ import annotations

import typing

import pytest

from tenants import binding
from tenants.checking import check
from tenants.clinic_check import checked
from tenants.migrating import upgrade_platform
from tests.isolation import interleaving
from tests.isolation.test_attack_route import Pair, each_kind, reach_nothing, served
from tests.support import signing_in, world
from tests.support.set_user import own_server

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from saas.config import Settings
    from tenants.cards import ClinicCard
    from tenants.settings import TenantSettings


@pytest.fixture(scope="module")
def place(worker_id: str) -> Iterator[TenantSettings]:
    """A database of level 2 with the platform's tables and no clinic."""
    server, name = own_server(), f"served_{worker_id}"
    logins = server.fresh(name)
    upgrade_platform(logins)
    yield logins.settings
    server.drop(name)


@pytest.fixture(scope="module")
def pair(settings: Settings, place: TenantSettings) -> Iterator[Pair]:
    made = served(settings, place)
    yield made
    world.close(made.app)


@pytest.fixture(scope="module")
def app(pair: Pair) -> Flask:
    return pair.app


@pytest.fixture(scope="module")
def eight(app: Flask, pair: Pair) -> list[ClinicCard]:
    made = [world.provision(app, world.free_code(), "试验") for _ in range(6)]
    return [pair.mine, pair.other, *made]


def test_the_connection_of_a_page_is_at_level_two(app: Flask, pair: Pair) -> None:
    with world.inside(app, pair.mine) as session:
        raw = binding.driver_connection(session.connection())
        assert (raw.level, len(raw.token)) == (2, 64)


def test_a_person_signs_in_with_her_password(app: Flask, pair: Pair) -> None:
    """Passwords are behind the gate, written in the same transaction as the person."""
    person = world.add_staff(app, pair.mine, "signing.in", "village_doctor")
    browser = signing_in.browser_of(app)
    assert signing_in.enter(browser, pair.mine, person.username, "not it").status_code == 422
    answer = signing_in.enter(browser, pair.mine, person.username)
    assert answer.status_code == 303
    page = browser.get("/residents")
    assert page.status_code == 200
    assert signing_in.enter(signing_in.browser_of(app), pair.other, person.username).status_code == 422


@pytest.mark.parametrize("connections", [2, 4])
def test_a_thousand_transactions_of_eight_clinics_never_meet(
    app: Flask, eight: list[ClinicCard], connections: int
) -> None:
    interleaving.never_meet(world.caretaker(app).logins, eight, connections)


@pytest.mark.timeout(120)
@each_kind
def test_no_attack_through_a_whole_request_reaches_another_clinic(
    pair: Pair, attacks: dict[str, str], around: str
) -> None:
    reach_nothing(pair, attacks, around)


def test_new_clinics_are_whole_and_the_database_is_fit_to_serve(app: Flask, pair: Pair) -> None:
    tenants = world.caretaker(app)
    assert checked(tenants, tenants.clinics(), lambda *_: None) == {
        card.code: [] for card in tenants.clinics()
    }
    problems = [str(problem) for problem in check(tenants.logins, allow=("fsync",))]
    # Debian's packages in this image may lag behind.
    assert [text for text in problems if "known holes" not in text] == []
