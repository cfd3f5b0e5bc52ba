"""The logins of figures, by real connections: the region reads ``agg`` and nothing else, the job writes it.

Every relation, role, schema and function of a database with clinics is tried; the attacks of the matrix
run as these logins too.
"""

from __future__ import annotations

import contextlib
import datetime
import typing

import psycopg
import pytest
from psycopg import sql

from saas.public_health.figures import counting, leaving
from saas.public_health.rules import indicators_periods as periods
from tenants.outbox import Figure
from tests.support import figured, world
from tests.support.attacks import INSIDE, STACKED

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tenants.connecting import Connection
    from tests.support.figured import Figured

LOGINS = ("region", "agg")
MAY = {"region": {"SELECT"}, "agg": {"SELECT", "INSERT", "UPDATE", "DELETE"}}
OPEN = ("ref", "pg_catalog", "information_schema")
"""Schemas of public code tables and of PostgreSQL's own names; checked by the hardening's tests."""


@pytest.fixture(scope="module")
def clinic(app: Flask) -> Figured:
    """A clinic with figures, of which the ones that may have left."""
    made = figured.build(app)
    names = periods.every(figured.TODAY)
    counting.compute(lambda: world.inside(app, made.card), figured.TODAY, figured.NOW, names)
    copy(made)
    return made


def copy(clinic: Figured) -> int:
    with world.inside(clinic.app, clinic.card) as session:
        outbox = world.caretaker(clinic.app).outbox(clinic.card)
        return leaving.copy(session, outbox, figured.TODAY)


@pytest.fixture(params=LOGINS)
def login(request: pytest.FixtureRequest) -> str:
    """Each of the two logins."""
    return str(request.param)


@contextlib.contextmanager
def signed_in(app: Flask, login: str) -> Iterator[Connection]:
    with world.caretaker(app).logins.connect(login, autocommit=True) as connection:
        yield connection


def relations(app: Flask) -> list[tuple[str, str]]:
    """Every table, view and sequence that is not PostgreSQL's own or a public code table."""
    query = """
        SELECT nspname::text, relname::text FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE relkind IN ('r', 'v', 'm', 'p', 'f') AND nspname <> ALL (%s) AND nspname !~ '^pg_toast'
    """
    with world.caretaker(app).logins.connect("admin", autocommit=True) as admin:
        return [(schema, name) for schema, name in admin.execute(query, [list(OPEN)])]


def allowed(connection: Connection, statement: sql.Composed) -> bool:
    """Whether a statement is let through; what it does is taken back."""
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(statement)
    except psycopg.errors.InsufficientPrivilege:
        return False
    except psycopg.errors.ReadOnlySqlTransaction:
        return False
    return True


def reached(app: Flask, login: str) -> set[tuple[str, str]]:
    """Every relation that the login can read."""
    read = sql.SQL("SELECT * FROM {} LIMIT 1")
    with signed_in(app, login) as connection:
        return {one for one in relations(app) if allowed(connection, read.format(sql.Identifier(*one)))}


def test_of_all_relations_only_the_figures_can_be_read(app: Flask, clinic: Figured, login: str) -> None:
    assert len(relations(app)) > 60
    assert reached(app, login) == {("agg", "indicator")}


def test_the_sweep_of_relations_can_find_something(app: Flask, clinic: Figured) -> None:
    """Planted: a right that somebody granted by hand on one table of one clinic."""
    table = f"{clinic.card.binding.schema}.resident"
    with world.caretaker(app).logins.connect("admin", autocommit=True) as admin:
        schema = clinic.card.binding.schema
        admin.execute(
            f"GRANT USAGE ON SCHEMA {schema} TO shipa_region; GRANT SELECT ON {table} TO shipa_region"
        )
        try:
            assert (schema, "resident") in reached(app, "region")
        finally:
            admin.execute(
                f"REVOKE ALL ON {table} FROM shipa_region; REVOKE ALL ON SCHEMA {schema} FROM shipa_region"
            )
    assert (schema, "resident") not in reached(app, "region")


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO {} SELECT * FROM agg.indicator LIMIT 0",
        "UPDATE {} SET numerator = NULL, denominator = NULL",
        "DELETE FROM {}",
        "TRUNCATE {}",
        "ALTER TABLE {} DROP CONSTRAINT ck_indicator_no_small_cell",
        "DROP TABLE {}",
        "GRANT SELECT ON {} TO PUBLIC",
        "LOCK TABLE {} IN ACCESS EXCLUSIVE MODE",
        "CREATE TRIGGER t AFTER INSERT ON {} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    ],
)
def test_the_region_changes_nothing_even_after_it_asks_to_write(
    app: Flask, clinic: Figured, statement: str
) -> None:
    figures_table = sql.Identifier("agg", "indicator")
    with signed_in(app, "region") as connection:
        for read_only in ("on", "off"):
            connection.execute(f"SET default_transaction_read_only = {read_only}".encode())
            command = sql.SQL(statement).format(figures_table)
            try:
                refused = not allowed(connection, command)
            except psycopg.errors.DependentObjectsStillExist:
                refused = False
            if statement.startswith("GRANT"):
                # PostgreSQL only warns; nobody may read afterwards who could not before.
                assert reached(app, "gate") & {("agg", "indicator")} == set()
            else:
                assert refused, statement


