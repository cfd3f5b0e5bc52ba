"""The recovery sheet: how an administrator comes back who lost password or telephone."""

from __future__ import annotations

import typing

import sqlalchemy as sa
from flask import render_template
from flask_babel import gettext

from saas.accounts import entering, proof, staff_secrets
from saas.accounts.blueprint import blueprint
from saas.accounts.forms import RecoveryForm
from saas.accounts.models import Staff
from saas.accounts.tries import Tries
from saas.accounts.views.sign_in import again, must_wait
from saas.db import session
from saas.web import clock
from saas.web.clinic import enter_clinic
from saas.web.door import door
from saas.web.guard import public
from saas.web.log import note

if typing.TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from saas.accounts.staff_secrets import Secret
    from saas.web.clinic import Clinic

_PAGE = "accounts/recovery.html"


@blueprint.get("/sign-in/recovery")
@public
def recovery() -> ResponseReturnValue:
    """The page for an administrator who has only her recovery sheet."""
    return render_template(_PAGE, form=RecoveryForm())


@blueprint.post("/sign-in/recovery")
@public
def recovery_submit() -> ResponseReturnValue:
    """Take the sheet's code in place of password and second factor, once, for a new password.

    The password is set in the same step, so that a broken line cannot leave her with neither.
    """
    form = RecoveryForm()
    if not form.arrived():
        return render_template(_PAGE, form=form)
    card = form.chosen() if form.validate() else None
    if card is None:
        return again(_PAGE, form)
    tries = Tries(card.id, form.username.data)
    if seconds := tries.wait():
        return must_wait(_PAGE, form, seconds)
    clinic = enter_clinic(card)
    found = proof.owns_sheet(form.username.data, form.sheet_code_once.data)
    if found is None:
        tries.failed()
        form.form_errors.append(gettext("User name or code is not right."))
        return again(_PAGE, form)
    if not proof.is_good(form.new_password, form.new_password_again, found[0], clinic):
        return again(_PAGE, form)
    return _come_back(clinic, *found, form)


def _come_back(clinic: Clinic, staff: Staff, secret: Secret, form: RecoveryForm) -> ResponseReturnValue:
    """Use up the sheet, set the password, end her sessions; everybody will be told."""
    if not staff_secrets.use_sheet(secret):
        form.form_errors.append(gettext("User name or code is not right."))
        return again(_PAGE, form)
    now = clock.now()
    proof.set_password(staff, form.new_password.data)
    session.execute(sa.update(Staff).where(Staff.id == staff.id).values(recovered_at=now))
    door().end_all(clinic.card, staff.id, now)
    note("recovery_sheet.used", purpose="administration", detail={"staff": str(staff.id)})
    changed = staff_secrets.find(staff.id) or secret
    return entering.begin(clinic, staff, changed)
