"""Appending on a real database: what is read back is what was hashed; threads never fork the chain."""

import datetime
import threading
import typing
import uuid
from collections.abc import Sequence
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from saas import wire
from saas.audit import chain
from saas.audit.writing import append
from saas.web import clock
from saas.web.log import Entry
from tenants import binding
from tests.integration.audit.conftest import LoggedClinic
from tests.support import world

THREADS, APPENDS = 8, 300


@pytest.mark.parametrize(
    "at",
    [
        datetime.datetime(2026, 3, 1, 8, 0, 0, 1, tzinfo=datetime.UTC),
        datetime.datetime(2026, 3, 1, 8, tzinfo=datetime.UTC),
        datetime.datetime(
            2026, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.timezone(datetime.timedelta(hours=8))
        ),
    ],
)
def test_times_survive_the_round_trip(clinic: LoggedClinic, at: datetime.datetime) -> None:
    clinic.write(Entry("residents.show"), at=at)
    assert clinic.rows()[-1].at == at
    assert clinic.verify() == []


@pytest.mark.parametrize(
    "detail",
    [
        {},
        {"b": 1, "a": 2, "": 3, "ئۇ": "阿", "\U0001f469": "\u202e"},
        {"zero": -0.0, "tiny": 5e-324, "huge": 1.7e308, "third": 1 / 3, "whole": 3.0},
        {"exact": Decimal("0.1000000000000000000000001"), "big": 10**40, "below": -7},
        {"list": [None, True, False, 0, "", [], {}], "nested": {"z": {"y": [1.5]}}},
        {"text": 'quote " back \\ slash / line \n tab \t nul \x00 bell \x07 half \ud83d'},
        {"id": uuid.UUID(int=5), "day": datetime.date(2026, 1, 2)},
    ],
)
def test_details_survive_the_round_trip(clinic: LoggedClinic, detail: dict[str, object]) -> None:
    clinic.write(Entry("residents.list", (), "care\x00", detail))
    assert clinic.verify() == []


def test_a_row_holds_what_the_entry_said(clinic: LoggedClinic) -> None:
    shown = tuple(uuid.uuid4() for _ in range(50))
    clinic.write(Entry("residents.list", shown, "care", {"page": 2}), status=404)
    row = clinic.rows()[-1]
    assert row.resident_ids == [str(resident) for resident in shown]
    assert (row.act, row.purpose, row.status) == ("residents.list", "care", 404)
    assert (row.staff_id, row.staff_name) == (str(uuid.UUID(int=7)), "ئايشە")
    assert row.detail == {"page": 2}


