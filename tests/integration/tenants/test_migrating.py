"""Migrating the clinics: whole or not at all, around locks, after kills, canaries first."""

from __future__ import annotations

import threading
import time
import typing

import pytest
from psycopg import sql

from tenants import migrating
from tenants.migrating import behind, migrate, platform_pending, upgrade_platform
from tenants.naming import schema_of
from tenants.trees import PLATFORM, Tree
from tenants.turns import Busy, own_turn
from tests.integration.tenants.conftest import CODES, revise, revisions, with_column

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from tenants.extension import Tenants

    Ask = Callable[..., list[tuple[typing.Any, ...]]]

SHIPPED = migrating.LOCK_TIMEOUT


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrating, "PAUSE", 0.01)
    monkeypatch.setattr(migrating, "LOCK_TIMEOUT", "60ms")


def lock(tenants: Tenants, code: str) -> typing.Any:  # noqa: ANN401 - a connection to close
    """A reader that keeps a clinic's residents until its connection is closed."""
    connection = tenants.logins.connect("owner")
    schema = sql.Identifier(schema_of(tenants.clinics(code)[0].number))
    connection.execute(sql.SQL("LOCK TABLE {}.resident IN ACCESS SHARE MODE").format(schema))
    return connection


@pytest.mark.usefixtures("own_database")
def test_the_platform_is_upgraded_once(tenants: Tenants) -> None:
    with tenants.logins.connect("owner", autocommit=True) as connection:
        assert platform_pending(connection) == []
        connection.execute("DROP SCHEMA platform CASCADE")
        connection.execute("CREATE SCHEMA platform")
        connection.execute("DROP TABLE agg.indicator")
        assert platform_pending(connection)[-1] == PLATFORM.head
    assert upgrade_platform(tenants.logins)[-1] == PLATFORM.head
    assert upgrade_platform(tenants.logins) == []


def test_every_clinic_is_brought_to_the_head_with_its_ledger(six: Tenants, tree: Tree, ask: Ask) -> None:
    two = revise(tree, "0002_extra", "ALTER TABLE resident ADD COLUMN extra text")
    two = revise(two, "0003_more", "ALTER TABLE site ADD COLUMN more text", "GRANT DELETE ON site TO t_0000")
    told: list[tuple[int, int]] = []
    outcome = migrate(six.logins, tree=two, told=lambda done, of: told.append((done, of)))
    assert (sorted(outcome.migrated), outcome.left_out) == (CODES, [])
    assert sorted(told) == [(done, 6) for done in range(1, 7)]
    assert with_column(ask) == CODES
    assert set(revisions(ask).values()) == {"0003_more"}
    rows = ask(
        "SELECT from_revision, to_revision, error, count(*) FROM platform.migration_run GROUP BY 1, 2, 3"
    )
    assert rows == [(tree.head, "0003_more", None, 6)]
    schema = schema_of(six.clinics(CODES[4])[0].number)
    given = ask("SELECT has_table_privilege(%s, %s, 'DELETE')", schema, f"{schema}.site")
    assert given == [(True,)]
    assert migrate(six.logins, tree=two).migrated == []


def test_only_one_clinic(six: Tenants, tree: Tree, ask: Ask) -> None:
    two = revise(tree, "0002_extra", "ALTER TABLE resident ADD COLUMN extra text")
    assert migrate(six.logins, tree=two, only=CODES[2]).migrated == [CODES[2]]
    assert with_column(ask) == [CODES[2]]
    with six.logins.connect("owner") as connection:
        assert [clinic.code for clinic in behind(connection, two)] == CODES[:2] + CODES[3:]


def test_a_clinic_in_use_is_left_out_and_done_by_the_next_run(six: Tenants, tree: Tree, ask: Ask) -> None:
    two = revise(tree, "0002_extra", "ALTER TABLE resident ADD COLUMN extra text")
    held = lock(six, CODES[4])
    outcome = migrate(six.logins, tree=two)
    held.close()
    others = [code for code in CODES if code != CODES[4]]
    assert sorted(outcome.migrated) == others == with_column(ask)
    assert [(left.code, left.revision) for left in outcome.left_out] == [(CODES[4], tree.head)]
    assert "lock timeout" in outcome.left_out[0].error
    assert ask("SELECT count(*) FROM platform.migration_run WHERE error LIKE '%%lock timeout%%'") == [(1,)]
    assert migrate(six.logins, tree=two).migrated == [CODES[4]]
    assert with_column(ask) == CODES


