"""The attack matrix at level 2: nothing foreign, inside statements, behind them and as whole statements."""

from __future__ import annotations

import typing
from contextlib import closing

import pytest
from psycopg import sql

from tenants.initialising import initialise
from tests.support.attacks import INSIDE, STACKED
from tests.support.holes import CANARY, MINE, OTHER, bound, careless_application, raw_connection
from tests.support.matrix import everything, next_clinics_see_their_own, send_inside, send_stacked
from tests.support.whole import ESCAPES, PROBES, WAYS, attacked, driven, said, said_simply, sequences, tried

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from tenants.connecting import Logins
    from tests.support.holes import Careless
    from tests.support.set_user import OwnServer
    from tests.support.whole import Admin


@pytest.fixture
def traces(admin: Admin) -> Iterator[None]:
    """Whatever was attempted, the database and the server are afterwards as they were."""
    before = everything(admin)
    yield
    # The login may give itself settings (the list says so); nothing else may differ.
    for role in ("shipa_web", MINE):
        admin.execute(sql.SQL("ALTER ROLE {} RESET ALL").format(sql.Identifier(role)))
    assert everything(admin) == before


@pytest.mark.parametrize("attack", INSIDE)
def test_inside_a_statement_nothing_foreign_is_reached(
    application: Careless, traces: None, attack: str
) -> None:
    send_inside(application[1], attack, INSIDE[attack])


@pytest.mark.parametrize("attack", STACKED)
def test_stacked_behind_a_statement_nothing_runs(application: Careless, traces: None, attack: str) -> None:
    send_stacked(application[1], STACKED[attack])


@pytest.mark.parametrize("escape", ESCAPES)
def test_a_whole_statement_reaches_no_other_clinic(application: Careless, traces: None, escape: str) -> None:
    _, sessions = application
    for statements in sequences(escape):
        for way in WAYS:
            seen = tried(sessions, statements, way)
            assert "CANARY" not in seen, (statements, seen)
    next_clinics_see_their_own(sessions)


@pytest.mark.parametrize("attack", [name for name, text in STACKED.items() if "RESET ALL" not in text])
def test_stacked_attacks_sent_as_whole_statements_reach_no_other_clinic(
    application: Careless, traces: None, attack: str
) -> None:
    _, sessions = application
    parts = [part.strip() for part in STACKED[attack].split(";") if part.strip()]
    for way in WAYS:
        assert "CANARY" not in tried(sessions, tuple(parts), way), parts
        assert "CANARY" not in tried(sessions, ("COMMIT", *parts), way), parts
    # And as one message of the simple protocol, as psycopg's own cursor would send it.
    assert "CANARY" not in tried(sessions, (STACKED[attack],), said_simply)
    next_clinics_see_their_own(sessions)


@pytest.mark.parametrize(
    "call", ["ref.set_user(%s, 'x')", "ref.reset_user(%s)", "set_config('role', %s, false)"]
)
def test_a_whole_statement_with_real_parameters_is_refused(application: Careless, call: str) -> None:
    with bound(application[1]) as session:
        raw = raw_connection(session)
        said(raw, "COMMIT")
        assert driven(raw, f"SELECT {call}", ("t_9812",)).startswith("refused")
        assert CANARY not in said(raw, PROBES[0])


# The controls: what the matrix would say if a part of the wall were missing.


@pytest.fixture
def soft(server: OwnServer, logins: Logins, admin: Admin) -> Iterator[None]:
    """The membership given back, as a server has it that was at level 1: set_user alone remains."""
    for role in (MINE, OTHER, f"{OTHER}_gate"):
        admin.execute(f"GRANT {role} TO shipa_web".encode())
    yield
    initialise(logins)


def test_control_with_the_membership_given_back_set_user_alone_leaks(
    application: Careless, soft: None
) -> None:
    """set_user compares the setting's name with its case: written otherwise, SET ROLE passes."""
    assert CANARY in tried(application[1], ('SET "ROLE" = t_9812',))
    assert "blocked by set_user" in tried(application[1], ("SET LOCAL ROLE t_9812",))


def test_control_at_level_one_the_same_server_leaks(server: OwnServer, worker_id: str) -> None:
    name = f"level_one_{worker_id}"
    logins = attacked(server, name)
    with closing(server.admin(name)) as admin:
        admin.execute("REVOKE EXECUTE ON FUNCTION ref.set_user(text, text) FROM shipa_web")
        for schema in (MINE, OTHER):
            admin.execute(f"GRANT {schema} TO shipa_web".encode())
    engine, sessions = careless_application(logins)
    assert CANARY in tried(sessions, ("SET LOCAL ROLE t_9812", "SELECT name FROM t_9812.resident"))
    engine.dispose()
    server.drop(name)
    for schema in (MINE, OTHER):
        with closing(server.admin()) as admin:
            admin.execute(f"REVOKE {schema} FROM shipa_web".encode())
