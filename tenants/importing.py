"""Importing a roster: every line in place, each clinic in one transaction, a report of the rest."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import threading
import typing

import psycopg
from psycopg import sql

from tenants import roster
from tenants.import_planning import Counts, Standing, Work, plan, standing
from tenants.naming import schema_of
from tenants.operators import act_row
from tenants.placing import MAIN, Cell
from tenants.provisioning import COMMAND, Hand, Order, Provisioner, insertion, site_row, swept
from tenants.registry import operator_act
from tenants.roster_file import Fault, File, Source
from tenants.turns import own_turn
from tenants.workers import Workers

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tenants.connecting import Connection, Logins
    from tenants.extension import Tenants

LOCK_TIMEOUT = "5s"

Told = typing.Callable[[int, int], None]


@dataclasses.dataclass
class Report:
    """What an import did, or would do: lines by what became of them, and every refusal."""

    clinics: Counts = dataclasses.field(default_factory=Counts)
    sites: Counts = dataclasses.field(default_factory=Counts)
    faults: list[Fault] = dataclasses.field(default_factory=list)

    def count(self, work: Work) -> None:
        """Add the lines of one clinic that are in place."""
        self.clinics.add(work.clinics)
        self.sites.add(work.site_counts)

    def as_dict(self) -> dict[str, object]:
        """The report as it is written to a file."""
        return {
            **dataclasses.asdict(self.clinics),
            "sites": dataclasses.asdict(self.sites),
            "errors": [fault._asdict() for fault in self.faults],
        }


class Import:
    """One import of two files that were read; ``planned`` reads the database, ``run`` writes."""

    def __init__(self, clinics: File, sites: File | None = None, hand: Hand = COMMAND) -> None:
        """Read and check the files. Raises ``FileRefused``."""
        self._clinic_file = _name_of(clinics)
        self._site_file = _name_of(sites)
        self._hand = hand
        self._lines = roster.read(clinics, sites)
        self._works: list[Work] = []
        self.refused: set[str] = set()
        """Codes of the clinics that the database refused in ``run``."""

    @property
    def works(self) -> list[Work]:
        """What ``planned`` or ``run`` found to be done, clinic by clinic."""
        return self._works

    @property
    def count(self) -> int:
        """How many lines of the roster are in order."""
        return len(self._lines.clinics)

    def planned(
        self,
        connection: Connection | None,
        numbers: tuple[int, int],
        cells: Sequence[Cell] = (Cell(MAIN),),
        others: Mapping[str, Connection] | None = None,
    ) -> Report:
        """The report that ``run`` will end with unless the database refuses a clinic.

        ``None`` stands for a database that is not made yet; ``others`` are connections to the further
        cells that can be reached. Nothing is written.
        """
        lines = self._lines
        there = Standing(free_numbers=range(numbers[0], numbers[1] + 1), cells=cells)
        if connection:
            institutions = {site.institution_code for site in lines.sites}
            there = standing(connection, numbers, institutions, cells, others)
        known = {line.code for line in lines.clinics} | there.clinics.keys()
        sites, faults = roster.of_known_institutions(lines.sites, known, self._site_file, lines.refused)
        self._works, impossible = plan(lines.clinics, sites, there)
        report = Report(faults=[*lines.faults, *faults])
        for work, reason in impossible:
            report.faults += self._not_in_place(work, reason)
        for work in self._works:
            report.count(work)
        return self._in_order(report)

    def run(self, tenants: Tenants, *, jobs: int = 2, told: Told | None = None) -> Report:
        """Put every line in place; ``told`` hears how many clinics are done and of how many.

        Each clinic is one transaction: killed, a run leaves whole clinics only, and the next one
        goes on from there. Raises ``Busy``, or ``psycopg.Error`` before anything is changed.
        """
        logins, settings = tenants.logins, tenants.settings
        with (
            logins.connect("owner", autocommit=True) as connection,
            own_turn(connection),
            reached(logins) as others,
        ):
            for cell, there in others.items():
                swept(connection, there, cell)
            report = self.planned(connection, settings.clinic_numbers, settings.cells, others)
            needed = [work for work in self._works if work.is_needed]
            if needed:
                done = _Running(tenants, told, len(needed), self._hand).through(needed, jobs)
                report = self._after(report, done)
        return report

    def _after(self, report: Report, done: dict[str, str]) -> Report:
        """The report once it is known what became of each clinic (empty: in place)."""
        result = Report(faults=list(report.faults))
        for work in self._works:
            error = done.get(work.code, "") if work.is_needed else ""
            if error:
                self.refused.add(work.code)
                result.faults += self._not_in_place(work, error)
            else:
                result.count(work)
        return self._in_order(result)

    def _not_in_place(self, work: Work, reason: str) -> Iterator[Fault]:
        """A refusal for each line of a clinic that could not be put in place."""
        if work.line:
            yield Fault(self._clinic_file, work.line.line, "code", work.code, reason)
        for site in work.sites:
            yield Fault(self._site_file, site.line, "institution_code", work.code, reason)

    def _in_order(self, report: Report) -> Report:
        report.faults.sort(key=lambda fault: (fault.file != self._clinic_file, fault.line))
        return report


def _name_of(file: File | None) -> str:
    return file.name if isinstance(file, Source) else str(file)


class _Running:
    """The writing half of an import."""

    def __init__(self, tenants: Tenants, told: Told | None, of: int, hand: Hand) -> None:
        self._tenants = tenants
        self._hand = hand
        self._provisioner = Provisioner(tenants, hand=hand)
        self._told = told
        self._of = of
        self._lock = threading.Lock()
        self._done: dict[str, str] = {}

    def through(self, works: list[Work], jobs: int) -> dict[str, str]:
        """What became of each clinic: empty when it is in place, else the reason."""
        lost = dict.fromkeys((work.cell for work in works), "The database could not be reached any more.")
        for cell in lost:
            some = [work for work in works if work.cell == cell]
            try:
                self._in_cell(cell, some, jobs)
            except psycopg.OperationalError as error:
                lost[cell] += f" {first_line(error)}"
        return {work.code: self._done.get(work.code, lost[work.cell]) for work in works}

    def _in_cell(self, cell: str, works: list[Work], jobs: int) -> None:
        logins = self._tenants.logins
        if cell == MAIN:
            Workers(logins, jobs).run(works, self._one)
            return
        with logins.connect("owner", autocommit=True) as registry:
            work = functools.partial(self._one, registry=registry)
            Workers(logins.of(cell), jobs).run(works, work)

    def _one(self, connection: Connection, work: Work, registry: Connection | None = None) -> None:
        """One clinic: the connection is to its cell, and ``registry`` to the main one if that is another."""
        error = ""
        try:
            if work.known is None:
                self._create(registry or connection, work, connection if registry else None)
            else:
                _update(connection, registry, self._tenants, work, self._hand)
        except psycopg.Error as problem:
            if not connection.closed:
                connection.rollback()
            error = f"The database refused the clinic: {first_line(problem)}"
        with self._lock:
            self._done[work.code] = error
            if self._told:
                self._told(len(self._done), self._of)

    def _create(self, connection: Connection, work: Work, there: Connection | None) -> None:
        if work.line is None:
            message = f"clinic {work.code} is in no file"
            raise LookupError(message)
        order = Order(work.number, work.line, work.new_sites, work.cell)
        self._provisioner.provision(connection, order, there)


def _update(
    connection: Connection, registry: Connection | None, tenants: Tenants, work: Work, hand: Hand
) -> None:
    """Change a clinic that is there already, in one transaction; in a further cell its sites, then its sign.

    Killed between the two, the next import finds the sign as it was and changes it.
    """
    inside, sign = _changes_inside(connection, tenants, work), _changes_of_sign(connection, work, hand)
    head = [
        f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'",
        f"SET LOCAL search_path = {schema_of(work.number)}, ref",
    ]
    if registry is None:
        connection.execute(";\n".join(["BEGIN", *head, *inside, *sign, "COMMIT"]))
        return
    connection.execute(";\n".join(["BEGIN", *head, *inside, "COMMIT"]))
    # One text without BEGIN is one transaction too, and leaves the shared connection idle when it fails.
    registry.execute(";\n".join(sign))


def _changes_of_sign(connection: Connection, work: Work, hand: Hand) -> list[str]:
    """The registry's row of the clinic, and the act."""
    if work.known is None:
        message = f"clinic {work.code} is not there"
        raise LookupError(message)
    changed = [*work.changes, *(["sites"] if work.new_sites or work.renamed_sites else [])]
    row = act_row(work.known.id, "clinic.updated", ", ".join(changed), hand.operator)
    act = insertion(connection, operator_act, [row])
    settings = []
    for column, value in work.changes.items():
        name = sql.Identifier(column)
        if column in {"name_zh", "name_ug"}:
            own = sql.Identifier(f"{column}_own")
            settings.append(_OWN_NAME_KEPT.format(name=name, own=own, value=value))
        else:
            settings.append(sql.SQL("{} = {}").format(name, value))
    if not settings:
        return [act]
    change = sql.SQL("UPDATE platform.clinic SET {} WHERE id = {}")
    return [change.format(sql.SQL(", ").join(settings), work.known.id).as_string(connection), act]


