"""What may stand between sign-in and work: a new password, the recovery sheet, notices."""

from __future__ import annotations

import typing

from flask import current_app, render_template, url_for

from saas.accounts import codes, entering, factor, notices, once, people, proof, staff_secrets, stages
from saas.accounts.blueprint import blueprint
from saas.accounts.forms import NewPasswordForm
from saas.accounts.labels import operator_act
from saas.web import clock
from saas.web.door import door
from saas.web.forms import Form
from saas.web.guard import stage
from saas.web.log import note
from saas.web.request import here

if typing.TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.get("/new-password", endpoint="new_password")
@stage(stages.NEW_PASSWORD)
def new_password_page() -> ResponseReturnValue:
    """A password of one's own in place of the printed one."""
    return render_template("accounts/new_password.html", form=NewPasswordForm())


@blueprint.post("/new-password")
@stage(stages.NEW_PASSWORD)
def new_password_submit() -> ResponseReturnValue:
    """Take the new password; every other session of hers ends."""
    form = NewPasswordForm()
    if not form.arrived():
        return render_template("accounts/new_password.html", form=form)
    good = form.validate() and proof.is_good(
        form.new_password, form.new_password_again, people.me(), here.clinic
    )
    if not good:
        return render_template("accounts/new_password.html", form=form), 422
    proof.set_password(people.me(), form.new_password.data)
    door().end_all(here.clinic.card, here.staff.id, clock.now(), keep=here.session.id)
    note("password.changed", purpose="administration", detail={"staff": str(here.staff.id)})
    return entering.advance(stages.NEW_PASSWORD)


@blueprint.get("/recovery-sheet", endpoint="sheet")
@stage(stages.SHEET)
def sheet_page() -> ResponseReturnValue:
    """Say what the recovery sheet is for; a button makes it."""
    return render_template("accounts/sheet.html", form=Form())


@blueprint.post("/recovery-sheet")
@stage(stages.SHEET)
def sheet_make() -> ResponseReturnValue:
    """Make the sheet and show it for printing; only its hash is kept."""
    if shown := once.again():
        return shown
    form = Form()
    if not form.accepted():
        return render_template("accounts/sheet.html", form=form)
    code = codes.in_groups(factor.make_sheet())
    note("recovery_sheet.made", purpose="administration", detail={"staff": str(here.staff.id)})
    done = url_for("accounts.sheet_printed")
    return once.page("accounts/sheet_print.html", sheet_code=code, done=done)


@blueprint.post("/recovery-sheet/printed")
@stage(stages.SHEET)
def sheet_printed() -> ResponseReturnValue:
    """She has it on paper; on to the work."""
    sheet_is_printed()
    return entering.advance(stages.SHEET)


def sheet_is_printed() -> None:
    """Count the sheet from now on. One that was never made stays missing and is asked for again."""
    secret = staff_secrets.find(here.staff.id)
    if secret is not None and secret.sheet_hash is not None:
        staff_secrets.change(here.staff.id, sheet_printed_at=clock.now())


@blueprint.get("/notices", endpoint="notice")
@stage(stages.NOTICE)
def notice_page() -> ResponseReturnValue:
    """What operators did to the clinic, and whose recovery sheet was used, since one's last visit."""
    return _notices(Form())


@blueprint.post("/notices")
@stage(stages.NOTICE)
def notice_read() -> ResponseReturnValue:
    """She has read them; the acts are in the access log from now on."""
    form = Form()
    if not form.accepted():
        return _notices(form)
    notices.mark_seen(here.clinic, people.me())
    return entering.advance(stages.NOTICE)


def _notices(form: Form) -> str:
    unseen = notices.unseen(here.clinic, people.me())
    words = {"act_label": operator_act, "act_detail": current_app.extensions["act_detail"]}
    return render_template("accounts/notices.html", notices=unseen, form=form, **words)
