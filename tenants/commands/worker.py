"""``shipa worker``: the jobs of all clinics."""

from __future__ import annotations

import contextlib

import click
from flask.cli import with_appcontext

from tenants.commands.base import cannot_begin, caretaker, stop
from tenants.commands.check import show_findings
from tenants.working import Worker, end_with_parent


@click.command("worker")
@click.option("--with-parent", is_flag=True, help="End when the process that began this one ends.")
@click.option("--unchecked", is_flag=True, hidden=True, help="Who began this one has just checked.")
@with_appcontext
def work(*, with_parent: bool, unchecked: bool) -> None:
    """Do the work in the background, one job after the other, until SIGTERM.

    Needs the addresses of web, gate and jobs and the master key; never the owner's or superuser's.
    """
    tenants = caretaker()
    worker = Worker(tenants)
    if with_parent:
        end_with_parent(worker)
    held: contextlib.AbstractContextManager[object] = contextlib.nullcontext()
    with cannot_begin():
        if not unchecked and show_findings(tenants):
            stop("not working: put right what is named above")
        if tenants.settings.embedded:
            held = tenants.logins.server().hold()
        with held:
            click.echo("working", err=True)
            worker.run()
