"""``shipa clinics close`` and ``shipa clinics remove``."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from tenants.closing import Closings
from tenants.closing_rules import KEEP_DAYS, LEAST_KEEP_DAYS, MOST_KEEP_DAYS
from tenants.commands.archives import PURPOSE, meant
from tenants.commands.base import cannot_begin, caretaker, found, stop
from tenants.times import with_zone


@click.command()
@click.argument("code")
@PURPOSE
@click.option(
    "--keep-days",
    type=click.IntRange(LEAST_KEEP_DAYS, MOST_KEEP_DAYS),
    default=KEEP_DAYS,
    show_default=True,
    help="How long its rows stay in the database at least.",
)
@with_appcontext
def close(code: str, purpose: str, keep_days: int) -> None:
    """Close a clinic for good: it takes no new work and reads for 30 days.

    Nothing is taken away: `shipa clinics resume` opens it again. Its records are to be kept 15 years after
    the last visit, 30 of inpatients: keep the final archive and its code as long.
    """
    card = found(code)
    with cannot_begin():
        closing = Closings(caretaker(), card).close(purpose, keep_days)
    click.echo(f"{code} is closed; its rows stay until {with_zone(closing.kept_until)}")
    click.echo("next: `shipa clinics export`, the final archive, while its administrator still signs in")


@click.command()
@click.argument("code")
@click.option("--purpose", help="What for; asks for the removal.")
@click.option("--confirm", is_flag=True, help="As another operator: remove it now.")
@click.option("--call-off", is_flag=True, help="Call off a removal that was asked.")
@with_appcontext
def remove(code: str, purpose: str | None, *, confirm: bool, call_off: bool) -> None:
    """Remove a closed clinic: one operator asks (--purpose), another one confirms (--confirm).

    Schema, roles and keys go and nothing brings them back but the final archive with its code; the
    registry keeps a row that says so.
    """
    if sum((purpose is not None, confirm, call_off)) != 1:
        stop("give one of --purpose, --confirm and --call-off")
    card = found(code)
    work = Closings(caretaker(), card)
    with cannot_begin():
        if confirm:
            work.confirm()
        elif call_off:
            work.call_off()
        else:
            work.ask(meant(purpose or ""))
    said = "removed" if confirm else "not to be removed any more" if call_off else "to be removed"
    click.echo(f"{code} is {said}" + ("" if confirm or call_off else "; another operator must --confirm"))
