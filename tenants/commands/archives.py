"""``shipa clinics export`` and ``shipa clinics restore``."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from tenants.archives.exporting import Export
from tenants.archives.opening import Archive
from tenants.archives.restoring import Into, Restore, Restored
from tenants.closing_rules import SHORTEST_PURPOSE
from tenants.commands.base import cannot_begin, caretaker, found, shown, stop
from tenants.commands.progress import progress
from tenants.times import with_zone

_FILE = click.Path(path_type=Path, dir_okay=False)
PURPOSE = click.option(
    "--purpose",
    required=True,
    callback=lambda _context, _option, value: meant(value),
    help="What for; the clinic's staff are shown it.",
)


def meant(value: str) -> str:
    """A purpose as it is kept: one line, long enough to say something."""
    text = " ".join(value.split())
    if len(text) < SHORTEST_PURPOSE:
        message = f"say in at least {SHORTEST_PURPOSE} signs what it is for"
        raise click.BadParameter(message)
    return shown(text)


@click.command()
@click.argument("code")
@click.argument("file", type=_FILE)
@click.option("--force", is_flag=True, help="Write over FILE where it exists.")
@PURPOSE
@with_appcontext
def export(code: str, file: Path, purpose: str, *, force: bool) -> None:
    """Write the clinic CODE into the archive FILE.

    It opens only with the code that the clinic's administrator holds and with the master key together.
    No table of family planning is ever in it.
    """
    card = found(code)
    if file.exists() and not force:
        stop(f"{shown(str(file))} exists; name another file, or say --force to write over it")
    with cannot_begin(), progress("exporting") as told:
        manifest = Export(caretaker(), card, purpose).write(file, told)
    rows = sum(part.rows for part in manifest.tables)
    click.echo(f"{code}: {rows} rows of {len(manifest.tables)} tables in {shown(str(file))}")


@click.command()
@click.argument("file", type=_FILE)
@click.option("--into", metavar="CODE", help="Another clinic, without residents and records, that takes it.")
@click.option("--dry-run", is_flag=True, help="Open, check and tell; change nothing.")
@PURPOSE
@with_appcontext
def restore(file: Path, into: str | None, purpose: str, *, dry_run: bool) -> None:
    """Bring a clinic back to what the archive FILE holds of it.

    Standard input: the archive's code; with --into also the archive code of the clinic that takes it, on
    a line of its own. Rows of the access log, withdrawals and ends of access made since are kept, all
    other changes since the archive go.
    """
    code, own = _codes(into)
    archive = Archive(file, code, caretaker().master)
    work = Restore(caretaker(), archive, into=Into(into, own) if into else None)
    with cannot_begin(), progress("checking" if dry_run else "restoring") as told:
        done = work.planned(told) if dry_run else work.run(purpose, told)
    _tell(done, dry_run=dry_run, into=bool(into))


def _codes(into: str | None) -> tuple[str, str]:
    """The codes as they come on standard input; on a terminal they are asked for and not shown."""
    if sys.stdin.isatty():
        code = click.prompt("Code of the archive", hide_input=True, err=True)
        own = click.prompt(f"Archive code of clinic {into}", hide_input=True, err=True) if into else ""
        return str(code), str(own)
    lines = [*sys.stdin.read().splitlines(), "", ""]
    if not lines[0].strip() or (into and not lines[1].strip()):
        stop("the codes are read from standard input, a line each: there are too few")
    return lines[0], lines[1]


def _tell(done: Restored, *, dry_run: bool, into: bool) -> None:
    manifest = done.manifest
    rows = sum(part.rows for part in manifest.tables)
    at = with_zone(datetime.datetime.fromisoformat(manifest.at))
    click.echo(f"archive of {manifest.code} {shown(manifest.name_zh)}, {at}, {manifest.revision}")
    would = "would be restored" if dry_run else "restored"
    click.echo(f"{would}: {rows} rows of {len(manifest.tables)} tables into clinic {done.card.code}")
    if not dry_run:
        click.echo(f"closed for {done.locked:.2f} s; before that it could be read and not written in")
    for name, count in done.kept.counts.items():
        click.echo(f"kept: {name}: {count}")
    for what in done.kept.lost:
        click.echo(f"could not be kept: {shown(what)}", err=True)
    if dry_run:
        click.echo("nothing was changed; everything else written since the archive would go")
    elif into:
        click.echo("the log's numbers are new: run `shipa audit seal`")
