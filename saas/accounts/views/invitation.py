"""The printed invitation: whoever comes first with its code becomes the first administrator (rights N12)."""

from __future__ import annotations

import typing

from flask import abort, render_template
from flask_babel import gettext

from saas.accounts import entering, first_administrator, labels, staff_secrets
from saas.accounts.blueprint import blueprint
from saas.accounts.forms import InvitationForm
from saas.accounts.passwords import hasher
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

    from saas.accounts.models import Staff
    from saas.web.clinic import Clinic
    from saas.web.door import Invitation

_PAGE = "accounts/invitation.html"
_ACCOUNT = "invitation:"
"""No user name can begin so: tries of the code are counted apart from those of a password."""


@blueprint.get("/invitation")
@public
def invitation() -> ResponseReturnValue:
    """The page that the slip's picture leads to."""
    return render_template(_PAGE, form=InvitationForm())


@blueprint.post("/invitation")
@public
def invitation_submit() -> ResponseReturnValue:
    """Take the code once; her own name and password in the same step, so that nobody is left with neither."""
    form = InvitationForm()
    if not form.arrived():
        return render_template(_PAGE, form=form)
    card = form.chosen() if form.validate() else None
    if card is None or not _is_good(form, card.name_zh, card.name_ug, card.code):
        return again(_PAGE, form)
    tries = Tries(card.id, _ACCOUNT)
    if seconds := tries.wait():
        return must_wait(_PAGE, form, seconds)
    printed = None if card.state == "suspended" else door().invitation(card, clock.now())
    right = hasher().verify(None if printed is None else printed.code_hash, form.slip_code_once.data).right
    if printed is None or not right:
        tries.failed()
        form.form_errors.append(gettext("This code is not right, was used, or works no more."))
        return again(_PAGE, form)
    return _come(enter_clinic(card), printed, form)


def _come(clinic: Clinic, printed: Invitation, form: InvitationForm) -> ResponseReturnValue:
    """Make the person, then use the code up; whoever was later finds it used and nothing changed."""
    people = first_administrator.everybody_held(session, clinic.card)
    if first_administrator.is_there(people):
        form.form_errors.append(gettext("This institution has an administrator, who adds everybody else."))
        return again(_PAGE, form)
    username = first_administrator.free_username(printed.username, people)
    password = hasher().hash(form.new_password.data)
    person = first_administrator.add(session, username, form.name.data, password, clock.now())
    if not door().use_invitation(clinic.card, printed.code_hash):
        form.form_errors.append(gettext("This code is not right, was used, or works no more."))
        return again(_PAGE, form)
    return _begin(clinic, person)


def _begin(clinic: Clinic, person: Staff) -> ResponseReturnValue:
    detail = {"staff": str(person.id), "roles": person.roles, "by": "invitation"}
    note("staff.added", purpose="administration", detail=detail)
    secret = staff_secrets.find(person.id) or abort(500)
    return entering.begin(clinic, person, secret)


def _is_good(form: InvitationForm, *own_words: str) -> bool:
    """Whether the password will do; otherwise the fields say why not."""
    why = labels.why_weak(form.new_password.data, [form.name.data, *own_words])
    if why:
        form.new_password.errors = [why]
        return False
    if form.new_password.data != form.new_password_again.data:
        form.new_password_again.errors = [gettext("The two are not the same.")]
        return False
    return True
