"""Figure: who is found by what people type, and how fast, among 20,000 invented residents of a clinic.

Recall at k is the number of right people in the first k, divided by the smaller of k and of all who are
right. Two crowds: people who are written by newer habits and asked for by older ones, and the reverse;
their names, and the rules by which they are respelled, are apart from the code of the search.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import gzip
import itertools
import random
import re
import time
import typing

from sqlalchemy import event

from saas import wire
from saas.accounts.models import Site, Staff
from saas.db import new_id
from saas.demo.residents import citizen_number
from saas.residents import writing
from saas.residents.rules import identity
from saas.web import clock
from saas.web.clinic import clinic_of
from saas.web.models import ClinicSetting
from tests.bench.figure import Figure, Measured
from tests.bench.invented import people
from tests.bench.queries import KINDS, Asking, Kind, Query
from tests.bench.region import region
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask import Flask

    from saas.residents.rules.identity import Fields
    from tenants.cards import ClinicCard
    from tests.bench.invented import Person
    from tests.support.world import Browser

RESIDENTS = 20_000
QUERIES = 250
"""Of each class and crowd."""
CROWDS = {"newer": (20261, "older"), "older": (20262, "newer")}
"""How a crowd is written in hanzi: its seed, and how those who ask write."""
DATABASE_MS, REQUEST_MS = 50.0, 150.0
_CHUNK = 100
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


@dataclasses.dataclass
class Asked:
    """What came of the queries of one class."""

    in_three: list[float] = dataclasses.field(default_factory=list)
    in_ten: list[float] = dataclasses.field(default_factory=list)
    request_ms: list[float] = dataclasses.field(default_factory=list)
    database_ms: list[float] = dataclasses.field(default_factory=list)
    bytes: list[int] = dataclasses.field(default_factory=list)
    missed: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Crowd:
    """A filled clinic, somebody who searches in it, and what may be asked."""

    browser: Browser
    asking: Asking
    ids: list[str]
    numbers: list[str]
    clock: DatabaseClock


class DatabaseClock:
    """The time that statements took, waiting for their rows included."""

    def __init__(self, app: Flask) -> None:
        """Listen to the application's engine."""
        self.ms = 0.0
        self._began = 0.0
        with app.app_context():
            engine = app.extensions["sqlalchemy"].engine
        event.listen(engine, "before_cursor_execute", self._before)
        event.listen(engine, "after_cursor_execute", self._after)
        self._answers = wire.answers
        wire.answers = self._timed

    def _before(self, *_: object) -> None:
        self._began = time.perf_counter()

    def _timed(self, driver: typing.Any, orders: Sequence[wire.Order]) -> list[list[typing.Any]]:  # noqa: ANN401
        """What is sent beneath the engine's cursors."""
        self._before()
        told = self._answers(driver, orders)
        self._after()
        return told

    def _after(self, *_: object) -> None:
        self.ms += (time.perf_counter() - self._began) * 1000


def figures() -> Iterator[Figure]:
    """One figure for each class, then the ends of numbers, then the speed over all of them."""
    for kind in KINDS:
        three = "" if kind.in_three is None else f"{kind.in_three:.0f} % in 3, "
        yield Figure(f"search: {kind.name}", f"{three}{kind.in_ten:.0f} % in 10", functools.partial(of, kind))
    yield Figure("search: the end of a number", "99 % in 10", of_ends)
    yield Figure("search: speed", "95 % within 50 ms in the database, 150 ms in all", speed)


@functools.cache
def crowds() -> tuple[Crowd, ...]:
    """Both crowds, each in a clinic of the whole region."""
    made = region()
    cards = made.tenants.clinics()[1:]
    return tuple(filled(made.app, card, habit) for card, habit in zip(cards, CROWDS, strict=False))


def filled(app: Flask, card: ClinicCard, habit: str, count: int = RESIDENTS) -> Crowd:
    """Put a crowd into a clinic."""
    seed, asked = CROWDS[habit]
    chance = random.Random(seed)
    crowd = people(chance, count, habit)
    person = world.add_staff(app, card, f"searcher{seed}", "village_doctor")
    numbers = [_number(chance, place) for place in range(count)]
    ids = []
    with app.app_context():
        waiting = zip(crowd, numbers, strict=True)
        while some := list(itertools.islice(waiting, _CHUNK)):
            ids += _add(app, card, some)
    with world.caretaker(app).logins.connect("owner", autocommit=True) as owner:
        owner.execute("ANALYZE")
    return Crowd(world.sign_in(app, person), Asking(crowd, asked, chance), ids, numbers, DatabaseClock(app))


def _add(app: Flask, card: ClinicCard, some: list[tuple[Person, str]]) -> list[str]:
    with world.inside(app, card) as session:
        keys = clinic_of(card, session.query(ClinicSetting).one()).keys
        site, staff = session.query(Site).first(), session.query(Staff).first()
        assert site is not None
        assert staff is not None
        made = [
            writing.made(
                _fields(one, number, str(site.id)), keys, form_id=new_id(), at=clock.now(), by=staff.id
            )
            for one, number in some
        ]
        session.add_all(made)
        return [str(resident.id) for resident in made]


