"""Threads over clinics: every task once, fresh connections now and then, errors handed back."""

from __future__ import annotations

import threading
import typing

import pytest

from tenants.workers import Workers

if typing.TYPE_CHECKING:
    from tenants.connecting import Connection, Logins


class FakeConnection:
    """Stands for a connection; counts how many clinics it has seen."""

    def __init__(self) -> None:
        self.seen: list[int] = []
        self.closed = False

    def __enter__(self) -> typing.Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.closed = True


class FakeLogins:
    """Opens them."""

    def __init__(self) -> None:
        self.opened: list[FakeConnection] = []

    def connect(self, login: str, *, autocommit: bool) -> FakeConnection:
        assert (login, autocommit) == ("owner", True)
        self.opened.append(FakeConnection())
        return self.opened[-1]


def workers(logins: FakeLogins, jobs: int = 2) -> Workers:
    return Workers(typing.cast("Logins", logins), jobs, per_connection=10)


def see(connection: Connection, task: int) -> None:
    typing.cast("FakeConnection", connection).seen.append(task)


def test_every_task_is_done_once_by_connections_that_are_renewed() -> None:
    logins = FakeLogins()
    workers(logins).run(range(95), see)
    assert sorted(task for connection in logins.opened for task in connection.seen) == list(range(95))
    assert all(len(connection.seen) <= 10 and connection.closed for connection in logins.opened)


def test_nothing_to_do_opens_nothing() -> None:
    logins = FakeLogins()
    workers(logins).run([], see)
    assert logins.opened == []


def test_a_broken_connection_is_left_for_a_new_one() -> None:
    logins = FakeLogins()

    def break_at_3(connection: Connection, task: int) -> None:
        see(connection, task)
        typing.cast("FakeConnection", connection).closed = task == 3

    workers(logins, jobs=1).run(range(6), break_at_3)
    assert [connection.seen for connection in logins.opened] == [[0, 1, 2, 3], [4, 5]]


def test_what_a_task_raises_stops_the_others_and_is_raised_here() -> None:
    logins = FakeLogins()
    failed = threading.Event()

    def fail_first(connection: Connection, task: int) -> None:
        see(connection, task)
        if task == 0:
            failed.set()
            raise OSError("gone")
        failed.wait(5)

    with pytest.raises(OSError, match="gone"):
        workers(logins).run(range(1000), fail_first)
    assert sum(len(connection.seen) for connection in logins.opened) < 1000
