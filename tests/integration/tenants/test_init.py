"""`shipa init`: made once, repeated without effect, together with others, on the right database."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from tenants.connecting import Logins
from tenants.hardening import ALLOWED_EXTENSIONS, CLOSED_FUNCTIONS, hardening_conditions
from tenants.initialising import InitialisingError, initialise
from tenants.settings import TenantSettings
from tests.support.postgres import Cluster, cluster, private_cluster
from tests.support.reviewed_functions import REVIEWED, REVIEWED_PREFIX


@pytest.fixture(scope="module")
def server() -> Cluster:
    return cluster()


@pytest.fixture(scope="module")
def template(server: Cluster) -> str:
    """A database with nothing but what init makes."""
    return server.template("init_template", lambda _: None)


@pytest.fixture
def logins(server: Cluster, template: str) -> Iterator[Logins]:
    """A fresh database after init, gone after the test."""
    name = f"init_{secrets.token_hex(4)}"
    yield Logins(server.clone(template, name))
    server.drop(name)


def _ask(logins: Logins, login: str, query: str, *values: object) -> object:
    with closing(logins.connect(login, autocommit=True)) as connection:
        row = connection.execute(query.encode(), values or None).fetchone()
    return None if row is None else row[0]


def test_the_first_run_says_what_it_made_and_the_second_nothing(server: Cluster) -> None:
    logins = Logins(server.settings("init_fresh"))
    try:
        changes = initialise(logins)
        assert "database init_fresh" in changes
        assert any("make_clinic_roles" in change for change in changes)
        assert initialise(logins) == []
    finally:
        server.drop("init_fresh")


def test_what_was_taken_away_is_brought_back_and_named(logins: Logins) -> None:
    with closing(logins.connect("admin", autocommit=True)) as admin:
        admin.execute("GRANT EXECUTE ON FUNCTION set_config(text, text, boolean) TO PUBLIC")
        admin.execute("DROP FUNCTION platform.make_clinic_roles(text)")
        admin.execute(f"ALTER ROLE shipa_web IN DATABASE {logins.settings.database} RESET statement_timeout")
    changes = initialise(logins)
    assert len(changes) == 3
    assert any("changes the role" in change for change in changes)
    assert any("make_clinic_roles" in change for change in changes)
    assert any("short timeouts" in change for change in changes)
    assert initialise(logins) == []


def test_several_at_once_all_succeed(server: Cluster) -> None:
    settings = server.settings("init_together")
    try:
        with ThreadPoolExecutor(4) as pool:
            done = list(pool.map(lambda _: initialise(Logins(settings)), range(4)))
        assert sorted(map(bool, done)) == [False, False, False, True]
    finally:
        server.drop("init_together")


def test_the_database_is_utf8_by_code_point(logins: Logins) -> None:
    query = "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = current_database()"
    assert _ask(logins, "owner", query) == "bC.UTF-8"
    assert _ask(logins, "owner", "SELECT upper('ä') || lower('Б')") == "Äб"


def test_logins_are_no_more_than_logins(logins: Logins) -> None:
    query = """
        SELECT count(*) FROM pg_roles
        WHERE rolname IN ('shipa_owner', 'shipa_web', 'shipa_gate', 'shipa_jobs')
        AND rolcanlogin AND NOT (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication
            OR rolbypassrls)
    """
    assert _ask(logins, "owner", query) == 4
    for login in ("web", "gate", "jobs"):
        assert _ask(logins, login, "SHOW search_path") == ("jobs" if login == "jobs" else '""')
        assert _ask(logins, login, "SHOW statement_timeout") == "5s"
        assert _ask(logins, login, "SHOW lock_timeout") == "2s"
        assert _ask(logins, login, "SHOW idle_in_transaction_session_timeout") == "10s"
        for refused in (
            "CREATE TABLE public.t (a int)",
            "CREATE TEMP TABLE t (a int)",
            "CREATE SCHEMA mine",
            "CREATE ROLE mine",
            "CREATE TABLE ref.t (a int)",
            "CREATE TABLE platform.t (a int)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                _ask(logins, login, refused)


def test_the_owner_makes_a_clinics_roles_and_nothing_else(logins: Logins, number: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        _ask(logins, "owner", "CREATE ROLE another")
    for _ in range(2):
        _ask(logins, "owner", "SELECT platform.make_clinic_roles(%s)", number)
    query = """
        SELECT count(*) FROM pg_roles WHERE rolname IN ('t_' || %s, 't_' || %s || '_gate')
        AND NOT (rolcanlogin OR rolinherit OR rolsuper OR rolcreaterole OR rolcreatedb)
    """
    assert _ask(logins, "owner", query, number, number) == 2
    assert _ask(logins, "web", f"SELECT pg_has_role('shipa_web', 't_{number}', 'SET')") is True
    assert _ask(logins, "web", f"SELECT pg_has_role('shipa_web', 't_{number}', 'USAGE')") is False
    assert _ask(logins, "web", f"SELECT pg_has_role('shipa_gate', 't_{number}', 'SET')") is False


@pytest.mark.parametrize(
    "wrong",
    ["42", "00042", "t_0042", "0042; DROP ROLE shipa_web", "0042\n", "", "٠٠٤٢", "00a2", None],
)
def test_a_wrong_clinic_number_makes_no_role(logins: Logins, wrong: str | None) -> None:
    # The server is shared: another worker makes clinics meanwhile, with numbers of its own.
    made = """
        SELECT count(*) FROM pg_roles WHERE rolname LIKE 't\\_0042%'
        OR rolname !~ '^(t_[0-9]{4}(_gate|_fp)?|shipa_.*|pg_.*|postgres)$'
    """
    before = _ask(logins, "owner", made)
    with pytest.raises(psycopg.errors.InvalidParameterValue):
        _ask(logins, "owner", "SELECT platform.make_clinic_roles(%s::text)", wrong)
    assert _ask(logins, "owner", made) == before


def test_roles_made_at_once_by_two_transactions_are_made_once(logins: Logins, number: str) -> None:
    def make(_: int) -> object:
        return _ask(logins, "owner", "SELECT platform.make_clinic_roles(%s)", number)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(make, range(4)))
    query = "SELECT count(*) FROM pg_roles WHERE rolname LIKE 't\\_' || %s || '%%'"
    assert _ask(logins, "owner", query, number) == 2


def test_the_role_maker_cannot_be_led_astray(logins: Logins, number: str) -> None:
    """The owner's own objects, put before the catalogue, are not used with the superuser's rights."""
    with closing(logins.connect("owner", autocommit=True)) as owner:
        owner.execute("CREATE SCHEMA trap")
        owner.execute(
            "CREATE FUNCTION trap.format(text, VARIADIC text[]) RETURNS text LANGUAGE sql"
            " AS $$ SELECT 'ALTER ROLE shipa_owner SUPERUSER' $$"
        )
        owner.execute("CREATE VIEW trap.pg_roles AS SELECT ''::name AS rolname")
        owner.execute("SET search_path = trap, pg_catalog")
        owner.execute(f"SELECT platform.make_clinic_roles('{number}')")
    query = "SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = 'shipa_owner'"
    assert _ask(logins, "owner", query) is False


def test_only_the_owner_may_call_the_role_maker(logins: Logins) -> None:
    for login in ("web", "gate", "jobs"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            _ask(logins, login, "SELECT platform.make_clinic_roles('0042')")


def test_everybody_reads_ref_and_nobody_writes_it(logins: Logins) -> None:
    with closing(logins.connect("owner", autocommit=True)) as owner:
        owner.execute("CREATE TABLE ref.code AS SELECT 7 AS value")
    assert _ask(logins, "web", "SELECT value FROM ref.code") == 7
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        _ask(logins, "web", "DELETE FROM ref.code RETURNING value")


def test_extensions_live_in_ref(logins: Logins) -> None:
    assert _ask(logins, "web", "SELECT ref.similarity('Tursun', 'Tursun')") == 1.0


def test_a_new_function_of_the_owner_is_nobodys(logins: Logins) -> None:
    with closing(logins.connect("owner", autocommit=True)) as owner:
        owner.execute("CREATE FUNCTION ref.peek() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        _ask(logins, "web", "SELECT ref.peek()")


def test_every_overload_of_every_closed_function_is_closed(logins: Logins) -> None:
    query = """
        SELECT array_agg(oid::regprocedure::text) FROM pg_proc WHERE proname LIKE ANY (%s)
        AND has_function_privilege('shipa_web', oid, 'EXECUTE')
    """
    for group in CLOSED_FUNCTIONS:
        assert _ask(logins, "web", query, list(group.names)) is None, group.reason


def test_every_pattern_of_the_hardening_meets_a_function(logins: Logins) -> None:
    """A mistyped pattern closes nothing and would never be missed."""
    query = "SELECT count(*) FROM pg_proc WHERE proname LIKE %s"
    empty = [
        name for group in CLOSED_FUNCTIONS for name in group.names if _ask(logins, "owner", query, name) == 0
    ]
    assert empty == []


def test_every_volatile_function_left_open_was_looked_at(logins: Logins) -> None:
    query = """
        SELECT array_agg(DISTINCT proname::text) FROM pg_proc
        JOIN pg_namespace ON pg_namespace.oid = pronamespace
        WHERE nspname IN ('pg_catalog', 'ref') AND provolatile = 'v'
        AND prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype, 'internal'::regtype)
        AND has_function_privilege('shipa_web', pg_proc.oid, 'EXECUTE')
    """
    found = _ask(logins, "web", query)
    assert isinstance(found, list)
    unknown = {name for name in found if not name.startswith(REVIEWED_PREFIX)} - REVIEWED
    assert unknown == set()


def test_closed_functions_stay_open_to_the_owner(logins: Logins) -> None:
    assert _ask(logins, "owner", "SELECT set_config('shipa.test', 'x', false)") == "x"
    assert _ask(logins, "owner", "SELECT pg_relation_size('pg_class') > 0") is True


def test_init_closes_what_the_check_would_name(server: Cluster) -> None:
    """On a database without init every condition of the hardening is missing: none is a dummy."""
    with server.admin() as admin:
        admin.execute("DROP DATABASE IF EXISTS init_bare")
        admin.execute("CREATE DATABASE init_bare TEMPLATE template0")
    try:
        with server.admin("init_bare") as bare:
            holds = [entry.text for entry in hardening_conditions() if not entry.missing(bare)]
        # PostgreSQL itself keeps the server's files and log from PUBLIC.
        assert [text for text in holds if "server's files" not in text] == []
    finally:
        server.drop("init_bare")


def test_allowed_extensions_do_not_open_files_or_connections() -> None:
    forbidden = {"dblink", "postgres_fdw", "file_fdw", "adminpack", "tablefunc", "xml2", "plpython3u"}
    assert not forbidden & set(ALLOWED_EXTENSIONS)


def _as_own_server(logins: Logins) -> TenantSettings:
    """The same database, addressed by URLs as a PostgreSQL of one's own is."""
    return dataclasses.replace(
        logins.settings,
        admin_url=_url(logins, "admin"),
        owner_url=_url(logins, "owner"),
        web_url=_url(logins, "web"),
        gate_url=_url(logins, "gate"),
        jobs_url=_url(logins, "jobs"),
    )