def _changes_inside(connection: Connection, tenants: Tenants, work: Work) -> list[str]:
    """The clinic's own rows."""
    found = [part.as_string(connection) for part in _site_changes(work)]
    if work.new_sites:
        rows = [site_row(site) for site in work.new_sites]
        found.append(insertion(connection, tenants.metadata.tables["site"], rows))
    return found


_OWN_NAME_KEPT = sql.SQL("{name} = CASE WHEN {own} THEN {name} ELSE {value} END")
_CENTRE = sql.SQL(
    "UPDATE site SET {name} = {new}, version = version + 1 "
    "WHERE kind = 'centre' AND {name} = {old} AND NOT name_zh_own"
)
_SITE = sql.SQL(
    "UPDATE site SET name_zh = {new}, version = version + 1 WHERE code = {code} AND NOT name_zh_own"
)


def _site_changes(work: Work) -> Iterator[sql.Composed]:
    """Changes of sites. The clinic may rename itself meanwhile, so its own names are asked again."""
    for column in work.changes.keys() & {"name_zh", "name_ug"}:
        name = sql.Identifier(column)
        yield _CENTRE.format(name=name, new=work.changes[column], old=getattr(work.known, column))
    for site in work.renamed_sites:
        yield _SITE.format(new=site.name_zh, code=site.code)


@contextlib.contextmanager
def reached(logins: Logins) -> Iterator[dict[str, Connection]]:
    """The owner's connections to the further cells that answer, by name, in autocommit."""
    with contextlib.ExitStack() as open_:
        found = {}
        for cell in logins.cells[1:]:
            with contextlib.suppress(psycopg.OperationalError):
                found[cell] = open_.enter_context(logins.of(cell).connect("owner", autocommit=True))
        yield found


def first_line(error: Exception) -> str:
    """The first line of what the server said; the rest may quote rows."""
    return (str(error).splitlines() or [type(error).__name__])[0]
