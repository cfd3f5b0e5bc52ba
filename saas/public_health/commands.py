"""``shipa due recompute``: what clinics owe, computed anew for everybody."""

from __future__ import annotations

import functools
import typing

import click
from flask import current_app
from flask.cli import with_appcontext

from saas.building import chosen
from saas.public_health import owing

if typing.TYPE_CHECKING:
    from saas.building import Building


@click.group()
def due() -> None:
    """The services that clinics owe."""


@due.command()
@click.option("--clinic", "code", help="Code of one institution; all without it.")
@with_appcontext
def recompute(code: str | None) -> None:
    """Compute what is owed to everybody, as each night; writes only what changed."""
    building = typing.cast("Building", current_app.extensions["building"])
    cards = chosen(building, code)
    changed = 0
    with click.progressbar(cards, label="clinics", width=0) as shown:
        for card in shown:
            changed += owing.refresh_all(functools.partial(building.inside, card))
    click.echo(f"{changed} persons are owed something else than before")


COMMANDS = (due,)
