"""The people of the clinic, for its administrator."""

from __future__ import annotations

import typing
import uuid

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import gettext

from saas.accounts import codes, labels, managing, once, people, proof, seen, staff_secrets
from saas.accounts.blueprint import blueprint
from saas.accounts.seen import changed_fields
from saas.accounts.staff_forms import NewStaffForm, ResetForm, StaffForm, site_name
from saas.accounts.views.own_sessions import live_sessions
from saas.web import i18n
from saas.web.guard import needs
from saas.web.request import here

if typing.TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from saas.accounts.models import Staff


@blueprint.get("/staff")
@needs("staff.manage")
def staff_list() -> ResponseReturnValue:
    """Everybody who works here, those who cannot sign in last."""
    return render_template(
        "accounts/staff_list.html",
        everybody=people.everybody(),
        roles_of=labels.roles_of,
        site_names=_site_names(),
    )


@blueprint.get("/staff/new")
@needs("staff.manage")
def staff_add() -> ResponseReturnValue:
    """The form for a new person."""
    return render_template("accounts/staff_add.html", form=_offered(NewStaffForm()))


@blueprint.post("/staff/new")
@needs("staff.manage")
def staff_add_submit() -> ResponseReturnValue:
    """Add the person and show her temporary password once, for printing."""
    if shown := once.again():
        return shown
    form = _offered(NewStaffForm())
    if not form.arrived():
        return render_template("accounts/staff_add.html", form=form)
    if not (form.validate() and proof.is_hers(form.own_password)):
        return render_template("accounts/staff_add.html", form=form), 422
    made = managing.add(form.form_uuid, form.username.data, form.values())
    if made is None:
        form.username.errors = [gettext("Somebody has this user name already.")]
        return render_template("accounts/staff_add.html", form=form), 422
    return _slip(*made)


@blueprint.get("/staff/<uuid:staff_id>")
@needs("staff.manage")
def staff_show(staff_id: uuid.UUID) -> ResponseReturnValue:
    """One person: roles, sites, where she is signed in, and what can be done."""
    return _person_page(people.staff_or_404(staff_id))


@blueprint.get("/staff/<uuid:staff_id>/edit")
@needs("staff.manage")
def staff_edit(staff_id: uuid.UUID) -> ResponseReturnValue:
    """The form for names, roles and sites."""
    staff = people.staff_or_404(staff_id)
    values = managing.values_of(staff)
    form = _offered(StaffForm(**values))
    form.seen.data = seen.pack(values)
    return render_template("accounts/staff_edit.html", form=form, person=staff)


@blueprint.post("/staff/<uuid:staff_id>/edit")
@needs("staff.manage")
def staff_edit_submit(staff_id: uuid.UUID) -> ResponseReturnValue:
    """Save, unless somebody else saved meanwhile; roles that change ask the password again."""
    staff = people.staff_or_404(staff_id, for_change=True)
    form = _offered(StaffForm())
    if not form.arrived():
        return render_template("accounts/staff_edit.html", form=form, person=staff)
    if not form.validate():
        return render_template("accounts/staff_edit.html", form=form, person=staff), 422
    before, theirs = seen.unpack(form.seen.data), managing.values_of(staff)
    if theirs not in (before, form.values()):
        return _conflict(form, staff, before)
    if not _may_save(form, staff):
        return render_template("accounts/staff_edit.html", form=form, person=staff), 422
    managing.change(staff, form.values())
    flash(gettext("Saved."), "done")
    return redirect(url_for("accounts.staff_show", staff_id=staff.id), code=303)


@blueprint.get("/staff/<uuid:staff_id>/reset")
@needs("staff.manage")
def staff_reset(staff_id: uuid.UUID) -> ResponseReturnValue:
    """Ask before a one-time password is made; one's own is changed in one's account."""
    staff = people.staff_or_404(staff_id)
    if staff.id == here.staff.id:
        return redirect(url_for("accounts.own_password"), code=303)
    return render_template("accounts/staff_reset.html", form=ResetForm(), person=staff)


@blueprint.post("/staff/<uuid:staff_id>/reset")
@needs("staff.manage")
def staff_reset_submit(staff_id: uuid.UUID) -> ResponseReturnValue:
    """Make a one-time password and show it once, for printing."""
    staff, form = people.staff_or_404(staff_id, for_change=True), ResetForm()
    if shown := once.again():
        return shown
    if staff.id == here.staff.id:
        return redirect(url_for("accounts.own_password"), code=303)
    if not form.arrived():
        return render_template("accounts/staff_reset.html", form=form, person=staff)
    if not (form.validate() and proof.is_hers(form.own_password)):
        return render_template("accounts/staff_reset.html", form=form, person=staff), 422
    return _slip(staff, managing.reset(staff, lost_second_factor=form.lost_second_factor.data))


