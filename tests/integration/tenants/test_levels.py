"""`shipa init` sets up the level of isolation that the server allows, and `shipa check` tells which runs."""

from __future__ import annotations

import dataclasses
import typing
from contextlib import closing

import pytest

from saas.app import create_app
from saas.config import Settings
from tenants import binding, initialising
from tenants.checking import check
from tenants.connecting import Logins
from tenants.initialising import advise, initialise
from tenants.keys import create_master_key
from tenants.set_user import ADVICE
from tests.support import world
from tests.support.holes import MINE, OTHER, bound, careless_application, two_clinics
from tests.support.set_user import own_server

if typing.TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def logins(worker_id: str) -> Iterator[Logins]:
    """Two clinics of the attack matrix at level 2."""
    server, name = own_server(), f"levels_{worker_id}"
    made = server.fresh(name)
    two_clinics(made.settings)
    initialise(made)
    yield made
    server.drop(name)


def level_in_use(logins: Logins) -> int:
    """That of a page's connection, which also passes the gate and back."""
    engine, sessions = careless_application(logins)
    with bound(sessions) as session:
        with binding.gate_role(session):
            secret = session.connection().exec_driver_sql("SELECT password_hash FROM staff_secret").scalar()
        name = session.connection().exec_driver_sql("SELECT name FROM resident WHERE id = 7").scalar()
        level = binding.driver_connection(session.connection()).level
    engine.dispose()
    assert (secret, name) == ("CANARY-SECRET", "Own Resident 7")
    return level


def may(logins: Logins, what: str) -> bool:
    """What the superuser sees of a right."""
    with closing(logins.connect("admin", database=logins.settings.database)) as admin:
        row = admin.execute(f"SELECT {what}".encode()).fetchone()
    return bool(row and row[0])


MEMBER = f"pg_has_role('shipa_web', '{MINE}', 'MEMBER')"
OWN_SECRETS = f"has_table_privilege('{MINE}', '{MINE}.staff_secret', 'SELECT')"
CALLS = "has_function_privilege('shipa_web', 'ref.set_user(text, text)', 'EXECUTE')"


def test_level_two_is_made_once_and_says_what_it_changed(worker_id: str) -> None:
    server, name = own_server(), f"anew_{worker_id}"
    server.drop(name)
    logins = server.logins(name)
    create_master_key(logins.settings.master_key_file)
    changes = initialise(logins)
    assert "extension set_user is in schema ref" in changes
    assert any("shipa_web may call set_user" in change for change in changes)
    assert (initialise(logins), advise(logins)) == ([], [])
    server.drop(name)


def test_without_the_library_level_one_runs_and_init_says_what_to_put_where(worker_id: str) -> None:
    server, name = own_server(preloaded=""), f"unloaded_{worker_id}"
    logins = server.fresh(name)
    assert advise(logins) == [ADVICE]
    assert not may(logins, "EXISTS (SELECT FROM pg_extension WHERE extname = 'set_user')")
    two_clinics(logins.settings)
    assert (initialise(logins), level_in_use(logins)) == ([], 1)
    server.drop(name)