def _url(logins: Logins, login: str) -> str:
    parts = conninfo_to_dict(logins.conninfo(login))
    return "postgresql://{user}:{password}@/{dbname}?host={host}&port={port}".format(**parts)


def test_a_server_of_ones_own_gets_the_passwords_of_its_addresses() -> None:
    with private_cluster() as own:
        embedded = Logins(own.settings("own"))
        initialise(embedded)
        settings = _as_own_server(embedded)
        assert settings.web_url is not None
        assert initialise(Logins(settings)) == []
        password = str(conninfo_to_dict(settings.web_url)["password"])
        other = settings.web_url.replace(password, "another-password")
        changed = dataclasses.replace(settings, web_url=other)
        assert initialise(Logins(changed)) == ["password of shipa_web"]
        assert _ask(Logins(changed), "web", "SELECT 1") == 1
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            _ask(Logins(settings), "web", "SELECT 1")


def test_wrong_addresses_are_named(logins: Logins) -> None:
    good = _as_own_server(logins)
    assert good.web_url is not None
    assert good.owner_url is not None
    wrong_user = dataclasses.replace(good, web_url=good.owner_url)
    with pytest.raises(InitialisingError, match="SHIPA_WEB_URL must sign in as shipa_web"):
        initialise(Logins(wrong_user))
    elsewhere = good.web_url.replace(f"/{logins.settings.database}?", "/elsewhere?")
    with pytest.raises(InitialisingError, match="same database"):
        initialise(Logins(dataclasses.replace(good, web_url=elsewhere)))
    with pytest.raises(InitialisingError, match="superuser"):
        initialise(Logins(dataclasses.replace(good, admin_url=good.owner_url)))
