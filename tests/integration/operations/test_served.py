"""Gunicorn as `shipa serve` begins it: its log, its figures, monitoring's address, a cut line."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import time
import typing
import urllib.parse

import pytest
import sqlalchemy as sa
from gunicorn.workers.gthread import DEFAULT_WORKER_DATA_TIMEOUT

from saas.accounts.models import Staff
from tenants.commands.serve import ROOT, gunicorn_arguments
from tests.e2e.served import told
from tests.integration.residents import pages
from tests.support import synthetic, world

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask

    from tenants.settings import TenantSettings

pytestmark = pytest.mark.timeout(120)  # two processes are started

CANARY = "canary-650099199001011234"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


class Served(typing.NamedTuple):
    """The two addresses, the log, and the number of the first process."""

    port: int
    watch: int
    log: Path
    process: subprocess.Popen[bytes]

    def get(self, path: str, *, port: int | None = None, **headers: str) -> tuple[int, str]:
        line = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=20)
        with contextlib.closing(line):
            line.request("GET", path, headers=headers)
            answer = line.getresponse()
            return answer.status, answer.read().decode()

    def figures(self) -> str:
        return self.get("/metrics", port=self.watch)[1]


@pytest.fixture(scope="module")
def served(app: Flask, place: TenantSettings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    (folder / "figures").mkdir()
    port, watch, log = free_port(), free_port(), folder / "log"
    command = gunicorn_arguments(f"127.0.0.1:{port}", 2, 2, f"127.0.0.1:{watch}")
    command[command.index("wsgi:app")] = "tests.e2e.served:app"
    environment = {
        **os.environ,
        "SHIPA_TEST_PLACE": told(place),
        "SHIPA_WATCH_BIND": f"127.0.0.1:{watch}",
        "PROMETHEUS_MULTIPROC_DIR": str(folder / "figures"),
    }
    with log.open("wb") as file:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=file, stderr=file)
    found = Served(port, watch, log, process)
    try:
        until(lambda: found.get("/healthz")[0] == 200)
        yield found
    finally:
        process.terminate()
        process.wait(timeout=20)


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something that another process does."""
    end = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if holds():
                return
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.1)


def test_the_address_of_monitoring_shows_everything_and_no_page(served: Served) -> None:
    status, text = served.get("/readyz", port=served.watch, Host="anything.example")
    assert status in {200, 503}
    assert "database: ok" in text
    assert served.get("/sign-in", port=served.watch)[0] == 404
    assert served.get("/metrics/../sign-in", port=served.watch)[0] == 404
    assert served.get("/sign-in")[0] == 200


def count(figures: str, sample: str) -> float:
    found = re.search(rf"^{re.escape(sample)} (\S+)$", figures, re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_figures_of_all_processes_are_added_up_and_outlive_them(served: Served) -> None:
    sample = 'shipa_requests_total{method="GET",route="/sign-in",status="2xx"}'
    before = count(served.figures(), sample)
    for _ in range(12):
        served.get("/sign-in")
    assert count(served.figures(), sample) == before + 12
    size = 'shipa_pool_size{login="web"}'
    assert count(served.figures(), size) == 6
    with open(f"/proc/{served.process.pid}/task/{served.process.pid}/children", encoding="ascii") as file:  # noqa: PTH123
        first, *_ = (int(number) for number in file.read().split())
    os.kill(first, signal.SIGKILL)
    until(lambda: '"event": "Worker was sent' in served.log.read_text())
    until(lambda: count(served.figures(), size) == 6)
    assert count(served.figures(), sample) == before + 12
    kept = {file.name.rpartition("_")[2] for file in (served.log.parent / "figures").iterdir()}
    assert kept <= {"0.db", "1.db", "master.db"}


def test_lines_on_which_nothing_is_said_take_no_thread(served: Served) -> None:
    """More of them than threads: a worker would listen to each for so long before it took another."""
    with contextlib.ExitStack() as lines:
        for _ in range(12):
            lines.enter_context(socket.create_connection(("127.0.0.1", served.port)))
        began = time.monotonic()
        assert served.get("/healthz")[0] == 200
        assert time.monotonic() - began < DEFAULT_WORKER_DATA_TIMEOUT


def test_no_line_is_kept_by_a_worker(served: Served) -> None:
    line = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    with contextlib.closing(line):
        line.request("GET", "/healthz")
        assert line.getresponse().headers["Connection"] == "close"


def test_the_log_is_lines_of_the_list_whatever_is_sent(served: Served) -> None:
    for raw in (
        f"GET /{CANARY} HTTP/1.1\r\nHost: {CANARY}\r\n\r\n",
        f"{CANARY}\r\n\r\n",
        f"GET /{CANARY} HTTP/9.9\r\n{CANARY}: x\r\n\r\n",
        f"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {CANARY}\r\n\r\n",
        f"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n{CANARY} bad header\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", served.port), timeout=10) as line:
            line.sendall(raw.encode())
            line.recv(4096)
    served.get(f"/residents/{CANARY}?{CANARY}")
    text = served.log.read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert CANARY not in text
    assert CANARY not in served.figures()
    assert {"Starting gunicorn", "request"} <= {line["event"] for line in lines}
    assert not [line for line in lines if line["source"] == "gunicorn.access"]


def signed_in(app: Flask) -> tuple[world.Browser, str]:
    """A browser of a village doctor, and its cookie for the served house."""
    card = world.card_of(app, world.NORTH)
    with world.inside(app, card) as session:
        staff = session.query(Staff).filter_by(username="village_doctor").one()
    browser = world.sign_in(app, world.Person(card, staff.id, "village_doctor", "village_doctor"))
    cookie = browser.get_cookie("shipa_session", domain="127.0.0.1")
    assert cookie is not None
    return browser, f"shipa_session={cookie.value}"


def residents(app: Flask) -> int:
    with world.inside(app, world.card_of(app, world.NORTH)) as session:
        return session.scalar(sa.text("SELECT count(*) FROM resident")) or 0


def test_a_save_whose_answer_was_cut_off_and_that_is_sent_again_is_taken_once(
    app: Flask, served: Served
) -> None:
    browser, cookie = signed_in(app)
    form = pages.fields_of(browser.get("/residents/new"))
    form |= {"name_0": synthetic.lone_name(), "sex_code": "1", "birth": "1951"}
    body = urllib.parse.urlencode(form)
    head = (
        f"POST /residents/new HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    before = residents(app)
    # Half of the form and the line is cut: nothing is saved.
    with socket.create_connection(("127.0.0.1", served.port)) as line:
        line.sendall((head + body[: len(body) // 2]).encode())
    # The whole form, and it is cut before the answer.
    with socket.create_connection(("127.0.0.1", served.port)) as line:
        line.sendall((head + body).encode())
    until(lambda: residents(app) == before + 1)
    addresses = set()
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", served.port), timeout=20) as line:
            line.sendall((head + body).encode())
            answer = line.makefile("rb").read().decode()
        assert answer.startswith("HTTP/1.1 303"), answer[:200]
        addresses.add(re.findall(r"(?im)^Location: (\S+)", answer)[0])
    assert len(addresses) == 1
    assert residents(app) == before + 1
