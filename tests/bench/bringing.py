"""Figure: a clinic's list of 50,000 lines, from the button to the residents."""

from __future__ import annotations

import contextlib
import dataclasses
import resource
import tempfile
import time
import typing
from pathlib import Path

import psutil
import sqlalchemy as sa

from saas.accounts.models import Site
from saas.app import create_app
from saas.config import Settings
from saas.residents.bringing import batches, headings
from saas.residents.models import Resident
from saas.web import clock
from saas.web.clinic import clinic_of
from saas.web.models import ClinicSetting
from saas.web.sheets import lines as sheet
from tenants.readying import make_ready
from tenants.settings import TenantSettings
from tenants.working import Worker
from tests.bench.figure import Figure, Measured
from tests.bench.region import HOME
from tests.support import lists, world

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator

    from flask import Flask

    from tests.support.world import Person

LINES = 50_000
SECONDS = 300


def figures() -> Iterator[Figure]:
    """One figure per kind of file."""
    yield Figure(f"{LINES:,} lines of .xlsx checked and brought in", "≤ 300 s", lambda: measured("xlsx"))
    yield Figure(f"{LINES:,} lines of GB 18030 text, the same", "≤ 300 s", lambda: measured("text"))


def measured(kind: str) -> Measured:
    """A durable server of its own, one clinic, one list; nothing is tuned for the run."""
    people = lists.people(LINES)
    text = kind == "text"
    body = lists.as_text(people, encoding="gb18030") if text else lists.as_workbook([lists.HEADINGS, *people])
    with brought(body) as walk:
        checked = walk.timed(batches.CHECKING, batches.CHECK_LIST)
        run = walk.timed(batches.RUNNING, batches.RUN_LIST)
        worked = walk.work
        assert walk.stored() == LINES
        compared = walk.timed("", batches.MATCH_LIST)
        undone = walk.timed("undo", batches.UNDO_LIST)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Measured(
        f"{checked + run:.0f} s (check {checked:.0f} s, run {run:.0f} s)",
        checked + run <= SECONDS,
        f"of both {worked.worker:.0f} s of the worker's and {worked.server:.0f} s of the database's own "
        f"work, the rest waited for a core; file {len(body) / 1e6:.1f} MB; {LINES / run:.0f} residents/s; "
        f"comparing afterwards {compared:.0f} s; undo {undone:.0f} s; process at most {memory:.0f} MB",
    )


class Work(typing.NamedTuple):
    """Seconds of a processor: on a machine that others use, the fairer figure."""

    worker: float
    server: float


@dataclasses.dataclass
class Walk:
    """One batch and the worker that does its jobs."""

    app: Flask
    head: Person
    batch_id: uuid.UUID

    @property
    def work(self) -> Work:
        """What this process and the database have worked since the clinic was made."""
        pid = world.caretaker(self.app).logins.server().status().pid
        server = psutil.Process(pid)
        own, over = server.cpu_times(), [child.cpu_times() for child in server.children()]
        seconds = own.children_user + own.children_system + sum(one.user + one.system for one in over)
        return Work(time.process_time(), seconds)

    def timed(self, state: str, job: str) -> float:
        """Seconds from the commit of a request to the end of its job."""
        with world.inside(self.app, self.head.card):
            batch = batches.one(self.batch_id)
            assert batch is not None
            if state == "undo":
                batch.undone_at, batch.undone_by = clock.now(), self.head.staff_id
            elif state:
                batches.begin(batch, state)
        began = time.perf_counter()
        tenants = world.caretaker(self.app)
        tenants.jobs.defer(job, self.head.card.id, self.batch_id)
        Worker(tenants).work_off()
        seconds = time.perf_counter() - began
        with world.inside(self.app, self.head.card):
            batch = batches.one(self.batch_id)
            assert batch is not None
            assert batches.waiting(batch) in {"", batches.MATCH_LIST}, batch.state
        return seconds

    def stored(self) -> int:
        """How many residents there are."""
        with world.inside(self.app, self.head.card) as session:
            return session.scalar(sa.select(sa.func.count()).select_from(Resident)) or 0


@contextlib.contextmanager
def brought(body: bytes) -> Iterator[Walk]:
    """One clinic on a server of its own, with fsync as in service, to which the list was sent."""
    with tempfile.TemporaryDirectory(prefix="shipa-bench-", dir=HOME) as folder:
        Path(folder).chmod(0o755)
        data = Path(folder) / "data"
        place = TenantSettings(data=data, master_key_file=data / "keys" / "master.key")
        app = create_app(Settings(hash_cost="test"), place)
        tenants = world.caretaker(app)
        make_ready(tenants)
        card = world.provision(app, "650099001", "名单院")
        head = world.add_staff(app, card, "head", "clinic_admin")
        try:
            yield Walk(app, head, sent(app, head, body))
        finally:
            world.close(app)
            tenants.logins.server().stop()


def sent(app: Flask, head: Person, body: bytes) -> uuid.UUID:
    """The list as it stands after the head has chosen its columns."""
    first = sheet.head(body)
    with world.inside(app, head.card) as session:
        setting = session.scalars(sa.select(ClinicSetting)).one()
        batch = batches.add("list", body, first, clinic_of(head.card, setting).keys, head.staff_id)
        columns = headings.guessed(first, 1)
        site = session.scalars(sa.select(Site).order_by(Site.code)).first()
        assert site is not None
        batch.mapping = batch.mapping | {
            "heading_line": 1,
            "columns": {str(column): field for column, field in columns.items()},
            "site_id": str(site.id),
        }
        return batch.id
