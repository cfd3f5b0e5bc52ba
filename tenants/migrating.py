"""Bringing every schema to the newest revision: the platform's, then clinic by clinic."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import random
import threading
import time
import typing
import uuid

import psycopg
import sqlalchemy as sa
from alembic import command
from psycopg import errors, sql

from tenants.compiling import revision_script
from tenants.naming import for_clinic, schema_of
from tenants.placing import MAIN
from tenants.trees import CLINIC, PLATFORM, Tree
from tenants.turns import own_turn
from tenants.workers import Workers

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tenants.connecting import Connection, Logins

CANARIES = 3
"""Clinics that go first and alone; when one of them fails, the others are not touched."""

TRIES = 5
CLINICS_PER_CONNECTION = 500
"""More than elsewhere: a revision touches few of a clinic's tables, so little is remembered."""

LOCK_TIMEOUT = "300ms"
PAUSE = 0.2
"""Seconds, doubled with each further try and spread by chance, so that workers do not meet again."""

_IN_THE_WAY = (errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure)

_BEHIND = """
SELECT c.id, c.number, c.code, r.revision, c.cell
FROM platform.clinic c JOIN platform.clinic_revision r ON r.clinic_id = c.id
WHERE r.revision <> %(head)s AND (%(only)s::text IS NULL OR c.code = %(only)s) AND c.cell = 'main'
ORDER BY c.number
"""
_BEHIND_THERE = "SELECT clinic_id, revision FROM platform.clinic_revision WHERE revision <> %s"
_SIGNS = """
SELECT id, number, code FROM platform.clinic
WHERE id = ANY (%(ids)s) AND cell = %(cell)s AND (%(only)s::text IS NULL OR code = %(only)s) ORDER BY number
"""

_LEDGER = sql.SQL(
    "UPDATE platform.clinic_revision SET revision = {head}, applied_at = now() "
    "WHERE clinic_id = {clinic}; "
    "INSERT INTO platform.migration_run (id, clinic_id, from_revision, to_revision) "
    "VALUES ({id}, {clinic}, {was}, {head})"
)


class Behind(typing.NamedTuple):
    """A clinic whose schema is not at the head."""

    id: uuid.UUID
    number: int
    code: str
    revision: str
    cell: str = MAIN


class LeftOut(typing.NamedTuple):
    """A clinic that a run could not bring to the head; nothing of it was changed."""

    code: str
    revision: str
    error: str


@dataclasses.dataclass
class Outcome:
    """What a run did."""

    head: str
    migrated: list[str] = dataclasses.field(default_factory=list)
    left_out: list[LeftOut] = dataclasses.field(default_factory=list)
    closed: dict[str, str] = dataclasses.field(default_factory=dict)
    """Cells that could not be reached, and why: nobody knows whether a clinic of theirs is behind."""


def upgrade_platform(logins: Logins, tree: Tree = PLATFORM) -> list[str]:
    """Bring schema ``platform`` of one cell to the head of its tree; returns what was applied."""
    with logins.connect("owner", autocommit=True) as connection, own_turn(connection):
        pending = platform_pending(connection, tree)
        if not pending:
            return []
        engine = sa.create_engine(
            "postgresql+psycopg://",
            creator=functools.partial(logins.connect, "owner"),
            poolclass=sa.NullPool,
        )
        with engine.connect() as bound:
            config = tree.config()
            config.attributes["connection"] = bound
            config.attributes["options"] = {"version_table_schema": "platform"}
            command.upgrade(config, "head")
            bound.commit()
        return pending


def platform_pending(connection: Connection, tree: Tree = PLATFORM) -> list[str]:
    """Revisions that schema ``platform`` lacks, oldest first."""
    found = connection.execute("SELECT to_regclass('platform.alembic_version')").fetchone()
    at = None
    if found is not None and found[0] is not None:
        row = connection.execute("SELECT version_num FROM platform.alembic_version").fetchone()
        at = row[0] if row else None
    return [script.revision for script in tree.after(at)]


def behind(connection: Connection, tree: Tree = CLINIC, only: str | None = None) -> list[Behind]:
    """Clinics of the main cell that are not at the head, by number: one query, whatever their count."""
    rows = connection.execute(_BEHIND, {"head": tree.head, "only": only}).fetchall()
    return [Behind(*row) for row in rows]


def behind_in_cells(
    logins: Logins, connection: Connection, tree: Tree = CLINIC, only: str | None = None
) -> tuple[list[Behind], dict[str, str]]:
    """Clinics of all cells that are not at the head, and the cells that could not be asked, with the reason.

    The connection is the owner's in the main cell.
    """
    found, closed = behind(connection, tree, only), {}
    for cell in logins.cells[1:]:
        try:
            with logins.of(cell).connect("owner") as there:
                late = dict(there.execute(_BEHIND_THERE, [tree.head]).fetchall())
        except psycopg.Error as error:
            closed[cell] = _told_by(error)
            continue
        if late:
            rows = connection.execute(_SIGNS, {"ids": list(late), "cell": cell, "only": only})
            found += [Behind(id_, number, code, late[id_], cell) for id_, number, code in rows]
    return found, closed


