"""The worker: takes one job after the other, each inside its clinic, until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import threading
import typing
import uuid

import procrastinate
import psycopg
import sqlalchemy as sa
from procrastinate import RetryDecision
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status
from procrastinate.retry import BaseRetryStrategy

from tenants import house_orders, roster_runs
from tenants.disk import SECONDS
from tenants.jobs import (
    CLINICS,
    HEARTBEAT_SECONDS,
    HOUSE,
    KEEP_FAILED_HOURS,
    OF_CLINICS,
    OF_HOUSE,
    SILENT_SECONDS,
    Errand,
    Stopped,
)
from tenants.placing import MAIN
from tenants.turns import Busy

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from procrastinate import JobContext
    from procrastinate.jobs import Job

    from tenants.cards import ClinicCard
    from tenants.extension import Tenants
    from tenants.jobs import HouseJob, Kind

HOUSE_JOBS: tuple[HouseJob, ...] = (roster_runs, house_orders)

ATTEMPTS = 4
"""How often a job is begun before it has failed; a worker that was killed counts as one."""

_AWAY_SECONDS = 60
_LOOK_AFTER_THE_DEAD = "* * * * *"
_LOOK_FOR_THE_LOST = "*/5 * * * *"
_log = logging.getLogger(__name__)


class Patience(BaseRetryStrategy):
    """Again after 5, 15, 45 seconds; a second later when only the worker was stopped."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again; None to let it be."""
        if isinstance(exception, Stopped):
            return RetryDecision(retry_in={"seconds": 1})
        if job.attempts + 1 >= ATTEMPTS:
            return None
        return RetryDecision(retry_in={"seconds": 5 * 3**job.attempts})


class Worker:
    """Does the jobs of all clinics, one at a time, with the web's own logins."""

    def __init__(self, tenants: Tenants) -> None:
        self._tenants = tenants
        self._stopping = threading.Event()

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; a running job is put back and its transaction given up."""
        self.sweep()
        asyncio.run(self._run(self.queues, wait=True))

    def work_off(self, *queues: str) -> None:
        """Do what waits now, in these queues alone if some are named, and come back."""
        asyncio.run(self._run(queues or self.queues, wait=False))

    @property
    def queues(self) -> list[str]:
        """The clinics' queue, and the house's where this worker may do what the owner may."""
        settings = self._tenants.settings
        return [CLINICS, HOUSE] if settings.embedded or settings.owner_url else [CLINICS]

    def stop(self) -> None:
        """Have the running job end at its next look up."""
        self._stopping.set()

    def sweep(self) -> int:
        """Queue what waits somewhere without a job: its request died before it could queue it."""
        found = 0
        for card in self._tenants.door.all_clinics():
            if self._stopping.is_set():
                break
            found += self.sweep_clinic(card)
        return found + self.sweep_house()

    def sweep_clinic(self, card: ClinicCard) -> int:
        """The part of the round that looks into one clinic."""
        try:
            with self._tenants.inside(card) as session:
                waiting = [one for look in self._tenants.unfinished for one in look(session)]
        except sa.exc.OperationalError:
            if card.cell == MAIN:
                raise
            return 0  # the cell is away; the next round looks again
        for name, object_id in waiting:
            self._tenants.jobs.defer(name, card.id, object_id)
        return len(waiting)

    def sweep_house(self) -> int:
        """The part of the round that looks for jobs of the house, where this worker may do them."""
        if HOUSE not in self.queues:
            return 0
        waiting = [(job.JOB, one) for job in HOUSE_JOBS for one in job.unfinished(self._tenants)]
        for name, object_id in waiting:
            self._tenants.jobs.defer_house(name, object_id)
        return len(waiting)

    async def _run(self, queues: Sequence[str], *, wait: bool) -> None:
        queue = self._tenants.jobs.queue(OF_HOUSE if HOUSE in self.queues else OF_CLINICS)
        for kind in self._tenants.job_kinds:
            queue.task(name=kind.name, pass_context=True, retry=Patience())(self._doing(kind))
        for job in HOUSE_JOBS:
            queue.task(name=job.JOB, pass_context=True, retry=Patience())(self._doing_house(job))
        if wait:
            _look_after(queue, self.sweep)
        async with queue.open_async():
            await _revive(queue)
            working = asyncio.ensure_future(
                queue.run_worker_async(
                    queues=list(queues),
                    wait=wait,
                    listen_notify=wait,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                    update_heartbeat_interval=HEARTBEAT_SECONDS,
                    stalled_worker_timeout=SILENT_SECONDS,
                )
            )
            with contextlib.suppress(asyncio.CancelledError), self._signals(working):
                await working

    @contextlib.contextmanager
    def _signals(self, working: asyncio.Future[None]) -> typing.Iterator[None]:
        """On SIGTERM and SIGINT: no new job, and the running one looks up and ends."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        loop = asyncio.get_running_loop()

        def end() -> None:
            self.stop()
            working.cancel()

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, end)
        try:
            yield
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)

    def _doing(self, kind: Kind) -> Callable[..., None]:
        """A job's function: ``clinic`` and ``object`` are ids, and all that the queue knows."""

        def do(context: JobContext, **ids: str) -> None:
            card = self._tenants.door.clinic_with_id(uuid.UUID(ids["clinic"]))
            if card is None:
                return
            if card.moving_to is not None:
                self._later(kind, card, ids)
                return
            errand = Errand(
                card,
                uuid.UUID(ids["object"]),
                lambda: self._tenants.inside(card),
                self._look_up,
                self._tenants.outbox(card),
            )
            self._wait_for_room()
            try:
                _try(kind, errand, context.job.attempts)
            except Exception as error:
                if not _is_away(card, error):
                    raise
                self._later(kind, card, ids)

        return do

    def _later(self, kind: Kind, card: ClinicCard, ids: dict[str, str]) -> None:
        """Queue the job anew: its clinic moves or is out of reach, which is no failure of the job."""
        self._tenants.jobs.defer(kind.name, card.id, uuid.UUID(ids["object"]), seconds=_AWAY_SECONDS)

    def _wait_for_room(self) -> None:
        """A job writes much at once: with a disk nearly full it waits, as whoever wants to save does."""
        told = False
        while self._tenants.disks.are_low():
            if not told:
                _log.warning("a job waits: the disk is nearly full")
                told = True
            if self._stopping.wait(SECONDS):
                raise Stopped

    def _doing_house(self, job: HouseJob) -> Callable[..., None]:
        """The function of a job of the house; ``object`` is the id of what it does."""

        def do(context: JobContext, /, **ids: str) -> None:
            one = uuid.UUID(ids["object"])
            if context.job.attempts >= ATTEMPTS:
                job.give_up(self._tenants, one)
                return
            self._wait_for_room()
            try:
                job.work(self._tenants, one, self._look_up)
            except (Stopped, Busy):
                raise
            except Exception as error:
                _log.warning("a job broke off", extra={"job": job.JOB}, exc_info=error)
                if context.job.attempts + 1 >= ATTEMPTS:
                    job.give_up(self._tenants, one)
                raise

        return do

    def _look_up(self) -> None:
        if self._stopping.is_set():
            raise Stopped


