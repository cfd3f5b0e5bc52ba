"""Rosters that operators uploaded: dry run and import, as jobs of a worker with the owner's login."""

from __future__ import annotations

import dataclasses
import time
import typing

import psycopg
from psycopg.types.json import Jsonb

from tenants.import_planning import Counts
from tenants.importing import Import, Report, first_line, reached
from tenants.jobs import Stopped
from tenants.provisioning import Hand
from tenants.roster_file import FileRefused, Source
from tenants.turns import Busy

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Sequence

    from tenants.connecting import Connection
    from tenants.extension import Tenants
    from tenants.import_planning import Work
    from tenants.roster_file import Fault

    LookUp = Callable[[], None]

JOB = "house.roster"
_TELL_EVERY = 0.5
"""Seconds between two notes of how far an import is, and between two looks for a wish to stop."""

_INTO_FAULTS = (
    'COPY platform.roster_fault (run_id, position, file, line, "column", value, message) FROM STDIN'
)
_WAITING = ("checking", "running", "stopping")


class _Halted(Exception):  # noqa: N818 - reads as what happened
    """An operator wished the import to stop; clinics that were being made are whole."""


def unfinished(tenants: Tenants) -> list[uuid.UUID]:
    """Rosters that wait for a job: to be checked, imported or stopped."""
    with tenants.logins.connect("owner", autocommit=True) as connection:
        rows = connection.execute(
            "SELECT id FROM platform.roster_run WHERE state = ANY (%s) ORDER BY created_at", [list(_WAITING)]
        )
        return [row[0] for row in rows]


def work(tenants: Tenants, run_id: uuid.UUID, look_up: LookUp) -> None:
    """Do what the roster waits for: once, or again from where it was. Raises ``Stopped``, ``Busy``."""
    with tenants.logins.connect("owner", autocommit=True) as connection:
        row = connection.execute(
            "SELECT state, operator FROM platform.roster_run WHERE id = %s", [run_id]
        ).fetchone()
        if row is None or row[0] not in _WAITING:
            return
        run = _Run(tenants, connection, run_id, row[1], look_up)
        if row[0] == "checking":
            run.check()
        elif row[0] == "stopping":
            run.becomes("stopped")
        else:
            run.bring_in()


def give_up(tenants: Tenants, run_id: uuid.UUID) -> None:
    """It broke off again and again: say so; what is in place stays, and an operator can go on."""
    with tenants.logins.connect("owner", autocommit=True) as connection:
        connection.execute(
            "UPDATE platform.roster_run SET state = 'failed', failure = 'It broke off several times.', "
            "changed_at = now() WHERE id = %s AND state = ANY (%s)",
            [run_id, list(_WAITING)],
        )


