"""Two registers: no clinic's people reach the console, no operator a clinic; its login reads none."""

from __future__ import annotations

import contextlib
import typing
import uuid

import psycopg
import pytest
from psycopg import sql

from saas.accounts.permissions import ROLES
from saas.app import create_app
from saas.config import Settings
from tenants.console.guarding import opening_of
from tenants.console.register import token_hash
from tenants.console.sessions import PATH
from tenants.operator_rights import TABLE_RIGHTS
from tests.isolation.households import Household, furnish
from tests.isolation.operator_forms import DOOR, FORMS, without_site_names
from tests.isolation.routes import CHANGES, every_route, operator_routes, routes
from tests.isolation.rows import changed_tables, rows_of
from tests.support import handed_out, operating, ordering, rosters, world
from tests.support.files import text_of
from tests.support.rosters import ask

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from werkzeug.test import TestResponse

    from tenants.connecting import Connection
    from tests.isolation.routes import Route
    from tests.support.operating import Desk
    from tests.support.world import Browser


@pytest.fixture(scope="module")
def household(app: Flask) -> Household:
    """A clinic with one of everything, whose people try the console and whose pages operators try."""
    return furnish(app, world.PASSWORD)


@pytest.fixture(scope="module")
def ids(app: Flask, household: Household) -> dict[str, object]:
    """Ids of things that are there."""
    desk = operating.sign_in(app, operating.add(app))
    run_id = rosters.send(desk, rosters.csv_of([rosters.line(world.free_code())]))
    order_id = ordering.place(app, "li", "of.tomorrow", household.card.id)
    change_id = ordering.change_of_another(app)
    return {
        "clinic_id": household.card.id,
        "run_id": run_id,
        "order_id": order_id,
        "change_id": change_id,
        "device_id": handed_out.device(app, "received", household.card.id),
    }


def sent(browser: Browser, route: Route, path: str, token: str) -> TestResponse:
    data = {**FORMS.get(route.endpoint, {}), "csrf_token": token} if route.method in CHANGES else None
    return browser.open(path, method=route.method, data=data)


def at_door(route: Route) -> bool:
    return "door" in route.entrance.apart


def test_the_two_registers_share_no_route_and_every_change_has_a_case(app: Flask) -> None:
    assert len(routes(app)) + len(operator_routes(app)) == len(every_route(app))
    assert {route.endpoint for route in operator_routes(app, *CHANGES)} == FORMS.keys()
    assert all(route.rule.startswith(PATH) for route in operator_routes(app))
    assert len(operator_routes(app)) > 25


@pytest.mark.parametrize("role", [*ROLES, "nobody"])
def test_a_clinics_people_are_sent_to_the_operators_door(
    app: Flask, household: Household, ids: dict[str, object], role: str
) -> None:
    nobody = world.Browser(app, app.response_class)
    browser = nobody if role == "nobody" else world.sign_in(app, household.people[role])
    before = ask(app, "SELECT count(*) FROM platform.operator_act")
    for route in operator_routes(app):
        if at_door(route):
            continue
        answer = sent(browser, route, route.path(app, ids), browser.csrf())
        assert (answer.status_code, answer.headers.get("Location")) == (303, DOOR), route
    assert ask(app, "SELECT count(*) FROM platform.operator_act") == before


def test_a_clinics_token_in_the_consoles_cookie_opens_nothing(app: Flask, household: Household) -> None:
    browser = world.sign_in(app, household.people["clinic_admin"])
    token = browser.get_cookie("shipa_session", domain="127.0.0.1")
    assert token is not None
    stranger = operating.visitor(app)
    stranger.set_cookie(operating.COOKIE, token.value, domain="127.0.0.1", path=PATH)
    assert stranger.at("/clinics").headers["Location"] == DOOR


def test_an_operators_token_opens_no_page_of_a_clinic(app: Flask, household: Household) -> None:
    desk = operating.sign_in(app, operating.add(app))
    cookie = desk.get_cookie(operating.COOKIE, domain="127.0.0.1", path=PATH)
    assert cookie is not None
    browser = world.Browser(app, app.response_class)
    for name in ("shipa_session", operating.COOKIE):
        browser.set_cookie(name, cookie.value, domain="127.0.0.1")
    known = household.ids | {"words": household.words(household.people["clinic_admin"].staff_id, "x")}
    token, wrong = browser.csrf(), []
    for route in routes(app):
        if route.entrance.public:
            continue
        answer = sent(browser, route, route.path(app, known), token)
        if answer.headers.get("Location") != "/sign-in" or household.canary in text_of(answer):
            wrong.append(f"{route} {answer.status_code}")
    assert wrong == []


