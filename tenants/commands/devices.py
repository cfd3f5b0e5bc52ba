"""``shipa devices``: import, list, ship, move, token, target, report."""

from __future__ import annotations

import contextlib
import datetime
import json
import typing
from pathlib import Path

import click
from flask.cli import with_appcontext

from tenants.commands.base import CANNOT, cannot_begin, caretaker, shown, stop
from tenants.commands.importing import show_faults
from tenants.devices import stock
from tenants.devices.moves import KINDS, STATES
from tenants.roster_file import FileRefused

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from tenants.cards import ClinicCard
    from tenants.connecting import Connection

_FORMAT = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")


@click.group()
def devices() -> None:
    """Devices that are handed out to clinics. Nothing tells where one is, or who uses it."""


@contextlib.contextmanager
def _working() -> Iterator[Connection]:
    """The owner's connection; what cannot be is exit code 1, and nothing has changed."""
    try:
        with cannot_begin(), caretaker().logins.connect("owner") as connection:
            yield connection
    except stock.DeviceRefused as refusal:
        stop(str(refusal), code=1)


def _clinic(code: str) -> ClinicCard:
    with cannot_begin():
        cards = caretaker().clinics(code)
    if not cards:
        stop(f"no clinic has the code {code}")
    return cards[0]


@devices.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Report what would happen; write nothing.")
@with_appcontext
def import_devices(path: Path, *, dry_run: bool) -> None:
    """Register the devices of a file with the columns asset_number, kind, serial, model, batch.

    Exit code 0: every line is registered; 1: some were refused; 2: nothing was done.
    """
    try:
        with _working() as connection:
            taken = stock.take_in(connection, path, dry_run=dry_run)
    except FileRefused as refusal:
        show_faults(refusal.faults)
        raise click.exceptions.Exit(CANNOT) from refusal
    show_faults(taken.faults)
    would = "would be " if dry_run else ""
    click.echo(f"devices: {taken.added} {would}registered, {taken.unchanged} unchanged")
    click.echo(f"errors: {len(taken.faults)}")
    if taken.faults:
        raise click.exceptions.Exit(1)


@devices.command("list")
@click.option("--state", type=click.Choice(STATES), default=None)
@click.option("--clinic", "code", default="", help="Code of the clinic.")
@click.option("--find", "text", default="", help="Part of an asset, serial, waybill or batch number.")
@_FORMAT
@with_appcontext
def list_devices(state: str | None, code: str, text: str, form: str) -> None:
    """List and search the devices."""
    clinic = _clinic(code) if code else None
    with _working() as connection:
        rows = stock.listed(connection, state=state or "", clinic=clinic, text=text)
    names = ("asset_number", "kind", "model", "serial", "state", "clinic", "waybill")
    if form == "json":
        click.echo(
            json.dumps([dict(zip(names, row, strict=True)) for row in rows], ensure_ascii=False, indent=2)
        )
        return
    for row in rows:
        click.echo(shown("  ".join(cell or "-" for cell in row)))
    click.echo(f"{len(rows)} devices")


@devices.command()
@click.argument("asset_number")
@click.option("--clinic", "code", required=True, help="Code of the clinic that gets it.")
@click.option("--waybill", required=True)
@with_appcontext
def ship(asset_number: str, code: str, waybill: str) -> None:
    """Send a device of the stock to a clinic."""
    clinic = _clinic(code)
    with _working() as connection:
        stock.ship(connection, asset_number, clinic, waybill)
    click.echo(f"{asset_number} is shipped to {clinic.code}")


@devices.command()
@click.argument("asset_number")
@click.argument("state", type=click.Choice(STATES))
@with_appcontext
def move(asset_number: str, state: str) -> None:
    """Say that a device came back, is lost or is retired."""
    with _working() as connection:
        stock.move(connection, asset_number, state)
    click.echo(f"{asset_number} is {state}")


@devices.command()
@click.argument("asset_number")
@click.option("--clinic", "code", required=True, help="Code of the clinic that enrols it.")
@with_appcontext
def token(asset_number: str, code: str) -> None:
    """Make the code with which the clinic's administrator enrols a device; once, within 15 minutes."""
    clinic = _clinic(code)
    with _working() as connection:
        made = stock.token(connection, asset_number, clinic)
    click.echo(f"{made[:4]} {made[4:8]} {made[8:]}")


@devices.command()
@click.argument("county_code")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("count", type=click.IntRange(0, 100_000))
@with_appcontext
def target(county_code: str, kind: str, count: int) -> None:
    """Say how many devices of a kind a county is to get."""
    with _working() as connection:
        stock.aim(connection, county_code, kind, count)
    click.echo(f"{county_code}: {count} {kind}")


@devices.command()
@click.option("--days", type=click.IntRange(1, 800), default=35, show_default=True)
@_FORMAT
@with_appcontext
def report(days: int, form: str) -> None:
    """Distributed against target per county; in repair, lost, not confirmed by the clinic lately."""
    since = datetime.datetime.now(datetime.UTC).date() - datetime.timedelta(days=days)
    with _working() as connection:
        rows = stock.report(connection, since)
    if form == "json":
        click.echo(json.dumps([row._asdict() for row in rows], ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(
            f"{row.county_code:7} {shown(row.county_zh)}  {row.kind}: {row.distributed} of {row.target}, "
            f"{row.in_repair} in repair, {row.lost} lost, {row.not_confirmed} not confirmed"
        )
    click.echo(f"{len(rows)} lines")
