"""A roster in the console: nothing happens before it is started, faults are told, stopped ones go on."""

from __future__ import annotations

import ast
import contextlib
import os
import signal
import subprocess
import sys
import time
import typing
import uuid
from pathlib import Path

import pytest

from tenants import roster_runs
from tenants.clinic_check import checked
from tenants.jobs import HOUSE, Stopped
from tenants.working import Worker
from tests.e2e.served import told
from tests.support import operating, rosters, world
from tests.support.movers import until_gone
from tests.support.rosters import ask, line, state_of

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tests.support.operating import Desk

ROOT = Path(__file__).resolve().parents[3]
_HAS_DOCS = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def codes(count: int) -> list[str]:
    return [world.free_code() for _ in range(count)]


def there(app: Flask, wanted: list[str]) -> list[tuple[str, str]]:
    query = "SELECT code, state FROM platform.clinic WHERE code = ANY (%s) ORDER BY code"
    return typing.cast("list[tuple[str, str]]", ask(app, query, sorted(wanted)))


def faults_of(app: Flask, run_id: uuid.UUID) -> list[tuple[typing.Any, ...]]:
    query = (
        'SELECT line, "column", value, message FROM platform.roster_fault WHERE run_id = %s ORDER BY position'
    )
    return ask(app, query, run_id)


def test_a_dry_run_tells_what_would_happen_and_changes_nothing(app: Flask, desk: Desk) -> None:
    one, two, wrong = codes(3)
    lines = [line(one), line(two, name_zh=""), line(wrong, kind="hospital"), line(one)]
    run_id = rosters.send(desk, rosters.csv_of(lines))
    assert state_of(app, run_id) == "checking"
    assert "data-progress" in desk.at(f"/rosters/{run_id}").get_data(as_text=True)
    operating.work_off(app)
    assert state_of(app, run_id) == "checked"
    assert there(app, [one, two, wrong]) == []
    assert faults_of(app, run_id) == [
        (3, "name_zh", "", "The Chinese name is empty."),
        (
            4,
            "kind",
            "hospital",
            "The kind is none of township_health_centre, community_health_centre, community_health_station.",
        ),
        (5, "code", one, "The code stands on line 2 already."),
    ]
    page = desk.at(f"/rosters/{run_id}").get_data(as_text=True)
    assert "hospital" in page
    assert f"/rosters/{run_id}/start" in page


@pytest.mark.parametrize("kind", ["csv", "bom", "gb18030", "xlsx"])
def test_every_kind_of_file_that_the_command_takes_is_brought_in(app: Flask, desk: Desk, kind: str) -> None:
    one, two = codes(2)
    lines = [line(one), line(two, name_ug="")]
    text = rosters.csv_of(lines)
    bodies = {
        "csv": text,
        "bom": b"\xef\xbb\xbf" + text,
        "gb18030": text.decode().encode("gb18030"),
        "xlsx": rosters.sheet_of(lines),
    }
    sites = rosters.sites_of((f"{one}001", one, "一村卫生室"), (f"{one}002", one, "二村卫生室"))
    run_id = rosters.checked(app, desk, bodies[kind], f"roster.{kind}", sites)
    assert faults_of(app, run_id) == []
    assert desk.do(f"/rosters/{run_id}/start").status_code == 303
    operating.work_off(app)
    assert state_of(app, run_id) == "done"
    assert there(app, [one, two]) == [(one, "provisioned"), (two, "provisioned")]
    (report,) = ask(app, "SELECT report FROM platform.roster_run WHERE id = %s", run_id)[0]
    assert report["clinics"] == {"created": 2, "unchanged": 0, "updated": 0}
    assert report["sites"] == {"created": 2, "unchanged": 0, "updated": 0}
    assert ask(app, "SELECT count(*) FROM platform.roster_file WHERE run_id = %s", run_id) == [(0,)]