def test_a_clinic_in_use_for_a_moment_is_tried_again(
    six: Tenants, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = revise(tree, "0002_extra", "ALTER TABLE resident ADD COLUMN extra text")
    held = lock(six, CODES[5])
    monkeypatch.setattr(time, "sleep", lambda _: held.close())
    outcome = migrate(six.logins, tree=two)
    assert (sorted(outcome.migrated), outcome.left_out) == (CODES, [])


def test_a_reader_waits_no_longer_than_the_lock_timeout(six: Tenants, tree: Tree) -> None:
    """An ALTER that waits behind a long reader would hold up everybody who comes after it."""
    assert SHIPPED in {"200ms", "300ms", "400ms", "500ms"}
    two = revise(tree, "0002_extra", "ALTER TABLE resident ADD COLUMN extra text")
    held = lock(six, CODES[5])
    answered = 0
    thread = threading.Thread(target=migrate, args=(six.logins,), kwargs={"tree": two})
    thread.start()
    schema = sql.Identifier(schema_of(six.clinics(CODES[5])[0].number))
    with six.logins.connect("owner", autocommit=True) as connection:
        # Fails, and does not hang, where the ALTER waits for the long reader.
        connection.execute("SET statement_timeout = '10s'")
        while thread.is_alive():
            connection.execute(sql.SQL("SELECT count(*) FROM {}.resident").format(schema))
            answered += 1
    held.close()
    assert answered > 0


def test_what_fails_changes_nothing_of_that_clinic(six: Tenants, tree: Tree, ask: Ask) -> None:
    two = revise(
        tree,
        "0002_extra",
        "ALTER TABLE resident ADD COLUMN extra text",
        "ALTER TABLE site ADD COLUMN more text",
    )
    schema = sql.Identifier(schema_of(six.clinics(CODES[3])[0].number))
    with six.logins.connect("owner") as connection:
        connection.execute(sql.SQL("ALTER TABLE {}.site ADD COLUMN more text").format(schema))
    outcome = migrate(six.logins, tree=two)
    assert [left.code for left in outcome.left_out] == [CODES[3]]
    assert 'column "more" of relation "site" already exists' in outcome.left_out[0].error
    assert with_column(ask) == [code for code in CODES if code != CODES[3]]
    assert revisions(ask)[CODES[3]] == tree.head


def test_when_a_canary_fails_the_others_are_not_touched(six: Tenants, tree: Tree, ask: Ask) -> None:
    two = revise(tree, "0002_extra", "ALTER TABLE resident ADD COLUMN extra text")
    held = lock(six, CODES[1])
    outcome = migrate(six.logins, tree=two)
    held.close()
    assert sorted(outcome.migrated) == [CODES[0], CODES[2]] == with_column(ask)
    assert [left.code for left in outcome.left_out] == [CODES[1], *CODES[3:]]
    assert "canary" in outcome.left_out[1].error


def test_a_clinic_of_a_newer_release_is_left_out(six: Tenants, ask: Ask) -> None:
    ask(
        "UPDATE platform.clinic_revision SET revision = '9999_newer' WHERE clinic_id = "
        "(SELECT id FROM platform.clinic WHERE code = %s)",
        CODES[0],
    )
    outcome = migrate(six.logins)
    assert [(left.code, left.error) for left in outcome.left_out] == [
        (CODES[0], "revision 9999_newer is not one of this release")
    ]


def test_two_runs_at_once_do_not_mix(six: Tenants) -> None:
    with (
        six.logins.connect("owner", autocommit=True) as other,
        own_turn(other),
        pytest.raises(Busy),
    ):
        migrate(six.logins)