def test_back_to_level_one_and_to_level_two_again(logins: Logins, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after set_user is taken out of the server's configuration, and put back."""
    assert level_in_use(logins) == 2
    assert [may(logins, what) for what in (MEMBER, OWN_SECRETS, CALLS)] == [False, True, True]
    with monkeypatch.context() as patched:
        patched.setattr(initialising, "level_to_make", lambda _: 1)
        assert initialise(logins) != []
        assert initialise(logins) == []
    assert [may(logins, what) for what in (MEMBER, OWN_SECRETS, CALLS)] == [True, False, False]
    assert level_in_use(logins) == 1
    assert initialise(logins) != []
    assert level_in_use(logins) == 2
    assert [may(logins, what) for what in (MEMBER, OWN_SECRETS, CALLS)] == [False, True, True]


_MADE = (
    "CREATE OR REPLACE FUNCTION {} LANGUAGE plpgsql {} SET search_path = pg_catalog, pg_temp"
    " AS 'BEGIN {} END'"
)
_TALKATIVE = (
    "DO $$ BEGIN EXECUTE format('ALTER ROLE shipa_web IN DATABASE %I SET log_min_messages = log',"
    " current_database()); END $$"
)
SPOILED = {
    "membership": (f"GRANT {OTHER} TO shipa_web", "shipa_web may take no clinic's role"),
    "membership of a gate": (f"GRANT {OTHER}_gate TO shipa_web", "shipa_web may take no clinic's role"),
    "set_user for all": ("GRANT EXECUTE ON FUNCTION ref.set_user(text, text) TO PUBLIC", "nobody the rest"),
    "set_user_u": ("GRANT EXECUTE ON FUNCTION ref.set_user_u(text) TO shipa_web", "nobody the rest"),
    "set_session_auth": (
        f"GRANT EXECUTE ON FUNCTION ref.set_session_auth(text) TO {MINE}",
        "nobody the rest",
    ),
    "an open policy": (f"CREATE POLICY mine ON {MINE}.staff_secret USING (true)", "through the gate alone"),
    "no row security": (
        f"ALTER TABLE {MINE}.staff_secret DISABLE ROW LEVEL SECURITY",
        "through the gate alone",
    ),
    "a policy changed": (
        f"ALTER POLICY clinic ON {MINE}.staff_secret USING (true)",
        "through the gate alone",
    ),
    "a gate that is always open": (
        _MADE.format("ref.gate_is_open() RETURNS boolean", "STABLE", "RETURN true;"),
        "the gate to a clinic's secrets opens with the key",
    ),
    "a guard that guards nothing": (
        _MADE.format("platform.guard_gate(number text) RETURNS void", "", ""),
        "platform.guard_gate",
    ),
    "talkative": (
        _TALKATIVE,
        "nothing in the log",
    ),
}


@pytest.mark.parametrize("case", SPOILED)
def test_what_is_spoiled_at_level_two_is_named_and_put_right(logins: Logins, case: str) -> None:
    spoil, said = SPOILED[case]
    assert _problems(logins) == []
    with closing(logins.connect("admin", database=logins.settings.database, autocommit=True)) as admin:
        admin.execute(spoil.encode())
    assert any(said in what for what in _problems(logins)), _problems(logins)
    with closing(logins.connect("admin", database=logins.settings.database, autocommit=True)) as admin:
        admin.execute(f"REVOKE EXECUTE ON FUNCTION ref.set_session_auth(text) FROM {MINE}".encode())
    assert initialise(logins) != [] or case == "set_session_auth"
    assert _problems(logins) == []


def test_a_gate_for_the_key_of_another_installation_is_named(logins: Logins, tmp_path: Path) -> None:
    create_master_key(tmp_path / "master.key")
    other = Logins(dataclasses.replace(logins.settings, master_key_file=tmp_path / "master.key"))
    assert any("master key alone" in what for what in _problems(other))
    assert not any("master key alone" in what for what in _problems(logins))


def _problems(logins: Logins) -> list[str]:
    """Without what the version of this machine's package brings."""
    found = [problem.what for problem in check(logins, allow=("fsync",))]
    return [what for what in found if "known holes" not in what]


def test_the_commands_tell_the_level_and_the_first_init_also_gives_the_gate_its_key(
    worker_id: str, tmp_path: Path
) -> None:
    server, name = own_server(), f"told_{worker_id}"
    server.drop(name)
    settings = dataclasses.replace(server.logins(name).settings, master_key_file=tmp_path / "master.key")
    app = create_app(Settings(hash_cost="test"), settings)
    runner = app.test_cli_runner()
    made = runner.invoke(args=["init"])
    assert "made: extension set_user is in schema ref" in made.stdout
    assert f"made: master key {tmp_path}" in made.stdout
    assert _problems(Logins(settings)) == []
    assert runner.invoke(args=["init"]).stdout == "nothing to change\n"
    assert "isolation level 2: set_user" in runner.invoke(args=["check"]).stdout
    world.close(app)
    server.drop(name)


def test_the_commands_tell_what_level_two_lacks(worker_id: str) -> None:
    server, name = own_server(preloaded=""), f"lacking_{worker_id}"
    server.drop(name)
    app = create_app(Settings(hash_cost="test"), server.logins(name).settings)
    runner = app.test_cli_runner()
    assert runner.invoke(args=["init"]).stdout.endswith(f"{ADVICE}\n")
    assert "isolation level 1: roles" in runner.invoke(args=["check"]).stdout
    world.close(app)
    server.drop(name)