class _Run:
    """One roster at work."""

    def __init__(
        self, tenants: Tenants, connection: Connection, run_id: uuid.UUID, operator: str, look_up: LookUp
    ) -> None:
        self._tenants = tenants
        self._connection = connection
        self._id = run_id
        self._hand = Hand(operator, "provisioned")
        self._look_up = look_up
        self._told_at = 0.0
        self._whole = 0
        """How many institutions the dry run meant to make or change."""

    def check(self) -> None:
        """The dry run: what an import would do, and every fault. Writes to no clinic."""
        try:
            task = self._task()
        except FileRefused as refusal:
            self._keep_faults(refusal.faults)
            self.becomes("refused", failure=refusal.faults[0].message)
            return
        settings = self._tenants.settings
        with reached(self._tenants.logins) as others:
            report = task.planned(self._connection, settings.clinic_numbers, settings.cells, others)
        self._keep_faults(report.faults)
        self.becomes("checked", report=Jsonb(_counts(report)), planned=Jsonb(_plan_of(task.works)))

    def bring_in(self) -> None:
        """The import, as `shipa clinics import` does it; each clinic is one transaction."""
        try:
            self._whole = sum(map(_is_needed, self._planned().values()))
            task = self._task()
            report = task.run(self._tenants, told=self._told)
        except _Halted:
            self.becomes("stopped")
            return
        except (Stopped, Busy):
            raise
        except (psycopg.Error, FileRefused) as error:
            self.becomes("failed", failure=first_line(error))
            return
        self._keep_faults(report.faults)
        self.becomes("done", report=Jsonb(self._told_in_the_end(task, report)))

    def becomes(self, state: str, **values: object) -> None:
        """Write the roster's standing, unless another worker has brought it further meanwhile."""
        columns = "".join(f", {name} = %({name})s" for name in values)
        query = (
            f"UPDATE platform.roster_run SET state = %(state)s, changed_at = now(){columns} "  # noqa: S608
            "WHERE id = %(id)s AND state = ANY (%(waiting)s)"
        )
        if state in {"refused", "done"}:  # never asked for again
            self._connection.execute("DELETE FROM platform.roster_file WHERE run_id = %s", [self._id])
        told = {"state": state, "id": self._id, "waiting": list(_WAITING), **values}
        self._connection.execute(query.encode(), told)

    def _task(self) -> Import:
        rows = self._connection.execute(
            "SELECT part, CASE part WHEN 'clinics' THEN file_name ELSE sites_name END, body "
            "FROM platform.roster_file JOIN platform.roster_run ON id = run_id WHERE run_id = %s",
            [self._id],
        )
        files = {part: Source(name, bytes(body)) for part, name, body in rows}
        return Import(files["clinics"], files.get("sites"), self._hand)

    def _planned(self) -> dict[str, list[list[int]]]:
        """What the dry run meant to do, as ``_plan_of`` wrote it."""
        row = self._connection.execute(
            "SELECT planned FROM platform.roster_run WHERE id = %s", [self._id]
        ).fetchone()
        return (row[0] if row else None) or {}

    def _told(self, done: int, of: int) -> None:
        """Note how far it is now and then, of the whole: the work before a stop, or a worker's end, counts.

        Called by one thread at a time.
        """
        self._look_up()
        now = time.monotonic()
        if now - self._told_at < _TELL_EVERY and done < of:
            return
        self._told_at, earlier = now, max(0, self._whole - of)
        row = self._connection.execute(
            'UPDATE platform.roster_run SET done = %s, "of" = %s, changed_at = now() WHERE id = %s '
            "RETURNING state",
            [earlier + done, earlier + of, self._id],
        ).fetchone()
        if row is None or row[0] == "stopping":
            raise _Halted

    def _keep_faults(self, faults: Sequence[Fault]) -> None:
        with self._connection.transaction():
            self._connection.execute("DELETE FROM platform.roster_fault WHERE run_id = %s", [self._id])
            with self._connection.cursor() as cursor, cursor.copy(_INTO_FAULTS) as rows:
                for position, fault in enumerate(faults, start=1):
                    column, value = _kept(fault.column), _kept(fault.value)
                    rows.write_row((self._id, position, fault.file, fault.line, column, value, fault.message))

    def _told_in_the_end(self, task: Import, report: Report) -> dict[str, object]:
        """The report over all attempts: what the dry run planned, without what was refused.

        After a stop the last attempt finds most lines in place and would call them unchanged.
        """
        planned = self._planned()
        told = Report(faults=report.faults)
        for own in task.works:
            if own.code in task.refused:
                continue
            clinics, sites = planned.get(own.code) or _parts_of(own)
            told.clinics.add(Counts(*clinics))
            told.sites.add(Counts(*sites))
        return _counts(told)


def _kept(cell: str) -> str:
    """A cell or a header's name as a column of text can hold it; it is shown, never used."""
    return cell[:200].replace("\0", "\N{REPLACEMENT CHARACTER}")


def _parts_of(work: Work) -> list[list[int]]:
    return [list(dataclasses.astuple(counts)) for counts in (work.clinics, work.site_counts)]


def _is_needed(parts: list[list[int]]) -> bool:
    """Whether one institution's counts hold a line that is made or changed."""
    return any(created or updated for created, _unchanged, updated in parts)


def _plan_of(works: Sequence[Work]) -> dict[str, list[list[int]]]:
    """What the dry run means to do, clinic by clinic: lines created, unchanged, updated."""
    return {each.code: _parts_of(each) for each in works}


def _counts(report: Report) -> dict[str, object]:
    return {
        "clinics": dataclasses.asdict(report.clinics),
        "sites": dataclasses.asdict(report.sites),
        "faults": len(report.faults),
    }
