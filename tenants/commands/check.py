"""``shipa check``: whether it is safe to serve."""

from __future__ import annotations

import contextlib
import typing

import click
import psycopg
from flask.cli import with_appcontext

from tenants.checking import check as problems_of
from tenants.checking import level
from tenants.commands.base import cannot_begin, caretaker, shown
from tenants.connecting import NotConfigured

if typing.TYPE_CHECKING:
    from tenants.extension import Tenants


LEVELS = {
    1: "level 1: roles; a whole statement of an attacker's own is not stopped (README)",
    2: "level 2: set_user; nor does a whole statement of an attacker's own reach another clinic",
}


@click.command("check")
@with_appcontext
def check() -> None:
    """Check hardening, rights, the server's settings and the master key; exit code 1 if not safe.

    `shipa serve` asks the same and refuses. Whether each clinic is whole: `shipa clinics check`.
    """
    with cannot_begin():
        found = show_findings(caretaker())
        with contextlib.suppress(psycopg.Error, NotConfigured):  # named among the findings
            click.echo(f"isolation {LEVELS[level(caretaker().logins)]}")
        if found:
            raise click.exceptions.Exit(1)
    click.echo("nothing to put right")


def show_findings(tenants: Tenants) -> int:
    """Show each problem with what to do about it; returns how many there are."""
    problems = problems_of(tenants.logins)
    for problem in problems:
        click.echo(shown(str(problem)), err=True)
    return len(problems)