def test_the_job_writes_figures_and_cannot_change_their_table(app: Flask, clinic: Figured) -> None:
    with signed_in(app, "agg") as connection:
        for right in ("TRUNCATE agg.indicator", "DROP TABLE agg.indicator", "CREATE TABLE agg.more (a int)"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(right.encode())


def test_neither_becomes_anybody_else(app: Flask, clinic: Figured, login: str) -> None:
    with world.caretaker(app).logins.connect("admin", autocommit=True) as admin:
        roles = [row[0] for row in admin.execute("SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_'")]
    assert len(roles) > 8
    with signed_in(app, login) as connection:
        for role in roles:
            if role == f"shipa_{login}":
                continue
            for way in ("SET ROLE {}", "SET LOCAL ROLE {}", "SET SESSION AUTHORIZATION {}"):
                command = sql.SQL(way).format(sql.Identifier(role))
                assert not allowed(connection, command), (way, role)


def test_neither_makes_anything_or_calls_what_lends_rights(app: Flask, clinic: Figured, login: str) -> None:
    with signed_in(app, login) as connection:
        connection.execute("SET default_transaction_read_only = off")
        for statement in (
            "CREATE SCHEMA mine",
            "CREATE TABLE public.t (a int)",
            "CREATE TEMP TABLE t (a int)",
            "CREATE ROLE mine",
            "CREATE TABLE agg.t (a int)",
            "CREATE VIEW agg.v AS SELECT 1",
            "DO $$ BEGIN END $$",
            "SELECT platform.make_clinic_roles('0001')",
            "SELECT platform.rename_clinic(''::bytea, 'x', 'x')",
            "COPY agg.indicator TO PROGRAM 'cat'",
            "COPY agg.indicator TO '/tmp/figures'",
            "SELECT pg_read_file('/etc/passwd')",
            "SELECT lo_create(0)",
            "SELECT pg_terminate_backend(1)",
            "SELECT set_config('role', 'shipa_owner', false)",
            "SELECT * FROM pg_stat_activity",
            "SELECT reltuples FROM pg_class",
            "SELECT rolpassword FROM pg_authid",
        ):
            assert not allowed(connection, sql.SQL(statement).format())


@pytest.mark.parametrize("attack", [*INSIDE, *STACKED])
def test_the_attacks_of_the_matrix_fail_as_these_logins_too(
    app: Flask, clinic: Figured, login: str, attack: str
) -> None:
    mine = clinic.card.binding.schema
    text = (INSIDE | STACKED)[attack].replace("t_9812", mine).replace("t_9811", mine)
    behind = "SELECT clinic_code FROM agg.indicator LIMIT 1; " + text  # noqa: S608 - an attack
    for statement in (text, behind):
        with signed_in(app, login) as connection:
            try:
                cursor = connection.execute(statement.encode())
                seen = repr(cursor.fetchall()) if cursor.description else ""
            except psycopg.Error as error:
                seen = str(error)
        assert "سىناق" not in seen
        assert "argon2" not in seen


@pytest.mark.parametrize("other", ["web", "gate", "jobs"])
def test_nobody_else_reads_the_figures_that_left(app: Flask, clinic: Figured, other: str) -> None:
    with signed_in(app, other) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT * FROM agg.indicator")


def test_a_clinics_role_neither_reads_nor_writes_the_figures_that_left(app: Flask, clinic: Figured) -> None:
    with signed_in(app, "web") as connection, connection.transaction(force_rollback=True):
        connection.execute(f"SET LOCAL ROLE {clinic.card.binding.schema}".encode())
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM agg.indicator")


def rows(clinic: Figured) -> list[tuple[typing.Any, ...]]:
    with signed_in(clinic.app, "region") as connection:
        query = (
            "SELECT indicator_code, period, numerator, denominator, county_zh FROM agg.indicator "
            "WHERE clinic_code = %s ORDER BY indicator_code, period"
        )
        return connection.execute(query, [clinic.card.code]).fetchall()


def test_of_a_small_clinic_only_what_is_large_left_and_again_changes_nothing(clinic: Figured) -> None:
    first = rows(clinic)
    assert {(code, period): (n, d) for code, period, n, d, _ in first if n is not None} == {
        ("edu_av_count.minutes", "2026"): (90, None),
        ("edu_events.participants", "2026"): (55, None),
        ("edu_print_kinds.copies", "2026"): (120, None),
    }
    assert {county for *_, county in first} == {"试验县"}
    assert {period for _, period, *_ in first} == {"2025", "2026"}
    copy(clinic)
    assert rows(clinic) == first


@pytest.mark.parametrize(
    "cells", [(9, 100), (0, 40), (95, 100), (100, 100), (3, None), (None, 50), (12, 10), (5, 9)]
)
def test_the_database_itself_refuses_a_small_cell(
    app: Flask, clinic: Figured, cells: tuple[int | None, int | None]
) -> None:
    outbox = world.caretaker(app).outbox(clinic.card)
    figure = Figure("ht_control_rate", "1", "2020", *cells, datetime.datetime.now(datetime.UTC))
    with pytest.raises(psycopg.errors.CheckViolation):
        outbox.put([figure])
