"""Threads that work for many clinics over few connections, and count every row that is not theirs."""

from __future__ import annotations

import collections
import concurrent.futures
import contextlib
import dataclasses
import random
import threading
import typing
import uuid

import psycopg
import sqlalchemy as sa
from sqlalchemy import event, orm
from sqlalchemy.exc import SQLAlchemyError

from tenants import binding, pool

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session

    from tenants.cards import ClinicCard
    from tenants.connecting import Logins

Guard = typing.Callable[["orm.sessionmaker[Session]"], None]

_IDLE = psycopg.pq.TransactionStatus.IDLE
_LOGIN = b"SELECT session_user || ' ' || current_user || ' ' || current_setting('search_path')"
_CLEAN = b'shipa_web shipa_web ""'


class Broken(Exception):  # noqa: N818 - what a view might raise in the middle of its work
    """Raised inside a transaction on purpose."""


@dataclasses.dataclass
class Tally:
    """What a run did and what it found. ``wrong``, ``dirty``, ``lost`` and ``failed`` must be 0."""

    done: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    wrong: int = 0  # rows of another clinic, read or written
    dirty: int = 0  # connections taken from the pool in a role, a search path or a transaction
    lost: int = 0  # committed rows that are missing, and undone ones that are there
    failed: list[str] = dataclasses.field(default_factory=list)
    connections: int = 0
    _lock: threading.Lock = dataclasses.field(default_factory=threading.Lock)

    def add(self, **found: int) -> None:
        """Count, from any thread."""
        with self._lock:
            for name, number in found.items():
                setattr(self, name, getattr(self, name) + number)

    def did(self, act: str) -> None:
        """One transaction of this kind is through."""
        with self._lock:
            self.done[act] += 1

    @property
    def is_clean(self) -> bool:
        """True when nothing was found."""
        return not (self.wrong or self.dirty or self.lost or self.failed)

    def __str__(self) -> str:
        failures = collections.Counter(self.failed).most_common(3)
        return (
            f"{sum(self.done.values())} transactions, {self.connections} connections: {self.wrong} wrong, "
            f"{self.dirty} dirty checkouts, {self.lost} lost or revived, {len(self.failed)} failed {failures}"
        )


