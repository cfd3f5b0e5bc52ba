"""``shipa clinics import``."""

from __future__ import annotations

import contextlib
import typing
from pathlib import Path

import click
from flask.cli import with_appcontext

from tenants.commands.base import (
    CANNOT,
    REPORT,
    cannot_begin,
    caretaker,
    check_report,
    shown,
    write_report,
)
from tenants.commands.progress import progress
from tenants.importing import Import, Report, reached
from tenants.readying import dry_standing, ready
from tenants.roster_file import Fault, FileRefused
from tenants.tidying import tidy

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

_MOST_SHOWN = 50
_MANY = 50
"""New clinics from which on it is worth tidying the server's catalogues at once."""


@click.command("import")
@click.argument("roster", type=click.Path(path_type=Path))
@click.option("--sites", type=click.Path(path_type=Path), help="The file of village clinics.")
@click.option("--jobs", type=click.IntRange(1, 8), default=2, show_default=True)
@click.option("--dry-run", is_flag=True, help="Report what would happen; write nothing.")
@click.option("--report", type=REPORT, help="Write the report to this file as JSON.")
@with_appcontext
def import_clinics(
    roster: Path, sites: Path | None, jobs: int, report: Path | None, *, dry_run: bool
) -> None:
    """Set up a clinic for each line of ROSTER, and its village clinics from the file of sites.

    Lines that are in place already are left unchanged, so the same import can be repeated, also
    after it was killed. Exit code 0: every line is in place; 1: some were refused; 2: nothing was
    done (a wrong header, an unreadable file, no database).
    """
    check_report(report)
    try:
        task = Import(roster, sites)
    except FileRefused as refusal:
        show_faults(refusal.faults)
        write_report(report, Report(faults=refusal.faults).as_dict())
        raise click.exceptions.Exit(CANNOT) from refusal
    with cannot_begin():
        result = _planned(task) if dry_run else _done(task, jobs)
    show_faults(result.faults)
    _sum_up(result, "would be " if dry_run else "")
    write_report(report, result.as_dict())
    if result.faults:
        raise click.exceptions.Exit(1)


def _planned(task: Import) -> Report:
    tenants = caretaker()
    settings = tenants.settings
    with dry_standing(tenants) as connection, contextlib.ExitStack() as opened:
        others = opened.enter_context(reached(tenants.logins)) if connection else None
        return task.planned(connection, settings.clinic_numbers, settings.cells, others)


def _done(task: Import, jobs: int) -> Report:
    tenants = caretaker()
    for change in ready(tenants):
        click.echo(f"made: {change}", err=True)
    with progress("importing") as told:
        result = task.run(tenants, jobs=jobs, told=told)
    if result.clinics.created >= _MANY:
        click.echo(tidy(tenants), err=True)
    return result


def show_faults(faults: Iterable[Fault]) -> None:
    """Show the first faults of a file: where each is, what stands there, a sentence about it."""
    faults = list(faults)
    for fault in faults[:_MOST_SHOWN]:
        place = ", ".join(filter(None, (f"line {fault.line}", shown(fault.column))))
        value = f" [{shown(fault.value[:100])}]" if fault.value else ""
        click.echo(f"{shown(fault.file)}: {place}: {fault.message}{value}", err=True)
    if len(faults) > _MOST_SHOWN:
        click.echo(f"and {len(faults) - _MOST_SHOWN} more; --report names them all", err=True)


def _sum_up(report: Report, would: str) -> None:
    for name, counts in (("clinics", report.clinics), ("sites", report.sites)):
        click.echo(
            f"{name}: {counts.created} {would}created, {counts.updated} {would}updated, "
            f"{counts.unchanged} unchanged"
        )
    click.echo(f"errors: {len(report.faults)}")
