"""All DDL stays inside what Citus takes for schema-based sharding; each rule finds its planted offender."""

from __future__ import annotations

import contextlib
import typing

import pytest

from saas.db import Base
from tenants.compiling import clinic_script, revision_script
from tenants.hardening import hardening_conditions
from tenants.roles import database_conditions, role_conditions
from tenants.set_user import set_user_conditions
from tenants.trees import CLINIC, PLATFORM
from tests.support import world
from tests.support.shardable import CATALOGUE_RULES, TEXT_RULES, of_catalogue, of_text

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tenants.conditions import Condition
    from tenants.connecting import Connection


@pytest.fixture
def made(app: Flask) -> str:
    """The schema of a clinic that was just provisioned."""
    return world.provision(app, world.free_code(), "试验").binding.schema


@contextlib.contextmanager
def superuser(app: Flask) -> Iterator[Connection]:
    """Whatever is planted by the superuser is taken back."""
    tenants = world.caretaker(app)
    with (
        tenants.logins.connect("admin", database=tenants.settings.database) as admin,
        admin.transaction(force_rollback=True),
    ):
        yield admin


def test_a_clinic_as_it_is_provisioned_can_be_distributed(app: Flask, made: str) -> None:
    with superuser(app) as admin:
        tables = admin.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'r'", [made]
        ).fetchone()
        assert tables is not None
        assert tables[0] >= 17
        assert of_catalogue(admin, made) == []


def test_a_clinic_whose_gate_is_guarded_for_level_two_can_be_distributed(app: Flask, made: str) -> None:
    with superuser(app) as admin:
        for condition in set_user_conditions(2, "key")[2:5]:
            condition.establish(admin)
        guarded = admin.execute("SELECT count(*) FROM pg_policy").fetchone()
        assert guarded is not None
        assert guarded[0] >= 2
        assert of_catalogue(admin, made) == []


PLANTED = {
    "a key points to another schema that is no reference table": (
        "ALTER TABLE {clinic}.site ADD COLUMN o uuid REFERENCES platform.clinic (id)"
    ),
    "a key of another schema points into the clinic": (
        "CREATE TABLE platform.x (id int PRIMARY KEY, site uuid REFERENCES {clinic}.site (id))"
    ),
    "a table has no primary key": "CREATE TABLE {clinic}.x (id int)",
    "a view reads across the border of the clinic": (
        "CREATE VIEW {clinic}.x AS SELECT s.id FROM {clinic}.site s JOIN platform.clinic c ON c.id = s.id"
    ),
    "a table has a trigger": (
        "CREATE TRIGGER x BEFORE UPDATE ON {clinic}.site FOR EACH ROW"
        " EXECUTE FUNCTION suppress_redundant_updates_trigger()"
    ),
    "a table has a rule": "CREATE RULE x AS ON DELETE TO {clinic}.site DO INSTEAD NOTHING",
    "a column is an identity": (
        "CREATE TABLE {clinic}.x (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY)"
    ),
    "a sequence is below bigint": "CREATE SEQUENCE {clinic}.x AS integer",
    "a column takes its default from a sequence and is below bigint": (
        "CREATE SEQUENCE {clinic}.y; ALTER TABLE {clinic}.site ADD COLUMN n int DEFAULT nextval('{clinic}.y')"
    ),
    "a table inherits, is inherited or is a partition": (
        "CREATE TABLE {clinic}.x (PRIMARY KEY (id)) INHERITS ({clinic}.site)"
    ),
    "a table is foreign, or lives for a session only": (
        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;"
        " CREATE FOREIGN TABLE {clinic}.x (id int) SERVER s"
    ),
    "an extension lives in the clinic": "ALTER EXTENSION btree_gist SET SCHEMA {clinic}",
}


def test_every_rule_of_the_catalogue_has_its_offender() -> None:
    assert set(PLANTED) == {rule.name for rule in CATALOGUE_RULES}


@pytest.mark.parametrize("rule", PLANTED)
def test_what_is_planted_in_a_clinic_is_found(app: Flask, made: str, rule: str) -> None:
    with superuser(app) as admin:
        admin.execute(PLANTED[rule].format(clinic=made).encode())
        assert any(text.startswith(f"{rule}: ") for text in of_catalogue(admin, made))


