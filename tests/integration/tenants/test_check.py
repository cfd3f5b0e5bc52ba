"""`shipa check`: quiet on a good database, and one sentence with a remedy for each thing that is not."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tenants import checking
from tenants.checking import OLDEST_MINORS, Problem, check, findings
from tenants.connecting import Logins
from tenants.keys import create_master_key
from tenants.settings import TenantSettings
from tests.support.postgres import Cluster, private_cluster

FAST = ("fsync",)

CLINIC = """
CREATE SCHEMA t_{n};
CREATE TABLE t_{n}.resident (id int PRIMARY KEY, name text);
CREATE TABLE t_{n}.access_log (id int PRIMARY KEY);
CREATE TABLE t_{n}.staff_secret (id int PRIMARY KEY);
GRANT USAGE ON SCHEMA t_{n} TO t_{n}, t_{n}_gate;
GRANT SELECT, INSERT, UPDATE (name) ON t_{n}.resident TO t_{n};
GRANT SELECT, INSERT ON t_{n}.access_log TO t_{n};
GRANT SELECT, INSERT, UPDATE ON t_{n}.staff_secret TO t_{n}_gate;
"""


def _two_clinics(settings: TenantSettings) -> None:
    with closing(Logins(settings).connect("owner", autocommit=True)) as owner:
        for number in ("0001", "0002"):
            owner.execute(f"SELECT platform.make_clinic_roles('{number}')")
            owner.execute(CLINIC.format(n=number).encode())


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    """A server of its own: these tests spoil roles, which belong to the whole server."""
    with private_cluster() as own:
        yield own


@pytest.fixture
def logins(server: Cluster) -> Iterator[Logins]:
    template = server.template("check_template", _two_clinics)
    settings = server.clone(template, "checked")
    create_master_key(settings.master_key_file)
    yield Logins(settings)
    server.drop("checked")


def _spoil(logins: Logins, *statements: str) -> None:
    with closing(logins.connect("admin", autocommit=True)) as admin:
        for statement in statements:
            admin.execute(statement.encode())


def test_a_good_database_is_fit_to_serve(logins: Logins) -> None:
    assert check(logins, allow=FAST) == []


def test_the_cluster_of_tests_is_refused_where_it_is_not_named(logins: Logins) -> None:
    problems = check(logins)
    assert {problem.what for problem in problems} == {
        "fsync is off for web, not on",
        "fsync is off for gate, not on",
    }


@pytest.mark.parametrize("name", ["SHIPA_CHECK_ALLOW", "SHIPA_ALLOW", "ALLOW", "TESTING"])
def test_the_environment_allows_nothing(logins: Logins, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "fsync")
    assert check(logins) != []


# What is done to the database, what the check says of it, and how it is undone on the server.
SPOILED = {
    "a closed function": (
        ["GRANT EXECUTE ON FUNCTION set_config(text, text, boolean) TO PUBLIC"],
        "changes the role",
        [],
    ),
    "one overload of a closed function": (
        ["GRANT EXECUTE ON FUNCTION ts_rewrite(tsquery, text) TO PUBLIC"],
        "runs SQL that is handed over as text",
        [],
    ),
    "a language": (["GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC"], "procedural language", []),
    "row estimates": (["GRANT SELECT ON pg_catalog.pg_class TO PUBLIC"], "number of rows", []),
    "a statistics view": (
        ["GRANT SELECT ON pg_catalog.pg_stat_activity TO PUBLIC"],
        "figures about sessions",
        [],
    ),
    "pg_settings": (["GRANT UPDATE ON pg_catalog.pg_settings TO PUBLIC"], "pg_settings", []),
    "dblink": (["CREATE EXTENSION dblink SCHEMA ref"], "Extension dblink", []),
    "file_fdw": (["CREATE EXTENSION file_fdw SCHEMA ref"], "Extension file_fdw", []),
    "synchronous_commit of the login": (
        ["ALTER ROLE shipa_web IN DATABASE checked SET synchronous_commit = off"],
        "synchronous_commit is off for web",
        [],
    ),
    "synchronous_commit of the gate": (
        ["ALTER ROLE shipa_gate IN DATABASE checked SET synchronous_commit = off"],
        "synchronous_commit is off for gate",
        [],
    ),
    "synchronous_commit of another login": (
        ["ALTER ROLE shipa_owner IN DATABASE checked SET synchronous_commit = off"],
        "changes synchronous_commit",
        [],
    ),
    "the timeouts": (
        ["ALTER ROLE shipa_web IN DATABASE checked RESET statement_timeout"],
        "short timeouts",
        [],
    ),
    "a login that inherits": (
        ["ALTER ROLE shipa_web INHERIT"],
        "shipa_web may sign in and is nothing else",
        ["ALTER ROLE shipa_web NOINHERIT"],
    ),
    "an owner who makes roles": (
        ["ALTER ROLE shipa_owner CREATEROLE"],
        "shipa_owner may sign in and is nothing else",
        ["ALTER ROLE shipa_owner NOCREATEROLE"],
    ),
    "a gate with a clinic's role": (
        ["GRANT t_0001 TO shipa_gate WITH INHERIT FALSE"],
        "shipa_gate may sign in and is nothing else",
        ["REVOKE t_0001 FROM shipa_gate"],
    ),
    "a clinic's role that signs in": (
        ["ALTER ROLE t_0001 LOGIN"],
        "may not sign in",
        ["ALTER ROLE t_0001 NOLOGIN"],
    ),
    "a clinic's role in another's": (
        ["GRANT t_0002 TO t_0001"],
        "member of nothing (t_0001 in t_0002)",
        ["REVOKE t_0002 FROM t_0001"],
    ),
    "a clinic's role that is inherited": (
        ["GRANT t_0001 TO shipa_web WITH INHERIT TRUE"],
        "inherits nothing",
        ["GRANT t_0001 TO shipa_web WITH INHERIT FALSE"],
    ),
    "a right of the web login on a table": (
        ["GRANT SELECT ON t_0001.resident TO shipa_web"],
        "shipa_web has no right of its own",
        [],
    ),
    "a right of the web login on a column": (
        ["GRANT SELECT (name) ON t_0001.resident TO shipa_web"],
        "shipa_web has no right of its own",
        [],
    ),
    "a right of the web login on a schema": (
        ["GRANT USAGE ON SCHEMA platform TO shipa_web"],
        "shipa_web has no right of its own",
        [],
    ),
    "a table of the web login": (
        ["CREATE TABLE ref.mine (a int)", "ALTER TABLE ref.mine OWNER TO shipa_web"],
        "shipa_web has no right of its own",
        [],
    ),
    "a schema open to all": (
        ["GRANT USAGE ON SCHEMA t_0001 TO PUBLIC"],
        "nothing outside ref is open to everybody",
        [],
    ),
    "a table open to all": (
        ["GRANT SELECT ON t_0001.resident TO PUBLIC"],
        "nothing outside ref is open to everybody",
        [],
    ),
    "a schema open to another clinic": (
        ["GRANT USAGE ON SCHEMA t_0001 TO t_0002"],
        "a clinic's schema is open to its own roles alone",
        [],
    ),
    "a schema that its role may fill": (
        ["GRANT CREATE ON SCHEMA t_0001 TO t_0001"],
        "a clinic's schema is open to its own roles alone",
        [],
    ),
    "a table open to another clinic": (
        ["GRANT SELECT ON t_0001.resident TO t_0002"],
        "a clinic's tables are open to its own roles alone",
        [],
    ),
    "a column open to another clinic": (
        ["GRANT SELECT (name) ON t_0001.resident TO t_0002"],
        "a clinic's tables are open to its own roles alone",
        [],
    ),
    "a table that can be emptied": (
        ["GRANT TRUNCATE ON t_0001.resident TO t_0001"],
        "a clinic's tables are open to its own roles alone",
        [],
    ),
    "a right that can be handed on": (
        ["GRANT SELECT ON t_0001.resident TO t_0001 WITH GRANT OPTION"],
        "a clinic's tables are open to its own roles alone",
        [],
    ),
    "secrets open to the clinic's role": (
        ["GRANT SELECT ON t_0001.staff_secret TO t_0001"],
        "closed to the clinic's role (t_0001.staff_secret)",
        [],
    ),
    "a log that can be changed": (
        ["GRANT UPDATE (id) ON t_0001.access_log TO t_0001"],
        "only added to",
        [],
    ),
    "a log that can be shortened": (
        ["GRANT DELETE ON t_0001.access_log TO t_0001"],
        "only added to",
        [],
    ),
    "a function with its owner's rights": (
        [
            """CREATE FUNCTION ref.peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER
            AS 'SELECT count(*) FROM t_0001.resident'"""
        ],
        "lends its owner's rights",
        [],
    ),
    "a role maker with another body": (
        [
            """CREATE OR REPLACE FUNCTION platform.make_clinic_roles(number text) RETURNS void
            LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
            AS 'BEGIN END'"""
        ],
        "make_clinic_roles",
        [],
    ),
    "schema public": (["GRANT USAGE, CREATE ON SCHEMA public TO PUBLIC"], "schema public", []),
    "a database open to all": (
        ["GRANT CONNECT, TEMPORARY ON DATABASE checked TO PUBLIC"],
        "may connect",
        [],
    ),
}


@pytest.mark.parametrize("case", SPOILED)
def test_what_is_spoiled_is_named(logins: Logins, case: str) -> None:
    statements, said, undo = SPOILED[case]
    _spoil(logins, *statements)
    try:
        problems = check(logins, allow=FAST)
        assert any(said in problem.what for problem in problems), problems
        assert all(len(problem.remedy) > 10 for problem in problems)
    finally:
        _spoil(logins, *undo)


def test_a_missing_init_is_named(server: Cluster) -> None:
    settings = server.settings("checked_bare")
    create_master_key(settings.master_key_file)
    with server.admin() as admin:
        admin.execute("CREATE DATABASE checked_bare TEMPLATE template0")
    try:
        problems = check(Logins(settings), allow=FAST)
        assert len(problems) > 20
        assert {problem.remedy for problem in problems} == {"Run `shipa init` as superuser."}
    finally:
        server.drop("checked_bare")


def test_no_connection_is_a_problem_and_not_a_traceback(logins: Logins) -> None:
    elsewhere = dataclasses.replace(logins.settings, database="nowhere")
    (problem,) = check(Logins(elsewhere), allow=FAST)
    assert "No connection as shipa_web" in problem.what


def test_the_master_key_must_be_there_and_private(logins: Logins, tmp_path: Path) -> None:
    file = tmp_path / "master.key"
    settings = dataclasses.replace(logins.settings, master_key_file=file)
    (problem,) = check(Logins(settings), allow=FAST)
    assert "master key" in problem.what
    create_master_key(file)
    assert check(Logins(settings), allow=FAST) == []
    file.chmod(0o640)
    (problem,) = check(Logins(settings), allow=FAST)
    assert "chmod 600" in problem.what


@pytest.mark.parametrize(
    ("version", "fit"),
    [
        (140030, False),
        (150017, False),
        (150018, True),
        (160013, False),
        (160014, True),
        (170009, False),
        (170010, True),
        (180003, False),
        (180004, True),
        (180006, True),
        (190000, True),
    ],
)
def test_old_minor_versions_are_refused(version: int, fit: bool) -> None:  # noqa: FBT001 - a table
    problems = list(checking._version_problems(version))
    assert (problems == []) is fit
    assert set(OLDEST_MINORS) == {15, 16, 17, 18}


@pytest.mark.parametrize(
    ("name", "bad", "good"),
    [
        ("synchronous_commit", ["off", "local", "remote_write"], ["on", "remote_apply"]),
        ("fsync", ["off"], ["on"]),
        ("max_locks_per_transaction", ["64", "1023"], ["1024", "4096"]),
        ("recovery_init_sync_method", ["fsync"], ["syncfs"]),
        ("data_checksums", ["off"], ["on"]),
    ],
)
def test_each_setting_tells_good_from_bad(name: str, bad: list[str], good: list[str]) -> None:
    (setting,) = (entry for entry in checking._SETTINGS if entry.name == name)
    assert [value for value in bad if setting.holds(value)] == []
    assert [value for value in good if not setting.holds(value)] == []


def test_any_login_may_ask(logins: Logins) -> None:
    for login in ("owner", "gate"):
        with closing(logins.connect(login, autocommit=True)) as connection:
            assert findings(connection, allow=FAST) == []


def test_a_problem_reads_as_one_line() -> None:
    assert str(Problem("It is so", "Do this.")) == "It is so. Do this."


def test_a_check_changes_nothing(logins: Logins) -> None:
    with closing(logins.connect("web")) as connection:
        connection.execute("SET TRANSACTION READ ONLY")
        assert findings(connection, allow=FAST) == []
        assert connection.info.transaction_status is psycopg.pq.TransactionStatus.INTRANS
