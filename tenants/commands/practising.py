"""``shipa clinics practice``."""

from __future__ import annotations

import typing

import click
from flask.cli import with_appcontext

from tenants import practice as practising
from tenants.commands.base import cannot_begin, caretaker, stop

if typing.TYPE_CHECKING:
    from tenants.cards import ClinicCard
    from tenants.practice import Practising


@click.command()
@click.argument("code")
@click.option("--renew", is_flag=True, help="Empty the practice clinic and fill it anew.")
@click.option("--empty", "emptied", is_flag=True, help="Empty the practice clinic.")
@with_appcontext
def practice(code: str, *, renew: bool, emptied: bool) -> None:
    """Make a practice clinic beside the clinic CODE, with invented people, for training.

    It is marked on every page and print, and its figures never leave it. Staff of the clinic are added there
    as in any other: `shipa staff add` for the first administrator, who adds the others.
    """
    if renew and emptied:
        stop("--renew or --empty, not both")
    with cannot_begin():
        cards = caretaker().clinics(code)
    if not cards:
        stop(f"no clinic has the code {code}")
    try:
        with cannot_begin():
            _again(cards[0], renew=renew) if renew or emptied else _made(cards[0])
    except practising.PracticeRefused as refusal:
        stop(str(refusal), code=1)


def _made(card: ClinicCard) -> None:
    made = practising.make(caretaker(), card)
    count = _practising().fill(made)
    click.echo(f"{made.code}: a practice clinic with {count} invented residents")
    click.echo(
        f"its first administrator: shipa staff add --clinic {made.code} --username NAME --role clinic_admin"
    )


def _again(card: ClinicCard, *, renew: bool) -> None:
    """The code of the clinic or of its practice clinic will do."""
    found = card if card.practice_of else practising.practice_of(caretaker(), card)
    if found is None:
        raise practising.PracticeRefused(f"{card.code} has no practice clinic")
    practising.empty(caretaker(), found, _practising().emptied)
    count = _practising().fill(found) if renew else 0
    click.echo(f"{found.code}: emptied, {count} invented residents")


def _practising() -> Practising:
    found = caretaker().practising
    if found is None:
        stop("this application has no invented people")
    return found