def migrate(
    logins: Logins,
    *,
    tree: Tree = CLINIC,
    jobs: int = 2,
    only: str | None = None,
    told: Callable[[int, int], None] | None = None,
) -> Outcome:
    """Bring all clinics, or the one with this code, to the head of the clinic tree.

    Each clinic is one transaction with its version row, so that whatever kills the run leaves
    every clinic at a revision, and the next run goes on from there. A clinic that somebody keeps
    locked is tried again after the others and in the end left out. ``told`` is called with how
    many are done and of how many, from any thread. Raises ``Busy``.
    """
    with logins.connect("owner", autocommit=True) as connection, own_turn(connection):
        waiting, closed = behind_in_cells(logins, connection, tree, only)
        outcome = Outcome(tree.head, closed=closed)
        if waiting:
            run = _Run(logins, tree, outcome, _counter(told, len(waiting)))
            canaries, others = waiting[:CANARIES], waiting[CANARIES:]
            run.through(canaries, 1)
            if outcome.left_out and others:
                because = f"not tried: canary clinic {outcome.left_out[0].code} was left out"
                outcome.left_out += [LeftOut(c.code, c.revision, because) for c in others]
            else:
                run.through(others, jobs)
        return outcome


def _counter(told: Callable[[int, int], None] | None, of: int) -> Callable[[int], None]:
    return lambda done: told(done, of) if told else None


class _Run:
    """One run over the clinics that were behind when it began."""

    def __init__(self, logins: Logins, tree: Tree, outcome: Outcome, told: Callable[[int], None]) -> None:
        self._logins = logins
        self._tree = tree
        self._outcome = outcome
        self._told = told
        self._lock = threading.Lock()
        self._scripts: dict[str, str] = {}

    def through(self, clinics: Sequence[Behind], jobs: int) -> None:
        """Migrate the clinics, cell by cell; a further cell that breaks off keeps no other one waiting."""
        for cell, some in itertools.groupby(clinics, lambda clinic: clinic.cell):
            try:
                self._in_cell(self._logins.of(cell), list(some), jobs)
            except psycopg.OperationalError as error:
                if cell == MAIN:
                    raise
                self._outcome.closed[cell] = _told_by(error)

    def _in_cell(self, logins: Logins, clinics: Sequence[Behind], jobs: int) -> None:
        """Migrate the clinics of one cell; those in somebody's way again after the others."""
        for attempt in range(1, TRIES + 1):
            again: list[tuple[Behind, str]] = []
            workers = Workers(logins, jobs, per_connection=CLINICS_PER_CONNECTION)
            workers.run(clinics, functools.partial(self._one, again=again))
            if not again:
                return
            clinics = [clinic for clinic, _ in again]
            if attempt < TRIES:
                time.sleep(PAUSE * 2 ** (attempt - 1) * random.uniform(0.5, 1.5))  # noqa: S311
        with logins.connect("owner", autocommit=True) as connection:
            for clinic, error in again:
                self._leave_out(connection, clinic, error)

    def _one(self, connection: Connection, clinic: Behind, again: list[tuple[Behind, str]]) -> None:
        try:
            connection.execute(self._message(connection, clinic))
        except _IN_THE_WAY as error:
            connection.rollback()
            again.append((clinic, _told_by(error)))
        except (psycopg.Error, LookupError) as error:
            if not connection.closed:
                connection.rollback()
            self._leave_out(connection, clinic, _told_by(error))
        else:
            with self._lock:
                self._outcome.migrated.append(clinic.code)
                self._told(len(self._outcome.migrated))

    def _message(self, connection: Connection, clinic: Behind) -> str:
        """The clinic's whole migration, its version row and its ledger row as one message."""
        rows = _LEDGER.format(id=uuid.uuid4(), clinic=clinic.id, was=clinic.revision, head=self._tree.head)
        parts = (
            "BEGIN",
            f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'",
            f"SET LOCAL search_path = {schema_of(clinic.number)}, ref",
            for_clinic(self._script(clinic.revision), clinic.number),
            rows.as_string(connection),
            "COMMIT",
        )
        return ";\n".join(parts)

    def _script(self, revision: str) -> str:
        """The statements from a revision to the head, each revision compiled once."""
        with self._lock:
            if revision not in self._scripts:
                lacking = self._tree.after(revision)
                self._scripts[revision] = "\n".join(map(revision_script, lacking))
            return self._scripts[revision]

    def _leave_out(self, connection: Connection, clinic: Behind, error: str) -> None:
        with self._lock:
            self._outcome.left_out.append(LeftOut(clinic.code, clinic.revision, error))
        values = (uuid.uuid4(), clinic.id, clinic.revision, self._tree.head, error)
        if not connection.closed:
            connection.execute(
                "INSERT INTO platform.migration_run "
                "(id, clinic_id, from_revision, to_revision, error) VALUES (%s, %s, %s, %s, %s)",
                values,
            )


def _told_by(error: Exception) -> str:
    """The first line of what the server said; the rest may quote a clinic's rows."""
    return (str(error).splitlines() or [type(error).__name__])[0]
