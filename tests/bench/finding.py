"""Figure 9: finding by part of a name over HTTP, 20,000 residents, 8 people at once."""

from __future__ import annotations

import collections
import concurrent.futures
import contextlib
import dataclasses
import gzip
import http.client
import os
import random
import socket
import statistics
import subprocess
import time
import typing
import urllib.parse

from saas.demo.residents import add_residents, given_names
from saas.web import clock
from saas.web.clinic import clinic_of
from saas.web.cookies import cookie_name
from saas.web.models import ClinicSetting
from tenants.commands.serve import ROOT, THREADS, WORKERS, gunicorn_arguments
from tests.bench.figure import Figure, Measured
from tests.bench.region import region
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

    from tenants.cards import ClinicCard

RESIDENTS = 20_000
CLIENTS = 8
WARM_UP, SECONDS = 5.0, 30.0
_FORM = "application/x-www-form-urlencoded"


@dataclasses.dataclass
class Client:
    """One person at her PC: a line of her own, one session."""

    port: int
    token: str
    cookie: str
    chance: random.Random
    csrf: str = ""
    requests: int = 0
    finds: list[float] = dataclasses.field(default_factory=list)
    wrong: collections.Counter[int] = dataclasses.field(default_factory=collections.Counter)

    def work(self, until: float) -> None:
        """Find somebody, again and again; each find is the post and the page it leads to."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        page = self._send(line, "GET", "/residents")[1].decode()
        self.csrf = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
        while time.perf_counter() < until:
            began = time.perf_counter()
            body = urllib.parse.urlencode({"q": part_of_a_name(self.chance), "csrf_token": self.csrf})
            address, _ = self._send(line, "POST", "/residents/find", body)
            _, page_bytes = self._send(line, "GET", address)
            self.finds.append(time.perf_counter() - began)
            if b"<tbody>" not in gzip.decompress(page_bytes):
                self.wrong[0] += 1
        line.close()

    def _send(
        self, line: http.client.HTTPConnection, method: str, path: str, body: str | None = None
    ) -> tuple[str, bytes]:
        headers = {"Cookie": f"{self.cookie}={self.token}", "Accept-Encoding": "gzip"}
        if body is not None:
            headers["Content-Type"] = _FORM
        elif path == "/residents":
            del headers["Accept-Encoding"]
        line.request(method, path, body, headers)
        answer = line.getresponse()
        content = answer.read()
        self.requests += 1
        if answer.status != (200 if body is None else 303):
            self.wrong[answer.status] += 1
        return answer.headers.get("Location", "/residents"), content


def figures() -> Iterator[Figure]:
    """The one figure of this module."""
    name = f"find by part of a name, whole page over HTTP, {RESIDENTS:,} residents, 1,607 clinics"
    yield Figure(name, "printed", measure)


def measure() -> Measured:
    """On the whole region: one clinic with all the residents and all the people who search."""
    made = region()
    card = made.tenants.clinics()[0]
    return measure_in(made.app, made.tenants.settings.data, card)


def measure_in(app: Flask, data: Path, card: ClinicCard, count: int = RESIDENTS) -> Measured:
    """Add the residents and the people to a clinic, serve it, and let all search at once."""
    people = [world.add_staff(app, card, f"finder{n}", "village_doctor") for n in range(CLIENTS)]
    began = time.perf_counter()
    with app.app_context(), world.inside(app, card) as session:
        clinic = clinic_of(card, session.query(ClinicSetting).one())
        add_residents(clinic, count, clock.now())
    adding = time.perf_counter() - began
    door = app.extensions["door"]
    tokens = [
        door.start(card, one.staff_id, stage="full", address="127.0.0.1", browser="", now=clock.now())
        for one in people
    ]
    with app.app_context():
        cookie = cookie_name("session")
    with served(data) as port:
        clients = [Client(port, token, cookie, random.Random(token)) for token in tokens]
        run(clients, WARM_UP)
        for client in clients:
            client.finds.clear()
            client.requests = 0
        seconds = run(clients, SECONDS)
    return summed(clients, seconds, adding)


def summed(clients: list[Client], seconds: float, adding: float) -> Measured:
    """Requests a second, and how long a whole find took."""
    finds = sorted(took for client in clients for took in client.finds)
    requests = sum(client.requests for client in clients)
    wrong: collections.Counter[int] = sum((client.wrong for client in clients), collections.Counter())
    half, late = statistics.median(finds) * 1000, finds[int(len(finds) * 0.95)] * 1000
    return Measured(
        f"{requests / seconds:.0f} requests/s, {len(finds) / seconds:.0f} finds/s of two requests each",
        met=False if wrong else None,
        notes=f"{CLIENTS} clients, {WORKERS} workers x {THREADS} threads, all in one clinic; a find "
        f"{half:.0f} ms median, {late:.0f} ms at 95 %; wrong answers {dict(wrong)}; adding the "
        f"residents took {adding:.0f} s",
    )


def part_of_a_name(chance: random.Random) -> str:
    """Three letters or two hanzi or more of a name that some have, in either script."""
    name = chance.choice(given_names())
    written = chance.choice([name.ug, chance.choice(name.zh)])
    shortest = 3 if written == name.ug else 2
    length = chance.randint(shortest, max(shortest, len(written)))
    start = chance.randint(0, max(0, len(written) - length))
    return written[start : start + length]


def run(clients: list[Client], seconds: float) -> float:
    """All clients work at once; the seconds that it took."""
    began = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(len(clients)) as pool:
        for done in [pool.submit(client.work, began + seconds) for client in clients]:
            done.result()
    return time.perf_counter() - began


@contextlib.contextmanager
def served(data: Path) -> Iterator[int]:
    """Gunicorn as `shipa serve` starts it, on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"SHIPA_DATA": str(data), "SHIPA_URL": f"http://127.0.0.1:{port}"}
    command = gunicorn_arguments(f"127.0.0.1:{port}", WORKERS, THREADS)
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | settings, stderr=subprocess.DEVNULL) as server:
        try:
            _await(port)
            yield port
        finally:
            server.terminate()


def _await(port: int, seconds: float = 60) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        with contextlib.suppress(OSError):
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            line.request("GET", "/healthz")
            if line.getresponse().status == 200:
                return
        time.sleep(0.2)
    message = "gunicorn did not answer"
    raise TimeoutError(message)
