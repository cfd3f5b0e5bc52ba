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
from tests.support.spoiled import CLINIC, SPOILED

FAST = ("fsync",)


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
        "fsync is off for jobs, not on",
    }


@pytest.mark.parametrize("name", ["SHIPA_CHECK_ALLOW", "SHIPA_ALLOW", "ALLOW", "TESTING"])
def test_the_environment_allows_nothing(logins: Logins, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "fsync")
    assert check(logins) != []


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
