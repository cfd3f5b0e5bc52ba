"""The Flask extension: one application, many clinics."""

from __future__ import annotations

import contextlib
import dataclasses
import getpass
import typing
import uuid

import sqlalchemy as sa

from tenants import binding, pool
from tenants.cards import ClinicCard
from tenants.cell_desk import CellDesk
from tenants.connecting import Logins
from tenants.disk import Disks
from tenants.door import Door
from tenants.jobs import Jobs
from tenants.keys import Master
from tenants.outbox import Outbox
from tenants.pausing import moving_to
from tenants.readiness import Readiness

if typing.TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from flask import Flask
    from sqlalchemy.orm import Session, scoped_session

    from tenants.jobs import Kind, Unfinished
    from tenants.practice import Practising
    from tenants.settings import TenantSettings

_CARDS = (
    "SELECT id, number, code, kind, name_zh, name_ug, county_zh, prefecture_zh, state, "  # noqa: S608
    f"suspended_at, practice_of, cell, {moving_to()} "
    "FROM platform.clinic WHERE removed_at IS NULL AND (CAST(%(code)s AS text) IS NULL OR code = %(code)s "
    # A code that the clinic had works on; one that another clinic has now is that one's.
    "OR (id IN (SELECT clinic_id FROM platform.clinic_code c WHERE c.code = %(code)s) "
    "AND NOT EXISTS (SELECT FROM platform.clinic n WHERE n.code = %(code)s))) ORDER BY number"
)


@dataclasses.dataclass(frozen=True)
class NewClinic:
    """A clinic that is about to be provisioned: what its first rows are made of."""

    id: uuid.UUID
    code: str
    kind: str
    name_zh: str
    name_ug: str
    wrapped_data_key: bytes
    wrapped_hash_key: bytes


Following = typing.Callable[
    ["tuple[int, bytes] | None", bytes, "Mapping[str, object]"], "Mapping[str, object]"
]
"""Makes the row of a clinic's access log that follows a head, with the clinic's hash key."""

Furnish = typing.Callable[[NewClinic], "Mapping[str, Sequence[Mapping[str, object]]]"]
"""Makes the first rows of a new clinic, by table."""


class Tenants:
    """Binds the application's sessions to clinics; ``app.extensions["building"]``.

    ``metadata`` holds the tables of one clinic, ``furnish`` makes its first rows and ``following`` the
    rows of its log; all are handed over by the application, since nothing here knows what a clinic's
    software is.
    """

    def __init__(
        self, settings: TenantSettings, *, metadata: sa.MetaData, furnish: Furnish, following: Following
    ) -> None:
        self.settings = settings
        self.metadata = metadata
        self.furnish = furnish
        self.following = following
        self.logins = Logins(settings)
        self.cells = pool.CellEngines(self.logins)
        self.cell_desk = CellDesk(self.logins)
        self.master = Master(settings.master_key_file)
        self.jobs = Jobs(self.logins)
        self.disks = Disks(
            (settings.data, *settings.disks),
            settings.least_free,
            hold_the_database=settings.embedded or bool(settings.disks),
        )
        self.readiness = Readiness(self.logins, self.jobs, self.disks, self.cells.away, self.cell_desk)
        self.job_kinds: Sequence[Kind] = ()
        self.unfinished: Sequence[Unfinished] = ()
        self.practising: Practising | None = None

    @property
    def engine_options(self) -> dict[str, typing.Any]:
        """For Flask-SQLAlchemy's ``SQLALCHEMY_ENGINE_OPTIONS``."""
        return pool.engine_options(self.logins, "web")

    def init_app(
        self, app: Flask, sessions: scoped_session[typing.Any], engine: Callable[[], sa.Engine]
    ) -> None:
        """Guard the sessions, watch the pool, open the door."""
        app.extensions["building"] = self
        app.extensions["engine_of"] = self.cells.engine_of
        self.app = app
        self.sessions = sessions
        self.gate_engine = pool.gate_engine(self.logins)
        self.door = Door(self.gate_engine, sessions)
        with app.app_context():
            pool.recycle(engine())
            pool.renew_lost(engine())
        pool.renew_lost(self.gate_engine)
        binding.guard(sessions.session_factory)

    @property
    def folder(self) -> Path:
        """Where keys and seals are."""
        return self.settings.data

    def take_jobs(self, kinds: Sequence[Kind], unfinished: Sequence[Unfinished]) -> None:
        """What the worker does, handed over by the application."""
        self.job_kinds, self.unfinished = kinds, unfinished

    # for commands: everything that is plural

    def clinics(self, code: str | None = None) -> list[ClinicCard]:
        """All clinics, or the one with this code, by number; read as the owner."""
        with self.logins.connect("owner") as connection:
            rows = connection.execute(_CARDS, {"code": code}).fetchall()
        return [ClinicCard(*row) for row in rows]

    def removed_at(self, code: str) -> datetime.datetime | None:
        """When the clinic of this code was removed; its row in the registry stays."""
        with self.logins.connect("owner") as connection:
            query = "SELECT removed_at FROM platform.clinic WHERE code = %s"
            row = connection.execute(query, (code,)).fetchone()
        return row[0] if row else None

    @contextlib.contextmanager
    def inside(self, card: ClinicCard) -> Iterator[Session]:
        """A session bound to one clinic as a request's would be; commits when the block succeeds."""
        with self.app.app_context():
            session = self.sessions()
            binding.bind(session, card.binding)
            yield session
            session.commit()

    def outbox(self, card: ClinicCard) -> Outbox:
        """Where figures of one clinic leave it; what is handed over must have its small cells hidden."""
        return Outbox(self.logins, card)

    def record_seal(self, at: datetime.datetime) -> None:
        """Note that all access logs were sealed, for whoever watches that it is done daily."""
        with self.logins.connect("owner") as connection:
            connection.execute(
                "INSERT INTO platform.seal_made (at) VALUES (%s) ON CONFLICT DO NOTHING", (at,)
            )

    def record_act(self, card: ClinicCard, act: str, detail: str = "") -> None:
        """Write what the platform did to a clinic; the clinic's staff are shown it (rights N12)."""
        with self.logins.connect("owner") as connection:
            connection.execute(
                "INSERT INTO platform.operator_act (id, clinic_id, act, operator, detail) "
                "VALUES (%s, %s, %s, %s, %s)",
                (uuid.uuid4(), card.id, act, getpass.getuser(), detail),
            )
