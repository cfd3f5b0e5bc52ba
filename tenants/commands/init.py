"""``shipa init``."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from tenants.commands.base import cannot_begin, caretaker
from tenants.initialising import advise
from tenants.readying import make_ready, named


@click.command("init")
@with_appcontext
def init() -> None:
    """Make or check the roles, schemas, hardening, tables and master key; safe to repeat."""
    with cannot_begin():
        changes = make_ready(caretaker())
        logins = caretaker().logins
        advice = [line for cell in logins.cells for line in named(cell, advise(logins.of(cell)))]
    for change in changes:
        click.echo(f"made: {change}")
    if not changes:
        click.echo("nothing to change")
    for line in advice:
        click.echo(line)
