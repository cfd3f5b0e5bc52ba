"""What an import has to do: the roster's lines against what is there, from reads only."""

from __future__ import annotations

import collections
import dataclasses
import itertools
import typing
import uuid

from psycopg import sql

from tenants.naming import schema_of
from tenants.placing import MAIN, Cell, cell_for
from tenants.provisioning import free_numbers

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tenants.connecting import Connection
    from tenants.roster import ClinicLine, SiteLine

FILLED = (
    "kind",
    "name_zh",
    "name_ug",
    "prefecture_zh",
    "county_code",
    "county_zh",
    "township_code",
)
"""Columns of the registry that a roster fills; an empty cell leaves what is there."""

_FULL = "No clinic number of this database's range is free."
REMOVED = "A clinic with this code was removed; its code is not given again."

_SCHEMAS_PER_QUERY = 100


class KnownClinic(typing.NamedTuple):
    """A clinic as the registry has it."""

    id: uuid.UUID
    number: int
    code: str
    kind: str
    name_zh: str
    name_ug: str
    prefecture_zh: str
    county_code: str
    county_zh: str
    township_code: str
    name_zh_own: bool
    name_ug_own: bool
    cell: str = MAIN


class KnownSite(typing.NamedTuple):
    """A site as its clinic has it."""

    code: str
    name_zh: str
    name_zh_own: bool


@dataclasses.dataclass(frozen=True)
class Standing:
    """What is in the database already."""

    clinics: Mapping[str, KnownClinic] = dataclasses.field(default_factory=dict)
    sites: Mapping[int, Mapping[str, KnownSite]] = dataclasses.field(default_factory=dict)
    old: frozenset[str] = frozenset()
    """Codes under which a clinic is known that has another one now, or that goes on as another."""
    free_numbers: Iterable[int] = ()
    cells: Sequence[Cell] = (Cell(MAIN),)
    closed: frozenset[str] = frozenset()
    """Cells that could not be reached: nothing of their clinics is known or changed."""
    removed: frozenset[str] = frozenset()


@dataclasses.dataclass
class Counts:
    """How many lines were created, left unchanged, updated."""

    created: int = 0
    unchanged: int = 0
    updated: int = 0

    def add(self, other: Counts) -> None:
        """Count the other's lines too."""
        self.created += other.created
        self.unchanged += other.unchanged
        self.updated += other.updated


@dataclasses.dataclass
class Work:
    """All that the files say about one clinic, and what of it is new."""

    code: str
    line: ClinicLine | None
    known: KnownClinic | None
    number: int = 0
    cell: str = MAIN
    changes: dict[str, str] = dataclasses.field(default_factory=dict)
    sites: list[SiteLine] = dataclasses.field(default_factory=list)
    new_sites: list[SiteLine] = dataclasses.field(default_factory=list)
    renamed_sites: list[SiteLine] = dataclasses.field(default_factory=list)

    @property
    def is_needed(self) -> bool:
        """Whether anything has to be written."""
        return bool(not self.known or self.changes or self.new_sites or self.renamed_sites)

    @property
    def clinics(self) -> Counts:
        """The clinic's own line, as the report counts it."""
        if self.line is None:
            return Counts()
        if self.known is None:
            return Counts(created=1)
        return Counts(updated=1) if self.changes else Counts(unchanged=1)

    @property
    def site_counts(self) -> Counts:
        """The lines of its sites, as the report counts them."""
        new, renamed = len(self.new_sites), len(self.renamed_sites)
        return Counts(new, len(self.sites) - new - renamed, renamed)


def standing(
    connection: Connection,
    numbers: tuple[int, int],
    institutions: Iterable[str],
    cells: Sequence[Cell] = (Cell(MAIN),),
    others: Mapping[str, Connection] | None = None,
) -> Standing:
    """Read the registry, and the sites of those of the institutions that are clinics already.

    ``others`` are the owner's connections to the further cells that can be reached.
    """
    reached = {MAIN: connection, **(others or {})}
    columns = sql.SQL(", ").join(map(sql.Identifier, KnownClinic._fields))
    query = sql.SQL("SELECT {} FROM platform.clinic WHERE removed_at IS NULL").format(columns)
    rows = [KnownClinic(*row) for row in connection.execute(query)]
    clinics = {clinic.code: clinic for clinic in rows}
    old = _old_codes(connection, rows)
    # Of a merged clinic its own row stays known, and is left as it is.
    clinics = {**old, **clinics}
    wanted = [clinics[code] for code in institutions if code in clinics]
    sites: dict[int, Mapping[str, KnownSite]] = {}
    for cell, there in reached.items():
        sites |= _sites_in(there, sorted({clinic.number for clinic in wanted if clinic.cell == cell}))
    free = free_numbers(connection, numbers, (others or {}).values())
    closed = frozenset({clinic.cell for clinic in rows} | {cell.name for cell in cells}) - reached.keys()
    gone = connection.execute("SELECT code FROM platform.clinic WHERE removed_at IS NOT NULL")
    removed = frozenset(row[0] for row in gone)
    return Standing(clinics, sites, frozenset(old), free, cells, closed, removed)


