"""``shipa check``: whether it is safe to serve."""

from __future__ import annotations

import contextlib
import os
import typing

import click
import psycopg
from flask.cli import with_appcontext

from tenants.checking import Problem, level
from tenants.checking import check as problems_of
from tenants.commands.base import cannot_begin, caretaker, shown
from tenants.connecting import NotConfigured
from tenants.placing import MAIN
from tenants.settings import UNCHECKED
from tenants.standing import cell_standings, main_standing

if typing.TYPE_CHECKING:
    from tenants.extension import Tenants
    from tenants.standing import CellStanding


LEVELS = {
    1: "level 1: roles; a whole statement of an attacker's own is not stopped (README)",
    2: "level 2: set_user; nor does a whole statement of an attacker's own reach another clinic",
}


@click.command("check")
@with_appcontext
def check() -> None:
    """Check hardening, rights, settings, the master key and revisions; exit code 1 if something is wrong.

    `shipa serve` asks the same and refuses, but for a cell that is away or behind. Whether each clinic is
    whole: `shipa clinics check`.
    """
    with cannot_begin():
        tenants = caretaker()
        found = shown_problems(tenants)
        for cell in tenants.logins.cells:
            with contextlib.suppress(psycopg.Error, NotConfigured):  # named among the findings
                click.echo(f"{_of(cell)}isolation {LEVELS[level(tenants.logins.of(cell))]}")
        behind = [one for one in _standings(tenants) if not one.holds]
        if found or behind:
            raise click.exceptions.Exit(1)
    click.echo("nothing to put right")


def _standings(tenants: Tenants) -> list[CellStanding]:
    """Every cell's revisions, each told in a line; the main one's are not told where it cannot be asked."""
    standings = []
    with contextlib.suppress(psycopg.Error, NotConfigured):  # named among the findings
        standings.append(main_standing(tenants.logins))
    standings += cell_standings(tenants.cell_desk)
    for one in standings:
        click.echo(f"revisions: {one.words or f'cell {one.cell} at this release'}", err=not one.holds)
    return standings


def show_findings(tenants: Tenants) -> int:
    """Show each problem with what to do about it; how many are more than a further cell that is away.

    Such a cell is named to the processes that are begun now: they check it when it comes.
    """
    problems = shown_problems(tenants)
    os.environ[UNCHECKED] = ",".join(problem.closes for problem in problems if problem.closes)
    return sum(not problem.closes for problem in problems)


def shown_problems(tenants: Tenants) -> list[Problem]:
    """All problems, each shown with what to do about it."""
    problems = problems_of(tenants.logins)
    for problem in problems:
        click.echo(shown(str(problem)), err=True)
    return problems


def _of(cell: str) -> str:
    return "" if cell == MAIN else f"cell {cell}: "
