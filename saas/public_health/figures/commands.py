"""``shipa figures compute``: the figures of one clinic or of all, counted now."""

from __future__ import annotations

import typing

import click
from flask import current_app
from flask.cli import with_appcontext

from saas.building import chosen
from saas.public_health.figures import counting, leaving
from saas.public_health.rules import indicators_periods as periods
from saas.web import clock

if typing.TYPE_CHECKING:
    from saas.building import Building


@click.group("figures")
def commands() -> None:
    """The figures of the public health services."""


@commands.command()
@click.option("--clinic", "code", help="Code of one institution.")
@click.option("--all", "everyone", is_flag=True, help="Every institution.")
@with_appcontext
def compute(code: str | None, *, everyone: bool) -> None:
    """Count the figures of every kept period anew, and publish what may leave the institution.

    It may be broken off and run again, and while clinics work.
    """
    if (code is None) != everyone:
        message = "name one institution with --clinic, or all with --all"
        raise click.UsageError(message)
    building = typing.cast("Building", current_app.extensions["building"])
    cards = chosen(building, code)
    count = 0
    with click.progressbar(cards, label="figures", show_pos=True) as waiting:
        for card in waiting:
            count += _compute(building, card)
    click.echo(f"{count} figures of {len(cards)} institutions")


def _compute(building: Building, card: object) -> int:
    today = clock.today()
    count = counting.compute(lambda: building.inside(card), today, clock.now(), periods.every(today))
    with building.inside(card) as session:
        leaving.copy(session, building.outbox(card), today)
    return count


COMMANDS = (commands,)
