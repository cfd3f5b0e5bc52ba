"""Figure 7: the largest private memory of a database connection while the whole region is at work."""

from __future__ import annotations

import collections
import concurrent.futures
import http.client
import random
import secrets
import time
import typing
import uuid

from saas.web.cookies import cookie_name
from tenants.door import token_hash
from tenants.naming import schema_of
from tests.bench.figure import Figure, Measured
from tests.bench.finding import served
from tests.bench.region import region
from tests.bench.watching import Watch

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask import Flask

    from tenants.cards import ClinicCard
    from tenants.extension import Tenants

REQUESTS = 10_000
CLIENTS = 8
MOST_MB = 25
PAGES = ("/residents", "/residents/new", "/account/sessions", "/residents?site=all")


def figures() -> Iterator[Figure]:
    """The one figure of this module."""
    name = f"largest private memory (USS) of a database connection, {REQUESTS:,} requests over all clinics"
    yield Figure(name, f"at most {MOST_MB} MB", measure)


def measure() -> Measured:
    """On the whole region."""
    made = region()
    return measure_in(made.tenants, made.app, REQUESTS)


def measure_in(tenants: Tenants, app: Flask, requests: int) -> Measured:
    """Somebody is signed in at each clinic; every request comes from another clinic than the last."""
    cards = tenants.clinics()
    tokens = signed_in(tenants, cards)
    with app.app_context():
        cookie = cookie_name("session")
    shares = [tokens[client::CLIENTS] for client in range(CLIENTS)]
    with served(tenants.settings.data) as port, Watch(tenants, "shipa_web", "shipa_gate") as watch:
        began = time.perf_counter()
        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
            work = [pool.submit(walk, port, cookie, share, requests // CLIENTS) for share in shares]
            answers = sum((done.result() for done in work), collections.Counter[int]())
        seconds = time.perf_counter() - began
    megabytes = watch.most_uss / 1e6
    good = answers[200] == requests // CLIENTS * CLIENTS
    return Measured(
        f"{megabytes:.1f} MB",
        megabytes <= MOST_MB and good,
        f"{watch.most / 1e6:.1f} MB without those pages of the shared buffers that no other process has "
        f"touched; {len(cards)} clinics, {requests / seconds:.0f} requests/s, answers {dict(answers)}",
    )


def signed_in(tenants: Tenants, cards: Sequence[ClinicCard]) -> list[str]:
    """A person with a live session in every clinic; the sessions' tokens."""
    tokens = [secrets.token_urlsafe(32) for _ in cards]
    with tenants.logins.connect("owner") as connection:
        for card, token in zip(cards, tokens, strict=True):
            staff_id = uuid.uuid4()
            connection.execute(
                f"INSERT INTO {schema_of(card.number)}.staff "  # noqa: S608 - a checked name
                "(id, username, name, roles, created_at, acts_seen_at) VALUES "
                "(%s, 'at.work', 'ئادىل', '[\"village_doctor\"]', now(), now())",
                (staff_id,),
            )
            connection.execute(
                "INSERT INTO platform.web_session (token_hash, id, clinic_id, staff_id, csrf_secret, stage, "
                "created_at, last_seen) VALUES (%s, %s, %s, %s, %s, 'full', now(), now())",
                (token_hash(token), uuid.uuid4(), card.id, staff_id, secrets.token_urlsafe(32)),
            )
    return tokens


def walk(port: int, cookie: str, tokens: Sequence[str], requests: int) -> collections.Counter[int]:
    """Ask for one page after another, each time in another clinic; how they were answered."""
    chance = random.Random(port)
    answers: collections.Counter[int] = collections.Counter()
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for number in range(requests):
        line.request(
            "GET",
            PAGES[number % len(PAGES)],
            headers={"Cookie": f"{cookie}={chance.choice(tokens)}", "Accept-Encoding": "gzip"},
        )
        answer = line.getresponse()
        answer.read()
        answers[answer.status] += 1
    line.close()
    return answers
