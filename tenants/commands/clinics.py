"""``shipa clinics``: import, list, show, suspend, resume, check; moving, archives and closing beside it."""

from __future__ import annotations

import dataclasses
import datetime
import json
import typing

import click
import psycopg
from flask.cli import with_appcontext

from tenants.clinic_check import checked
from tenants.closing import Closings
from tenants.commands.archives import export, restore
from tenants.commands.base import cannot_begin, caretaker, found, shown, stop
from tenants.commands.changing import COMMANDS as CHANGES
from tenants.commands.closing import close, remove
from tenants.commands.importing import import_clinics
from tenants.commands.moving import move
from tenants.commands.practising import practice
from tenants.commands.progress import progress
from tenants.operators import write_act
from tenants.times import with_zone

if typing.TYPE_CHECKING:
    from tenants.cards import ClinicCard

_FORMAT = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
_ENDED = ("suspended", "closed")


@click.group()
def clinics() -> None:
    """Import, list, suspend and check the clinics."""


for command in (import_clinics, practice, move, export, restore, close, remove, *CHANGES):
    clinics.add_command(command)


@clinics.command("list")
@_FORMAT
@with_appcontext
def list_clinics(form: str) -> None:
    """List all clinics."""
    with cannot_begin():
        cards = caretaker().clinics()
    if form == "json":
        click.echo(json.dumps([_public(card) for card in cards], ensure_ascii=False, indent=2))
        return
    for card in cards:
        name = "  ".join(filter(None, (card.name_zh, card.name_ug)))
        county = shown(card.county_zh)
        state = "practice" if card.practice_of else card.state
        click.echo(f"{card.code:12}  {state:9}  {card.kind:24}  {county}  {shown(name)}")
    practising = sum(card.practice_of is not None for card in cards)
    beside = f", and {practising} for practice" if practising else ""
    click.echo(f"{len(cards) - practising} clinics{beside}")


@clinics.command()
@click.argument("code")
@_FORMAT
@with_appcontext
def show(code: str, form: str) -> None:
    """Show one clinic, and what the platform's people did to it."""
    card = found(code)
    told = _public(card)
    with cannot_begin(), caretaker().logins.connect("owner") as connection:
        row = connection.execute(
            "SELECT created_at FROM platform.clinic WHERE id = %s", (card.id,)
        ).fetchone()
        told |= {"created_at": row and row[0], "revision": _revision(card)}
        acts = connection.execute(
            "SELECT at, act, operator, detail FROM platform.operator_act a JOIN platform.clinic c "
            "ON c.id = a.clinic_id WHERE c.code = %s ORDER BY at",
            (code,),
        ).fetchall()
    history = [
        {"at": at, "act": act, "operator": operator, "detail": detail} for at, act, operator, detail in acts
    ]
    if form == "json":
        click.echo(json.dumps({**told, "acts": history}, ensure_ascii=False, indent=2, default=str))
        return
    for name, value in told.items():
        words = with_zone(value) if isinstance(value, datetime.datetime) else shown(str(value))
        click.echo(f"{name:14} {words}")
    for act in history:
        click.echo(f"{with_zone(act['at']):32} {act['act']} by {act['operator']} {shown(act['detail'])}")


def _revision(card: ClinicCard) -> str | None:
    """The revision of the clinic's schema, which is written in its own cell."""
    try:
        with caretaker().logins.of(card.cell).connect("owner") as connection:
            row = connection.execute(
                "SELECT revision FROM platform.clinic_revision WHERE clinic_id = %s", (card.id,)
            ).fetchone()
    except (psycopg.OperationalError, LookupError):
        return f"unknown: cell {card.cell} cannot be reached"
    return row[0] if row else None


@clinics.command()
@click.argument("code")
@_FORMAT
@with_appcontext
def suspend(code: str, form: str) -> None:
    """Suspend a clinic: it takes no new work, reads for 30 days, and is closed then."""
    _set_state(code, "clinic.suspended", form)


@clinics.command()
@click.argument("code")
@_FORMAT
@with_appcontext
def resume(code: str, form: str) -> None:
    """Open a suspended or closed clinic again, with everything in it."""
    _set_state(code, "clinic.resumed", form)


def _set_state(code: str, act: str, form: str) -> None:
    card = found(code)
    if card.state == "closed" and act == "clinic.suspended":
        stop(f"{code} is closed; `shipa clinics resume` opens it again")
    changed = (card.state in _ENDED) == (act == "clinic.resumed")
    if changed and card.state == "closed":
        with cannot_begin():
            Closings(caretaker(), card).reopen()
    elif changed:
        _write_state(card, act)
    card = found(code) if changed else card
    if form == "json":
        told = {**_public(card), "changed": changed}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    click.echo(f"{code} is {card.state}{'' if changed else ' already'}")


def _write_state(card: ClinicCard, act: str) -> None:
    with cannot_begin(), caretaker().logins.connect("owner") as connection:
        connection.execute(
            "UPDATE platform.clinic SET state_since = now(), "
            "state = CASE WHEN %(ends)s THEN 'suspended' ELSE coalesce(suspended_from, 'live') END, "
            "suspended_at = CASE WHEN %(ends)s THEN now() END, "
            "suspended_from = CASE WHEN %(ends)s THEN state END WHERE id = %(id)s",
            {"ends": act == "clinic.suspended", "id": card.id},
        )
        write_act(connection, card.id, act)


@clinics.command()
@click.argument("code", required=False)
@_FORMAT
@with_appcontext
def check(code: str | None, form: str) -> None:
    """Check that one clinic or all are whole: schema, rights, first rows, keys."""
    tenants = caretaker()
    with cannot_begin():
        cards = [found(code)] if code else tenants.clinics()
    with cannot_begin(), progress("checking") as told:
        findings = checked(tenants, cards, told)
    wrong = {clinic: told for clinic, told in findings.items() if told}
    if form == "json":
        click.echo(json.dumps({"checked": len(cards), "findings": wrong}, indent=2))
    else:
        for clinic, sentences in wrong.items():
            click.echo("\n".join(f"{clinic}: {sentence}" for sentence in sentences))
        click.echo(f"{len(cards)} clinics checked, {len(wrong)} with findings")
    if wrong:
        raise click.exceptions.Exit(1)


def _public(card: ClinicCard) -> dict[str, object]:
    """What a list of clinics says of one: not its number, which names its schema."""
    told = dataclasses.asdict(card)
    del told["number"]
    return {name: value if value is None else str(value) for name, value in told.items()}
