"""From one stage of signing in to the next: a new token each time, and what happens at the end."""

from __future__ import annotations

import typing

from flask import abort, g, redirect, request, url_for
from flask import session as flask_session

from saas.accounts import notices, people, permissions, staff_secrets, stages
from saas.accounts.forms import CLINIC_COOKIE
from saas.accounts.tries import Tries
from saas.web import clock
from saas.web.cookies import set_cookie, set_session_cookie
from saas.web.door import door
from saas.web.log import note
from saas.web.request import Here, here

if typing.TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as AnyResponse

    from saas.accounts.models import Staff
    from saas.accounts.staff_secrets import Secret
    from saas.web.clinic import Clinic
    from saas.web.sessions import BrowserSession

CLINIC_COOKIE_DAYS = 400


def browser() -> BrowserSession:
    """The session as it came with this request."""
    return typing.cast("BrowserSession", flask_session)


def standing_of(clinic: Clinic, staff: Staff, secret: Secret) -> stages.Standing:
    """What this person still owes before her work."""
    return stages.Standing(
        has_second_factor=secret.has_second_factor,
        password_is_temporary=secret.password_is_temporary,
        is_administrator=permissions.is_administrator(staff.roles),
        has_sheet=secret.has_sheet,
        has_notices=bool(notices.unseen(clinic, staff)),
    )


def page_of(stage: str) -> str:
    """The address of a stage's page."""
    return url_for("web.home" if stage == stages.FULL else f"accounts.{stage}")


def begin(clinic: Clinic, staff: Staff, secret: Secret) -> AnyResponse:
    """The password was right: a session with a token of its own, and on to the first stage."""
    end_present_session()
    standing = standing_of(clinic, staff, secret)
    stage = stages.next_stage(standing, None)
    token = door().start(
        clinic.card,
        staff.id,
        stage=stage,
        address=request.remote_addr or "",
        browser=str(request.user_agent),
        now=clock.now(),
    )
    row, _ = door().open(token) or abort(500)
    g.here = Here(clinic, staff, row)
    if stage == stages.FULL:
        complete()
    response = _to(stage, token)
    set_cookie(typing.cast("Response", response), CLINIC_COOKIE, clinic.code, days=CLINIC_COOKIE_DAYS)
    return response


def advance(after: str) -> AnyResponse:
    """A stage is done: a new token, and on to the next one."""
    stage = next_stage(after)
    return _to(stage, renewed(stage, after))


def next_stage(after: str) -> str:
    """What the signed-in person must do after this stage."""
    secret = staff_secrets.find(here.staff.id)
    if secret is None:
        return after
    return stages.next_stage(standing_of(here.clinic, people.me(), secret), after)


def renewed(stage: str, after: str) -> str:
    """A new token for the present session at its new stage."""
    if stage == stages.FULL and here.session.stage != stages.FULL:
        complete()
    return door().renew(
        here.session,
        stage=stage,
        now=clock.now(),
        second_factor=after in {stages.SECOND_FACTOR, stages.ENROL},
    )


def complete() -> None:
    """The whole sign-in is done: earlier failures are forgiven and told to the access log."""
    failed_before = Tries(here.clinic.card.id, here.staff.username).forgive()
    door().count_sign_in(here.clinic.card, clock.today())
    note("signed_in", purpose="administration", detail={"failed_before": failed_before})


def end_present_session() -> None:
    """Whoever was signed in on this browser is not any more."""
    row = browser().row
    if row is not None:
        door().end(row.id, clock.now())


def _to(stage: str, token: str) -> AnyResponse:
    response = redirect(page_of(stage), code=303)
    set_session_cookie(typing.cast("Response", response), token)
    return response
