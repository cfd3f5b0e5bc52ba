"""Where one is signed in, and ending that."""

from __future__ import annotations

import typing
import uuid

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from saas.accounts.blueprint import blueprint
from saas.accounts.browsers import short_name
from saas.web import clock
from saas.web.door import door
from saas.web.guard import needs
from saas.web.log import note
from saas.web.request import has_ended, here

if typing.TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from saas.web.door import SessionRow


def live_sessions(staff_id: uuid.UUID) -> list[SessionRow]:
    """The sessions of one person that could still be used."""
    now = clock.now()
    rows = door().sessions_of(here.clinic.card, staff_id)
    return [row for row in rows if not has_ended(row, now)]


@blueprint.get("/account/sessions")
@needs("account.own")
def own_sessions() -> ResponseReturnValue:
    """The browsers in which one is signed in."""
    sessions = live_sessions(here.staff.id)
    return render_template("accounts/own_sessions.html", sessions=sessions, short_name=short_name)


@blueprint.post("/account/sessions/end")
@needs("account.own")
def own_session_end() -> ResponseReturnValue:
    """End one of one's own sessions, or all but this one."""
    wanted = request.form.get("session_id", "")
    ended = [
        row.id
        for row in live_sessions(here.staff.id)
        if row.id != here.session.id and wanted in {str(row.id), "others"}
    ]
    if not ended and wanted != "others":
        abort(404)
    for session_id in ended:
        door().end(session_id, clock.now())
    note("sessions.ended", purpose="administration", detail={"count": len(ended)})
    flash(gettext("Ended. Whoever used it must sign in again."), "done")
    return redirect(url_for("accounts.own_sessions"), code=303)
