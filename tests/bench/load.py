"""Figure: a quarter of an hour of work in all clinics at once; server, database, clients on the same cores.

Requests fall due at a fixed pace, whether or not those before are answered, and their time counts from when
they were due. Each goes to a clinic drawn by chance. What pages lead to is compared with the clinics' own
tables at the end: a resident of another clinic on a page would be seen.

Chance leaves some clinics alone for more than four minutes, and their screens are covered as the product
does it (``is_locked``). Whoever meets a covered screen types her password, a request that is timed like the
others, and asks again; her own request counts until it is answered then. How many were is printed. Whatever
else leads away from the page that was asked for is an error.
"""

from __future__ import annotations

import collections
import concurrent.futures
import dataclasses
import http.client
import itertools
import random
import statistics
import threading
import time
import typing

import psutil

from saas.demo.residents import given_names
from tenants.naming import schema_of
from tests.bench import doctors
from tests.bench.figure import Figure, Measured
from tests.bench.finding import served
from tests.bench.region import region
from tests.bench.watching import private
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask import Flask

    from tenants.cards import ClinicCard
    from tenants.extension import Tenants

RATE, SECONDS = 60.0, 900.0
SHARES = {"read": 0.45, "open": 0.25, "write": 0.25, "search": 0.05}
"""Of a hundred requests; whoever opens a form reads."""
MOST = 0.300
RESIDENTS, ENROLLED, CLIENTS = 8, 4, 32
_LOCK = "/unlock"
_READS = ("/residents", "/today", "/residents/{}", "/residents/{}/who-opened")


def figures() -> Iterator[Figure]:
    """The one figure of this module."""
    name = f"{SECONDS / 60:.0f} minutes at {RATE:.0f} requests/s over all clinics, 70 % reads, 25 % writes, "
    name += "5 % searches"
    yield Figure(name, "95 % within 300 ms, 0 errors, 0 wrong clinic", measure)


def measure() -> Measured:
    """On the whole region."""
    made = region()
    return measure_in(made.app, made.tenants, made.tenants.clinics(), SECONDS)


@dataclasses.dataclass
class Desk:
    """What all clients share: the clinics, the open forms, what was seen."""

    wards: Sequence[doctors.Ward]
    chance: random.Random = dataclasses.field(default_factory=lambda: random.Random(5))
    forms: collections.deque[tuple[int, str, dict[str, str]]] = dataclasses.field(
        default_factory=collections.deque
    )
    tokens: dict[int, str] = dataclasses.field(default_factory=dict)
    seconds: dict[str, list[float]] = dataclasses.field(default_factory=lambda: collections.defaultdict(list))
    wrong: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    unlocking: collections.defaultdict[int, threading.Lock] = dataclasses.field(
        default_factory=lambda: collections.defaultdict(threading.Lock)
    )
    seen: set[tuple[int, str]] = dataclasses.field(default_factory=set)

    def act(self, line: doctors.Line, kind: str) -> None:
        """One request of a kind; what is not as it should be is counted."""
        at = self.chance.randrange(len(self.wards))
        if kind == "write" and self.forms:
            at, path, form = self.forms.popleft()
            self._check(kind, at, self._ask(line, at, "POST", path, form), 303)
        elif kind in {"open", "write"}:
            self.open(line, at)
        elif kind == "search":
            name = self.chance.choice(given_names())
            form = {"csrf_token": self.tokens[at], "q": self.chance.choice([name.ug, *name.zh])}
            self._check(kind, at, self._ask(line, at, "POST", "/residents/suggest", form), 200)
        else:
            path = self.chance.choice(_READS).format(self.chance.choice(self.wards[at].residents))
            self._check(kind, at, self._ask(line, at, "GET", path), 200)

    def open(self, line: doctors.Line, at: int) -> None:
        """Open a form: of a visit while somebody is left, every second time of a new resident."""
        ward = self.wards[at]
        visit = bool(ward.hypertensive) and self.chance.random() < 0.5
        path = f"/residents/{ward.hypertensive.pop()}/forms/ht_followup" if visit else "/residents/new"
        page = self._ask(line, at, "GET", path)
        if self._check("open", at, page, 200):
            filled = doctors.follow_up_of(page) if visit else doctors.newcomer(page, self.chance)
            self.tokens[at] = filled["csrf_token"]
            self.forms.append((at, path, filled))

    def _ask(
        self, line: doctors.Line, at: int, method: str, path: str, form: dict[str, str] | None = None
    ) -> doctors.Answer:
        """The answer; where the screen was covered, that after the password."""
        token = self.wards[at].token
        answer = line.send(token, method, path, form)
        if answer.location != _LOCK:
            return answer
        with self.unlocking[at]:
            if self.wards[at].token == token:  # Nobody else of this clinic typed it meanwhile.
                self._unlock(line, at)
        return line.send(self.wards[at].token, method, path, form)

    def _unlock(self, line: doctors.Line, at: int) -> None:
        began = time.perf_counter()
        typed = {"csrf_token": self.tokens[at], "password": world.PASSWORD}
        answer = line.send(self.wards[at].token, "POST", _LOCK, typed)
        if self._check("unlock", at, answer, 303):
            self.wards[at].token = answer.token
        self.seconds["unlock"].append(time.perf_counter() - began)

    def _check(self, kind: str, at: int, answer: doctors.Answer, status: int) -> bool:
        self.seen |= {(at, one) for one in answer.residents()}
        if answer.status != status:
            self.wrong[f"{kind} {answer.status}"] += 1
        elif kind in {"read", "open"} and self.wards[at].doctor.card.name_zh not in answer.text:
            self.wrong["another clinic's name"] += 1
        return answer.status == status