def test_an_append_is_three_statements_in_two_rounds_however_many_entries(
    clinic: LoggedClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds: list[list[str]] = []
    answers = wire.answers

    def noted(driver: typing.Any, orders: Sequence[wire.Order]) -> list[list[typing.Any]]:  # noqa: ANN401
        rounds.append([" ".join(order.text.decode().split())[:24] for order in orders])
        return answers(driver, orders)

    with world.inside(clinic.app, clinic.card) as session:
        session.connection()
        monkeypatch.setattr(wire, "answers", noted)
        _append(session, clinic, [Entry("residents.show", (uuid.uuid4(),)) for _ in range(20)])
        monkeypatch.setattr(wire, "answers", answers)
    assert rounds == [
        ["SELECT pg_advisory_xact_", "SELECT number, hash FROM"],
        ["INSERT INTO access_log ("],
    ]


def test_the_commit_goes_with_the_row_and_holds(
    clinic: LoggedClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    last: list[bytes] = []
    answers = wire.answers

    def noted(driver: typing.Any, orders: Sequence[wire.Order]) -> list[list[typing.Any]]:  # noqa: ANN401
        last[:] = [order.text for order in orders]
        return answers(driver, orders)

    before = clinic.head().number
    with world.inside(clinic.app, clinic.card) as session:
        monkeypatch.setattr(wire, "answers", noted)
        _append(session, clinic, [Entry("residents.show")], commit=True)
        assert last[1:] == [b"COMMIT"]
        session.rollback()
    assert clinic.head().number == before + 1


def test_no_entries_send_nothing(clinic: LoggedClinic) -> None:
    before = clinic.head()
    clinic.write()
    assert clinic.head() == before


def test_a_rollback_leaves_no_gap(clinic: LoggedClinic) -> None:
    with world.inside(clinic.app, clinic.card) as session:
        _append(session, clinic, [Entry("residents.show")])
        session.rollback()
    clinic.write(Entry("residents.show"))
    assert clinic.head().number == 11
    assert clinic.verify() == []


def test_a_head_read_before_the_lock_would_break_on_the_primary_key(clinic: LoggedClinic) -> None:
    """Even a writer that skips the lock cannot fork the chain: the number is the primary key."""
    with pytest.raises(DBAPIError, match="access_log"):
        _insert_a_second_row_ten(clinic)
    assert clinic.verify() == []


def _insert_a_second_row_ten(clinic: LoggedClinic) -> None:
    with world.inside(clinic.app, clinic.card) as session:
        session.execute(
            sa.text("INSERT INTO access_log SELECT * FROM access_log WHERE number = 10"),
        )


def _append(session: Session, clinic: LoggedClinic, entries: list[Entry], *, commit: bool = False) -> None:
    append(
        session,
        key=clinic.key,
        staff_id=None,
        staff_name="",
        status=200,
        entries=entries,
        at=clock.now(),
        commit=commit,
    )


@pytest.fixture
def sessions(clinic: LoggedClinic) -> sessionmaker[Session]:
    """Bound sessions on as many connections as there are threads, more than the web's pool has."""
    options = world.caretaker(clinic.app).engine_options | {"pool_size": THREADS}
    engine = sa.create_engine("postgresql+psycopg://", **options)
    factory = sessionmaker(engine)
    binding.guard(factory)
    return factory


@pytest.mark.timeout(90)
def test_2400_concurrent_appends_leave_one_gapless_chain(
    clinic: LoggedClinic, sessions: sessionmaker[Session]
) -> None:
    failures: list[BaseException] = []
    start = threading.Barrier(THREADS)

    def write(thread: int) -> None:
        try:
            start.wait()
            for position in range(APPENDS):
                _one(clinic, sessions, thread, position)
        except BaseException as failure:  # noqa: BLE001 - shown by the test
            failures.append(failure)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sessions.kw["bind"].dispose()
    assert failures == []
    rows = clinic.rows()
    assert [row.number for row in rows] == list(range(1, 10 + THREADS * APPENDS + 1))
    assert chain.verify(rows, clinic.key) == []
    assert len({row.previous for row in rows}) == len(rows)


def _one(clinic: LoggedClinic, sessions: sessionmaker[Session], thread: int, position: int) -> None:
    """One request's append; before every tenth, one that is rolled back."""
    for keep in [False, True] if position % 10 == 0 else [True]:
        with sessions() as session:
            binding.bind(session, clinic.card.binding)
            _append(session, clinic, [Entry("residents.show", (), "care", {"of": [thread, position]})])
            session.commit() if keep else session.rollback()


def test_two_clinics_do_not_wait_for_each_other(
    clinic: LoggedClinic, sessions: sessionmaker[Session]
) -> None:
    other = world.card_of(clinic.app, world.NORTH)
    with sessions() as here, sessions() as there:
        binding.bind(here, clinic.card.binding)
        binding.bind(there, other.binding)
        _append(here, clinic, [Entry("residents.show")])
        there.execute(sa.text("SET LOCAL lock_timeout = '500ms'"))
        _append(there, clinic, [Entry("residents.show")])
        there.rollback()
        here.rollback()
    sessions.kw["bind"].dispose()
