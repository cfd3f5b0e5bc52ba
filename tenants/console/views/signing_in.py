"""An operator signs in: name and password, second factor, the first password changed, and out again."""

from __future__ import annotations

import re
import typing

from flask import abort, redirect, render_template, request, url_for
from flask import session as flask_session
from flask_babel import gettext

from tenants.console import register
from tenants.console.blueprint import blueprint, console
from tenants.console.forms import LANGUAGE_BUTTON, CodeForm, EnrolForm, NewPasswordForm, SignInForm
from tenants.console.guarding import DOOR, me, opens
from tenants.console.register import ENROL, FULL, NEW_PASSWORD, ONBOARDING, SECOND_FACTOR, VIEWER
from tenants.console.sealing import factor_place

if typing.TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue
    from wtforms import Form

    from tenants.console.desk import Row
    from tenants.console.sessions import OperatorSession

_OWN_PATH = re.compile(r"/operators(/[^\s\\\x00-\x1f]*)?")


@blueprint.get("/")
@opens(ONBOARDING, VIEWER)
def home() -> ResponseReturnValue:
    """Where one's work begins."""
    if me().role == ONBOARDING:
        return redirect(url_for("operators.clinics"), code=303)
    return redirect(url_for("operators.region"), code=303)


@blueprint.get("/sign-in")
@opens(DOOR)
def sign_in() -> ResponseReturnValue:
    """The page for name and password."""
    return render_template("operators/sign_in.html", form=SignInForm())


@blueprint.post("/sign-in")
@opens(DOOR)
def sign_in_submit() -> ResponseReturnValue:
    """One message for whatever was wrong; unknown names cost the same."""
    form = SignInForm()
    if not form.arrived():
        return render_template("operators/sign_in.html", form=form)
    if not form.validate():
        return render_template("operators/sign_in.html", form=form), 422
    name, address = form.operator_name.data.strip(), request.remote_addr or ""
    if seconds := console().register.wait(name, address):
        form.form_errors.append(console().shell.wait_text(seconds))
        return render_template("operators/sign_in.html", form=form), 429, {"Retry-After": str(seconds)}
    found = console().register.by_name(name)
    stored = None if found is None else found["password_hash"]
    right = console().shell.password_is_right(stored, form.password.data)
    if found is None or not right or found["disabled_at"] is not None:
        console().register.failed(name, address)
        form.form_errors.append(gettext("User name or password is not right."))
        return render_template("operators/sign_in.html", form=form), 422
    _end_present()
    stage = register.next_stage(found, None)
    return _to(stage, console().register.start(found["id"], stage, address))


@blueprint.post("/sign-out")
@opens(DOOR)
def sign_out() -> ResponseReturnValue:
    """End the session of this browser."""
    _end_present()
    response = redirect(url_for("operators.sign_in"), code=303)
    console().sessions.hand_over(typing.cast("Response", response), "")
    return response


@blueprint.post("/language")
@opens(DOOR)
def language() -> ResponseReturnValue:
    """Come back to the page in the other language, which the application keeps on this PC."""
    if request.form.get(LANGUAGE_BUTTON) not in console().shell.tongues:
        abort(422)
    back = request.form.get("back", "")
    return redirect(back if _OWN_PATH.fullmatch(back) else url_for("operators.home"), code=303)


@blueprint.get("/second-factor")
@opens(SECOND_FACTOR)
def second_factor() -> ResponseReturnValue:
    """Ask for the telephone's code."""
    return render_template("operators/second_factor.html", form=CodeForm())


@blueprint.post("/second-factor")
@opens(SECOND_FACTOR)
def second_factor_submit() -> ResponseReturnValue:
    """Each code counts once; wrong ones slow down like wrong passwords."""
    form = CodeForm()
    if not form.arrived():
        return render_template("operators/second_factor.html", form=form)
    if not form.validate():
        return render_template("operators/second_factor.html", form=form), 422
    row, address = me(), request.remote_addr or ""
    if seconds := console().register.wait(row.name, address):
        form.second_code_once.errors = [console().shell.wait_text(seconds)]
        return render_template("operators/second_factor.html", form=form), 429, {"Retry-After": str(seconds)}
    if refusal := _why_not_taken(_found(), form.second_code_once.data):
        console().register.failed(row.name, address)
        form.second_code_once.errors = [refusal]
        return render_template("operators/second_factor.html", form=form), 422
    return _advance(SECOND_FACTOR)


