"""Whether this house can do its work now: what ``/readyz`` asks and monitoring is told."""

from __future__ import annotations

import contextlib
import datetime
import threading
import time
import typing

import psycopg

from tenants.checking import check
from tenants.embedded import EmbeddedError
from tenants.jobs import CLINICS, HOUSE
from tenants.standing import Check, at_head, cell_standings, cells_check
from tenants.trees import CLINIC, PLATFORM

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from tenants.cell_desk import CellDesk
    from tenants.connecting import Logins
    from tenants.disk import Disks
    from tenants.jobs import Jobs
    from tenants.standing import CellStanding

ASKED_EVERY = 5.0
HARDENING_EVERY = 15 * 60.0
"""Seconds. The check reads the catalogue of every clinic, so it runs beside the requests."""

PATIENCE = 3.0
"""Seconds that the first question waits for the first check."""

HOUR = datetime.timedelta(hours=1)
OLDEST_SEAL = datetime.timedelta(hours=26)
"""A day and two hours for a late one: a cut of log rows newer than the last seal cannot be seen."""

_STANDING = "SELECT platform_revision, clinic_revisions, sealed_at, oldest_clinic FROM platform.standing"
_BEAT = "UPDATE platform.heartbeat SET at = clock_timestamp()"


class Readiness:
    """The conditions of one house. Answers hold for some seconds, so that anybody may ask."""

    def __init__(
        self, logins: Logins, jobs: Jobs, disks: Disks, away: Callable[[], Sequence[str]], desk: CellDesk
    ) -> None:
        """``away`` names the further cells that do not answer the web; the desk asks the others."""
        self._logins, self._jobs, self._disks, self._away, self._desk = logins, jobs, disks, away, desk
        self._lock = threading.Lock()
        self._seen: tuple[float, list[Check]] | None = None
        self.seal_age: float | None = None
        self._cells_seen: list[CellStanding] = []
        self.hardening = Hardening(logins)

    def look(self) -> list[Check]:
        """All conditions, from at most five seconds ago."""
        with self._lock:
            now = time.monotonic()
            if self._seen is None or now - self._seen[0] >= ASKED_EVERY:
                checks = [*self._database(), *self._cells(), self.hardening.look(), self._disk()]
                self._seen = now, [*checks, *self._workers()]
            return self._seen[1]

    def forget(self) -> None:
        """Look again at the next question."""
        self._seen = None
        self._disks.forget()
        self.hardening.forget()

    def free(self) -> Mapping[Path, float | None]:
        """The free part of each disk."""
        return self._disks.free()

    def cells(self) -> Sequence[CellStanding]:
        """The further cells, as of the last look."""
        return self._cells_seen

    def jobs(self) -> Mapping[str, int]:
        """Jobs by state; nothing when the database does not answer."""
        try:
            return self._jobs.counts()
        except (psycopg.Error, EmbeddedError):
            return {}

    def _database(self) -> Iterator[Check]:
        try:
            # Not of the pool: when that is used up, the database is still to be asked.
            with contextlib.closing(self._logins.connect("gate", autocommit=True)) as connection:
                # Written for real: a full disk or a server that only reads lets everything else through.
                connection.execute(_BEAT)
                row = connection.execute(_STANDING).fetchone()
        except (psycopg.Error, EmbeddedError) as error:
            yield Check("database", holds=False, words=type(error).__name__)
            unknown = "not known without the database"
            yield from (Check(name, None, unknown) for name in ("platform", "clinics", "log"))
            return
        yield Check("database", holds=True, words="a row was written")
        platform, clinics, sealed_at, oldest_clinic = row or (None, [], None, None)
        yield at_head("platform", PLATFORM, [platform] if platform else [])
        yield at_head("clinics", CLINIC, clinics)
        yield self._log(sealed_at, oldest_clinic)

    def _log(self, sealed_at: datetime.datetime | None, oldest_clinic: datetime.datetime | None) -> Check:
        now = datetime.datetime.now(datetime.UTC)
        self.seal_age = None if sealed_at is None else (now - sealed_at).total_seconds()
        since = sealed_at or oldest_clinic
        if since is None:
            return Check("log", holds=True, words="there is no clinic to seal")
        hours = f"{'sealed' if sealed_at else 'never sealed; begun'} {(now - since) / HOUR:.0f} hours ago"
        holds = now - since < OLDEST_SEAL
        return Check("log", holds, hours if holds else f"{hours}: run `shipa audit seal`")

    def _disk(self) -> Check:
        free = self._disks.free()
        told = [
            f"{folder}: {'not known' if share is None else f'{share:.0%} free'}"
            for folder, share in free.items()
        ]
        if self._disks.are_low():
            return Check("disk", False, ", ".join(told))  # noqa: FBT003 - a field
        if not self._disks.hold_the_database:
            told.append("the database's: not known; name its folder in SHIPA_DISKS if it is on this machine")
        known = self._disks.hold_the_database and all(share is not None for share in free.values())
        return Check("disk", True if known else None, ", ".join(told))

    def _cells(self) -> Iterator[Check]:
        """The further cells, if there are any; of one that is away only its own clinics wait."""
        if len(self._logins.cells) > 1:
            self._cells_seen = cell_standings(self._desk, self._away())
            yield cells_check(self._cells_seen)

    def _workers(self) -> Iterator[Check]:
        """One for the clinics; and where there is a console, one for what operators order of the house."""
        console = self._logins.has("operator")
        try:
            queues = self._jobs.worked_on()
        except (psycopg.Error, EmbeddedError):
            names = ("worker", "orders") if console else ("worker",)
            yield from (Check(name, None, "not known without the database") for name in names)
            return
        lives = CLINICS in queues
        yield Check("worker", lives, "heard of" if lives else "none was heard of: run `shipa worker`")
        if console:
            # The clinics' pages and jobs do not need it: no reason to send everybody away.
            words = "a worker of the house was heard of"
            if HOUSE not in queues:
                words = (
                    "no worker with the owner's login: rosters and changes wait; run one with SHIPA_OWNER_URL"
                )
            yield Check("orders", HOUSE in queues or None, words, degraded=HOUSE not in queues)


class Hardening:
    """What ``shipa check`` finds, looked at every quarter of an hour in a thread."""

    def __init__(self, logins: Logins) -> None:
        self._logins = logins
        self._known: tuple[float, list[str]] | None = None
        self._running: threading.Thread | None = None

    def look(self) -> Check:
        """What the last look found; begins a new one when that is old."""
        old = self._known is None or time.monotonic() - self._known[0] >= HARDENING_EVERY
        if old and (self._running is None or not self._running.is_alive()):
            self._running = threading.Thread(target=self._run, daemon=True)
            self._running.start()
        if self._known is None and self._running is not None:
            self._running.join(PATIENCE)
        if self._known is None:
            return Check("hardening", None, "being looked at")
        found = self._known[1]
        words = f"{found[0]}; run `shipa check`" if found else "nothing to put right"
        return Check("hardening", not found, words)

    def forget(self) -> None:
        """Look again at the next question."""
        self._known = None

    def _run(self) -> None:
        # On the throw-away cluster of a test run only, nothing has to survive a power cut.
        allow = ("fsync",) if self._logins.settings.embedded_fast else ()
        with contextlib.suppress(EmbeddedError):
            # A further cell that is away is told apart: the others are served.
            found = [one.what for one in check(self._logins, allow=allow) if not one.closes]
            self._known = time.monotonic(), found
