"""One's own account: language, password, second factor, recovery codes and sheet, sessions."""

from __future__ import annotations

import typing

from flask import abort, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext

from saas.accounts import (
    entering,
    labels,
    people,
    permissions,
    proof,
    staff_secrets,
    stages,
)
from saas.accounts.blueprint import blueprint
from saas.accounts.forms import ChangePasswordForm, LanguageForm
from saas.web import clock, i18n
from saas.web.cookies import set_session_cookie
from saas.web.door import door
from saas.web.guard import needs
from saas.web.log import note
from saas.web.request import here

if typing.TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.get("/account")
@needs("account.own")
def own() -> ResponseReturnValue:
    """What the clinic knows of one's own account."""
    staff = people.me()
    form = LanguageForm(language=staff.language)
    sites = [site for site in people.all_sites() if str(site.id) in staff.site_ids]
    return render_template(
        "accounts/own.html",
        person=staff,
        roles=labels.roles_of(staff.roles),
        sites=sites,
        secret=staff_secrets.find(here.staff.id) or abort(404),
        administrator=permissions.is_administrator(staff.roles),
        form=form,
    )


@blueprint.post("/account/language")
@needs("account.own")
def own_language() -> ResponseReturnValue:
    """Keep the language of one's pages."""
    form = LanguageForm()
    if form.accepted():
        i18n.choose(form.language.data)
        flash(gettext("Saved."), "done")
    return redirect(url_for("accounts.own"), code=303)


@blueprint.get("/account/password")
@needs("account.own")
def own_password() -> ResponseReturnValue:
    """The form for another password."""
    return render_template("accounts/own_password.html", form=ChangePasswordForm())


@blueprint.post("/account/password")
@needs("account.own")
def own_password_submit() -> ResponseReturnValue:
    """Change the password; the other sessions end and this one gets a new token."""
    form = ChangePasswordForm()
    if not form.arrived():
        return render_template("accounts/own_password.html", form=form)
    good = (
        form.validate()
        and proof.is_hers(form.own_password)
        and proof.is_good(form.new_password, form.new_password_again, people.me(), here.clinic)
    )
    if not good:
        return render_template("accounts/own_password.html", form=form), 422
    proof.set_password(people.me(), form.new_password.data)
    door().end_all(here.clinic.card, here.staff.id, clock.now(), keep=here.session.id)
    note("password.changed", purpose="administration", detail={"staff": str(here.staff.id)})
    flash(gettext("Your password is changed. Your other sessions have ended."), "done")
    response = make_response(redirect(url_for("accounts.own"), code=303))
    set_session_cookie(response, entering.renewed(stages.FULL, stages.FULL))
    return response