def test_operators_change_nothing_inside_a_clinic_but_its_rooms_and_see_nobody(
    app: Flask, household: Household, ids: dict[str, object]
) -> None:
    """Every route of the console, by an operator who may, changes of the clinic but its settings nothing."""
    desk = operating.sign_in(app, operating.add(app))
    before = rows_of(app, household.card)
    for route in operator_routes(app):
        if route.endpoint in {"operators.sign_out", "operators.sign_in_submit"}:
            continue
        answer = sent(desk, route, route.path(app, ids), desk.csrf())
        assert answer.status_code < 500, route
        said = without_site_names(app, household.card, text_of(answer)).casefold()
        assert household.canary.casefold() not in said, route
        assert not [secret for secret in household.secrets if secret in said], route
    changed = changed_tables(before, rows_of(app, household.card))
    assert changed == {"clinic", "clinic_setting", "device"}, "its standing, its rooms, where a device is"


@pytest.mark.parametrize("stage", ["second_factor", "new_password", "enrol"])
def test_half_signed_in_opens_its_own_page_and_nothing_else(
    app: Flask, ids: dict[str, object], stage: str
) -> None:
    desk = operating.sign_in(app, operating.add(app), stage)
    for route in operator_routes(app, "GET"):
        answer = desk.get(route.path(app, ids))
        opening = opening_of(app, route.endpoint)
        assert opening is not None
        assert (answer.status_code == 200) == bool({"door", stage} & set(opening.words)), route


def test_ids_that_nobody_has_are_not_found(app: Flask) -> None:
    desk = operating.sign_in(app, operating.add(app))
    for route in operator_routes(app):
        if route.arguments:
            path = route.path(app, {name: uuid.uuid4() for name in route.arguments})
            assert sent(desk, route, path, desk.csrf()).status_code == 404, route


def test_without_an_address_of_its_own_the_console_does_not_exist(app: Flask) -> None:
    place = world.caretaker(app).settings
    urls = {
        f"{login}_url": f"postgresql://shipa_{login}@127.0.0.1:1/shipa" for login in ("web", "gate", "jobs")
    }
    without = create_app(Settings(hash_cost="test"), type(place)(place.data, place.master_key_file, **urls))  # type: ignore[arg-type]
    assert operator_routes(without) == []
    assert "shipa_operator" not in str(without.url_map)


# The login itself.


@contextlib.contextmanager
def signed_in(app: Flask) -> Iterator[Connection]:
    with world.caretaker(app).logins.connect("operator", autocommit=True) as connection:
        yield connection


def relations(app: Flask) -> list[tuple[str, str]]:
    query = """
        SELECT nspname::text, relname::text FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE relkind IN ('r', 'v', 'm', 'p', 'f')
        AND nspname NOT IN ('ref', 'pg_catalog', 'information_schema') AND nspname !~ '^pg_toast'
    """
    with world.caretaker(app).logins.connect("admin", autocommit=True) as admin:
        return [(schema, name) for schema, name in admin.execute(query)]


