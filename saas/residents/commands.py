"""``shipa residents rekey``: the keys of names, computed anew where they are of an older kind."""

from __future__ import annotations

import typing

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import with_appcontext

from saas.building import chosen
from saas.residents import sounding
from saas.residents.models import ResidentName

if typing.TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from saas.building import Building

_CHUNK = 200


@click.group()
def residents() -> None:
    """The keys by which residents are found."""


@residents.command()
@click.option("--clinic", "code", help="Code of one institution; all without it.")
@with_appcontext
def rekey(code: str | None) -> None:
    """Compute the keys of names that have none yet or older ones; run it after `shipa migrate`.

    It may be broken off and run again, and while clinics work: a name that somebody saves has its
    keys at once.
    """
    building = typing.cast("Building", current_app.extensions["building"])
    cards = chosen(building, code)
    done = 0
    for card in cards:
        while count := _some(building, card):
            done += count
    click.echo(f"{done} names have new keys")


def _some(building: Building, card: object) -> int:
    """One transaction's worth, so that no row stays locked for long."""
    with building.inside(card) as session:
        return rekeyed(session)


def rekeyed(session: Session) -> int:
    """Give some names of the bound clinic their keys; how many these were."""
    older = (
        sa.select(ResidentName)
        .where(ResidentName.key_version < sounding.VERSION)
        .order_by(ResidentName.id)
        .limit(_CHUNK)
        .with_for_update(skip_locked=True)
    )
    rows = session.scalars(older).all()
    for row in rows:
        row.follow_text(row.text)
    return len(rows)


COMMANDS = (residents,)
