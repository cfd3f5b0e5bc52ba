"""``shipa migrate`` and ``shipa migrate --status``."""

from __future__ import annotations

import typing
from pathlib import Path

import click
import psycopg
from flask.cli import with_appcontext

from tenants.commands.base import (
    REPORT,
    cannot_begin,
    caretaker,
    check_report,
    stop,
    write_report,
)
from tenants.commands.progress import progress
from tenants.migrating import Outcome, behind_in_cells, migrate, platform_pending
from tenants.placing import MAIN
from tenants.readying import named, upgrade_platforms
from tenants.trees import CLINIC, FIRST_REVISION

if typing.TYPE_CHECKING:
    from tenants.extension import Tenants


@click.command("migrate")
@click.option("--jobs", type=click.IntRange(1, 8), default=2, show_default=True)
@click.option("--only", metavar="CODE", help="Migrate this clinic alone.")
@click.option("--report", type=REPORT, help="Write the report to this file as JSON.")
@click.option("--status", is_flag=True, help="Say what is pending and change nothing.")
@with_appcontext
def migrate_clinics(jobs: int, only: str | None, report: Path | None, *, status: bool) -> None:
    """Bring the platform and every clinic to the newest revision.

    A clinic that is kept locked is left out and listed, exit code 1; run it again later. With
    --status: 0 when nothing is pending, otherwise 1.
    """
    check_report(report)
    tenants = caretaker()
    with cannot_begin():
        if status:
            _status(tenants, report)
            return
        if only and not tenants.clinics(only):
            stop(f"no clinic has the code {only}")
        platform = upgrade_platforms(tenants.logins, reached=True)
        with progress("migrating") as told:
            outcome = migrate(tenants.logins, jobs=jobs, only=only, told=told)
    write_report(report, {"platform": platform, **_report(outcome)})
    for revision in platform:
        click.echo(f"platform: {revision}")
    click.echo(f"clinics: {len(outcome.migrated)} migrated to {outcome.head}")
    for left in outcome.left_out:
        click.echo(f"left out: {left.code} at {left.revision}: {left.error}", err=True)
    _tell_closed(outcome.closed)
    if outcome.left_out or outcome.closed:
        raise click.exceptions.Exit(1)


def _tell_closed(closed: dict[str, str]) -> None:
    for cell, why in closed.items():
        click.echo(f"cell {cell} could not be reached: {why}", err=True)


def _status(tenants: Tenants, report: Path | None) -> None:
    with tenants.logins.connect("owner", autocommit=True) as connection:
        platform = platform_pending(connection)
        # A platform that lacks its first tables has no clinics to ask about.
        none = FIRST_REVISION in platform
        clinics, closed = ([], {}) if none else behind_in_cells(tenants.logins, connection)
    for cell in tenants.logins.cells[1:]:
        platform += named(cell, _platform_of(tenants, cell, closed))
    waiting = [{"code": one.code, "revision": one.revision, "cell": one.cell} for one in clinics]
    write_report(report, {"head": CLINIC.head, "platform": platform, "pending": waiting, "closed": closed})
    if not platform and not clinics and not closed:
        click.echo(f"nothing to migrate; all clinics are at {CLINIC.head}")
        return
    for revision in platform:
        click.echo(f"platform: {revision} is pending")
    click.echo(f"{len(clinics)} clinics are not at {CLINIC.head}")
    for clinic in clinics[:20]:
        where = "" if clinic.cell == MAIN else f" in cell {clinic.cell}"
        click.echo(f"  {clinic.code} at {clinic.revision}{where}")
    _tell_closed(closed)
    raise click.exceptions.Exit(1)


def _platform_of(tenants: Tenants, cell: str, closed: dict[str, str]) -> list[str]:
    """What the platform of a further cell lacks; one that cannot be asked is ``closed``, with the reason."""
    try:
        with tenants.logins.of(cell).connect("owner", autocommit=True) as connection:
            pending = platform_pending(connection)
    except (psycopg.OperationalError, LookupError) as error:
        closed[cell] = (str(error).splitlines() or [""])[0]
        return []
    if FIRST_REVISION in pending:
        # Without its first tables it has no clinic either, and is not closed: it waits for them.
        closed.pop(cell, None)
    return pending


def _report(outcome: Outcome) -> dict[str, object]:
    return {
        "head": outcome.head,
        "migrated": len(outcome.migrated),
        "left_out": [left._asdict() for left in outcome.left_out],
        "closed": outcome.closed,
    }