@blueprint.post("/staff/<uuid:staff_id>/disable")
@needs("staff.manage")
def staff_disable(staff_id: uuid.UUID) -> ResponseReturnValue:
    """End a person's access at once; not one's own, not the last administrator's."""
    staff = people.staff_or_404(staff_id, for_change=True)
    if staff.id == here.staff.id:
        return _person_page(staff, gettext("Nobody can end her own access.")), 422
    if managing.would_leave_no_administrator(staff):
        return _person_page(staff, _last_administrator()), 422
    managing.disable(staff)
    flash(gettext("This person cannot sign in any more."), "done")
    return redirect(url_for("accounts.staff_show", staff_id=staff.id), code=303)


@blueprint.post("/staff/<uuid:staff_id>/enable")
@needs("staff.manage")
def staff_enable(staff_id: uuid.UUID) -> ResponseReturnValue:
    """Give a person her access back."""
    staff = people.staff_or_404(staff_id, for_change=True)
    managing.enable(staff)
    flash(gettext("This person can sign in again."), "done")
    return redirect(url_for("accounts.staff_show", staff_id=staff.id), code=303)


@blueprint.post("/staff/<uuid:staff_id>/end-sessions")
@needs("staff.manage")
def staff_end_sessions(staff_id: uuid.UUID) -> ResponseReturnValue:
    """Sign a person out everywhere."""
    staff = people.staff_or_404(staff_id)
    managing.end_sessions(staff)
    flash(gettext("Ended. Whoever used it must sign in again."), "done")
    return redirect(url_for("accounts.staff_show", staff_id=staff.id), code=303)


def _offered(form: StaffForm) -> StaffForm:
    form.offer_sites(people.all_sites(), i18n.current())
    return form


def _may_save(form: StaffForm, staff: Staff) -> bool:
    """Roles only with one's own password, and never without an administrator left."""
    roles = form.values()["roles"]
    if "roles" not in changed_fields(managing.values_of(staff), form.values()):
        return True
    if managing.would_leave_no_administrator(staff, roles):
        form.roles.errors = [_last_administrator()]
        return False
    return proof.is_hers(form.own_password)


def _last_administrator() -> str:
    return str(gettext("The clinic would have no administrator left. Give the role to another first."))


def _conflict(form: StaffForm, staff: Staff, before: dict[str, str | list[str]]) -> ResponseReturnValue:
    """Both versions side by side; what was typed stays in the form and can be saved over theirs."""
    theirs, mine = managing.values_of(staff), form.values()
    rows = [
        (form[name].label.text, *(_shown(name, version.get(name, "")) for version in (before, theirs, mine)))
        for name in mine
    ]
    form.seen.data = seen.pack(theirs)
    page = render_template("accounts/staff_edit.html", form=form, person=staff, conflict=rows)
    return page, 409


def _shown(name: str, value: str | list[str]) -> str:
    if isinstance(value, str):
        return value
    words = labels.ROLES if name == "roles" else _site_names()
    return ", ".join(str(words.get(item, item)) for item in value)


def _site_names() -> dict[str, str]:
    language = i18n.current()
    return {str(site.id): site_name(site, language) for site in people.all_sites()}


def _person_page(staff: Staff, refusal: str = "") -> str:
    names = _site_names()
    return render_template(
        "accounts/staff_show.html",
        person=staff,
        refusal=refusal,
        roles=labels.roles_of(staff.roles),
        sites=[names[site_id] for site_id in staff.site_ids if site_id in names],
        secret=staff_secrets.find(staff.id),
        sessions=live_sessions(staff.id),
        is_me=staff.id == here.staff.id,
    )


def _slip(staff: Staff, password: str) -> str:
    """The page with the temporary password, to be printed and handed over."""
    return once.page(
        "accounts/staff_slip.html",
        person={"name": staff.name, "name_other": staff.name_other, "username": staff.username},
        password=codes.in_groups(password),
        sign_in_url=current_app.extensions["settings"].url,
        goes_on=url_for("accounts.staff_show", staff_id=staff.id),
    )
