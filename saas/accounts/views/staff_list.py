"""A list of staff brought in by the clinic's administrator: all of it or nothing, then the slips."""

from __future__ import annotations

import dataclasses
import typing

import sqlalchemy as sa
from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from wtforms import FileField, HiddenField, PasswordField
from wtforms.validators import Length

from saas.accounts import codes, labels, managing, once, people, proof
from saas.accounts.blueprint import blueprint
from saas.accounts.forms import needed
from saas.accounts.staff_forms import site_name
from saas.accounts.staff_list import kept, texts
from saas.accounts.staff_list.judging import MOST_PEOPLE, Judged, judged
from saas.accounts.staff_list.template import TYPE, template
from saas.db import session
from saas.web import i18n
from saas.web.forms import Form
from saas.web.guard import needs
from saas.web.log import note
from saas.web.sheets import lines
from saas.web.sheets.refused import FileRefusedError
from saas.web.sheets.texts import NOTHING_CHANGED, REFUSALS
from saas.web.uploads import takes_file

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from saas.accounts.models import Site
    from saas.accounts.staff_list.kept import Given

LARGEST_MEGABYTES = 2
MOST_SHOWN = 300
_UPLOAD, _CHECKED = "accounts/staff_bring.html", "accounts/staff_bring_checked.html"


class StaffListForm(Form):
    """The file."""

    list_file = FileField(lazy_gettext("The list"))


class StaffRunForm(Form):
    """The list as it was judged, sealed; and the password of who adds staff."""

    people = HiddenField()
    own_password = PasswordField(lazy_gettext("Your own password"), [needed(), Length(max=200)])


@blueprint.get("/staff/list")
@needs("staff.manage")
def staff_bring() -> ResponseReturnValue:
    """Choose a list, or fetch the template for one."""
    return _upload_page(StaffListForm())


@blueprint.get("/staff/list/template")
@needs("staff.manage")
def staff_bring_template() -> ResponseReturnValue:
    """The empty list, with the words for roles and the clinic's own places."""
    headers = {"Content-Disposition": "attachment; filename=staff.xlsx", "Cache-Control": "no-store"}
    return Response(template(_open_sites()), mimetype=TYPE, headers=headers)


@blueprint.post("/staff/list")
@needs("staff.manage")
@takes_file(LARGEST_MEGABYTES)
def staff_bring_submit() -> ResponseReturnValue:
    """Judge the whole list; nothing is stored, neither of the file nor of its people."""
    form = StaffListForm()
    if not form.arrived():
        return _upload_page(form)
    found = _judged(form) if form.validate() else None
    if found is None:
        return _upload_page(form), 422
    if found.faults:
        return _upload_page(form, found), 422
    run = StaffRunForm(None)
    run.people.data = kept.seal(found.people)
    return _checked_page(run)


@blueprint.post("/staff/list/add")
@needs("staff.manage")
def staff_bring_run() -> ResponseReturnValue:
    """Add everybody of the judged list, or nobody, and show the slips once."""
    if shown := once.again():
        return shown
    form = StaffRunForm()
    given = kept.unseal(form.people.data)
    if given is None:
        flash(gettext("The list was checked too long ago. Choose the file once more."), "warn")
        return redirect(url_for("accounts.staff_bring"), code=303)
    if not form.arrived():
        return _checked_page(form)
    if not (form.validate() and proof.is_hers(form.own_password)):
        return _checked_page(form), 422
    slips = _added(given)
    if slips is None:
        form.form_errors.append(
            gettext("Somebody took a user name of this list meanwhile. Nobody was added.")
        )
        return _checked_page(form), 422
    return _slips_page(slips)


def _judged(form: StaffListForm) -> Judged | None:
    """The judged list; None with the reason beside the field."""
    sent = request.files.get("list_file")
    if sent is None or not sent.filename:
        form.list_file.errors = [gettext("Choose a file.")]
        return None
    taken = {person.username for person in people.everybody()}
    try:
        return judged(lines.rows(sent.stream.read()), texts.words(_open_sites()), taken)
    except FileRefusedError as refusal:
        form.list_file.errors = [f"{REFUSALS[refusal.code]} {NOTHING_CHANGED}"]
        return None


def _open_sites() -> Sequence[Site]:
    return [site for site in people.all_sites() if site.closed_at is None]


def _upload_page(form: StaffListForm, found: Judged | None = None) -> str:
    faults = found.faults if found else []
    return render_template(
        _UPLOAD,
        form=form,
        most=MOST_PEOPLE,
        faults=[texts.said(fault) for fault in faults[:MOST_SHOWN]],
        more=max(0, len(faults) - MOST_SHOWN),
    )


def _checked_page(form: StaffRunForm) -> str:
    names = {str(site.id): site_name(site, i18n.current()) for site in people.all_sites()}
    rows = [
        (person, labels.roles_of(person.roles), [names.get(one, "") for one in person.site_ids])
        for _, person in kept.unseal(form.people.data) or []
    ]
    return render_template(_CHECKED, form=form, rows=rows)


def _added(given: list[Given]) -> list[dict[str, str]] | None:
    """Everybody with her one-time password; None when somebody else has one of the user names.

    Refused as a whole: the answer is an error then, and the savepoint of its work is taken back. Sent twice,
    whoever has a password of her own already gets no slip again.
    """
    # Two hundred hashes take seconds; a page's transaction would be ended after ten.
    session.execute(sa.text("SET LOCAL idle_in_transaction_session_timeout = '2min'"))
    slips = []
    # Looked at before anybody is added: the log would tell of people who were not.
    if any(managing.is_taken(staff_id, person.username) for staff_id, person in given):
        return None
    for staff_id, person in given:
        values = dataclasses.asdict(person)
        made = managing.add(staff_id, values.pop("username"), values)
        if made is None and managing.is_taken(staff_id, person.username):
            return None
        if made is not None:
            staff, password = made
            slips.append(
                {
                    "name": staff.name,
                    "name_other": staff.name_other,
                    "username": staff.username,
                    "password": codes.in_groups(password),
                }
            )
    note("staff.list_added", purpose="administration", detail={"people": len(given)})
    return slips


def _slips_page(slips: list[dict[str, str]]) -> str:
    return once.page(
        "accounts/staff_slips.html",
        slips=slips,
        words=texts.slip_words(),
        sign_in_url=current_app.extensions["settings"].url,
        goes_on=url_for("accounts.staff_list"),
    )