def _fields(one: Person, number: str, site_id: str) -> Fields:
    written = {f"name_{place}": text for place, text in enumerate(one.stored)}
    about = {"document_type": "01", "document_number": number, "site_id": site_id, "print_language": "ug"}
    phone = {"phone_0": f"000{one.number:08d}"}
    return identity.tidied(dict.fromkeys(identity.FIELDS, "") | written | about | phone)


def _number(chance: random.Random, place: int) -> str:
    born = datetime.date(1930, 1, 1) + datetime.timedelta(days=chance.randrange(34_000))
    return citizen_number(born, place)


def of(kind: Kind) -> Measured:
    """The recall of one class in both crowds."""
    return told(kind.in_three, kind.in_ten, [answers(crowd, kind) for crowd in crowds()])


def told(in_three: float | None, in_ten: float, asked: list[Asked]) -> Measured:
    """Both shares in both crowds, and whether the worse ones reach the goals."""
    three = [100 * sum(one.in_three) / len(one.in_three) for one in asked]
    ten = [100 * sum(one.in_ten) / len(one.in_ten) for one in asked]
    met = min(ten) >= in_ten and (in_three is None or min(three) >= in_three)
    shown = [" and ".join(f"{share:.1f}" for share in shares) for shares in (three, ten)]
    count = " and ".join(str(len(one.in_ten)) for one in asked)
    seeds = ", ".join(str(seed) for seed, _ in CROWDS.values())
    return Measured(f"{shown[0]} % in 3, {shown[1]} % in 10", met, f"{count} queries, seeds {seeds}")


_ALL: list[Asked] = []


def answers(crowd: Crowd, kind: Kind, count: int = QUERIES) -> Asked:
    """Ask the queries of one class in one crowd."""
    return _asked(crowd, itertools.islice(kind.make(crowd.asking), count))


def of_ends() -> Measured:
    """By the last four and six characters of a document's number."""
    return told(None, 99, [_asked(crowd, _ends(crowd)) for crowd in crowds()])


def _ends(crowd: Crowd) -> Iterator[Query]:
    places = crowd.asking.chance.sample(range(len(crowd.numbers)), QUERIES)
    for turn, place in enumerate(places):
        end = crowd.numbers[place][-(4 if turn % 2 else 6) :]
        # A phone may end so too; whoever has the number is right.
        right = {
            other
            for other, number in enumerate(crowd.numbers)
            if number.endswith(end) or f"000{other:08d}".endswith(end)
        }
        yield Query(end, frozenset(right))


def _asked(crowd: Crowd, queries: Iterator[Query]) -> Asked:
    asked = Asked()
    headers = {"X-CSRFToken": crowd.browser.csrf(), "Accept-Encoding": "gzip"}
    places = {one: place for place, one in enumerate(crowd.ids)}
    for query in queries:
        crowd.clock.ms, began = 0.0, time.perf_counter()
        answer = crowd.browser.post("/residents/suggest", data={"q": query.words}, headers=headers)
        asked.request_ms.append((time.perf_counter() - began) * 1000)
        asked.database_ms.append(crowd.clock.ms)
        asked.bytes.append(len(answer.get_data()))
        found = [places[one] for one in _ids(answer.get_data(), answer.content_encoding)]
        asked.in_three.append(_recall(found[:3], query.right, 3))
        asked.in_ten.append(_recall(found, query.right, 10))
        if asked.in_ten[-1] < 1:
            asked.missed.append(query.words)
    _ALL.append(asked)
    return asked


def _ids(body: bytes, encoding: str | None) -> list[str]:
    text = (gzip.decompress(body) if encoding == "gzip" else body).decode()
    return [one for line in text.split('"url":')[1:] for one in _ID.findall(line)[:1]]


def _recall(found: list[int], right: frozenset[int], most: int) -> float:
    return len(right & set(found)) / min(most, len(right))


def speed() -> Measured:
    """Over every query of every class before."""
    if not _ALL:
        for kind in KINDS:
            of(kind)
    request = sorted(ms for one in _ALL for ms in one.request_ms)
    database = sorted(ms for one in _ALL for ms in one.database_ms)
    late = [some[int(len(some) * 0.95)] for some in (database, request)]
    half = [some[len(some) // 2] for some in (database, request)]
    most = max(size for one in _ALL for size in one.bytes)
    return Measured(
        f"95 % within {late[0]:.0f} ms in the database, {late[1]:.0f} ms in all",
        late[0] <= DATABASE_MS and late[1] <= REQUEST_MS and most <= 2048,
        f"{len(request)} requests, medians {half[0]:.0f} and {half[1]:.0f} ms; largest answer {most} bytes",
    )
