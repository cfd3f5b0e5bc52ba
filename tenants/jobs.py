"""Work in the background: queued by a request after its commit, one clinic and one object a job."""

from __future__ import annotations

import contextlib
import typing

import procrastinate
from procrastinate.exceptions import AlreadyEnqueued

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Iterable, Sequence
    from contextlib import AbstractContextManager

    from sqlalchemy.orm import Session

    from tenants.cards import ClinicCard
    from tenants.connecting import Logins
    from tenants.extension import Tenants
    from tenants.outbox import Outbox

CONNECTIONS_OF_A_WORKER = 3
"""One listens, two ask and tell; beside them the pools of ``tenants.pool``, of which a job uses two."""

CLINICS, HOUSE = "default", "house"
"""Queues: the clinics' jobs, done with the web's login; the house's, done with the owner's."""

OF_CLINICS, OF_HOUSE = "shipa worker", "shipa worker of the house"
"""Names of workers on their connections: one that takes the clinics' jobs alone, one that takes both."""

HEARTBEAT_SECONDS = 5.0
SILENT_SECONDS = 20.0
"""A worker that was not heard of for so long is dead, and its job is done again from nothing."""


KEEP_FAILED_HOURS = 7 * 24
_STATES = {"todo": "waiting", "doing": "running", "failed": "failed"}


class Stopped(Exception):  # noqa: N818 - reads as what happened
    """The worker is to end: the job gives up its transaction and is put back."""


class Errand(typing.NamedTuple):
    """One job as its room sees it: the clinic, the object, a way in, and whether to hurry out."""

    card: ClinicCard
    id: uuid.UUID
    inside: Callable[[], AbstractContextManager[Session]]
    """A session bound to the clinic as a request's is; commits when the block succeeds."""
    look_up: Callable[[], None]
    """To be called between two pieces of work; raises ``Stopped`` when the worker is to end."""
    outbox: Outbox
    """Where figures of this clinic leave it."""


class Kind(typing.Protocol):
    """One kind of job: its name, its work, and what is left to do when it failed for good."""

    @property
    def name(self) -> str:
        """``room.verb``; what stands in the queue."""

    @property
    def work(self) -> Callable[[Errand], None]:
        """Done once or again: whatever it changes, it changes in one transaction."""

    @property
    def give_up(self) -> Callable[[Errand], None]:
        """Tell the clinic that it could not be done."""


class HouseJob(typing.Protocol):
    """Work of the house: a module with the job's name, what waits, its work and what to say at the end."""

    JOB: str

    def unfinished(self, tenants: Tenants, /) -> Sequence[uuid.UUID]:
        """What waits for a job."""

    def work(self, tenants: Tenants, one: uuid.UUID, look_up: Callable[[], None], /) -> None:
        """Do it, once or again."""

    def give_up(self, tenants: Tenants, one: uuid.UUID, /) -> None:
        """Say that it could not be done."""


Unfinished = typing.Callable[["Session"], "Iterable[tuple[str, uuid.UUID]]"]
"""What of a clinic waits for a job: names and ids; for jobs that got lost before they were queued."""


class Jobs:
    """The queue of this database. Its rows hold names and ids, never a text of a clinic."""

    def __init__(self, logins: Logins) -> None:
        self._logins = logins

    def defer(self, name: str, clinic_id: uuid.UUID, object_id: uuid.UUID, *, seconds: int = 0) -> None:
        """Queue a job, to be begun after so many seconds; does nothing when the same one waits already.

        Jobs of one clinic run one after the other. Raises ``ConnectorException``.
        """
        # Opened for the moment and closed again: a web process holds no connection for jobs.
        with self._logins.connect("jobs") as connection:
            task = procrastinate.App(connector=procrastinate.SyncPsycopgConnector()).configure_task(
                name,
                allow_unknown=True,
                lock=str(clinic_id),
                queueing_lock=f"{name}:{clinic_id}:{object_id}",
                connection=connection,
                schedule_in={"seconds": seconds} if seconds else None,
            )
            with contextlib.suppress(AlreadyEnqueued):
                task.defer(clinic=str(clinic_id), object=str(object_id))

    def defer_house(self, name: str, object_id: uuid.UUID) -> None:
        """Queue a job of the house, which only a worker with the owner's login takes. One at a time."""
        with self._logins.connect("jobs") as connection:
            task = procrastinate.App(connector=procrastinate.SyncPsycopgConnector()).configure_task(
                name,
                allow_unknown=True,
                queue=HOUSE,
                lock=HOUSE,
                queueing_lock=f"{name}:{object_id}",
                connection=connection,
            )
            with contextlib.suppress(AlreadyEnqueued):
                task.defer(object=str(object_id))

    def queue(self, worker: str) -> procrastinate.App:
        """Procrastinate's own face of it, for a worker of this name."""
        connector = procrastinate.PsycopgConnector(
            conninfo=self._logins.conninfo("jobs"),
            min_size=1,
            max_size=CONNECTIONS_OF_A_WORKER,
            timeout=10,
            kwargs={"prepare_threshold": None, "application_name": worker, "connect_timeout": 10},
        )
        return procrastinate.App(connector=connector)

    def a_worker_lives(self, queue: str = CLINICS) -> bool:
        """Whether some worker was heard of lately that takes this queue's jobs."""
        return queue in self.worked_on()

    def worked_on(self) -> frozenset[str]:
        """The queues that some worker takes jobs of; every worker takes the clinics'."""
        with self._logins.connect("jobs", autocommit=True) as connection:
            rows = connection.execute(
                "SELECT DISTINCT name FROM procrastinate_workers "
                "WHERE last_heartbeat > now() - make_interval(secs => %s)",
                [SILENT_SECONDS],
            ).fetchall()
        found = {CLINICS} if rows else set()
        return frozenset(found | {HOUSE} if (OF_HOUSE,) in rows else found)

    def counts(self) -> dict[str, int]:
        """How many jobs wait, are being done, and failed for good in the last week."""
        with self._logins.connect("jobs", autocommit=True) as connection:
            rows = connection.execute(
                "SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY status"
            ).fetchall()
        found = dict(rows)
        return {told: found.get(status, 0) for status, told in _STATES.items()}
