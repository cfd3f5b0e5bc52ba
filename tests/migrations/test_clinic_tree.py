"""The clinic tree: its replay, the compiled script and the models are one and the same schema."""

from __future__ import annotations

import functools
import typing

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from saas.db import Base
from tenants.catalogue import catalogue
from tenants.clinic_check import reference
from tenants.compiling import clinic_script, grants, revision_script
from tenants.revising import VERSION_TABLE, comparing, replay
from tenants.trees import CLINIC, PLATFORM, Tree

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tenants.connecting import Connection
    from tenants.extension import Tenants

TREES = pytest.mark.parametrize("tree", [CLINIC, PLATFORM], ids=["clinic", "platform"])


@pytest.fixture
def tenants(app: Flask) -> Tenants:
    return typing.cast("Tenants", app.extensions["building"])


@pytest.fixture
def owner(tenants: Tenants) -> Iterator[Connection]:
    with tenants.logins.connect("owner", autocommit=True) as connection:
        yield connection


@pytest.fixture
def replayed(tenants: Tenants) -> Iterator[sa.Connection]:
    """A schema that Alembic made from the whole tree, gone after the test."""
    engine = sa.create_engine(
        "postgresql+psycopg://",
        creator=functools.partial(tenants.logins.connect, "owner"),
        poolclass=sa.NullPool,
    )
    with engine.connect() as connection:
        replay(CLINIC, connection)
        yield connection
        connection.rollback()


def lines_of(replayed: sa.Connection) -> frozenset[str]:
    """The replay's catalogue without Alembic's own table, which no clinic has."""
    replayed.exec_driver_sql("SET LOCAL search_path = pg_catalog")
    driver = replayed.connection.driver_connection
    found = catalogue(typing.cast("Connection", driver), "t_0000")
    return frozenset(line for line in found if VERSION_TABLE not in line)


def test_the_script_makes_what_the_replay_makes(owner: Connection, replayed: sa.Connection) -> None:
    wanted = lines_of(replayed)
    replayed.rollback()
    made = reference(owner, clinic_script(Base.metadata))
    assert made - wanted == frozenset()
    assert wanted - made == frozenset()
    assert len(made) > 200


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE site ADD COLUMN more text",
        "ALTER TABLE site ALTER code DROP NOT NULL",
        "ALTER TABLE site ALTER code TYPE varchar(12)",
        "ALTER TABLE site ALTER kind SET DEFAULT 'centre'",
        "ALTER TABLE site DROP CONSTRAINT ck_site_kind",
        "ALTER TABLE site DROP CONSTRAINT uq_site_code",
        "DROP INDEX ix_resident_key_hash",
        "COMMENT ON TABLE site IS 'other'",
        "COMMENT ON COLUMN site.code IS 'other'",
        "GRANT DELETE ON access_log TO t_0000",
        "REVOKE INSERT ON site FROM t_0000",
        "GRANT UPDATE (wrapped_data_key) ON clinic_setting TO t_0000",
        "GRANT CREATE ON SCHEMA t_0000 TO t_0000",
        "ALTER TABLE site ENABLE ROW LEVEL SECURITY",
        "CREATE VIEW seen AS SELECT code FROM site",
        "CREATE TYPE mood AS ENUM ('calm')",
        "CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_the_comparison_sees_every_kind_of_change(owner: Connection, change: str) -> None:
    script = clinic_script(Base.metadata)
    assert reference(owner, f"{script}{change};\n") != reference(owner, script)


def test_the_models_are_at_the_head(replayed: sa.Connection) -> None:
    context = MigrationContext.configure(replayed, opts=comparing(Base.metadata))
    assert compare_metadata(context, Base.metadata) == []


@TREES
def test_each_tree_has_one_head_and_its_file_names_it(tree: Tree) -> None:
    assert tree.scripts.get_heads() == [tree.head]
    assert tree.head_file.read_text() == f"{tree.head}\n"


@TREES
def test_a_revision_is_named_by_its_number_and_file(tree: Tree) -> None:
    scripts = tree.after(None)
    assert [script.revision[:4] for script in scripts] == [f"{n:04d}" for n in range(1, len(scripts) + 1)]
    assert all(script.path.endswith(f"/{script.revision}.py") for script in scripts)


@TREES
def test_every_revision_compiles_without_a_database(tree: Tree) -> None:
    assert all(revision_script(script).count(";") for script in tree.after(None))


def test_what_follows_a_revision_is_oldest_first_and_strangers_are_refused() -> None:
    names = [script.revision for script in PLATFORM.after(None)]
    assert [script.revision for script in PLATFORM.after(names[0])] == names[1:]
    assert PLATFORM.after(PLATFORM.head) == []
    with pytest.raises(LookupError, match="9999_newer"):
        PLATFORM.after("9999_newer")


def test_rights_are_read_from_the_tables() -> None:
    metadata = sa.MetaData()
    infos: dict[str, dict[str, object]] = {
        "plain": {},
        "fixed": {"insert": False},
        "some": {"update": ("a",), "delete": True},
        "secret": {"role": "gate"},
    }
    for name, info in infos.items():
        sa.Table(name, metadata, sa.Column("a", sa.Text), info=info)
    assert sorted(grants(metadata)) == [
        "GRANT SELECT ON fixed TO t_0000",
        "GRANT SELECT, INSERT ON plain TO t_0000",
        "GRANT SELECT, INSERT, UPDATE (a), DELETE ON some TO t_0000",
        "GRANT SELECT, INSERT, UPDATE ON secret TO t_0000_gate",
        "GRANT USAGE ON SCHEMA t_0000 TO t_0000, t_0000_gate",
    ]
    sa.Table("wrong", metadata, sa.Column("a", sa.Text), info={"update": ("b",)})
    with pytest.raises(ValueError, match="wrong"):
        grants(metadata)


def test_no_table_is_beyond_the_budget() -> None:
    assert len(Base.metadata.tables) <= 24