def test_what_was_done_stands_in_the_clinics_log_under_the_operators_name(app: Flask) -> None:
    operator = operating.add(app)
    desk = operating.sign_in(app, operator)
    (code,) = codes(1)
    for lines in ([line(code)], [line(code, county_zh="另县")]):
        run_id = rosters.checked(app, desk, rosters.csv_of(lines))
        desk.do(f"/rosters/{run_id}/start")
        operating.work_off(app)
    query = (
        "SELECT act, operator FROM platform.operator_act a JOIN platform.clinic c ON c.id = clinic_id "
        "WHERE code = %s ORDER BY at"
    )
    assert ask(app, query, code) == [("clinic.created", operator.name), ("clinic.updated", operator.name)]
    assert there(app, [code]) == [(code, "provisioned")]
    assert world.card_of(app, code).county_zh == "另县"


def test_a_second_start_does_nothing_and_an_unchecked_roster_cannot_start(app: Flask, desk: Desk) -> None:
    (code,) = codes(1)
    run_id = rosters.send(desk, rosters.csv_of([line(code)]))
    desk.do(f"/rosters/{run_id}/start")
    assert state_of(app, run_id) == "checking"
    operating.work_off(app)
    desk.do(f"/rosters/{run_id}/start")
    desk.do(f"/rosters/{run_id}/start")
    operating.work_off(app)
    desk.do(f"/rosters/{run_id}/start")
    assert state_of(app, run_id) == "done"
    assert there(app, [code]) == [(code, "provisioned")]
    assert desk.do(f"/rosters/{uuid.uuid4()}/start").status_code == 404


def stop_at_second(desk: Desk, run_id: uuid.UUID) -> typing.Callable[[], None]:
    """An operator presses "Stop" while the second clinic is made."""
    asked = []

    def look_up() -> None:
        asked.append(1)
        if len(asked) == 2:
            desk.do(f"/rosters/{run_id}/stop")

    return look_up