def run(  # noqa: PLR0913 - the measures of the run
    logins: Logins,
    cards: Sequence[ClinicCard],
    *,
    transactions: int,
    connections: int = 3,
    threads: int = 8,
    guard: Guard = binding.guard,
    seed: int = 1,
) -> Tally:
    """Work through so many transactions in random clinics and kinds; then look at what is there."""
    tally = Tally()
    engines = {cell: _engine(logins, cell, connections, tally) for cell in logins.cells}
    sessions = _sessions(engines)
    guard(sessions)
    workers = [
        Worker(sessions, cards, tally, random.Random(seed * 1000 + number)) for number in range(threads)
    ]
    shares = [transactions // threads + (number < transactions % threads) for number in range(threads)]
    with concurrent.futures.ThreadPoolExecutor(threads) as executor:
        list(executor.map(Worker.work, workers, shares))
    for engine in engines.values():
        engine.dispose()
    _compare(logins, cards, workers, tally)
    return tally


def _sessions(engines: Mapping[str, sa.Engine]) -> orm.sessionmaker[Session]:
    class CellSession(orm.Session):
        """Takes its connections from its clinic's cell."""

        def get_bind(self, *_: object, **__: object) -> sa.Engine:
            return engines[binding.binding_of(self).cell]

    return orm.sessionmaker(class_=CellSession, expire_on_commit=False)


def _engine(logins: Logins, cell: str, connections: int, tally: Tally) -> sa.Engine:
    options = pool.engine_options(logins.of(cell), "web") | {"pool_size": connections}
    engine = sa.create_engine("postgresql+psycopg://", **options)
    pool.recycle(engine)
    event.listen(engine, "checkout", lambda raw, *_: tally.add(dirty=int(not _is_clean(raw))))
    event.listen(engine, "connect", lambda *_: tally.add(connections=1))
    event.listen(engine, "connect", lambda _, entry: entry.info.update(cell=cell))
    return engine


def _is_clean(raw: typing.Any) -> bool:  # noqa: ANN401 - SQLAlchemy passes psycopg's connection
    if raw.pgconn.transaction_status != _IDLE:
        return False
    return bool(raw.pgconn.exec_(_LOGIN).get_value(0, 0) == _CLEAN)


class Worker:
    """One thread: a new session for every transaction, each of a random kind."""

    def __init__(
        self,
        sessions: orm.sessionmaker[Session],
        cards: Sequence[ClinicCard],
        tally: Tally,
        chance: random.Random,
    ) -> None:
        self._sessions = sessions
        self._cards = cards
        self._tally = tally
        self._chance = chance
        self.kept: dict[str, set[str]] = collections.defaultdict(set)
        self.undone: dict[str, set[str]] = collections.defaultdict(set)

    def work(self, transactions: int) -> None:
        """Do one transaction after another."""
        acts: list[Callable[[Session, ClinicCard], None]] = [
            *[self.commits] * 8,
            *[self.reads] * 8,
            *[self.goes_on_after_commit] * 4,
            *[self.rolls_back] * 4,
            *[self.fails_in_savepoint] * 4,
            *[self.raises] * 4,
            *[self.passes_the_gate] * 4,
            *[self.fails_at_the_gate] * 2,
            self.runs_out_of_time,
            self.is_cancelled,
        ]
        for _ in range(transactions):
            act, card = self._chance.choice(acts), self._chance.choice(self._cards)
            try:
                with self._sessions() as session:
                    binding.bind(session, card.binding)
                    act(session, card)
            except (SQLAlchemyError, psycopg.Error, binding.BindingError) as error:
                self._tally.failed.append(f"{act.__name__}: {type(error).__name__} {error!s:.80}")
            self._tally.did(act.__name__)

    # the kinds of transactions

    def commits(self, session: Session, card: ClinicCard) -> None:
        mark = self._write(session)
        self._check(session, card)
        session.commit()
        self.kept[card.code].add(mark)

    def reads(self, session: Session, card: ClinicCard) -> None:
        self._check(session, card)

    def goes_on_after_commit(self, session: Session, card: ClinicCard) -> None:
        for _ in range(2):
            self.commits(session, card)
        self._check(session, card)

    def rolls_back(self, session: Session, card: ClinicCard) -> None:
        self.undone[card.code].add(self._write(session))
        session.rollback()
        self._check(session, card)

    def fails_in_savepoint(self, session: Session, card: ClinicCard) -> None:
        mark = self._write(session)
        with contextlib.suppress(sa.exc.IntegrityError), session.begin_nested():
            self._write(session, mark)
        self._check(session, card)
        with contextlib.suppress(Broken), session.begin_nested():
            self.undone[card.code].add(self._write(session))
            raise Broken
        self._check(session, card)
        session.commit()
        self.kept[card.code].add(mark)

    def raises(self, session: Session, card: ClinicCard) -> None:
        with contextlib.suppress(Broken), session.begin():
            self.undone[card.code].add(self._write(session))
            self._check(session, card)
            raise Broken
        self._check(session, card)

    def passes_the_gate(self, session: Session, card: ClinicCard) -> None:
        mark = self._write(session)
        with binding.gate_role(session):
            role = "_gate" if binding.driver_connection(session.connection()).level == 1 else ""
            self._is(session, f"{card.binding.schema}{role}")
            session.execute(sa.text("SELECT staff_id FROM staff_secret")).all()
        self._check(session, card)
        session.commit()
        self.kept[card.code].add(mark)
        self._check(session, card)

    def fails_at_the_gate(self, session: Session, card: ClinicCard) -> None:
        self.undone[card.code].add(self._write(session))
        with contextlib.suppress(sa.exc.DBAPIError), binding.gate_role(session):
            session.execute(sa.text("SELECT code FROM platform.clinic"))
            self._tally.add(wrong=1)  # neither the gate's role nor the clinic's may read this
        session.rollback()
        self._check(session, card)

    def runs_out_of_time(self, session: Session, card: ClinicCard) -> None:
        self.undone[card.code].add(self._write(session))
        session.execute(sa.text("SET LOCAL statement_timeout = '20ms'"))
        with contextlib.suppress(sa.exc.OperationalError):
            self._take_long(session)
        session.rollback()
        self._check(session, card)

    def is_cancelled(self, session: Session, card: ClinicCard) -> None:
        self.undone[card.code].add(self._write(session))
        raw = binding.driver_connection(session.connection())
        timer = threading.Timer(0.02, raw.cancel_safe)
        timer.start()
        with contextlib.suppress(sa.exc.OperationalError):
            self._take_long(session)
        # The cancel must not reach whoever has the connection next.
        timer.join()
        session.rollback()
        self._check(session, card)

    # their parts

    def _take_long(self, session: Session) -> None:
        session.execute(sa.text("SELECT count(*) FROM generate_series(1, 100000000)"))
        self._tally.failed.append("a long statement came to its end")

    def _write(self, session: Session, mark: str = "") -> str:
        mark = mark or f"interleaving:{uuid.uuid4()}"
        session.execute(sa.text("INSERT INTO counter (prefix, last) VALUES (:mark, 1)"), {"mark": mark})
        return mark

    def _check(self, session: Session, card: ClinicCard) -> None:
        """Every row that can be seen must be this clinic's own, by the role that belongs to it."""
        self._is(session, card.binding.schema)
        ids = session.scalars(sa.text("SELECT id FROM clinic_setting")).all()
        self._tally.add(wrong=int(ids != [card.id]))

    def _is(self, session: Session, role: str) -> None:
        now = session.scalar(sa.text("SELECT current_user || ' ' || current_setting('search_path')"))
        schema = role.removesuffix("_gate")
        self._tally.add(wrong=int(now != f"{role} {schema}, ref"))


def _compare(logins: Logins, cards: Sequence[ClinicCard], workers: Sequence[Worker], tally: Tally) -> None:
    """What every clinic holds in the end against what the workers believe."""
    kept, undone = (_together(workers, name) for name in ("kept", "undone"))
    elsewhere = {mark: code for code, marks in kept.items() for mark in marks}
    for card in cards:
        with logins.of(card.cell).connect("owner") as connection:
            there = set(_marks(connection, card.binding.schema))
            tally.add(wrong=sum(elsewhere.get(mark, card.code) != card.code for mark in there))
            tally.add(lost=len(kept[card.code] - there) + len(undone[card.code] & there))


def _together(workers: Sequence[Worker], name: str) -> dict[str, set[str]]:
    joined: dict[str, set[str]] = collections.defaultdict(set)
    for worker in workers:
        for code, marks in getattr(worker, name).items():
            joined[code] |= marks
    return joined


def _marks(connection: psycopg.Connection[typing.Any], schema: str) -> Iterator[str]:
    query = f"SELECT prefix FROM {schema}.counter WHERE prefix LIKE 'interleaving:%'"  # noqa: S608
    return (row[0] for row in connection.execute(query.encode()))


def never_meet(logins: Logins, clinics: Sequence[ClinicCard], connections: int) -> None:
    """A thousand transactions of all kinds over so few connections: nobody sees another clinic's row."""
    tally = run(logins, clinics, transactions=1000, connections=connections, seed=connections)
    assert tally.is_clean, tally
    assert (sum(tally.done.values()), len(tally.done)) == (1000, 10), tally.done
