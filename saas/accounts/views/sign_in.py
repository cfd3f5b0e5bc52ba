"""Signing in: institution, user name, password; and out again."""

from __future__ import annotations

import typing

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext

from saas.accounts import entering, proof
from saas.accounts.allowance import Allowance
from saas.accounts.blueprint import blueprint
from saas.accounts.forms import MOST_CLINICS, SignInForm, fitting
from saas.accounts.tries import Tries, wait_text
from saas.web import clock
from saas.web.clinic import enter_clinic
from saas.web.cookies import clear_session_cookie
from saas.web.guard import public

if typing.TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from saas.accounts.forms import ClinicForm
    from saas.web.door import ClinicCard

_LOOK_UPS = Allowance(per_minute=120)


@blueprint.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """The sign-in page; whoever signs in here takes the place of who was signed in before."""
    return render_template("accounts/sign_in.html", form=SignInForm())


@blueprint.post("/sign-in")
@public
def sign_in_submit() -> ResponseReturnValue:
    """Check institution, name and password; one message for whatever was wrong."""
    form = SignInForm()
    if not form.arrived():
        return render_template("accounts/sign_in.html", form=form)
    card = form.chosen() if form.validate() else None
    if card is None:
        return again("accounts/sign_in.html", form)
    tries = Tries(card.id, form.username.data)
    if seconds := tries.wait():
        return must_wait("accounts/sign_in.html", form, seconds)
    clinic = enter_clinic(card)
    found = proof.sign_in(form.username.data, form.password.data)
    if found is None:
        tries.failed()
        form.form_errors.append(gettext("User name or password is not right."))
        return again("accounts/sign_in.html", form)
    if found[1].has_run_out(clock.now()):
        form.form_errors.append(
            gettext("This one-time password has run out. Ask the head of the clinic for a new one.")
        )
        return again("accounts/sign_in.html", form)
    return entering.begin(clinic, *found)


@blueprint.get("/sign-in/clinics")
@public
def sign_in_clinics() -> ResponseReturnValue:
    """Institutions whose code begins so or whose name holds it, for choosing while typing."""
    if not _LOOK_UPS.grants(request.remote_addr or "", clock.now()):
        return jsonify([]), 429
    found = fitting(request.args.get("q", ""))[:MOST_CLINICS]
    return jsonify([_shown(card) for card in found])


def _shown(card: ClinicCard) -> dict[str, str]:
    return {
        "code": card.code,
        "name_zh": card.name_zh,
        "name_ug": card.name_ug,
        "county_zh": f"{card.county_zh} · {gettext('for practice, invented people')}"
        if card.practice_of
        else card.county_zh,
        "prefecture_zh": card.prefecture_zh,
    }


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End the session of this browser; also the quick switch to somebody else."""
    entering.end_present_session()
    if "switch" not in request.form:
        flash(gettext("You are signed out."), "done")
    response = redirect(url_for("accounts.sign_in"), code=303)
    clear_session_cookie(typing.cast("Response", response))
    return response


def again(template: str, form: ClinicForm) -> ResponseReturnValue:
    """The page once more, with what is wrong."""
    return render_template(template, form=form), 422


def must_wait(template: str, form: ClinicForm, seconds: int) -> ResponseReturnValue:
    """The page once more, with the time to wait; the password was not looked at."""
    form.form_errors.append(wait_text(seconds))
    return render_template(template, form=form), 429, {"Retry-After": str(seconds)}
