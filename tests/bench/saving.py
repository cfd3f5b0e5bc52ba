"""Figure: what the save of a follow-up costs the server, against one bare committed INSERT of its row."""

from __future__ import annotations

import concurrent.futures
import statistics
import time
import typing
import uuid

import sqlalchemy as sa
from psycopg import sql
from psycopg.types.json import Jsonb

from saas.db import new_id
from saas.public_health import models
from tests.bench.due_rules import PERSONS
from tests.bench.figure import Figure, Measured
from tests.bench.owing import fill
from tests.bench.region import region
from tests.isolation.cases import read_form
from tests.isolation.records import FOLLOW_UP
from tests.support import world

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from flask import Flask

    from tenants.cards import ClinicCard
    from tenants.connecting import Logins
    from tests.support.world import Browser

CLIENTS, SAVES, ROUNDS = 8, 5, 5
MOST = 10.0
WHERE = 2
"""A clinic of the region that the figure of due items does not fill."""


def figures() -> Iterator[Figure]:
    """One ratio."""
    name = f"save of a follow-up, {PERSONS:,} residents, {CLIENTS} clients"
    yield Figure(name, f"at most {MOST:.0f} x one bare committed INSERT of its row, median", saving)


def saving() -> Measured:
    """On the whole region."""
    made = region()
    return saving_in(made.app, made.tenants.clinics()[WHERE], PERSONS)


def saving_in(app: Flask, card: ClinicCard, persons: int) -> Measured:
    """Rounds of saves and of bare INSERTs in turns, each by all clients at once."""
    fill(app, card, persons)
    doctor = world.add_staff(app, card, "saving", "village_doctor", places="all")
    browsers = [world.sign_in(app, doctor) for _ in range(CLIENTS)]
    whom = iter(_hypertensive(app, card, CLIENTS * SAVES * (ROUNDS + 1)))
    logins = world.caretaker(app).logins
    ours: list[float] = []
    theirs: list[float] = []
    for turn in range(ROUNDS + 1):
        forms = [[_form(browser, next(whom)) for _ in range(SAVES)] for browser in browsers]
        saved = _at_once([_saver(*each) for each in zip(browsers, forms, strict=True)])
        bare = _at_once([_inserter(logins, card) for _ in range(CLIENTS)])
        if turn:  # the first one warms up
            ours += saved
            theirs += bare
    ratio = statistics.median(ours) / statistics.median(theirs)
    late = sorted(ours)[int(len(ours) * 0.95)]
    notes = (
        f"median {statistics.median(ours) * 1e3:.1f} ms, p95 {late * 1e3:.1f} ms over {len(ours)} saves in "
        f"one process; INSERT {statistics.median(theirs) * 1e3:.2f} ms"
    )
    return Measured(f"{ratio:.1f} x", ratio <= MOST, notes)


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


def _saver(browser: Browser, forms: Sequence[tuple[str, dict[str, str]]]) -> Callable[[], list[float]]:
    def save() -> list[float]:
        return [_timed(lambda one=one: _posted(browser, *one)) for one in forms]  # type: ignore[misc]

    return save


def _posted(browser: Browser, path: str, form: dict[str, str]) -> None:
    answer = browser.post(path, data=form)
    assert answer.status_code == 303, answer.get_data(as_text=True)


def _inserter(logins: Logins, card: ClinicCard) -> Callable[[], list[float]]:
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
            return [_timed(lambda one=one: connection.execute(query, one)) for one in rows]  # type: ignore[misc]

    return insert


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _at_once(clients: Sequence[Callable[[], list[float]]]) -> list[float]:
    """All clients together; the seconds of everything that they did."""
    with concurrent.futures.ThreadPoolExecutor(len(clients)) as pool:
        return [seconds for each in [pool.submit(client) for client in clients] for seconds in each.result()]
