"""The code that opens the clinic's archives: made by its administrator, shown once, kept on paper."""

from __future__ import annotations

import typing

import sqlalchemy as sa
from flask import current_app, render_template, url_for

from saas.accounts import codes, once, proof
from saas.accounts.blueprint import blueprint
from saas.accounts.forms import OwnPasswordForm
from saas.db import session
from saas.web import clock
from saas.web.guard import needs
from saas.web.log import note
from saas.web.models import ClinicSetting
from saas.web.request import here

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    NewCode = Callable[[uuid.UUID], tuple[str, bytes]]

_PAGE = "accounts/archive_code.html"


@blueprint.route("/settings/archive-code", methods=["GET", "POST"])
@needs("clinic.archive")
def archive_code() -> ResponseReturnValue:
    """Say what the code is for; with the password a new one is made, and shown once.

    Only what is needed to seal with it is kept. Archives of before open with the code of their time.
    """
    if shown := once.again():
        return shown
    form, setting = OwnPasswordForm(), here.clinic.setting
    if not form.arrived():
        return render_template(_PAGE, form=form, since=setting.archive_key_at)
    if not (form.validate() and proof.is_hers(form.own_password)):
        return render_template(_PAGE, form=form, since=setting.archive_key_at), 422
    made = typing.cast("NewCode", current_app.extensions["archive_code"])
    code, public = made(here.clinic.card.id)
    # Not through the row's version: this is no change that the form of the settings must hear of.
    session.execute(sa.update(ClinicSetting).values(archive_key=public, archive_key_at=clock.now()))
    note("archive_code.made", purpose="administration")
    done = url_for("accounts.archive_code")
    return once.page("accounts/archive_code_print.html", archive_code=codes.in_groups(code), done=done)
