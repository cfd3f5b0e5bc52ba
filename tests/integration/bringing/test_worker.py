"""The worker: what it may do, what it does again, and that nothing is done by halves."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import typing

import psycopg
import pytest

from saas.residents.bringing import batches, running
from saas.web.jobs import send
from tenants.jobs import Stopped
from tenants.working import ATTEMPTS, Worker
from tests.e2e.house import ROOT
from tests.e2e.served import told
from tests.support import lists, world
from tests.support.apart import apart

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tests.integration.bringing.conftest import Office

MANY = 1001
"""Lines of a list: three looks, so that a run can be met between the first and the last."""

JOBS = "SELECT task_name || ' ' || status FROM jobs.procrastinate_jobs ORDER BY id"


def jobs(office: Office, statement: str = JOBS) -> list[typing.Any]:
    """The queue's rows of lists, of this clinic alone."""
    with world.caretaker(office.app).logins.connect("owner", autocommit=True) as connection:
        narrow = statement.replace(
            "ORDER", "WHERE args->>'clinic' = %s AND task_name LIKE 'residents.%%' ORDER"
        )
        return [row[0] for row in connection.execute(narrow.encode(), [str(office.card.id)])]


def waiting_run(office: Office, body: bytes) -> str:
    """A checked list whose run is asked for and not begun; its address."""
    address = office.check(body)
    office.head.send(f"{address}/run")
    return address


def test_the_queue_holds_ids_only_and_forgets_them(office: Office, ten: bytes) -> None:
    waiting_run(office, ten)
    assert jobs(office) == ["residents.run_list todo"]
    (args,) = jobs(office, "SELECT args FROM jobs.procrastinate_jobs ORDER BY id")
    assert set(args) == {"clinic", "object"}
    office.work()
    assert jobs(office) == []


def test_a_refused_request_queues_nothing(office: Office, ten: bytes) -> None:
    answer = office.choose(ten)
    assert office.head.send(answer.location, {"heading_line": "1"}).status_code == 422
    assert jobs(office) == []


def test_what_died_between_commit_and_queue_is_found_by_the_round(
    office: Office, ten: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise psycopg.OperationalError

    monkeypatch.setitem(office.app.extensions, "defer", gone)
    address = office.check(ten)
    assert office.batch(address).state == batches.CHECKING
    monkeypatch.undo()
    assert jobs(office) == []
    office.sweep()
    assert office.batch(address).state == batches.CHECKED


def test_a_run_that_fails_in_the_middle_leaves_nothing_and_is_told_in_the_end(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = waiting_run(office, lists.as_text(lists.people(1100)))
    real = running.store
    tries = []

    def breaks(*args: typing.Any) -> typing.Any:  # noqa: ANN401 - as the real one
        tries.append(1)
        if len(tries) % 2 == 0:
            raise psycopg.OperationalError
        return real(*args)

    monkeypatch.setattr(running, "store", breaks)
    for _ in range(ATTEMPTS):
        office.work()
        assert office.residents() == []
        _let_time_pass(office)
    assert len(tries) == 2 * ATTEMPTS
    batch = office.batch(address)
    assert (batch.state, batch.message) == (batches.FAILED, "broken-off")


def _let_time_pass(office: Office) -> None:
    with world.caretaker(office.app).logins.connect("jobs", autocommit=True) as connection:
        connection.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")


def test_a_worker_that_is_told_to_stop_puts_the_job_back(office: Office) -> None:
    address = waiting_run(office, lists.as_text(lists.people(20)))
    worker = Worker(world.caretaker(office.app))
    worker.stop()
    apart(worker.work_off)
    assert office.residents() == []
    assert jobs(office) == ["residents.run_list todo"]
    _let_time_pass(office)
    office.work()
    assert office.batch(address).state == batches.DONE
    with pytest.raises(Stopped):
        worker._look_up()


@contextlib.contextmanager
def process(app: Flask) -> Iterator[subprocess.Popen[bytes]]:
    """A worker as `shipa worker` is one, in a process of its own."""
    words = told(world.caretaker(app).settings)
    code = (
        "import logging; logging.basicConfig(level=logging.INFO);"
        "from tests.e2e.served import app; from tenants.working import Worker;"
        "Worker(app.extensions['building']).run()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "SHIPA_TEST_PLACE": words}
    ) as started:
        try:
            yield started
        finally:
            if started.poll() is None:
                started.kill()


def until(holds: typing.Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something that another process does."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.1)


@pytest.mark.timeout(180)
def test_kill_9_in_the_middle_leaves_nothing_and_the_next_worker_does_all(office: Office) -> None:
    address = waiting_run(office, lists.as_text(lists.people(MANY)))
    with process(office.app) as killed:
        until(lambda: 500 <= office.batch(address).progress < MANY)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    assert office.residents() == []
    assert office.batch(address).state == batches.RUNNING
    assert jobs(office) == ["residents.run_list doing"]
    with world.caretaker(office.app).logins.connect("owner", autocommit=True) as connection:
        connection.execute(
            "UPDATE jobs.procrastinate_workers SET last_heartbeat = now() - interval '1 minute'"
        )
    office.work()
    assert office.batch(address).state == batches.DONE
    assert len(office.residents()) == MANY


@pytest.mark.timeout(120)
def test_sigterm_in_the_middle_ends_soon_and_puts_the_job_back(office: Office) -> None:
    address = waiting_run(office, lists.as_text(lists.people(MANY)))
    with process(office.app) as ended:
        until(lambda: 500 <= office.batch(address).progress < MANY)
        ended.send_signal(signal.SIGTERM)
        assert ended.wait(timeout=30) == 0
    assert office.residents() == []
    assert jobs(office) == ["residents.run_list todo"]


def test_the_login_of_the_jobs_reaches_no_clinic(office: Office) -> None:
    logins = world.caretaker(office.app).logins
    with logins.connect("jobs", autocommit=True) as connection:
        assert connection.execute("SELECT count(*) FROM procrastinate_jobs").fetchone() is not None
        for refused in (
            f"TABLE {office.card.binding.schema}.resident",
            "SELECT 1 FROM platform.clinic",
            "SELECT 1 FROM platform.web_session",
            f"SET ROLE {office.card.binding.schema}",
            "CREATE TABLE jobs.mine (a int)",
            "DO $$ BEGIN END $$",
            "SELECT set_config('role', 'shipa_owner', true)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(refused.encode())


def test_the_logins_of_the_web_reach_no_job(office: Office) -> None:
    logins = world.caretaker(office.app).logins
    for login in ("web", "gate"):
        with logins.connect(login, autocommit=True) as connection:
            for refused in (
                "SELECT 1 FROM jobs.procrastinate_jobs",
                "SELECT jobs.procrastinate_finish_job_v1(1, 'succeeded', true)",
                "SELECT pg_notify('procrastinate_any_queue_v1', '{}')",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(refused.encode())


def test_a_queue_that_is_down_does_not_spoil_an_answer(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from saas.web.jobs import defer_after_commit  # noqa: PLC0415 - only here

    def down(*_: object) -> None:
        raise psycopg.OperationalError

    monkeypatch.setitem(app.extensions, "defer", down)
    with app.test_request_context():
        card = world.card_of(app, world.NORTH)
        defer_after_commit("residents.check_list", card.id)
        send(card.id)
