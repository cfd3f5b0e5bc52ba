"""``shipa clinics rename``, ``recode``, ``merge``, ``move-site``, ``undo``."""

from __future__ import annotations

import typing
import uuid

import click
from flask.cli import with_appcontext

from tenants.changes import rules, running
from tenants.commands.base import cannot_begin, caretaker, shown, stop

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from tenants.changes.running import Outcome

_DRY_RUN = click.option("--dry-run", is_flag=True, help="Show what would change; change nothing.")


@click.command()
@click.argument("code")
@click.option("--zh", default="", help="The new Chinese name.")
@click.option("--ug", default="", help="The new Uyghur name.")
@_DRY_RUN
@with_appcontext
def rename(code: str, zh: str, ug: str, *, dry_run: bool) -> None:
    """Give a clinic other names; a later roster does not bring the old ones back."""
    which = _found(code)
    _tell(lambda: _change("renamed", [which], lambda now: rules.renamed(now, which, zh, ug), dry_run=dry_run))


@click.command()
@click.argument("code")
@click.argument("new_code")
@_DRY_RUN
@with_appcontext
def recode(code: str, new_code: str, *, dry_run: bool) -> None:
    """Give a clinic another code; the old one leads to it, at the door and in rosters."""
    which = _found(code)
    _tell(
        lambda: _change("recoded", [which], lambda now: rules.recoded(now, which, new_code), dry_run=dry_run)
    )


@click.command()
@click.argument("code")
@click.argument("into")
@_DRY_RUN
@with_appcontext
def merge(code: str, into: str, *, dry_run: bool) -> None:
    """Let a clinic go on as part of another: its code and sites go there, its records stay.

    It is suspended: read and printed for 30 days, closed then. Nobody's record moves; the two clinics bring
    over the people themselves.
    """
    which, other = _found(code), _found(into)
    _tell(
        lambda: _change(
            "merged", [which, other], lambda now: rules.merged(now, which, other), dry_run=dry_run
        )
    )


@click.command("move-site")
@click.argument("site_code")
@click.option("--from", "code", required=True, help="The clinic that has the site.")
@click.option("--to", "other_code", required=True, help="The clinic that gets it.")
@_DRY_RUN
@with_appcontext
def move_site(site_code: str, code: str, other_code: str, *, dry_run: bool) -> None:
    """Move a village clinic to another clinic: closed here, opened there; its residents stay."""
    which, other = _found(code), _found(other_code)
    _tell(
        lambda: _change(
            "site_moved",
            [which, other],
            lambda now: rules.site_moved(now, site_code, which, other),
            dry_run=dry_run,
        )
    )


@click.command()
@click.argument("number", type=click.UUID)
@_DRY_RUN
@with_appcontext
def undo(number: uuid.UUID, *, dry_run: bool) -> None:
    """Undo a change of the last 7 days by the number that it told."""
    _tell(lambda: running.undo(caretaker(), number, dry_run=dry_run))


def _found(code: str) -> uuid.UUID:
    with cannot_begin():
        return running.find(caretaker(), code)


def _change(kind: str, ids: list[uuid.UUID], rule: running.Rule, *, dry_run: bool) -> Outcome:
    return running.change(caretaker(), kind, ids, rule, dry_run=dry_run)


def _tell(work: Callable[[], Outcome]) -> None:
    """Do it and show each line of it; a refusal is exit code 1, and nothing has changed."""
    try:
        with cannot_begin():
            outcome = work()
    except rules.Refused as refusal:
        stop(str(refusal), code=1)
    for line in outcome.lines:
        click.echo(shown(line))
    if outcome.id is None:
        click.echo("nothing was changed (--dry-run)")
    else:
        click.echo(f"change {outcome.id}")


COMMANDS = (rename, recode, merge, move_site, undo)
