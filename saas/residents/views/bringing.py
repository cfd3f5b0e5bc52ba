"""Bringing in a clinic's list: the window, the file, the columns, the report."""

from __future__ import annotations

import typing

import sqlalchemy as sa
from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from saas.accounts import proof
from saas.db import session
from saas.residents import reading
from saas.residents.bringing import batches, headings
from saas.residents.bringing.forms import ColumnsForm, FileForm, WindowForm, chosen_columns
from saas.residents.bringing.showing import labels, standing
from saas.residents.bringing.texts import NOTHING_CHANGED, REFUSALS, STATES
from saas.residents.views import blueprint, pages
from saas.web import i18n, jobs, log
from saas.web.guard import needs
from saas.web.request import here, signed_in
from saas.web.sheets import lines as sheet
from saas.web.sheets.refused import LARGEST_MEGABYTES, FileRefusedError
from saas.web.uploads import takes_file

if typing.TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue
    from werkzeug.datastructures import FileStorage

    from saas.accounts.models import Site
    from saas.residents.models import ImportBatch

MANAGE = "bringing.manage"


@blueprint.app_context_processor
def window() -> dict[str, object]:
    """Everybody who works here sees that the window is open, on every page."""
    until = here.clinic.setting.import_until if signed_in() else None
    return {"lists_until": until if batches.is_open(until) else None}


def is_open() -> bool:
    """Whether lists can be brought in now."""
    return batches.is_open(here.clinic.setting.import_until)


@blueprint.get("/bringing")
@needs(MANAGE)
def bring() -> ResponseReturnValue:
    """The room: whether the window is open, and the lists so far."""
    return render_template("residents/bring.html", batches=batches.latest(), states=STATES)


@blueprint.route("/bringing/window", methods=["GET", "POST"])
@needs(MANAGE)
def bring_window() -> ResponseReturnValue:
    """The head opens the window with her own password, for at most seven days."""
    form = WindowForm()
    if not form.arrived():
        return render_template("residents/bring_window.html", form=form)
    if not (form.validate() and proof.is_hers(form.own_password)):
        return render_template("residents/bring_window.html", form=form), pages.REFUSED
    batches.open_until(batches.closes_at(int(form.days.data)))
    log.note("residents.window_opened", purpose="administration", detail={"days": form.days.data})
    flash(gettext("The window is open. All staff are shown it."), "done")
    return redirect(url_for("residents.bring"), code=303)


@blueprint.route("/bringing/new", methods=["GET", "POST"])
@needs(MANAGE)
@takes_file(LARGEST_MEGABYTES)
def bring_upload() -> ResponseReturnValue:
    """Choose the file; it is looked into before anything is kept."""
    if not is_open():
        flash(gettext("The window for lists is closed. The head of the clinic can open it."), "warn")
        return redirect(url_for("residents.bring"), code=303)
    form = FileForm()
    if not form.arrived():
        return render_template("residents/bring_upload.html", form=form, megabytes=LARGEST_MEGABYTES)
    sent: FileStorage | None = request.files.get("list_file")
    # Looking into a large workbook takes seconds; a page's transaction would be ended after ten.
    session.execute(sa.text("SET LOCAL idle_in_transaction_session_timeout = '2min'"))
    batch = _taken_in(form, sent) if form.validate() else None
    if batch is None:
        page = render_template("residents/bring_upload.html", form=form, megabytes=LARGEST_MEGABYTES)
        return page, pages.REFUSED
    log.note("residents.list_uploaded", purpose="administration", detail={"batch": str(batch.id)})
    return redirect(url_for("residents.bring_columns", batch_id=batch.id), code=303)


def _taken_in(form: FileForm, sent: FileStorage | None) -> ImportBatch | None:
    """The new batch; None with the reason beside the field."""
    if sent is None or not sent.filename:
        form.list_file.errors = [gettext("Choose a file.")]
        return None
    body = sent.stream.read()
    try:
        head = sheet.head(body)
    except FileRefusedError as refusal:
        form.list_file.errors = [f"{REFUSALS[refusal.code]} {NOTHING_CHANGED}"]
        return None
    name = "".join(sign for sign in sent.filename if sign.isprintable())
    return batches.add(name, body, head, here.clinic.keys, here.staff.id)


