"""Figures 5 and 6: what the binding costs a transaction, and what the whole pipeline costs a page."""

from __future__ import annotations

import itertools
import statistics
import time
import typing

import psycopg
import sqlalchemy as sa
from sqlalchemy import orm

from saas.accounts.models import Site, Staff
from saas.residents import writing
from saas.residents.rules import identity
from saas.web import clock
from saas.web.clinic import clinic_of
from saas.web.cookies import cookie_name
from saas.web.models import ClinicSetting
from saas.web.request import Here
from tenants import binding, pool
from tenants.connecting import ExtendedCursor
from tests.bench import plain
from tests.bench.figure import Figure, Measured
from tests.bench.region import region
from tests.support import world

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Iterator, Sequence

    from flask import Flask
    from sqlalchemy.orm import Session

    from saas.web.clinic import Clinic
    from tenants.cards import ClinicCard
    from tenants.connecting import Logins
    from tests.support.world import Person

WARM = 40
ROUNDS = 30
MOST_TO_BIND = 1.10
MOST_FOR_A_PAGE = 1.5
NAME = "ئايگۈل تۇرسۇن"


def figures() -> Iterator[Figure]:
    """Two ratios, each against a plain schema in the same run."""
    bind = f"bind alone: ORM, three queries and a commit, {WARM} warm clinics in turn"
    yield Figure(bind, f"at most {MOST_TO_BIND} x a plain schema", binding_cost)
    page = "a resident's page with session, binding, guard and log row"
    yield Figure(page, f"at most {MOST_FOR_A_PAGE} x the same page without them", page_cost)


def in_turns(
    ours: Callable[[], object], theirs: Callable[[], object], times: int
) -> tuple[float, float, float]:
    """Median seconds of each, and the median of the ratios of neighbouring rounds.

    In turns and with the order changing, because other work comes and goes on the machine.
    """
    seconds: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(ROUNDS):
        for first in (turn % 2 == 0, turn % 2 == 1):
            began = time.perf_counter()
            for _ in range(times):
                (ours if first else theirs)()
            seconds[first].append((time.perf_counter() - began) / times)
    ratio = statistics.median(a / b for a, b in zip(seconds[True], seconds[False], strict=True))
    return statistics.median(seconds[True]), statistics.median(seconds[False]), ratio


# Figure 5


def binding_cost() -> Measured:
    """On the whole region and the bare script's database."""
    made = region()
    return binding_cost_in(made.tenants.logins, made.bare, made.tenants.clinics()[:WARM])


def binding_cost_in(logins: Logins, bare: Logins, cards: Sequence[ClinicCard]) -> Measured:
    """Both sessions speak the extended protocol over one pooled connection each."""
    plain.copy_rows(logins, cards[0].binding.schema, bare)
    bound = _sessions(lambda: logins.connect("web"))
    binding.guard(bound)
    unbound = _sessions(lambda: _connect(plain.plain_url(bare)))
    found = {}
    for queries in (3, 1):
        turn = itertools.count()

        def ours(queries: int = queries, turn: Iterator[int] = turn) -> None:
            with bound() as session:
                binding.bind(session, cards[next(turn) % len(cards)].binding)
                _work(session, queries)

        def theirs(queries: int = queries) -> None:
            with unbound() as session:
                _work(session, queries)

        for _ in range(3 * len(cards)):
            ours()
            theirs()
        found[queries] = in_turns(ours, theirs, times=100)
    notes = "; ".join(
        f"{queries} queries {ratio:.2f} x, {mine * 1e3:.2f} ms against {others * 1e3:.2f} ms"
        for queries, (mine, others, ratio) in found.items()
    )
    return Measured(f"{found[3][2]:.2f} x", found[3][2] <= MOST_TO_BIND, notes)


def _connect(url: str) -> psycopg.Connection[typing.Any]:
    return psycopg.connect(url, prepare_threshold=None, cursor_factory=ExtendedCursor)


def _sessions(creator: Callable[[], psycopg.Connection[typing.Any]]) -> orm.sessionmaker[Session]:
    engine = sa.create_engine(
        "postgresql+psycopg://", creator=creator, pool_size=1, max_overflow=0, use_native_hstore=False
    )
    pool.recycle(engine)
    return orm.sessionmaker(engine, expire_on_commit=False)


def _work(session: Session, queries: int) -> None:
    """So many small reads of a page, and the commit."""
    session.scalars(sa.select(ClinicSetting)).one()
    if queries > 1:
        session.scalars(sa.select(Site).order_by(Site.code)).all()
        session.scalars(sa.select(Staff).order_by(Staff.username)).all()
    session.commit()


# Figure 6


def page_cost() -> Measured:
    """On the whole region and the bare script's database."""
    made = region()
    return page_cost_in(made.app, made.bare, made.tenants.clinics()[WARM])


def page_cost_in(app: Flask, bare: Logins, card: ClinicCard) -> Measured:
    """One resident's page, asked of the application and of the same one without its pipeline."""
    tenants = world.caretaker(app)
    doctor = world.add_staff(app, card, "page.bench", "village_doctor")
    resident_id, here = resident_of(app, doctor)
    plain.copy_rows(tenants.logins, card.binding.schema, bare)
    full = plain.Caller(app, f"/residents/{resident_id}", _cookie(app, doctor))
    bones = plain.Caller(plain.plain_app(tenants.settings, bare, here), f"/residents/{resident_id}")

    def theirs() -> str:
        with plain.unbound():
            return bones.page()

    for _ in range(100):
        assert NAME in full.page()
        assert NAME in theirs()
    assert len(full.page()) == len(theirs())
    mine, others, ratio = in_turns(full.page, theirs, times=20)
    notes = f"{mine * 1e3:.2f} ms against {others * 1e3:.2f} ms, in one process, without the network"
    return Measured(f"{ratio:.2f} x", ratio <= MOST_FOR_A_PAGE, notes)


def resident_of(app: Flask, doctor: Person) -> tuple[uuid.UUID, Here]:
    """Somebody to look at, and who looks at her."""
    with app.app_context(), world.inside(app, doctor.card) as session:
        clinic: Clinic = clinic_of(doctor.card, session.scalars(sa.select(ClinicSetting)).one())
        site = session.scalars(sa.select(Site)).first()
        assert site is not None
        texts = {"name_0": NAME, "sex_code": "2", "birth": "1963-05-07", "phone_0": "00000000001"}
        texts |= {"site_id": str(site.id), "print_language": "ug", "village": "يېڭى كەنت"}
        fields = dict.fromkeys(identity.FIELDS, "") | texts
        by = doctor.staff_id
        made = writing.register(fields, clinic.keys, form_id=by, at=clock.now(), by=by)
        assert made is not None
        staff = session.get_one(Staff, doctor.staff_id)
        row = app.extensions["door"].open(_token(app, doctor))[0]
        session.commit()
        session.expunge_all()
        return made.id, Here(clinic, staff, row)


def _token(app: Flask, doctor: Person) -> str:
    return str(
        app.extensions["door"].start(
            doctor.card, doctor.staff_id, stage="full", address="127.0.0.1", browser="", now=clock.now()
        )
    )


def _cookie(app: Flask, doctor: Person) -> str:
    with app.app_context():
        return f"{cookie_name('session')}={_token(app, doctor)}"
