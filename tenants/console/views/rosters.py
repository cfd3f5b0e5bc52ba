"""Rosters: chosen, checked without a change, started, watched, stopped, gone on with."""

from __future__ import annotations

import typing
import uuid

from flask import Response, abort, flash, jsonify, redirect, render_template, url_for
from flask_babel import gettext

from tenants.console import orders, roster_orders
from tenants.console import rosters as kept
from tenants.console.blueprint import blueprint
from tenants.console.fault_texts import said
from tenants.console.forms import RosterForm
from tenants.console.guarding import opens
from tenants.console.paging import asked_page, pages
from tenants.console.register import ONBOARDING

if typing.TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from tenants.console.desk import Row


@blueprint.get("/rosters")
@opens(ONBOARDING)
def rosters() -> ResponseReturnValue:
    """The newest rosters that nobody put aside."""
    return _list(aside=False)


@blueprint.get("/rosters/put-aside")
@opens(ONBOARDING)
def rosters_aside() -> ResponseReturnValue:
    """Those that were put aside; each can be shown again."""
    return _list(aside=True)


def _list(*, aside: bool) -> str:
    return render_template(
        "operators/rosters.html",
        runs=kept.latest(aside=aside),
        states=kept.STATES,
        aside=aside,
        count_aside=kept.count_aside(),
    )


@blueprint.get("/rosters/new")
@opens(ONBOARDING)
def roster_new() -> ResponseReturnValue:
    """The form for a roster and its village clinics."""
    return render_template("operators/roster_new.html", form=RosterForm())


@blueprint.post("/rosters/new")
@opens(ONBOARDING, megabytes=kept.MEGABYTES)
def roster_upload() -> ResponseReturnValue:
    """Keep the files and have them checked; nothing else changes."""
    form = RosterForm()
    if not form.arrived():
        return render_template("operators/roster_new.html", form=form)
    holds = form.validate()
    if not (form.roster_file.data and form.roster_file.data.filename):
        form.roster_file.errors = [gettext("Choose the file of the roster.")]
        holds = False
    if not holds:
        return render_template("operators/roster_new.html", form=form), 422
    sites = form.sites_file.data if form.sites_file.data and form.sites_file.data.filename else None
    run_id = kept.upload(form.roster_file.data, sites)
    return redirect(url_for("operators.roster", run_id=run_id), code=303)


@blueprint.get("/rosters/<uuid:run_id>")
@opens(ONBOARDING)
def roster(run_id: uuid.UUID) -> ResponseReturnValue:
    """Where it stands, what it would do or did, and a page of its faults."""
    run, page = _or_404(run_id), asked_page()
    faults, of = kept.faults(run_id, page)
    return render_template(
        "operators/roster.html",
        run=run,
        state=kept.STATES[run["state"]],
        words=kept.words_of(run),
        failure=said(run["failure"]),
        nobody_works=run["waits"] and orders.nobody_works(),
        faults=faults,
        fault_count=of,
        ordered=roster_orders.orders_of(run_id),
        words_of_orders=roster_orders.WORDS,
        paging=pages(page, of, "operators.roster", run_id=run_id),
    )


@blueprint.get("/rosters/<uuid:run_id>/progress")
@opens(ONBOARDING, quiet=True)
def roster_progress(run_id: uuid.UUID) -> ResponseReturnValue:
    """For the bar that asks by itself; asking keeps no session awake."""
    run = _or_404(run_id)
    told = {"done": run["done"], "of": run["of"], "words": kept.words_of(run)}
    return jsonify({**told, "ended": not run["waits"]})


@blueprint.get("/rosters/<uuid:run_id>/faults-file")
@opens(ONBOARDING)
def roster_faults(run_id: uuid.UUID) -> ResponseReturnValue:
    """Every fault as a .csv file."""
    _or_404(run_id)
    headers = {"Content-Disposition": 'attachment; filename="faults.csv"'}
    return Response(kept.faults_file(run_id), content_type="text/csv; charset=utf-8", headers=headers)


@blueprint.post("/rosters/<uuid:run_id>/start")
@opens(ONBOARDING)
def roster_start(run_id: uuid.UUID) -> ResponseReturnValue:
    """Bring it in, or go on after a stop."""
    return _steered(run_id, "start")


@blueprint.post("/rosters/<uuid:run_id>/stop")
@opens(ONBOARDING)
def roster_stop(run_id: uuid.UUID) -> ResponseReturnValue:
    """Stop after the institutions that are being made."""
    return _steered(run_id, "stop")


@blueprint.post("/rosters/<uuid:run_id>/put-aside")
@opens(ONBOARDING)
def roster_put_aside(run_id: uuid.UUID) -> ResponseReturnValue:
    """Out of the list, for good or until it is shown again; nothing of it is brought in meanwhile."""
    return _steered(run_id, "put_aside")


@blueprint.post("/rosters/<uuid:run_id>/show-again")
@opens(ONBOARDING)
def roster_show_again(run_id: uuid.UUID) -> ResponseReturnValue:
    """Back into the list, where it stood."""
    return _steered(run_id, "show_again")


def _steered(run_id: uuid.UUID, wish: roster_orders.Wish) -> ResponseReturnValue:
    _or_404(run_id)
    if not roster_orders.order(run_id, wish):
        flash(gettext("That is not possible any more. Look where the roster stands."), "warn")
    elif wish == "put_aside":
        flash(gettext("Put aside. It can be shown again at any time."), "done")
        return redirect(url_for("operators.rosters"), code=303)
    return redirect(url_for("operators.roster", run_id=run_id), code=303)


def _or_404(run_id: uuid.UUID) -> Row:
    return kept.find(run_id) or abort(404)