@blueprint.get("/new-password")
@opens(NEW_PASSWORD)
def new_password() -> ResponseReturnValue:
    """A password of one's own in place of the first one."""
    return render_template("operators/new_password.html", form=NewPasswordForm())


@blueprint.post("/new-password")
@opens(NEW_PASSWORD)
def new_password_submit() -> ResponseReturnValue:
    """Take the new password; every other session of hers ends."""
    form = NewPasswordForm()
    if not form.arrived():
        return render_template("operators/new_password.html", form=form)
    if not (form.validate() and _is_good(form)):
        return render_template("operators/new_password.html", form=form), 422
    console().register.set_password(me().operator_id, form.new_password.data)
    console().register.end_others(me())
    return _advance(NEW_PASSWORD)


@blueprint.get("/second-factor/set-up")
@opens(ENROL)
def enrol() -> ResponseReturnValue:
    """Show a fresh key; nothing is stored before its first code was right."""
    return _enrol_page(EnrolForm())


@blueprint.post("/second-factor/set-up")
@opens(ENROL)
def enrol_submit() -> ResponseReturnValue:
    """Take the key when its first code is right."""
    form, factor, now = EnrolForm(), console().shell.factor, console().shell.now()
    if not form.accepted():
        return _enrol_page(form), 422 if form.arrived() else 200
    key = console().seal.open_hex(form.key.data or "", _offer())
    code = factor.typed_code(form.second_code_once.data)
    step = None if key is None else factor.accepted_step(key, code, now, None)
    if key is None or step is None:
        form.second_code_once.errors = [gettext("This code is not right. Check the clock of the telephone.")]
        return _enrol_page(form), 422
    sealed = console().seal.close(key, factor_place(me().operator_id))
    console().register.set_factor(me().operator_id, sealed, step)
    return _advance(ENROL)


def _enrol_page(form: EnrolForm) -> str:
    """The page with the key as a picture and as text, the same key as long as it is open."""
    factor, seal = console().shell.factor, console().seal
    key = seal.open_hex(form.key.data or "", _offer()) or factor.new_key()
    form.key.data = seal.close(key, _offer()).hex()
    picture = factor.picture(factor.address_of(key, me().name, "Shipa operators"))
    return render_template("operators/enrol.html", form=form, picture=picture, key=factor.key_in_groups(key))


def _offer() -> str:
    return f"totp-offer:{me().id}"


def _why_not_taken(found: Row, typed: str) -> str:
    """Use up the code that was typed; why it is not accepted, empty when it is."""
    shell = console().shell
    key = console().seal.open(bytes(found["totp_key"] or b""), factor_place(found["id"]))
    if key is None:
        return shell.refused_code(False)  # noqa: FBT003 - a callable of the application's
    given = key, shell.factor.typed_code(typed), shell.now(), found["totp_last_step"]
    step = shell.factor.accepted_step(*given)
    if step is not None and console().register.use_step(found["id"], step):
        return ""
    return shell.refused_code(shell.factor.comes_late(*given))


def _is_good(form: Form) -> bool:
    """Whether the new password will do; otherwise the fields say why not."""
    shell, new = console().shell, form.new_password
    why = shell.weakness(new.data, [me().name])
    if not why and shell.password_is_right(_found()["password_hash"], new.data):
        why = gettext("Choose another password than before.")
    if why:
        new.errors = [why]
        return False
    if new.data != form.new_password_again.data:
        form.new_password_again.errors = [gettext("The two are not the same.")]
        return False
    return True


def _found() -> Row:
    return console().register.by_name(me().name) or abort(404)


def _advance(after: str) -> ResponseReturnValue:
    """A stage is done: a new token, and on to the next one."""
    row, found = me(), _found()
    stage = register.next_stage(found, after)
    if stage == FULL:
        console().register.forgive(row.name)
    return _to(stage, console().register.renew(row, stage))


def _end_present() -> None:
    row = typing.cast("OperatorSession", flask_session).operator
    if row is not None:
        console().register.end(row)


def _to(stage: str, token: str) -> ResponseReturnValue:
    response = redirect(url_for(f"operators.{'home' if stage == FULL else stage}"), code=303)
    console().sessions.hand_over(typing.cast("Response", response), token)
    return response
