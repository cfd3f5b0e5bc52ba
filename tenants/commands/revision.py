"""``shipa revision``: writing revisions of the clinic tree; a developer's command."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from tenants.commands.base import cannot_begin, caretaker, stop
from tenants.compiling import grants
from tenants.platform_tables import metadata
from tenants.revising import write_first, write_next
from tenants.trees import CLINIC, PLATFORM


@click.command("revision")
@click.argument("subject", required=False)
@click.option("--first", is_flag=True, help="Write the first revisions anew, before any release.")
@with_appcontext
def revision(subject: str | None, *, first: bool) -> None:
    """Write a revision of the clinic tree named SUBJECT from what the models have and it lacks.

    Look at the file before committing it: grants and data are not seen by the comparison.
    """
    tenants = caretaker()
    if first:
        rights = grants(tenants.metadata)
        click.echo(write_first(CLINIC, tenants.metadata, "The tables of a clinic", rights))
        click.echo(write_first(PLATFORM, metadata, "The tables of the platform"))
    elif subject:
        with cannot_begin():
            click.echo(write_next(CLINIC, tenants.logins, tenants.metadata, subject))
    else:
        stop("name the SUBJECT of the revision, or say --first")
