"""The rules of a roster: which lines of its files are in order, what is wrong with the others."""

from __future__ import annotations

import dataclasses
import re
import typing
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from tenants.names import LONGEST_NAME, TOO_LONG, character_fault, trimmed
from tenants.registry import KINDS
from tenants.roster_file import Fault, File, FileRefused, Record, opened, records_of, refused

CLINIC_COLUMNS = (
    "code",
    "kind",
    "name_zh",
    "name_ug",
    "prefecture_zh",
    "county_code",
    "county_zh",
    "township_code",
)
SITE_COLUMNS = ("code", "institution_code", "name_zh")
NAME_COLUMNS = frozenset({"name_zh", "name_ug", "prefecture_zh", "county_zh"})

_CODE = re.compile(r"[0-9]{9}|[0-9]{12}")
_APART = re.compile("[;\t]")

Cells = Mapping[str, str]


class ClinicLine(typing.NamedTuple):
    """A line of the roster that is in order; names trimmed and otherwise as given."""

    line: int
    code: str
    kind: str
    name_zh: str
    name_ug: str
    prefecture_zh: str
    county_code: str
    county_zh: str
    township_code: str


class SiteLine(typing.NamedTuple):
    """A line of the sites file that is in order, as far as the file alone can tell."""

    line: int
    code: str
    institution_code: str
    name_zh: str


class Roster(typing.NamedTuple):
    """Both files: what is in order, and every fault, in the order of the files."""

    clinics: list[ClinicLine]
    sites: list[SiteLine]
    faults: list[Fault]
    refused: Mapping[str, int]
    """Codes on refused lines of the roster, with the first such line of each."""


@dataclasses.dataclass
class Wrong:
    """What is wrong with the lines of a file."""

    faults: list[Fault] = dataclasses.field(default_factory=list)
    codes: dict[str, int] = dataclasses.field(default_factory=dict)
    """Codes on refused lines, with the first such line of each."""


def read(clinics: File, sites: File | None = None) -> Roster:
    """Read and check both files. Raises ``FileRefused`` when one of them is refused as a whole."""
    refusals: list[Fault] = []
    of_clinics, of_sites = Wrong(), Wrong()
    clinic_lines: list[ClinicLine] = []
    site_lines: list[SiteLine] = []
    try:
        rows = lines_of(clinics, CLINIC_COLUMNS, _clinic_faults, of_clinics)
        clinic_lines = [ClinicLine(line, **cells) for line, cells in rows]
    except FileRefused as refusal:
        refusals += refusal.faults
    try:
        if sites is not None:
            rows = lines_of(sites, SITE_COLUMNS, _site_faults, of_sites)
            site_lines = [SiteLine(line, **cells) for line, cells in rows]
    except FileRefused as refusal:
        refusals += refusal.faults
    if refusals:
        raise FileRefused(refusals)
    return Roster(clinic_lines, site_lines, [*of_clinics.faults, *of_sites.faults], of_clinics.codes)


def of_known_institutions(
    sites: Iterable[SiteLine], known: Collection[str], file: str, refused_lines: Mapping[str, int]
) -> tuple[list[SiteLine], list[Fault]]:
    """The sites whose institution is one of the known codes, and a fault for each other one.

    ``refused_lines`` has the codes that only refused lines of the roster give an institution.
    """
    kept: list[SiteLine] = []
    faults: list[Fault] = []
    for site in sites:
        if site.institution_code in known:
            kept.append(site)
        else:
            line = refused_lines.get(site.institution_code)
            refused_there = f"Its institution was refused on line {line}."
            message = refused_there if line else "No institution has this code."
            place = (file, site.line, "institution_code", site.institution_code)
            faults.append(Fault(*place, message))
    return kept, faults


