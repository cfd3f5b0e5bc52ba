"""Figures: what the save of a follow-up costs the server, against one bare committed INSERT of its row.

Served as it is in use; the INSERTs come from as many connections at once, in
the same rounds. Without a pause the clients ask for more than the machine has, and wait for each other; at
the pace of one save a second each, ten times that of the quickest doctor, they seldom meet.
"""

from __future__ import annotations

import concurrent.futures
import dataclasses
import functools
import http.client
import statistics
import time
import typing
import urllib.parse
import uuid

import sqlalchemy as sa
from psycopg import sql
from psycopg.types.json import Jsonb

from saas.db import new_id
from saas.public_health import models
from saas.web.cookies import cookie_name
from tenants.commands.serve import THREADS, WORKERS
from tests.bench.due_rules import PERSONS
from tests.bench.figure import Figure, Measured
from tests.bench.finding import served
from tests.bench.owing import fill
from tests.bench.region import region
from tests.isolation.cases import read_form
from tests.isolation.records import FOLLOW_UP
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from flask import Flask

    from tenants.cards import ClinicCard
    from tenants.connecting import Logins
    from tests.support.world import Browser

CLIENTS, SAVES, ROUNDS = 8, 5, 5
MOST = 10.0
SATURATED, PACED = 0.0, 1.0
"""Seconds from the begin of one save to the begin of the client's next."""
_FORM = "application/x-www-form-urlencoded"
WHERE = 2
"""A clinic of the region that the figure of due items does not fill."""


def figures() -> Iterator[Figure]:
    """Two ratios: all clients without a pause, and at a pace."""
    name = f"save of a follow-up, {PERSONS:,} residents, {CLIENTS} clients"
    goal = f"at most {MOST:.0f} x one bare committed INSERT of its row, median"
    yield Figure(f"{name} without a pause", goal, lambda: saving(SATURATED))
    yield Figure(f"{name}, each one save a second", goal, lambda: saving(PACED))


def saving(pause: float) -> Measured:
    """On the whole region, in a clinic of its own."""
    made = region()
    card = made.tenants.clinics()[WHERE + (pause > 0)]
    return saving_in(made.app, made.tenants.settings.data, card, PERSONS, pause)


def saving_in(app: Flask, data: Path, card: ClinicCard, persons: int, pause: float) -> Measured:
    """Rounds of saves and of bare INSERTs in turns, each by all clients at once."""
    fill(app, card, persons)
    doctor = world.add_staff(app, card, "saving", "village_doctor", places="all")
    browsers = [world.sign_in(app, doctor) for _ in range(CLIENTS)]
    whom = iter(_hypertensive(app, card, CLIENTS * SAVES * (ROUNDS + 1)))
    logins = world.caretaker(app).logins
    ours: list[float] = []
    theirs: list[float] = []
    with app.app_context():
        cookie = cookie_name("session")
    with served(data) as port:
        for turn in range(ROUNDS + 1):
            forms = [[_form(browser, next(whom)) for _ in range(SAVES)] for browser in browsers]
            lines = [Line(browser, port, cookie) for browser in browsers]
            saved = _at_once([_saver(*each, pause) for each in zip(lines, forms, strict=True)], pause)
            bare = _at_once([_inserter(logins, card, pause) for _ in range(CLIENTS)], pause)
            if turn:  # the first one warms up
                ours += saved
                theirs += bare
    return _told(ours, theirs)


def _told(ours: list[float], theirs: list[float]) -> Measured:
    ratio = statistics.median(ours) / statistics.median(theirs)
    late = sorted(ours)[int(len(ours) * 0.95)]
    notes = (
        f"median {statistics.median(ours) * 1e3:.1f} ms, p95 {late * 1e3:.1f} ms over {len(ours)} saves with "
        f"{WORKERS} workers x {THREADS} threads; INSERT {statistics.median(theirs) * 1e3:.2f} ms"
    )
    return Measured(f"{ratio:.1f} x", ratio <= MOST, notes)


@dataclasses.dataclass(frozen=True)
class Line:
    """A browser's session on a line of its own to the served application."""

    browser: Browser
    port: int
    cookie: str

    def opened(self) -> tuple[http.client.HTTPConnection, dict[str, str]]:
        """The line, used once already, and what every request says."""
        cookie = self.browser.get_cookie(self.cookie, domain="127.0.0.1")
        assert cookie is not None
        headers = {"Cookie": f"{self.cookie}={cookie.value}", "Content-Type": _FORM}
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        line.request("GET", "/healthz")
        line.getresponse().read()
        return line, headers


def _hypertensive(app: Flask, card: ClinicCard, count: int) -> list[uuid.UUID]:
    query = sa.select(models.Enrolment.resident_id).where(
        models.Enrolment.programme == "hypertension", models.Enrolment.ended_on.is_(None)
    )
    with world.inside(app, card) as session:
        found = list(session.scalars(query.limit(count)))
    assert len(found) == count
    return found


def _form(browser: Browser, resident_id: uuid.UUID) -> tuple[str, dict[str, str]]:
    """An open form, filled in, with all that a page would send."""
    path = f"/residents/{resident_id}/forms/ht_followup"
    opened = browser.get(path)
    assert opened.status_code == 200, opened.status
    return path, {"csrf_token": browser.csrf()} | read_form(opened.get_data(as_text=True)) | FOLLOW_UP


def _saver(
    line: Line, forms: Sequence[tuple[str, dict[str, str]]], pause: float
) -> Callable[[], list[float]]:
    def save() -> list[float]:
        connection, headers = line.opened()

        def send(path: str, form: dict[str, str]) -> None:
            connection.request("POST", path, urllib.parse.urlencode(form), headers)
            answer = connection.getresponse()
            assert answer.status == 303, answer.read().decode()
            answer.read()

        return _in_turn([functools.partial(send, *one) for one in forms], pause)

    return save


def _in_turn(acts: Sequence[Callable[[], object]], pause: float) -> list[float]:
    """The seconds of each act; each begins ``pause`` after the one before, or when that is done."""
    seconds = []
    for act in acts:
        seconds.append(_timed(act))
        time.sleep(max(0.0, pause - seconds[-1]))
    return seconds


def _inserter(logins: Logins, card: ClinicCard, pause: float) -> Callable[[], list[float]]:
    """The newest record of the clinic, stored anew under other numbers, as often as a client saves."""
    table = sql.Identifier(card.binding.schema, "record")

    def insert() -> list[float]:
        with logins.connect("owner", autocommit=True) as connection:
            newest = connection.execute(sql.SQL("SELECT * FROM {} ORDER BY id DESC LIMIT 1").format(table))
            names = [column.name for column in newest.description or ()]
            found = newest.fetchone()
            assert found is not None
            row = dict(zip(names, (Jsonb(v) if isinstance(v, dict) else v for v in found), strict=True))
            query = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
                table,
                sql.SQL(", ").join(map(sql.Identifier, names)),
                sql.SQL(", ").join(map(sql.Placeholder, names)),
            )
            rows = [row | {"id": new_id(), "form_id": uuid.uuid4()} for _ in range(SAVES)]
            return _in_turn([functools.partial(connection.execute, query, one) for one in rows], pause)

    return insert


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _at_once(clients: Sequence[Callable[[], list[float]]], pause: float) -> list[float]:
    """All clients together, with a pause not in step; the seconds of everything that they did."""

    def late(place: int) -> list[float]:
        time.sleep(pause * place / len(clients))
        return clients[place]()

    with concurrent.futures.ThreadPoolExecutor(len(clients)) as pool:
        return [seconds for each in pool.map(late, range(len(clients))) for seconds in each]
