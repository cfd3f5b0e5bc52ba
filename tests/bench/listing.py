"""The list of today of a clinic of 20,000 residents, and the search within it by every class of words."""

from __future__ import annotations

import functools
import itertools
import random
import statistics
import time
import typing

import sqlalchemy as sa

from saas.db import new_id
from saas.public_health import owing
from saas.residents.models import Resident, ResidentName
from tests.bench.due_rules import PERSONS
from tests.bench.figure import Figure, Measured
from tests.bench.invented import people
from tests.bench.owing import fill
from tests.bench.queries import KINDS, Asking
from tests.bench.recall import CROWDS
from tests.bench.region import region
from tests.support import world

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator, Sequence

    from flask import Flask

    from tenants.cards import ClinicCard
    from tests.bench.invented import Person
    from tests.support.world import Browser

MOST_MS = 300.0
EACH = 25
"""Searches of a class."""
TIMES = 30
HABIT = "newer"
WHERE = 4
"""A clinic of the region that no other figure fills."""


def figures() -> Iterator[Figure]:
    """On the whole region."""
    made = region()
    yield from of(made.app, made.tenants.clinics()[WHERE])


def of(app: Flask, card: ClinicCard, persons: int = PERSONS) -> Iterator[Figure]:
    """The figures of this module in one clinic, which is filled first."""
    goal, crowd = f"95 % within {MOST_MS:.0f} ms", f"{persons:,} residents"
    prepare = functools.cache(lambda: prepared(app, card, persons))
    yield Figure(f"list of today, whole page, {crowd}", goal, lambda: listed(prepare()[0]))
    yield Figure(f"search within it, whole page, {crowd}", goal, lambda: searched(*prepare()))


def prepared(app: Flask, card: ClinicCard, persons: int) -> tuple[Browser, Asking]:
    """Invented people with programmes, records and names, and what is owed to them."""
    seed, asked = CROWDS[HABIT]
    chance = random.Random(seed)
    crowd = people(chance, persons, HABIT)
    fill(app, card, persons)
    with world.inside(app, card) as session:
        ids = list(session.scalars(sa.select(Resident.id).order_by(Resident.id)))
    each = zip(ids, crowd, strict=True)
    while some := list(itertools.islice(each, 1000)):
        _name(app, card, some)
    owing.refresh_all(lambda: world.inside(app, card))
    with world.caretaker(app).logins.connect("owner", autocommit=True) as owner:
        owner.execute("ANALYZE")
    app.test_client_class = world.Browser
    doctor = world.add_staff(app, card, "listed", "village_doctor", places="all")
    return world.sign_in(app, doctor), Asking(crowd, asked, chance)


def _name(app: Flask, card: ClinicCard, some: Sequence[tuple[uuid.UUID, Person]]) -> None:
    with world.inside(app, card) as session:
        for resident_id, person in some:
            for position, text in enumerate(person.stored):
                row = ResidentName(id=new_id(), resident_id=resident_id, position=position)
                row.text = text
                session.add(row)


def listed(browser: Browser) -> Measured:
    """The first page of it, and its walk."""
    times = [_timed(browser, path) for path in ("/today", "/today?order=walk") for _ in range(TIMES)]
    return told(times, "first page in care order and as a walk")


def searched(browser: Browser, asking: Asking) -> Measured:
    """Every class of words; what is measured is the list that they lead to."""
    by_kind: dict[str, list[float]] = {}
    for kind in KINDS:
        for query in itertools.islice(kind.make(asking), EACH):
            answer = browser.send("/today/find", {"q": query.words, "filter": "now"})
            assert answer.status_code == 303, answer.status_code
            by_kind.setdefault(kind.name, []).append(_timed(browser, answer.location))
    each = ", ".join(f"{name} {statistics.median(some):.0f}" for name, some in by_kind.items())
    return told([one for some in by_kind.values() for one in some], f"medians by class: {each}")


def _timed(browser: Browser, path: str) -> float:
    began = time.perf_counter()
    answer = browser.get(path)
    assert answer.status_code == 200, answer.status_code
    return (time.perf_counter() - began) * 1000


def told(times: list[float], notes: str) -> Measured:
    """The median, and whether 95 % keep the goal."""
    times.sort()
    late = times[int(len(times) * 0.95)]
    value = f"median {statistics.median(times):.0f} ms, 95 % {late:.0f} ms, worst {times[-1]:.0f} ms"
    return Measured(value, late <= MOST_MS, f"{len(times)} pages; {notes}")