def _old_codes(connection: Connection, rows: Iterable[KnownClinic]) -> dict[str, KnownClinic]:
    by_id = {clinic.id: clinic for clinic in rows}
    found = connection.execute("SELECT code, clinic_id FROM platform.clinic_code")
    return {code: by_id[clinic_id] for code, clinic_id in found if clinic_id in by_id}


def _sites_in(connection: Connection, wanted: list[int]) -> dict[int, Mapping[str, KnownSite]]:
    """The sites of these clinics, which live in the connection's cell."""
    sites: dict[int, dict[str, KnownSite]] = {number: {} for number in wanted}
    for start in range(0, len(wanted), _SCHEMAS_PER_QUERY):
        some = wanted[start : start + _SCHEMAS_PER_QUERY]
        for number, *site in connection.execute(_sites_query(some)):
            known = KnownSite(*site)
            sites[number][known.code] = known
    return {**sites}


def _sites_query(numbers: list[int]) -> sql.Composed:
    one = sql.SQL("SELECT {}, code, name_zh, name_zh_own FROM {}.site")
    return sql.SQL(" UNION ALL ").join(
        one.format(number, sql.Identifier(schema_of(number))) for number in numbers
    )


def plan(
    clinics: Iterable[ClinicLine], sites: Iterable[SiteLine], there: Standing
) -> tuple[list[Work], list[tuple[Work, str]]]:
    """The work for each clinic, and what cannot be done, with the reason.

    The sites' institutions are known: they are among the lines or in the registry.
    """
    works: dict[str, Work] = {}
    places = _Places(there)
    for line in clinics:
        known = there.clinics.get(line.code)
        # A roster with an old code is older than the change; what it says is known already.
        changes = _changes(line, known) if known and line.code not in there.old else {}
        works[line.code] = Work(line.code, line, known, changes=changes)
    for code, group in itertools.groupby(
        sorted(sites, key=lambda site: site.institution_code), lambda site: site.institution_code
    ):
        work = works.setdefault(code, Work(code, None, there.clinics.get(code)))
        work.sites = list(group)
    reasons = {code: places.placed(work) for code, work in works.items()}
    for work in works.values():
        if not reasons[work.code]:
            _plan_sites(work, there)
    done = [work for work in works.values() if not reasons[work.code]]
    return done, [(works[code], reason) for code, reason in reasons.items() if reason]


class _Places:
    """Gives clinics their cell and number; new ones in turn."""

    def __init__(self, there: Standing) -> None:
        self._there = there
        self._numbers = iter(there.free_numbers)
        self._counts = collections.Counter(clinic.cell for clinic in there.clinics.values())

    def placed(self, work: Work) -> str:
        """Fill in where a clinic is, or is to be; returns why it cannot be touched, empty if it can."""
        if work.code in self._there.removed:
            return REMOVED
        if work.known:
            work.number, work.cell = work.known.number, work.known.cell
        elif work.line:
            cell = cell_for(work.line, self._there.cells, self._counts)
            if cell is None:
                return "No cell has room for another clinic."
            work.cell = cell
        if work.cell in self._there.closed:
            return f"The database of cell {work.cell} cannot be reached."
        if not work.known:
            work.number = next(self._numbers, 0)
            if not work.number:
                return "No clinic number of this database's range is free."
            self._counts[work.cell] += 1
        return ""


def _changes(line: ClinicLine, known: KnownClinic) -> dict[str, str]:
    """Columns of the registry that the line changes; the clinic's own names stay."""
    kept = {"name_zh": known.name_zh_own, "name_ug": known.name_ug_own}
    new = {column: getattr(line, column) for column in FILLED}
    return {
        column: value
        for column, value in new.items()
        if value and value != getattr(known, column) and not kept.get(column, False)
    }


def _plan_sites(work: Work, there: Standing) -> None:
    known = there.sites.get(work.number, {}) if work.known else {}
    for site in work.sites:
        found = known.get(site.code)
        if found is None:
            work.new_sites.append(site)
        elif site.name_zh != found.name_zh and not found.name_zh_own:
            work.renamed_sites.append(site)