def measure_in(app: Flask, tenants: Tenants, cards: list[ClinicCard], seconds: float) -> Measured:
    """Fill all clinics, serve them, open a form in each, and let the work come."""
    began = time.perf_counter()
    desk = Desk(filled(tenants, cards))
    filling = time.perf_counter() - began
    for ward in desk.wards:  # Not as each was filled: the first sessions would be over by now.
        ward.sign_in(app)
    with served(tenants.settings.data) as port:
        warm_up(app, port, desk)
        with Memory(tenants, port) as memory:
            took = run(app, port, desk, seconds)
    strangers = _strangers(tenants, cards, desk)
    return _told(desk, took, strangers, f"filling took {filling:.0f} s; {memory.told()}")


def filled(tenants: Tenants, cards: Sequence[ClinicCard]) -> list[doctors.Ward]:
    """A doctor and her residents in every clinic, and the database's statistics of them."""
    wards = doctors.filled_wards(tenants, cards, RESIDENTS, ENROLLED)
    with tenants.logins.connect("owner", autocommit=True) as owner:
        owner.execute("ANALYZE")
    return wards


def warm_up(app: Flask, port: int, desk: Desk) -> None:
    """A form is opened in every clinic, as in the first minutes of a morning."""
    line = doctors.Line(app, port)
    for at in range(len(desk.wards)):
        desk.open(line, at)
    line.close()
    desk.seconds.clear()


def run(app: Flask, port: int, desk: Desk, seconds: float) -> float:
    """Requests at their pace until the time is over; the seconds that it took."""
    kinds = desk.chance.choices(list(SHARES), list(SHARES.values()), k=round(seconds * RATE))
    numbers = itertools.count()
    began = time.perf_counter()

    def client() -> None:
        line = doctors.Line(app, port)
        while (number := next(numbers)) < len(kinds):
            due = began + number / RATE
            time.sleep(max(0.0, due - time.perf_counter()))
            try:
                desk.act(line, kinds[number])
            except (OSError, http.client.HTTPException) as error:
                desk.wrong[type(error).__name__] += 1
            desk.seconds[kinds[number]].append(time.perf_counter() - due)
        line.close()

    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        for done in [pool.submit(client) for _ in range(CLIENTS)]:
            done.result()
    return time.perf_counter() - began


class Memory:
    """Samples what the web's processes and the database's connections keep to themselves."""

    def __init__(self, tenants: Tenants, port: int) -> None:
        self._tenants, self._port = tenants, port
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self.samples: list[tuple[float, float, float]] = []
        """Seconds, megabytes of the web's processes, megabytes of the connections."""

    def __enter__(self) -> typing.Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        query = "SELECT pid FROM pg_stat_activity WHERE usename IN ('shipa_web', 'shipa_gate')"
        began = time.perf_counter()
        with self._tenants.logins.connect("admin", autocommit=True) as admin:
            while not self._stop.wait(10):
                backends = sum(private(pid)[0] for (pid,) in admin.execute(query).fetchall())
                web = sum(private(pid)[1] for pid in _served_by(self._port))
                self.samples.append((time.perf_counter() - began, web / 1e6, backends / 1e6))

    def told(self) -> str:
        """Where memory stood in the second half, and how it rose there."""
        half = self.samples[len(self.samples) // 2 :]
        if len(half) < 3:
            return "memory: too short to say"
        parts = []
        for name, column in (("web", 1), ("connections", 2)):
            values = [sample[column] for sample in half]
            slope = statistics.linear_regression([sample[0] for sample in half], values).slope * 3600
            parts.append(f"{name} {statistics.median(values):.0f} MB, {slope:+.0f} MB/h")
        return f"memory in the second half: {'; '.join(parts)}"


def _served_by(port: int) -> list[int]:
    masters = [one for one in psutil.Process().children() if f"127.0.0.1:{port}" in one.cmdline()]
    return [one.pid for master in masters for one in (master, *master.children())]


def _strangers(tenants: Tenants, cards: Sequence[ClinicCard], desk: Desk) -> int:
    """Residents on pages of a clinic that has no such resident."""
    count = 0
    seen = collections.defaultdict(set)
    for at, one in desk.seen:
        seen[at].add(one)
    with tenants.logins.connect("owner", autocommit=True) as owner:
        for at, card in enumerate(cards):
            rows = owner.execute(f"SELECT id FROM {schema_of(card.number)}.resident")  # noqa: S608 - a checked name
            count += len(seen[at] - {str(row[0]) for row in rows})
    return count


def _told(desk: Desk, took: float, strangers: int, notes: str) -> Measured:
    every = sorted(one for some in desk.seconds.values() for one in some)
    late = every[int(len(every) * 0.95)]
    parts = [
        f"{kind} {statistics.median(some) * 1e3:.0f}/{sorted(some)[int(len(some) * 0.95)] * 1e3:.0f} ms"
        for kind, some in sorted(desk.seconds.items())
    ]
    return Measured(
        f"95 % within {late * 1e3:.0f} ms (median {statistics.median(every) * 1e3:.0f}, 99 % "
        f"{every[int(len(every) * 0.99)] * 1e3:.0f} ms), errors {sum(desk.wrong.values())}, "
        f"of another clinic {strangers}",
        met=late <= MOST and not desk.wrong and not strangers,
        notes=f"{len(every)} requests, {len(every) / took:.1f}/s, over {len(desk.wards)} clinics; "
        f"median/95 % by kind: {', '.join(parts)}; errors: {dict(desk.wrong) or 'none'}; "
        f"{len(desk.seen)} residents seen on pages; {len(desk.seconds['unlock'])} screens were locked and "
        f"unlocked; {notes}",
    )