@blueprint.route("/bringing/<uuid:batch_id>/columns", methods=["GET", "POST"])
@needs(MANAGE)
def bring_columns(batch_id: uuid.UUID) -> ResponseReturnValue:
    """Say what each column is; then the worker reads the whole file."""
    batch = _found(batch_id)
    if batch.state not in batches.OPEN or not is_open():
        return _to(batch)
    head = batches.head_of(batch, here.clinic.keys)
    sites = [site for site in reading.sites() if site.closed_at is None] or reading.sites()
    form = ColumnsForm() if request.method == "POST" else _begun(batch, head, sites)
    form.offer(head, sites, i18n.current())
    if request.method == "GET":
        return _columns_page(form, batch, _first_choice(batch, head, form.line))
    chosen = chosen_columns(head, form.line)
    if "_look" in request.form and form.arrived():
        return _columns_page(form, batch, headings.guessed(head, form.line))
    if not form.arrived():
        return _columns_page(form, batch, chosen)
    wrong = _wrong(chosen)
    if wrong or not form.validate():
        form.form_errors.extend(wrong)
        return _columns_page(form, batch, chosen), pages.REFUSED
    return _sent_to_check(batch, form, chosen)


def _begun(batch: ImportBatch, head: list[list[str]], sites: list[Site]) -> ColumnsForm:
    """What was chosen before, or what the file itself and the head's own place say."""
    form = ColumnsForm(None)
    line = batch.mapping.get("heading_line", headings.heading_line(head))
    own = next((site for site in sites if str(site.id) in set(here.staff.site_ids)), sites[0])
    form.heading_line.data = str(line)
    form.site_id.data = str(batch.mapping.get("site_id", own.id))
    return form


def _first_choice(batch: ImportBatch, head: list[list[str]], line: int) -> dict[int, str]:
    stored = batch.mapping.get("columns")
    if stored is None:
        return headings.guessed(head, line)
    return {int(column): field for column, field in stored.items()}


def _wrong(chosen: dict[int, str]) -> list[str]:
    fields = list(chosen.values())
    wrong = []
    if "name_0" not in fields:
        wrong.append(gettext("Choose the column that holds the name as on the document."))
    twice = {field for field in fields if fields.count(field) > 1}
    if twice:
        wrong.append(gettext("Two columns cannot be the same: %(names)s", names=", ".join(labels(twice))))
    return wrong


def _columns_page(form: ColumnsForm, batch: ImportBatch, chosen: dict[int, str]) -> str:
    head = batches.head_of(batch, here.clinic.keys)
    return render_template(
        "residents/bring_columns.html",
        form=form,
        batch=batch,
        columns=form.columns(head, chosen),
        fields=[(name, label) for name, label in zip(headings.FIELDS, labels(headings.FIELDS), strict=True)],
    )


def _sent_to_check(batch: ImportBatch, form: ColumnsForm, chosen: dict[int, str]) -> ResponseReturnValue:
    batch.mapping = batch.mapping | {
        "heading_line": form.line,
        "columns": {str(column): field for column, field in chosen.items()},
        "site_id": form.site_id.data,
    }
    batches.begin(batch, batches.CHECKING)
    jobs.defer_after_commit(batches.CHECK_LIST, batch.id)
    log.note("residents.list_mapped", purpose="administration", detail={"batch": str(batch.id)})
    return _to(batch)


@blueprint.get("/bringing/<uuid:batch_id>")
@needs(MANAGE)
def bring_show(batch_id: uuid.UUID) -> ResponseReturnValue:
    """Where a list stands: being checked, its report, being brought in, done."""
    batch = _found(batch_id)
    return render_template(
        "residents/bring_show.html",
        batch=batch,
        standing=standing(batch),
        is_open=is_open(),
        can_undo=batches.can_be_undone(batch),
        again=batches.same_file(batch) if batch.state == batches.CHECKED else None,
        state=STATES[batch.state],
    )


@blueprint.get("/bringing/<uuid:batch_id>/progress")
@needs(MANAGE, quiet=True)
def bring_progress(batch_id: uuid.UUID) -> ResponseReturnValue:
    """How far it is, for the script of the page; asking does not keep a forgotten screen open."""
    batch = _found(batch_id)
    now = standing(batch)
    return {"done": now.done, "of": now.of, "words": now.words, "ended": not now.waits}


def _found(batch_id: uuid.UUID) -> ImportBatch:
    return batches.one(batch_id) or abort(404)


def _to(batch: ImportBatch) -> ResponseReturnValue:
    return redirect(url_for("residents.bring_show", batch_id=batch.id), code=303)