def lines_of(
    file: File,
    columns: tuple[str, ...],
    faults_of: Callable[[Cells], Iterator[tuple[str, str]]],
    wrong: Wrong,
    keys: tuple[str, ...] = ("code",),
) -> list[tuple[int, dict[str, str]]]:
    """The lines in order as trimmed cells; the faults of the others are added to ``wrong``.

    What stands in a column of ``keys`` may stand there once.
    """
    source = opened(file)
    found = records_of(source)
    order = _header(source.name, next(found, None), columns)
    rows: list[tuple[int, dict[str, str]]] = []
    first_lines: dict[tuple[str, str], int] = {}
    for record in found:
        told = _cell_faults(record, order)
        cells = {column: trimmed(cell) for column, cell in zip(order, record.cells, strict=False)}
        if not told:
            told = [(column, cells[column], message) for column, message in faults_of(cells)]
        told = told or list(_twice(cells, first_lines, keys))
        wrong.faults += [Fault(source.name, record.line, *fault) for fault in told]
        if told:
            wrong.codes.setdefault(cells.get(keys[0], ""), record.line)
        else:
            first_lines |= {(key, cells[key]): record.line for key in keys}
            rows.append((record.line, cells))
    return rows


def _twice(
    cells: Cells, first_lines: Mapping[tuple[str, str], int], keys: tuple[str, ...]
) -> Iterator[tuple[str, str, str]]:
    """What of a line stands on an earlier one, as (column, value, message)."""
    for key in keys:
        if (key, cells[key]) in first_lines:
            yield key, cells[key], f"The code stands on line {first_lines[key, cells[key]]} already."


def _header(name: str, record: Record | None, columns: tuple[str, ...]) -> list[str]:
    """The order of the columns in this file. Raises ``FileRefused`` unless each is there once."""
    if record is None:
        raise refused(name, "The file is empty.")
    if record.line != 1 or record.broken:
        raise refused(name, record.broken or "The first line is not the header.")
    names = [cell.strip() for cell in record.cells]
    if len(names) == 1 and _APART.search(names[0]):
        message = "The columns are set apart by semicolons or tabs; save the file with commas between them."
        raise refused(name, message, value=names[0])
    wrong = [
        Fault(name, 1, column, column, "The column is missing.") for column in columns if column not in names
    ]
    for position, column in enumerate(names):
        if column not in columns:
            wrong.append(Fault(name, 1, column, column, "The column is unknown."))
        elif column in names[:position]:
            wrong.append(Fault(name, 1, column, column, "The column stands twice."))
    if wrong:
        raise FileRefused(wrong)
    return names


def _cell_faults(record: Record, order: list[str]) -> list[tuple[str, str, str]]:
    """Faults that any cell of any column may have, as (column, value, message)."""
    if record.broken:
        return [(order[0], "", record.broken)]
    given, wanted = len(record.cells), len(order)
    counted = f"The line has {given} cells, the header {wanted}."
    if given < wanted:
        return [(order[given], "", counted)]
    if given > wanted:
        return [("", record.cells[wanted], counted)]
    pairs = zip(order, record.cells, strict=True)
    told = ((column, cell, character_fault(cell)) for column, cell in pairs)
    return [(column, cell, message) for column, cell, message in told if message]


def _clinic_faults(cells: Cells) -> Iterator[tuple[str, str]]:
    """What is wrong with a line of the roster, as (column, message)."""
    yield from _code_faults(cells)
    if cells["kind"] not in KINDS:
        yield "kind", f"The kind is none of {', '.join(KINDS)}."
    yield from _name_faults(cells)


def _site_faults(cells: Cells) -> Iterator[tuple[str, str]]:
    """What is wrong with a line of the sites file, as (column, message)."""
    yield from _code_faults(cells)
    if not cells["institution_code"]:
        yield "institution_code", "The code of the institution is empty."
    elif cells["code"] == cells["institution_code"]:
        yield "code", "The code is the institution's own."
    yield from _name_faults(cells)


def _code_faults(cells: Cells) -> Iterator[tuple[str, str]]:
    if not cells["code"]:
        yield "code", "The code is empty."
    elif not _CODE.fullmatch(cells["code"]):
        yield "code", "The code is not 9 or 12 digits."


def _name_faults(cells: Cells) -> Iterator[tuple[str, str]]:
    if not cells["name_zh"]:
        yield "name_zh", "The Chinese name is empty."
    for column, cell in cells.items():
        if column in NAME_COLUMNS and len(cell) > LONGEST_NAME:
            yield column, TOO_LONG