def _try(kind: Kind, errand: Errand, attempts: int) -> None:
    """Work, or give up for good when it was tried often enough; what it raises is tried again."""
    if attempts >= ATTEMPTS:
        kind.give_up(errand)
        return
    try:
        kind.work(errand)
    except Stopped:
        raise
    except Exception as error:
        if not _is_away(errand.card, error):
            # Of the exception the log shows type and place: a driver's text can hold a row.
            _log.warning("a job broke off", extra={"job": kind.name}, exc_info=error)
            if attempts + 1 >= ATTEMPTS:
                kind.give_up(errand)
        raise


def _is_away(card: ClinicCard, error: BaseException) -> bool:
    """Whether the error is that the clinic's cell, a further one, cannot be reached."""
    driver = getattr(error, "orig", error)
    return card.cell != MAIN and isinstance(driver, psycopg.OperationalError) and driver.sqlstate is None


def _look_after(queue: procrastinate.App, sweep: Callable[[], int]) -> None:
    """The two regular rounds: jobs of dead workers, and work without a job."""

    @queue.periodic(cron=_LOOK_AFTER_THE_DEAD)
    @queue.task(name="house.revive", queueing_lock="house.revive", pass_context=True)
    async def revive(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - the library's signature
        await _revive(context.app)

    @queue.periodic(cron=_LOOK_FOR_THE_LOST)
    @queue.task(name="house.sweep", queueing_lock="house.sweep")
    def look_for_the_lost(timestamp: int) -> None:  # noqa: ARG001 - the library's signature
        sweep()


async def _revive(queue: procrastinate.App) -> None:
    """Put the jobs of workers that died without a word back into the queue."""
    for job in await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
        _log.warning("the worker of a job is gone; it is done again", extra={"job": job.task_name})
        try:
            await queue.job_manager.retry_job(job)
        except UniqueViolation:
            # The round has found the same work and queued it too; the two would wait for each other.
            await queue.job_manager.finish_job(job, Status.FAILED, delete_job=True)
    # What failed for good is kept for a week, so that monitoring sees it; it holds ids only.
    await queue.job_manager.delete_old_jobs(KEEP_FAILED_HOURS, include_failed=True)


def end_with_parent(worker: Worker) -> None:
    """Stop when the process that began this one is gone, however it went."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            threading.Event().wait(1)
        worker.stop()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()
