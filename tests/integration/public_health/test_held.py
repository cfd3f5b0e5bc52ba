"""A person whose form is signed is read once, while she is held, and what was read then is not stale."""

from __future__ import annotations

import collections
import contextlib
import itertools
import threading
import typing
import uuid

import psycopg
import pytest
import sqlalchemy as sa

from saas.db import db
from saas.formkit import chaining
from saas.formkit.models import Record
from saas.public_health import casebook, owing
from saas.residents.models import Resident
from saas.web import clock
from saas.web.cookies import cookie_name
from tests.integration.public_health.test_owing import enrol
from tests.integration.residents import pages
from tests.isolation.cases import read_form
from tests.isolation.records import FOLLOW_UP
from tests.support import signing, world

if typing.TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import ClinicWorld

STATEMENTS, ROUND_TRIPS = 16, 10
"""Of one save, from its BEGIN to its COMMIT."""
GATE_TRIPS = 2
"""The session is read, and what the next page says is kept."""


@pytest.fixture
def resident_id(north: ClinicWorld) -> uuid.UUID:
    """A woman of 63, registered as doctors register."""
    return uuid.UUID(pages.register(north.browser(), name_0="سىناق", sex_code="2", birth="1963-05-07"))


def test_a_follow_up_is_saved_in_few_messages(
    north: ClinicWorld, resident_id: uuid.UUID, tmp_path: Path
) -> None:
    enrol(north, resident_id, "hypertension", 100)
    browser, path = north.browser(), f"/residents/{resident_id}/forms/ht_followup"
    page = read_form(browser.get(path).get_data(as_text=True)) | FOLLOW_UP
    with north.app.app_context():
        engines = {"web": db.engine, "gate": world.caretaker(north.app).gate_engine}
    with contextlib.ExitStack() as stack:
        told = {name: stack.enter_context(traced(one, tmp_path / name)) for name, one in engines.items()}
        assert browser.post(path, data=page).status_code == 303
    statements, trips = _counted(told["web"].read_text())
    assert 0 < statements <= STATEMENTS
    assert 0 < trips <= ROUND_TRIPS
    assert _counted(told["gate"].read_text())[1] == GATE_TRIPS


def test_a_message_that_cannot_be_kept_leaves_nothing_open(north: ClinicWorld) -> None:
    browser, door = north.browser(), world.caretaker(north.app).door
    with north.app.app_context():
        cookie = browser.get_cookie(cookie_name("session"), domain="127.0.0.1")
        assert cookie is not None
        opened = door.open(cookie.value)
        assert opened is not None
        with pytest.raises(psycopg.DataError):
            door.keep(opened[0], {"said": "\0"})  # JSON that PostgreSQL does not take
        door.keep(opened[0], {"said": "kept"})
        again = door.open(cookie.value)
    assert again is not None
    assert again[0].data == {"said": "kept"}


@contextlib.contextmanager
def traced(engine: sa.Engine, path: Path) -> Iterator[Path]:
    """What the connections that are taken meanwhile say and hear, in the words of libpq."""
    heard = []

    def trace(connection: typing.Any, *_: object) -> None:  # noqa: ANN401 - the driver's
        heard.append(connection.pgconn)
        connection.pgconn.trace(file.fileno())

    with path.open("w") as file:
        sa.event.listen(engine, "checkout", trace)
        try:
            yield path
        finally:
            sa.event.remove(engine, "checkout", trace)
            for each in heard:
                each.untrace()


def _counted(told: str) -> tuple[int, int]:
    """Statements and round trips of libpq's trace: "time, direction, length, kind", and lines of statements.

    A round trip begins with whatever follows an answer.
    """
    lines = [line.split("\t") for line in told.splitlines()]
    said = [("B", ""), *((line[1], line[3]) for line in lines if len(line) > 3)]
    kinds = collections.Counter(kind for way, kind in said if way == "F")
    trips = sum(one == "B" and way == "F" for (one, _), (way, _) in itertools.pairwise(said))
    return kinds["Query"] + kinds["Execute"], trips


def test_who_was_merged_is_read_with_the_one_who_stayed(north: ClinicWorld, resident_id: uuid.UUID) -> None:
    other = uuid.UUID(pages.register(north.browser(), name_0="سىناقچى", sex_code="2", birth="1963-05-07"))
    for one, on in ((other, 1), (resident_id, 2)):
        signing.sign(north, one, "bp_reading", signing.BP, signing.days_ago(on))
    with world.inside(north.app, north.card) as session:
        gone = session.get_one(Resident, other)
        gone.standing, gone.merged_into_id = "merged", resident_id
        session.flush()
        her = owing.held(resident_id)
        assert her is not None
        assert her.ids == (resident_id, other), "her own row first"
        known = casebook.of(her, her.besides[0])
        assert len(known.records) == len(her.folder.standing) == 2
        assert known == casebook.one(resident_id), "as by any other way"
        for one in (resident_id, other):
            assert her.folder.head(one) == chaining.head(one), "each row is a chain of its own"


def test_what_was_signed_while_she_was_waited_for_is_read(north: ClinicWorld, resident_id: uuid.UUID) -> None:
    began, heads = threading.Event(), list[bytes]()
    columns = _columns(north, resident_id)

    def wait() -> None:
        with north.app.app_context(), world.inside(north.app, north.card):
            began.set()
            her = owing.held(resident_id)
            assert her is not None
            heads.append(her.folder.head(resident_id))

    with world.inside(north.app, north.card) as session:
        first = owing.held(resident_id)
        assert first is not None
        assert first.folder.head(resident_id) == chaining.GENESIS
        waiter = threading.Thread(target=wait)
        waiter.start()
        began.wait(10)
        made = Record(**columns)
        waiter.join(0.5)
        assert heads == [], "she is held"
        session.add(made)
        session.flush()
    waiter.join(10)
    assert heads == [made.hash]


def _columns(north: ClinicWorld, resident_id: uuid.UUID) -> dict[str, typing.Any]:
    """A record as another one's, whose own hash nobody asks for here."""
    other = pages.register(north.browser(), name_0="سىناقچى", sex_code="2", birth="1963-05-07")
    like = signing.sign(north, other, "bp_reading", signing.BP, str(clock.today()))
    names = {column.name for column in Record.__table__.columns}
    return {name: getattr(like, name) for name in names} | {
        "id": uuid.uuid4(),
        "form_id": uuid.uuid4(),
        "resident_id": resident_id,
        "hash": bytes(range(32)),
    }


def test_the_chain_goes_on_from_what_was_just_signed(north: ClinicWorld, resident_id: uuid.UUID) -> None:
    first = signing.sign(north, resident_id, "bp_reading", signing.BP, signing.days_ago(2))
    second = signing.sign(north, resident_id, "bp_reading", signing.BP, signing.days_ago(1))
    assert second.previous == first.hash
    with world.inside(north.app, north.card):
        her = owing.held(resident_id)
        assert her is not None
        assert her.folder.head(resident_id) == second.hash
        her.folder.file(Record(resident_id=resident_id, id=uuid.uuid4(), signed_at=clock.now(), hash=b"3"))
        assert her.folder.head(resident_id) == b"3"
