"""Figure: kills under writing clients. What was acknowledged is there, once, whoever died meanwhile.

Sixteen doctors register people without a pause and write down what was acknowledged. In turns a server
process of the database (which then recovers as a whole) and a web worker are killed with -9. A client that
got no answer sends the same form again, as the page's button does.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import dataclasses
import http.client
import os
import random
import signal
import statistics
import threading
import time
import typing
from http import HTTPStatus

import psutil
import psycopg

from tenants.naming import schema_of
from tests.bench import doctors
from tests.bench.figure import Figure, Measured
from tests.bench.finding import served
from tests.bench.region import region

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tenants.cards import ClinicCard
    from tenants.extension import Tenants

CLIENTS, KILLS = 16, 20
MOST_SECONDS = 5.0
_NEW = "/residents/new"
_CALM = 3.0
"""Seconds between the return of the service and the next kill."""


def figures() -> Iterator[Figure]:
    """The one figure of this module."""
    name = f"kill -9 of a database backend or a web worker under {CLIENTS} writing clients, {KILLS} times"
    goal = f"0 acknowledged lost, 0 doubled, back within {MOST_SECONDS:.0f} s"
    yield Figure(name, goal, measure)


def measure() -> Measured:
    """On the whole region; each client in a clinic of its own."""
    made = region()
    return measure_in(made.app, made.tenants, made.tenants.clinics()[100 : 100 + CLIENTS])


@dataclasses.dataclass
class Writer:
    """One doctor who saves one visit after the other, whatever happens."""

    card: ClinicCard
    ward: doctors.Ward
    before: frozenset[str]
    """The form ids of the clinic's residents at the begin."""
    sent: list[str] = dataclasses.field(default_factory=list)
    acknowledged: list[str] = dataclasses.field(default_factory=list)
    again: int = 0
    refused: list[int] = dataclasses.field(default_factory=list)
    last: float = 0.0
    chance: random.Random = dataclasses.field(default_factory=random.Random)

    def work(self, app: Flask, port: int, stop: threading.Event) -> None:
        """Register one after the other until told to stop; what got no answer is sent again."""
        line = doctors.Line(app, port, patience=20)
        form: dict[str, str] = {}
        while form or not stop.is_set():
            try:
                form = self._next(line, form)
            except (OSError, http.client.HTTPException):
                self._wait()
        line.close()

    def _next(self, line: doctors.Line, form: dict[str, str]) -> dict[str, str]:
        """Open a form, or send the open one; the form that is open afterwards."""
        if not form:
            page = line.send(self.ward.token, "GET", _NEW)
            if page.status != HTTPStatus.OK:
                self._wait()
                return {}
            form = doctors.newcomer(page, self.chance)
            self.sent.append(form["form_id"])
            return form
        answer = line.send(self.ward.token, "POST", _NEW, form)
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self._wait()
            return form
        if answer.status == HTTPStatus.SEE_OTHER:
            self.acknowledged.append(form["form_id"])
            self.last = time.perf_counter()
        else:
            self.refused.append(answer.status)
        return {}

    def _wait(self) -> None:
        self.again += 1
        time.sleep(0.1)


def measure_in(app: Flask, tenants: Tenants, cards: list[ClinicCard], kills: int = KILLS) -> Measured:
    """Fill the clinics, serve them, kill, and compare what is there with what was acknowledged."""
    wards = [doctors.open_ward(app, card, residents=5, enrolled=0) for card in cards]
    writers = [
        Writer(card, ward, frozenset(_stored(tenants, card))) for card, ward in zip(cards, wards, strict=True)
    ]
    stop = threading.Event()
    back: list[float] = []
    with served(tenants.settings.data) as port, concurrent.futures.ThreadPoolExecutor(len(writers)) as pool:
        work = [pool.submit(each.work, app, port, stop) for each in writers]
        with contextlib.ExitStack() as ends:
            ends.callback(stop.set)
            time.sleep(_CALM)
            for turn in range(kills):
                began = time.perf_counter()
                _kill(tenants, port, backend=turn % 2 == 0)
                back.append(_saved_again(writers, began) - began)
                time.sleep(_CALM)
        for done in work:
            done.result()
    return _told(tenants, writers, back)


def _kill(tenants: Tenants, port: int, *, backend: bool) -> None:
    if backend:
        with tenants.logins.connect("admin", autocommit=True) as admin:
            query = "SELECT pid FROM pg_stat_activity WHERE usename = 'shipa_web' ORDER BY random() LIMIT 1"
            row = admin.execute(query).fetchone()
            assert row is not None
            with contextlib.suppress(psycopg.Error):
                os.kill(row[0], signal.SIGKILL)
        return
    os.kill(random.choice(_workers(port)), signal.SIGKILL)


def _workers(port: int) -> list[int]:
    """The processes of gunicorn that listen, but for the first, which only looks after them."""
    mine = psutil.Process().children()
    masters = [one for one in mine if f"127.0.0.1:{port}" in one.cmdline()]
    return [child.pid for master in masters for child in master.children()]


def _saved_again(writers: list[Writer], since: float) -> float:
    """When the last of all writers has had a save acknowledged since; at most a minute is waited."""
    until = since + 60
    while time.perf_counter() < until:
        if all(each.last > since for each in writers):
            break
        time.sleep(0.02)
    return max(each.last for each in writers if each.last > since)


def _told(tenants: Tenants, writers: list[Writer], back: list[float]) -> Measured:
    lost = doubled = strange = 0
    for each in writers:
        found = _stored(tenants, each.card)
        lost += len(set(each.acknowledged) - set(found))
        doubled += len(found) - len(set(found))
        strange += len(set(found) - set(each.sent) - each.before)
    saved = sum(len(each.acknowledged) for each in writers)
    refused = [status for each in writers for status in each.refused]
    good = not lost and not doubled and not strange and not refused and max(back) <= MOST_SECONDS
    return Measured(
        f"{lost} lost, {doubled} doubled; every client saves again after {statistics.median(back):.1f} s "
        f"median, {max(back):.1f} s at most",
        met=good,
        notes=f"{len(back)} kills, {saved} registrations acknowledged, "
        f"{sum(each.again for each in writers)} sent again, refused: {refused or 'none'}, "
        f"rows that nobody sent: {strange}",
    )


def _stored(tenants: Tenants, card: ClinicCard) -> list[str]:
    """The form ids of all residents, as the owner reads them."""
    with tenants.logins.connect("owner") as connection:
        query = f"SELECT form_id FROM {schema_of(card.number)}.resident"  # noqa: S608 - a checked name
        return [str(row[0]) for row in connection.execute(query)]
