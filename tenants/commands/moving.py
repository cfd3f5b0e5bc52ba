"""``shipa clinics move``."""

from __future__ import annotations

import dataclasses
import json
import typing

import click
import psycopg
from flask.cli import with_appcontext

from tenants.commands.base import CANNOT, cannot_begin, caretaker, shown, stop
from tenants.commands.progress import progress
from tenants.importing import first_line
from tenants.moving.move import Move, Moved
from tenants.moving.rules import MoveRefused
from tenants.turns import own_turn

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tenants.cards import ClinicCard
    from tenants.connecting import Connection
    from tenants.extension import Tenants

_IN_COUNTY = (
    "SELECT code FROM platform.clinic WHERE (county_code = %(county)s OR county_zh = %(county)s) "
    "AND (cell <> %(to)s OR moving_to IS NOT NULL OR left_cell IS NOT NULL) ORDER BY number"
)


@click.command("move")
@click.argument("codes", nargs=-1, metavar="[CODE]…")
@click.option("--to", required=True, metavar="CELL", help="The cell in which they are to live.")
@click.option("--county", help="All clinics of this county (its name or code) that live elsewhere.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@with_appcontext
def move(codes: tuple[str, ...], to: str, county: str | None, form: str) -> None:
    """Move clinics to another cell, one after the other; each can be read meanwhile.

    Killed at any point, the same command finishes what was begun; --to with the cell in which a clinic
    still lives gives its unfinished move up. Exit code 0: all live there; 1: some were refused; 2: nothing
    was done.
    """
    tenants = caretaker()
    if to not in tenants.logins.cells:
        stop(f"no cell is named {shown(to)}; there are {', '.join(tenants.logins.cells)}")
    if not codes and not county:
        stop("name the clinics to move, or their county")
    with cannot_begin(), tenants.logins.connect("owner", autocommit=True) as registry, own_turn(registry):
        cards = _chosen(tenants, registry, codes, county, to)
        with progress("moving") as told:
            results = list(_moved(tenants, registry, cards, to, told))
    _tell(results, form)


def _chosen(
    tenants: Tenants, registry: Connection, codes: Sequence[str], county: str | None, to: str
) -> list[ClinicCard]:
    """The clinics that were named, and those of the county; a code that is none ends the command."""
    wanted = list(codes)
    if county:
        wanted += [code for (code,) in registry.execute(_IN_COUNTY, {"county": county, "to": to})]
    there = {card.code: card for card in tenants.clinics()}
    for code in wanted:
        if code not in there:
            stop(f"no clinic has the code {shown(code)}")
    return [there[code] for code in dict.fromkeys(wanted)]


def _moved(
    tenants: Tenants,
    registry: Connection,
    cards: Sequence[ClinicCard],
    to: str,
    told: Callable[[int, int], None],
) -> Iterator[Moved | tuple[str, str]]:
    """What became of each clinic, or its code and why it was not moved."""
    for number, card in enumerate(cards):
        moving = Move(tenants, registry, card, to)
        count = _Count(number * moving.steps, len(cards) * moving.steps, told)
        try:
            yield moving.run(count.up)
        except MoveRefused as refusal:
            yield card.code, str(refusal)
        except psycopg.OperationalError as error:
            if registry.closed:
                raise
            yield card.code, f"a database could not be reached: {first_line(error)}"


class _Count:
    """How far the command is, over all clinics."""

    def __init__(self, done: int, of: int, told: Callable[[int, int], None]) -> None:
        self._done, self._of, self._told = done, of, told

    def up(self) -> None:
        """One step more."""
        self._done += 1
        self._told(self._done, self._of)


def _tell(results: Sequence[Moved | tuple[str, str]], form: str) -> None:
    moved = [one for one in results if isinstance(one, Moved)]
    refused = [one for one in results if not isinstance(one, Moved)]
    if form == "json":
        told = {"moved": [dataclasses.asdict(one) for one in moved], "refused": dict(refused)}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for one in moved:
            rest = f"; {one.left}: run it again" if one.left else ""
            click.echo(f"{one.code}: {one.done}, {one.rows} rows, {one.locked:.2f} s without saving{rest}")
        click.echo(f"{len(moved)} clinics in place, {len(refused)} refused")
    for code, why in refused:
        click.echo(f"{code}: not moved: {shown(why)}", err=True)
    if refused:
        raise click.exceptions.Exit(1 if moved else CANNOT)
    if any(one.left for one in moved):
        raise click.exceptions.Exit(1)
