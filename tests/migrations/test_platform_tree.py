"""The platform tree: equal to its tables as declared, and no right too many at the door."""

from __future__ import annotations

import functools
import secrets
import typing
import uuid

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from psycopg import sql

from tenants.operator_rights import TABLE_RIGHTS
from tenants.platform_tables import metadata
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tenants.connecting import Connection
    from tenants.extension import Tenants

GATE = {
    ("clinic_code", "SELECT"),
    ("clinic_device", "SELECT"),
    ("clinic_sign_in", "SELECT"),
    ("operator_act", "SELECT"),
    ("heartbeat", "SELECT"),
    ("heartbeat", "UPDATE"),
    ("standing", "SELECT"),
    ("invitation", "SELECT"),
    *(("clinic_day", right) for right in ("SELECT", "INSERT", "UPDATE")),
    *(
        (table, right)
        for table in ("web_session", "sign_in_failure")
        for right in ("SELECT", "INSERT", "UPDATE", "DELETE")
    ),
}

OPERATOR = {(table, right) for table, held in TABLE_RIGHTS.items() for right in held.split(", ")}


@pytest.fixture
def tenants(app: Flask) -> Tenants:
    return world.caretaker(app)


@pytest.fixture
def owner(tenants: Tenants) -> Iterator[Connection]:
    with tenants.logins.connect("owner", autocommit=True) as connection:
        yield connection


@pytest.fixture
def gate(tenants: Tenants) -> Iterator[Connection]:
    with tenants.logins.connect("gate", autocommit=True) as connection:
        yield connection


def test_the_tables_are_at_the_head(tenants: Tenants) -> None:
    engine = sa.create_engine(
        "postgresql+psycopg://",
        creator=functools.partial(tenants.logins.connect, "owner"),
        poolclass=sa.NullPool,
    )
    options = {
        "compare_type": True,
        "compare_server_default": True,
        "include_schemas": True,
        "version_table_schema": "platform",
        "include_name": lambda name, kind, _: kind != "schema" or name in {"platform", "agg"},
    }
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_the_gate_has_these_rights_and_no_other_and_the_web_none(owner: Connection) -> None:
    rows = owner.execute(
        "SELECT relname, privilege_type, grantee::regrole::text, is_grantable "
        "FROM pg_class, aclexplode(relacl) WHERE relnamespace = 'platform'::regnamespace "
        "AND grantee <> relowner"
    ).fetchall()
    held: dict[str, set[tuple[str, str]]] = {}
    for table, right, role, grantable in rows:
        assert not grantable
        held.setdefault(role, set()).add((table, right))
    assert held == {"shipa_gate": GATE, "shipa_operator": OPERATOR}
    columns = owner.execute(
        "SELECT count(*) FROM pg_attribute JOIN pg_class c ON c.oid = attrelid "
        "WHERE relnamespace = 'platform'::regnamespace AND attacl IS NOT NULL"
    ).fetchone()
    assert columns == (0,)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT code FROM platform.clinic",
        "UPDATE platform.clinic SET name_zh = 'x'",
        "UPDATE platform.clinic_sign_in SET name_zh = 'x'",
        "INSERT INTO platform.operator_act SELECT * FROM platform.operator_act",
        "SELECT revision FROM platform.clinic_revision",
        "DELETE FROM platform.heartbeat",
        "INSERT INTO platform.seal_made VALUES (now())",
        "SELECT error FROM platform.migration_run",
        "SELECT platform.make_clinic_roles('4999')",
        "CREATE TABLE platform.mine (a int)",
    ],
)
def test_what_is_the_owners_stays_the_owners(gate: Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        gate.execute(statement)


@pytest.fixture
def session(app: Flask, tenants: Tenants, owner: Connection) -> Iterator[bytes]:
    """The token hash of a live session in the north, whose names are put back afterwards."""
    card = tenants.clinics(world.NORTH)[0]
    token = secrets.token_bytes(32)
    owner.execute(
        "INSERT INTO platform.web_session (token_hash, id, clinic_id, staff_id, csrf_secret, stage, "
        "created_at, last_seen) VALUES (%s, %s, %s, %s, '', 'full', now(), now())",
        (token, uuid.uuid4(), card.id, uuid.uuid4()),
    )
    yield token
    owner.execute("DELETE FROM platform.web_session WHERE token_hash = %s", (token,))
    owner.execute(
        "UPDATE platform.clinic SET name_zh = %s, name_ug = %s, name_zh_own = false, "
        "name_ug_own = false WHERE id = %s",
        (card.name_zh, card.name_ug, card.id),
    )


def rename(gate: Connection, token: bytes, name_zh: str, name_ug: str) -> None:
    gate.execute("SELECT platform.rename_clinic(%s, %s, %s)", (token, name_zh, name_ug))


def names(owner: Connection) -> list[tuple[typing.Any, ...]]:
    query = "SELECT code, name_zh, name_ug, name_zh_own, name_ug_own FROM platform.clinic ORDER BY code"
    return owner.execute(query).fetchall()


def test_a_live_session_renames_its_own_clinic_alone(
    gate: Connection, owner: Connection, session: bytes
) -> None:
    before = names(owner)
    rename(gate, session, before[0][1], "شىمال")
    after = names(owner)
    assert after[0] == (world.NORTH, before[0][1], "شىمال", False, True)
    assert after[1:] == before[1:]
    rename(gate, session, "新名", "شىمال")
    assert names(owner)[0] == (world.NORTH, "新名", "شىمال", True, True)


@pytest.mark.parametrize("column", ["ended_at", "locked_at", None])
def test_without_a_live_session_nothing_is_renamed(
    gate: Connection, owner: Connection, session: bytes, column: str | None
) -> None:
    if column:
        end = sql.SQL("UPDATE platform.web_session SET {} = now() WHERE token_hash = {}")
        owner.execute(end.format(sql.Identifier(column), session))
    token = session if column else b"unknown"
    before = names(owner)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="no live session"):
        rename(gate, token, "x", "y")
    assert names(owner) == before