def test_a_key_to_a_reference_table_and_a_view_of_the_clinics_own_are_allowed(app: Flask, made: str) -> None:
    with superuser(app) as admin:
        admin.execute("CREATE TABLE ref.x (id text PRIMARY KEY)")
        admin.execute(f"ALTER TABLE {made}.site ADD COLUMN o text REFERENCES ref.x (id)".encode())
        admin.execute(f"CREATE VIEW {made}.v AS SELECT id FROM {made}.site".encode())  # noqa: S608
        assert of_catalogue(admin, made) == []


def test_the_script_of_a_clinic_and_every_revision_can_be_run_on_citus() -> None:
    texts = {"script": clinic_script(Base.metadata)}
    texts |= {script.revision: revision_script(script) for script in CLINIC.after(None)}
    assert len(texts) > 5
    assert {name: found for name, text in texts.items() if (found := of_text(text, clinic=True))} == {}


def test_the_platforms_revisions_and_what_init_does_touch_no_clinic_but_one_at_a_time() -> None:
    texts = {script.revision: revision_script(script) for script in PLATFORM.after(None)}
    for level in (1, 2):
        conditions = [
            *role_conditions(),
            *database_conditions("shipa", 180004, level),
            *hardening_conditions(),
            *set_user_conditions(level, "key"),
        ]
        texts |= {f"{condition.text} ({level})": _remedy(condition) for condition in conditions}
    assert len(texts) > 40
    assert {name: found for name, text in texts.items() if (found := of_text(text, clinic=False))} == {}


def _remedy(condition: Condition) -> str:
    statements = [statement.as_string(None) for statement in condition.remedy]
    return ";\n".join([*statements, *condition.each])


OFFENDING = {
    "a temporary table": "CREATE TEMP TABLE x AS SELECT 1",
    "a rule": "create rule x as on delete to site do instead nothing",
    "DDL over many clinics in one block": (
        "DO $$ DECLARE s text; BEGIN FOR s IN SELECT nspname FROM pg_namespace LOOP"
        " EXECUTE format('ALTER TABLE %I.site ADD COLUMN x text', s); END LOOP; END $$"
    ),
    "a clinic by its number": "ALTER TABLE t_0042.site ADD COLUMN x text",
    "a trigger": "CREATE TRIGGER x BEFORE INSERT ON site EXECUTE FUNCTION f()",
    "a view": "CREATE VIEW x AS SELECT id FROM site",
    "an identity": "CREATE TABLE x (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY)",
    "a serial number": "CREATE TABLE x (id SERIAL NOT NULL, PRIMARY KEY (id))",
    "a sequence": "CREATE SEQUENCE x",
    "inheritance or a partition": "CREATE TABLE x () INHERITS (site)",
    "a foreign table": "CREATE FOREIGN TABLE x (id int) SERVER s",
    "another schema": "ALTER TABLE site ADD FOREIGN KEY (id) REFERENCES platform.clinic (id)",
    "an index that must stand outside of transactions": "CREATE INDEX CONCURRENTLY x ON site (id)",
    "what only a superuser may do": "CREATE EXTENSION citext",
}


def test_every_rule_of_the_text_has_its_offender() -> None:
    assert set(OFFENDING) == {rule.name for rule in TEXT_RULES}


@pytest.mark.parametrize("rule", OFFENDING)
def test_what_is_written_in_a_revision_is_found(rule: str) -> None:
    found = of_text(OFFENDING[rule], clinic=True)
    assert [text for text in found if text.startswith(f"{rule}: ")], found
    everywhere = next(one.everywhere for one in TEXT_RULES if one.name == rule)
    assert bool(of_text(OFFENDING[rule], clinic=False)) == everywhere


def test_a_name_that_only_looks_like_it_is_no_offender() -> None:
    harmless = (
        "CREATE TABLE overview (id uuid PRIMARY KEY, trigger_text text, temporary_until timestamptz)",
        "COMMENT ON COLUMN staff.serial_text IS 'no view'",
        "GRANT SELECT ON site TO t_0000, t_0000_gate",
    )
    assert [found for text in harmless for found in of_text(text, clinic=True)] == []
