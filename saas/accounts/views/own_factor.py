"""One's own second factor, recovery codes and recovery sheet; each change asks the password again."""

from __future__ import annotations

import typing

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext

from saas.accounts import codes, factor, once, permissions, proof, staff_secrets
from saas.accounts.blueprint import blueprint
from saas.accounts.forms import OwnEnrolForm, OwnPasswordForm
from saas.accounts.views.first_steps import sheet_is_printed
from saas.accounts.views.second_factor import enrol_form_page, enrolled, recovery_codes_page
from saas.web.guard import needs
from saas.web.log import note
from saas.web.request import here

if typing.TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_ENROL = "accounts/own_second_factor.html"
_ASK = "accounts/own_confirm.html"


@blueprint.get("/account/second-factor")
@needs("account.own")
def own_second_factor() -> ResponseReturnValue:
    """Set up a second factor, or another telephone's in place of the first."""
    return enrol_form_page(OwnEnrolForm(), _ENROL)


@blueprint.post("/account/second-factor")
@needs("account.own")
def own_second_factor_submit() -> ResponseReturnValue:
    """Take the key when its first code and the password are right."""
    if shown := once.again():
        return shown
    form = OwnEnrolForm()
    if not form.arrived():
        return enrol_form_page(form, _ENROL)
    made = enrolled(form) if form.validate() and proof.is_hers(form.own_password) else None
    if made is None:
        return enrol_form_page(form, _ENROL), 422
    return recovery_codes_page(made, url_for("accounts.own"))


@blueprint.route("/account/second-factor/remove", methods=["GET", "POST"])
@needs("account.own")
def own_second_factor_remove() -> ResponseReturnValue:
    """Do without a second factor; an administrator cannot."""
    if permissions.is_administrator(here.staff.roles):
        abort(404)
    form = OwnPasswordForm()
    refused = _asked(form, gettext("Remove the second factor"))
    if refused is not None:
        return refused
    staff_secrets.change(here.staff.id, **staff_secrets.NO_SECOND_FACTOR)
    _note("second_factor.removed")
    flash(gettext("The second factor is removed."), "done")
    return redirect(url_for("accounts.own"), code=303)


@blueprint.route("/account/recovery-codes", methods=["GET", "POST"])
@needs("account.own")
def own_recovery_codes() -> ResponseReturnValue:
    """Ten new recovery codes; the old ones stop working."""
    secret = staff_secrets.find(here.staff.id)
    if secret is None or not secret.has_second_factor:
        abort(404)
    refused = _asked(OwnPasswordForm(), gettext("New recovery codes"))
    if refused is not None:
        return refused
    _note("recovery_codes.made")
    return recovery_codes_page(factor.renew_recovery_codes(), url_for("accounts.own"))


@blueprint.route("/account/recovery-sheet", methods=["GET", "POST"])
@needs("account.own")
def own_sheet() -> ResponseReturnValue:
    """A new recovery sheet; the old one stops working at once."""
    if not permissions.is_administrator(here.staff.roles):
        abort(404)
    refused = _asked(OwnPasswordForm(), gettext("New recovery sheet"))
    if refused is not None:
        return refused
    code = codes.in_groups(factor.make_sheet())
    _note("recovery_sheet.made")
    done = url_for("accounts.own_sheet_printed")
    return once.page("accounts/sheet_print.html", sheet_code=code, done=done)


@blueprint.post("/account/recovery-sheet/printed")
@needs("account.own")
def own_sheet_printed() -> ResponseReturnValue:
    """The new sheet is on paper."""
    sheet_is_printed()
    return redirect(url_for("accounts.own"), code=303)


def _asked(form: OwnPasswordForm, title: str) -> ResponseReturnValue | None:
    """The page that asks the password for what ``title`` says, until it was right.

    Or what was shown after it, once more in the other language.
    """
    if shown := once.again():
        return shown
    if not form.arrived():
        return render_template(_ASK, form=form, title=title)
    if not (form.validate() and proof.is_hers(form.own_password)):
        return render_template(_ASK, form=form, title=title), 422
    return None


def _note(act: str) -> None:
    note(act, purpose="administration", detail={"staff": str(here.staff.id)})
