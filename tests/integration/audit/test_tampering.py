"""A superuser tampers with a clinic's access log; verification names the row."""

import typing

import psycopg
import pytest

from saas.audit.chain import Row
from saas.web.log import Entry
from tests.integration.audit.conftest import LoggedClinic

Admin = psycopg.Connection[typing.Any]

_CHANGES = {
    "at": ["at + interval '1 microsecond'", "'infinity'", "'0044-03-15 BC'"],
    "staff_id": ["gen_random_uuid()", "NULL"],
    "staff_name": ["staff_name || ' '"],
    "act": ["'residents.edit'"],
    "status": ["404"],
    "resident_ids": ["'[]'", "resident_ids || '[\"x\"]'", "'{}'"],
    "purpose": ["''"],
    "detail": [
        "'{}'",
        "detail || '{\"row\": 4.00000000000000000000000001}'",
        "detail || '{\"more\": null}'",
        "jsonb_build_object('row', 'text')",
        "('{\"row\": ' || repeat('9', 5000) || '}')::jsonb",
    ],
    "previous": ["decode(repeat('00', 32), 'hex')", "''"],
    "hash": ["decode(repeat('00', 32), 'hex')", "''"],
}


def test_every_column_has_its_change() -> None:
    assert set(_CHANGES) == set(Row._fields) - {"number"}


@pytest.mark.parametrize(
    ("column", "value"), [(column, value) for column, all_ in _CHANGES.items() for value in all_]
)
def test_a_change_is_named(clinic: LoggedClinic, admin: Admin, column: str, value: str) -> None:
    admin.execute(f"UPDATE access_log SET {column} = {value} WHERE number = 5")  # noqa: S608
    assert clinic.verify() == [(5, "changed")]


def test_a_changed_number_is_named(clinic: LoggedClinic, admin: Admin) -> None:
    admin.execute("UPDATE access_log SET number = 99 WHERE number = 5")
    assert clinic.verify() == [(5, "deleted"), (99, "reordered")]


@pytest.mark.parametrize("number", [1, 5, 9])
def test_a_delete_is_named(clinic: LoggedClinic, admin: Admin, number: int) -> None:
    admin.execute("DELETE FROM access_log WHERE number = %s", [number])
    assert clinic.verify() == [(number, "deleted")]


def test_an_insert_is_named(clinic: LoggedClinic, admin: Admin) -> None:
    admin.execute(
        "INSERT INTO access_log SELECT 11, at, staff_id, staff_name, 'residents.show', status,"
        " resident_ids, purpose, detail, hash, hash FROM access_log WHERE number = 10"
    )
    assert clinic.verify() == [(11, "foreign")]


def test_an_insert_between_is_named(clinic: LoggedClinic, admin: Admin) -> None:
    admin.execute("UPDATE access_log SET number = -number WHERE number >= 5")
    admin.execute("UPDATE access_log SET number = 1 - number WHERE number < 0")
    admin.execute(
        "INSERT INTO access_log SELECT 5, at, staff_id, staff_name, 'made up', status,"
        " resident_ids, purpose, detail, previous, hash FROM access_log WHERE number = 6"
    )
    assert clinic.verify()[0] == (5, "inserted")


def test_an_exchange_is_named(clinic: LoggedClinic, admin: Admin) -> None:
    admin.execute("UPDATE access_log SET number = -number WHERE number IN (3, 8)")
    admin.execute("UPDATE access_log SET number = 11 + number WHERE number < 0")
    assert clinic.verify() == [(3, "reordered"), (8, "reordered")]


def test_a_cut_before_the_newest_seal_is_named(clinic: LoggedClinic, admin: Admin) -> None:
    seal = clinic.head()
    admin.execute("DELETE FROM access_log WHERE number > 7")
    assert clinic.verify(seal) == [(8, "cut")]
    assert clinic.verify() == []


def test_a_cut_that_was_written_over_is_named(clinic: LoggedClinic, admin: Admin) -> None:
    seal = clinic.head()
    admin.execute("DELETE FROM access_log WHERE number > 7")
    clinic.write(*(Entry("residents.show") for _ in range(5)))
    assert clinic.verify() == []
    assert clinic.verify(seal) == [(10, "rewritten")]


def test_a_cut_of_rows_newer_than_the_last_seal_cannot_be_seen(clinic: LoggedClinic, admin: Admin) -> None:
    """The limit of sealing: what is left is a whole chain that fits its seal. Seal often."""
    seal = clinic.head()
    clinic.write(Entry("residents.show"), Entry("residents.edit"))
    admin.execute("DELETE FROM access_log WHERE number > %s", [seal.number])
    assert clinic.verify(seal) == []


def test_everything_deleted_is_named(clinic: LoggedClinic, admin: Admin) -> None:
    seal = clinic.head()
    admin.execute("TRUNCATE access_log")
    assert clinic.verify(seal) == [(1, "cut")]


def test_a_fork_is_named_when_the_primary_key_was_dropped(clinic: LoggedClinic, admin: Admin) -> None:
    with admin.transaction():
        admin.execute("ALTER TABLE access_log DROP CONSTRAINT pk_access_log")
        admin.execute("INSERT INTO access_log SELECT * FROM access_log WHERE number = 5")
    try:
        assert clinic.verify() == [(5, "forked")]
    finally:
        admin.execute("TRUNCATE access_log")
        admin.execute("ALTER TABLE access_log ADD CONSTRAINT pk_access_log PRIMARY KEY (number)")


_REFUSED = [
    "UPDATE access_log SET act = 'x'",
    "UPDATE access_log SET number = number + 1",
    "DELETE FROM access_log",
    "TRUNCATE access_log",
    "ALTER TABLE access_log DISABLE TRIGGER ALL",
    "ALTER TABLE access_log DROP CONSTRAINT pk_access_log",
    "DROP TABLE access_log",
    "CREATE RULE r AS ON INSERT TO access_log DO INSTEAD NOTHING",
    "CREATE TRIGGER t BEFORE INSERT ON access_log FOR EACH ROW EXECUTE FUNCTION x()",
    "SET session_replication_role = replica",
    "INSERT INTO access_log SELECT * FROM access_log ON CONFLICT (number) DO UPDATE SET act = 'x'",
]


@pytest.mark.parametrize("role", ["", "_gate"])
@pytest.mark.parametrize("statement", _REFUSED)
def test_the_clinics_roles_can_only_add(
    clinic: LoggedClinic, admin: Admin, statement: str, role: str
) -> None:
    admin.execute(f"SET ROLE {clinic.card.binding.schema}{role}")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        admin.execute(statement)
    admin.execute("RESET ROLE")
    assert clinic.verify() == []


def test_the_owner_and_the_doors_role_cannot_be_mistaken_for_the_clinic(
    clinic: LoggedClinic, admin: Admin
) -> None:
    found = admin.execute(
        "SELECT grantee, privilege_type FROM information_schema.role_table_grants "
        "WHERE table_schema = %s AND table_name = 'access_log' AND grantee <> 'shipa_owner'",
        [clinic.card.binding.schema],
    ).fetchall()
    role = clinic.card.binding.schema
    assert set(found) == {(role, "SELECT"), (role, "INSERT")}