def test_stopped_it_keeps_whole_clinics_and_goes_on_with_one_report(
    app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = codes(6)
    monkeypatch.setattr(roster_runs, "_TELL_EVERY", 0)
    run_id = rosters.checked(app, desk, rosters.csv_of([line(code) for code in wanted]))
    desk.do(f"/rosters/{run_id}/start")
    roster_runs.work(world.caretaker(app), run_id, stop_at_second(desk, run_id))
    assert state_of(app, run_id) == "stopped"
    done = there(app, wanted)
    assert 0 < len(done) < 6
    page = desk.at(f"/rosters/{run_id}").get_data(as_text=True)
    assert f"/rosters/{run_id}/start" in page
    desk.do(f"/rosters/{run_id}/start")
    told = []
    roster_runs.work(world.caretaker(app), run_id, lambda: told.append(progress(desk, run_id)))
    assert state_of(app, run_id) == "done"
    assert len(there(app, wanted)) == 6
    assert (told[-1], progress(desk, run_id)) == ((5, 6), (6, 6)), "of all, not of the rest"
    query = "SELECT kind FROM platform.roster_order WHERE run_id = %s ORDER BY at"
    assert ask(app, query, run_id) == [("start",), ("stop",), ("go_on",)]
    (report,) = ask(app, "SELECT report FROM platform.roster_run WHERE id = %s", run_id)[0]
    assert report["clinics"] == {"created": 6, "unchanged": 0, "updated": 0}


def progress(desk: Desk, run_id: uuid.UUID) -> tuple[int, int]:
    told = desk.at(f"/rosters/{run_id}/progress").get_json()
    return told["done"], told["of"]


def test_a_worker_that_is_to_end_gives_the_roster_back_and_another_goes_on(app: Flask, desk: Desk) -> None:
    wanted = codes(5)
    run_id = rosters.checked(app, desk, rosters.csv_of([line(code) for code in wanted]))
    desk.do(f"/rosters/{run_id}/start")

    def look_up() -> None:
        if len(there(app, wanted)) >= 2:
            raise Stopped

    with pytest.raises(Stopped):
        roster_runs.work(world.caretaker(app), run_id, look_up)
    assert state_of(app, run_id) == "running"
    assert 2 <= len(there(app, wanted)) < 5
    operating.work_off(app)
    assert state_of(app, run_id) == "done"
    assert len(there(app, wanted)) == 5


def test_a_worker_without_the_owners_login_leaves_rosters_alone(app: Flask) -> None:
    tenants = world.caretaker(app)
    assert Worker(tenants).queues == ["default", "house"]
    own = tenants.settings.__class__(
        tenants.settings.data, tenants.settings.master_key_file, web_url="postgresql://shipa_web@h/shipa"
    )
    apart = tenants.__class__(
        own, metadata=tenants.metadata, furnish=tenants.furnish, following=tenants.following
    )
    assert Worker(apart).queues == ["default"]


def test_a_worker_says_by_its_name_what_it_takes(app: Flask) -> None:
    ask(app, "DELETE FROM jobs.procrastinate_workers")
    jobs, end = world.caretaker(app).jobs, time.monotonic() + 60
    with process(app) as started:
        while not jobs.a_worker_lives(HOUSE):
            assert time.monotonic() < end, "the worker was not heard of"
            time.sleep(0.1)
        started.terminate()
        started.wait()
    assert jobs.worked_on() == frozenset()


def test_what_breaks_again_and_again_is_said_and_can_go_on(app: Flask, desk: Desk) -> None:
    (code,) = codes(1)
    run_id = rosters.checked(app, desk, rosters.csv_of([line(code)]))
    desk.do(f"/rosters/{run_id}/start")
    roster_runs.give_up(world.caretaker(app), run_id)
    assert state_of(app, run_id) == "failed"
    desk.do(f"/rosters/{run_id}/start")
    operating.work_off(app)
    assert state_of(app, run_id) == "done"


def test_asking_how_far_it_is_keeps_no_session_awake(
    app: Flask, moved_clock: typing.Callable[..., None]
) -> None:
    operator = operating.add(app)
    desk = operating.sign_in(app, operator)
    run_id = rosters.send(desk, rosters.csv_of([line(world.free_code())]))
    for _ in range(4):
        moved_clock(minutes=4)
        answer = desk.at(f"/rosters/{run_id}/progress")
    assert answer.status_code == 303
    operating.work_off(app)
    awake = operating.sign_in(app, operator)
    assert awake.at(f"/rosters/{run_id}/progress").get_json()["ended"] is True


@contextlib.contextmanager
def process(app: Flask) -> Iterator[subprocess.Popen[bytes]]:
    """A worker as `shipa worker` is one, in a process of its own."""
    words = told(world.caretaker(app).settings)
    code = (
        "from tests.e2e.served import app; from tenants.working import Worker;"
        "Worker(app.extensions['building']).run()"
    )
    environment = {**os.environ, "SHIPA_TEST_PLACE": words}
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment) as started:
        try:
            yield started
        finally:
            if started.poll() is None:
                started.kill()


@pytest.mark.timeout(180)
def test_kill_9_of_the_worker_leaves_whole_clinics_and_the_next_one_does_the_rest(
    app: Flask, desk: Desk
) -> None:
    wanted = codes(40)
    run_id = rosters.checked(app, desk, rosters.csv_of([line(code) for code in wanted]))
    with process(app) as killed:
        desk.do(f"/rosters/{run_id}/start")
        end = time.monotonic() + 90
        while not there(app, wanted):
            assert time.monotonic() < end, "the worker did not begin"
            time.sleep(0.02)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    assert state_of(app, run_id) == "running"
    until_gone(world.caretaker(app))
    done = [code for code, _ in there(app, wanted)]
    assert 0 < len(done) < 40
    cards = [world.card_of(app, code) for code in done]
    assert checked(world.caretaker(app), cards, lambda *_: None) == {code: [] for code in done}
    ask(app, "UPDATE jobs.procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")
    operating.work_off(app)
    assert state_of(app, run_id) == "done"
    assert len(there(app, wanted)) == 40
    (report,) = ask(app, "SELECT report FROM platform.roster_run WHERE id = %s", run_id)[0]
    assert report["clinics"] == {"created": 40, "unchanged": 0, "updated": 0}
