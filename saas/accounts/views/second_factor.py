"""The second factor at sign-in, and setting one up when the role needs it."""

from __future__ import annotations

import typing

from flask import render_template, request
from flask_babel import gettext

from saas.accounts import codes, entering, factor, labels, once, second_factor, staff_secrets, stages
from saas.accounts.blueprint import blueprint
from saas.accounts.forms import EnrolForm, SecondFactorForm
from saas.accounts.tries import Tries, wait_text
from saas.web.guard import stage
from saas.web.log import note
from saas.web.request import here

if typing.TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_PAGE = "accounts/second_factor.html"


@blueprint.get("/second-factor", endpoint="second_factor")
@stage(stages.SECOND_FACTOR)
def second_factor_page() -> ResponseReturnValue:
    """Ask for the code of the telephone's app, or a recovery code."""
    return render_template(_PAGE, form=SecondFactorForm())


@blueprint.post("/second-factor")
@stage(stages.SECOND_FACTOR)
def second_factor_submit() -> ResponseReturnValue:
    """Check the code; each counts once, and wrong ones slow down like wrong passwords."""
    form = SecondFactorForm()
    if not form.arrived():
        return render_template(_PAGE, form=form)
    if not form.validate():
        return render_template(_PAGE, form=form), 422
    tries = Tries(here.clinic.card.id, here.staff.username)
    if seconds := tries.wait():
        form.second_code_once.errors = [wait_text(seconds)]
        return render_template(_PAGE, form=form), 429, {"Retry-After": str(seconds)}
    secret = staff_secrets.find(here.staff.id)
    if secret is None or not factor.takes(secret, form.second_code_once.data):
        tries.failed()
        late = secret is not None and factor.comes_late(secret, form.second_code_once.data)
        form.second_code_once.errors = [labels.refused_code(late=late)]
        return render_template(_PAGE, form=form), 422
    return entering.advance(stages.SECOND_FACTOR)


@blueprint.get("/second-factor/set-up", endpoint="enrol")
@stage(stages.ENROL)
def enrol_page() -> ResponseReturnValue:
    """Show a fresh key; nothing is stored before its first code was right."""
    return enrol_form_page(EnrolForm())


@blueprint.post("/second-factor/set-up")
@stage(stages.ENROL)
def enrol_submit() -> ResponseReturnValue:
    """Take the key when its first code is right; show the recovery codes once; then go on."""
    if shown := once.again():
        return shown
    if "done" in request.form and _has_second_factor():
        return entering.advance(stages.ENROL)
    form = EnrolForm()
    made = enrolled(form)
    if made is None:
        return enrol_form_page(form), 422 if form.arrived() else 200
    return recovery_codes_page(made)


def _has_second_factor() -> bool:
    secret = staff_secrets.find(here.staff.id)
    return secret is not None and secret.has_second_factor


def enrolled(form: EnrolForm) -> list[str] | None:
    """The recovery codes when the form proved the key that it showed; otherwise the form says why."""
    if not form.accepted():
        return None
    key = factor.open_offer(form.key.data or "")
    if key is None:
        form.key.data = ""
        form.second_code_once.errors = [gettext("Read the new picture and type its code.")]
        return None
    step = factor.proved_step(key, form.second_code_once.data)
    if step is None:
        form.second_code_once.errors = [gettext("This code is not right. Check the clock of the telephone.")]
        return None
    note("second_factor.set", purpose="administration", detail={"staff": str(here.staff.id)})
    return factor.set_up(key, step)


def enrol_form_page(form: EnrolForm, template: str = "accounts/enrol.html") -> str:
    """The page with the key as a picture and as text, the same key as long as it is open."""
    key = factor.open_offer(form.key.data or "") or second_factor.new_key()
    form.key.data = factor.seal_offer(key)
    account = f"{here.staff.username} {here.clinic.name_zh}"
    address = second_factor.address_of(key, account, "Shipa")
    return render_template(
        template,
        form=form,
        picture=second_factor.picture(address),
        key=second_factor.key_in_groups(key),
    )


def recovery_codes_page(made: list[str], goes_on: str = "") -> str:
    """The ten codes in groups, for printing; ``goes_on`` is an address, or empty while signing in."""
    shown = [codes.in_groups(code) for code in made]
    return once.page("accounts/recovery_codes.html", codes=shown, goes_on=goes_on)