def test_of_all_relations_the_login_reads_the_operators_own(app: Flask, household: Household) -> None:
    reached = set()
    with signed_in(app) as connection:
        for schema, name in relations(app):
            with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
                connection.execute(sql.SQL("SELECT * FROM {} LIMIT 1").format(sql.Identifier(schema, name)))
                reached.add((schema, name))
    assert reached == {("platform", table) for table, held in TABLE_RIGHTS.items() if "SELECT" in held}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE platform.operator SET role = 'onboarding'",
        "INSERT INTO platform.operator (id, name, role) VALUES (gen_random_uuid(), 'me', 'onboarding')",
        "UPDATE platform.clinic SET state = 'live'",
        "DELETE FROM platform.closing",
        "INSERT INTO platform.removal (id) VALUES (gen_random_uuid())",
        "UPDATE platform.removal SET ended_by = 'somebody'",
        "SELECT platform.drop_clinic_roles('4999')",
        "UPDATE platform.device_move SET by = 'somebody'",
        "INSERT INTO platform.operator_act SELECT * FROM platform.operator_act",
        "DELETE FROM platform.operator_act",
        "UPDATE platform.operator_act SET operator = 'somebody'",
        "UPDATE platform.roster_run SET state = 'running'",
        "SELECT body FROM platform.roster_file",
        "INSERT INTO platform.roster_order (id) VALUES (gen_random_uuid())",
        "DELETE FROM platform.roster_order",
        "SELECT code_hash FROM platform.invitation",
        "SELECT platform.use_invitation(gen_random_uuid(), '')",
        "SELECT platform.operator_of(''::bytea)",
        "SELECT platform.make_clinic_roles('4999')",
        "SELECT platform.rename_clinic(''::bytea, 'x', 'x')",
        "SET ROLE shipa_owner",
        "CREATE TABLE platform.mine (a int)",
    ],
)
def test_what_is_the_owners_stays_the_owners(app: Flask, statement: str) -> None:
    with signed_in(app) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.encode())


@pytest.mark.parametrize("stand", ["no session", "ended", "half", "viewer", "disabled", "idle", "old"])
def test_an_act_needs_a_live_session_of_an_onboarding_operator(
    app: Flask, household: Household, stand: str
) -> None:
    operator = operating.add(app, "viewer" if stand == "viewer" else "onboarding")
    desk: Desk = operating.sign_in(app, operator, "second_factor" if stand == "half" else "full")
    cookie = desk.get_cookie(operating.COOKIE, domain="127.0.0.1", path=PATH)
    assert cookie is not None
    token = b"nothing" if stand == "no session" else token_hash(cookie.value)
    spoil = {
        "ended": "UPDATE platform.operator_session SET ended_at = now() WHERE operator_id = %s",
        "disabled": "UPDATE platform.operator SET disabled_at = now() WHERE id = %s",
        "idle": "UPDATE platform.operator_session SET last_seen = now() - interval '15 min' "
        "WHERE operator_id = %s",
        "old": "UPDATE platform.operator_session SET created_at = now() - interval '10 h' "
        "WHERE operator_id = %s",
    }
    if stand in spoil:
        ask(app, spoil[stand], operator.id)
    calls = (
        "SELECT platform.operator_move(%(t)s, %(c)s, 'live', 'suspended', 'x')",
        "SELECT platform.operator_tick(%(t)s, %(c)s, 'licence', true)",
        "SELECT platform.operator_room(%(t)s, %(c)s, ARRAY['residents'], 'figures', false)",
        "SELECT platform.operator_invite(%(t)s, %(c)s, 'x', 'head')",
        "SELECT platform.operator_steer(%(t)s, %(c)s, 'start')",
        "SELECT platform.operator_steer(%(t)s, %(c)s, 'put_aside')",
    )
    with signed_in(app) as connection:
        for call in calls:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(call.encode(), {"t": token, "c": household.card.id})


def test_with_a_live_session_family_planning_is_still_not_switched_by_the_login(
    app: Flask, household: Household
) -> None:
    desk = operating.sign_in(app, operating.add(app))
    cookie = desk.get_cookie(operating.COOKIE, domain="127.0.0.1", path=PATH)
    assert cookie is not None
    values = {"t": token_hash(cookie.value), "c": household.card.id}
    with signed_in(app) as connection:
        for rooms, room in (
            ("ARRAY['family_planning']", "figures"),
            ("ARRAY['residents']", "family_planning"),
        ):
            call = f"SELECT platform.operator_room(%(t)s, %(c)s, {rooms}, '{room}', true)"
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(call.encode(), values)


def test_the_facts_of_a_clinic_are_numbers_yes_or_no_and_names_of_rooms(
    app: Flask, household: Household
) -> None:
    with signed_in(app) as connection:
        cursor = connection.execute("SELECT * FROM platform.clinic_facts(%s)", [household.card.id])
        assert cursor.description is not None
        names = [column.name for column in cursor.description]
        (row,) = cursor.fetchall()
    assert names == [
        *("sites", "people", "administrators", "administrators_in"),
        *("settings_seen", "has_keys", "rooms"),
    ]
    assert [type(value) for value in row] == [int, int, int, int, bool, bool, list]
