"""One request: session, clinic, person, guard, savepoint, access log, commit — in this order."""

from __future__ import annotations

import dataclasses
import datetime
import typing
import uuid

from flask import abort, current_app, g, redirect, request, url_for
from flask import session as flask_session
from werkzeug.local import LocalProxy

from saas.db import session, undo_work
from saas.web import clock, jobs, log
from saas.web.clinic import Clinic, enter_clinic_as, is_closed
from saas.web.cookies import clear_session_cookie
from saas.web.door import ClinicCard, SessionRow, door
from saas.web.drafts import Drafts
from saas.web.failing import DATABASE_ERRORS, count_failed_save, is_read_only, note_failure
from saas.web.guard import Entrance, entrance_of
from saas.web.parts import Parts, StaffMember

if typing.TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue
    from flask.wrappers import Response

    from saas.web.sessions import BrowserSession

IDLE_END = datetime.timedelta(minutes=15)
ABSOLUTE_END = datetime.timedelta(hours=10)
_READS = {"GET", "HEAD", "OPTIONS"}
_WRITES = (".write", ".manage", ".merge")


@dataclasses.dataclass
class Here:
    """Who is here, in which clinic, by which session."""

    clinic: Clinic
    staff: StaffMember
    session: SessionRow

    @property
    def drafts(self) -> Drafts:
        """This person's drafts."""
        return Drafts(self.staff.id, self.clinic.keys)


def _here() -> Here:
    found = g.get("here")
    if found is None:
        message = "nobody is signed in"
        raise RuntimeError(message)
    return typing.cast("Here", found)


here: Here = typing.cast("Here", LocalProxy(_here))


def signed_in() -> bool:
    """True once this request has a person, whatever her stage."""
    return "here" in g


def may(permission: str) -> bool:
    """True when the signed-in person's roles give the permission."""
    return signed_in() and _parts().may(here.staff.roles, permission) and here.clinic.has_room(permission)


def speak(language: str) -> None:
    """Keep the language of the signed-in person on her own row."""
    _parts().speak(language)


def has_ended(row: SessionRow, now: datetime.datetime) -> bool:
    """Over: ended, 15 minutes without a request (or seen in the future: the clock was set back), 10 hours."""
    over = abs(now - row.last_seen) >= IDLE_END or now - row.created_at >= ABSOLUTE_END
    return over or row.ended_at is not None


def is_locked(row: SessionRow, lock_minutes: int, now: datetime.datetime) -> bool:
    """The screen is covered after the clinic's lock time without a request.

    ``last_seen`` is written at most once a minute, so this can come up to a minute early, never late.
    """
    return row.locked_at is not None or abs(now - row.last_seen) >= datetime.timedelta(minutes=lock_minutes)


def install(app: Flask, parts: Parts) -> None:
    """Put the pipeline around every view."""
    app.extensions["pipeline"] = parts
    app.before_request(enter)
    app.after_request(leave)


def _parts() -> Parts:
    return typing.cast("Parts", current_app.extensions["pipeline"])


def enter() -> ResponseReturnValue | None:
    """Steps 1 to 5: from the cookie to a person who may do this, or to the page she needs first."""
    if request.endpoint is None:
        recognise()
        return None
    entrance = entrance_of(current_app, request.endpoint)
    if entrance.public or entrance.apart:
        return None
    browser = typing.cast("BrowserSession", flask_session)
    row, now = browser.row, clock.now()
    if row is None or browser.card is None:
        return _to_sign_in()
    clinic, staff = _clinic_and_person(browser.card, row)
    if staff is None:
        abort(404)
    if has_ended(row, now) or staff.disabled_at is not None:
        return _turn_away(row, clinic, staff, now)
    if is_closed(clinic.card, now):
        g.refused = staff
        _refuse("ended" if clinic.ended else "closed")
    g.here = Here(clinic, staff, row)
    return _admit(entrance, now)


def _clinic_and_person(card: ClinicCard, row: SessionRow) -> tuple[Clinic, StaffMember | None]:
    return enter_clinic_as(card, row.staff_id, _parts().load)


def recognise() -> bool:
    """On a public page: find out who is here, if her session is live and her screen not covered."""
    browser = typing.cast("BrowserSession", flask_session)
    row, now = browser.row, clock.now()
    if row is None or browser.card is None or row.stage != "full" or has_ended(row, now):
        return False
    clinic, staff = _clinic_and_person(browser.card, row)
    live = staff is not None and staff.disabled_at is None
    if staff is None or not live or is_closed(browser.card, now):
        return False
    if is_locked(row, clinic.setting.lock_minutes, now):
        return False
    g.here = Here(clinic, staff, row)
    return True


def _turn_away(
    row: SessionRow, clinic: Clinic, staff: StaffMember, now: datetime.datetime
) -> ResponseReturnValue:
    """The session is over: keep what was posted, end the row, ask for the password."""
    if not is_closed(clinic.card, now):
        _hold(Drafts(staff.id, clinic.keys))
    door().end(row.id, now)
    response = _to_sign_in()
    clear_session_cookie(typing.cast("Response", response))
    return response


def _admit(entrance: Entrance, now: datetime.datetime) -> ResponseReturnValue | None:
    row, clinic = here.session, here.clinic
    if row.stage == "full" and is_locked(row, clinic.setting.lock_minutes, now):
        door().lock(row, now)
        if "locked" in entrance.stages:
            return None
        _hold(here.drafts)
        return redirect(url_for("accounts.unlock"), code=303)
    if row.stage != "full":
        if row.stage in entrance.stages:
            return None
        return redirect(url_for(f"accounts.{row.stage}"), code=303)
    if entrance.permission is None:
        return redirect(url_for("web.home"), code=303)
    _check(entrance.permission, now)
    resident_id = resident_asked_for()
    return None if resident_id is None else _parts().meets(resident_id)


def _check(permission: str, now: datetime.datetime) -> None:
    if not _parts().may(here.staff.roles, permission):
        abort(403)
    if not here.clinic.has_room(permission):
        _refuse("room_off")
    if here.clinic.suspended and permission.endswith(_WRITES):
        _refuse("ending" if here.clinic.ended else "suspended")
    if request.method not in _READS and permission.endswith(_WRITES) and is_read_only():
        _refuse("read-only")
    if here.clinic.pause and request.method == "POST" and permission.endswith(_WRITES):
        g.held_back = here.clinic.pause == "moving"  # A restore would take a draft with it.
        _refuse(here.clinic.pause)  # Not 503: the page's script would take that for a broken line.
    if "_held" in request.form:
        here.drafts.drop(_address(), kind="held")
    if not entrance_of(current_app, str(request.endpoint)).quiet:
        door().seen(here.session, now)


def _refuse(reason: str) -> typing.NoReturn:
    """403 with a page that says why (``errors.TEXTS``); a resident's address is logged as any refusal."""
    g.refusal = reason
    abort(403)


def _to_sign_in() -> ResponseReturnValue:
    return redirect(url_for("accounts.sign_in"), code=303)


def resident_asked_for() -> uuid.UUID | None:
    """The resident whom this request's address names."""
    found = (request.view_args or {}).get("resident_id")
    return found if isinstance(found, uuid.UUID) else None


def opened_with_a_reason() -> bool:
    """True when nothing but a reason opens the record of this request: what is sensitive stays shut."""
    return g.get("opening") is not None


def hold_back() -> None:
    """Keep what was posted although the answer refuses it and undoes everything else."""
    g.held_back = True


def _hold(drafts: Drafts) -> None:
    """Keep a post that cannot be answered now; it is offered after the password."""
    entrance = entrance_of(current_app, str(request.endpoint))
    if request.method != "POST" or not entrance.permission or not entrance.held:
        return
    fields = request.form.to_dict(flat=False)
    if request.endpoint == "web.keep_draft":  # what the page keeps by itself stays a draft
        drafts.keep(fields.pop("_page", [""])[0][:200], fields)
        return
    drafts.keep(_address(), fields, kind="held")


def _address() -> str:
    """Where a post went, with what stands behind the question mark: sent again, it goes on in its list."""
    return request.full_path.removesuffix("?")


def leave(response: Response) -> Response:
    """Step 6: keep or undo the work, write the log, commit; without a log row there is no page."""
    failed = g.get("database_failed", False)
    if "clinic" not in g and "resident_id" in (request.view_args or {}) and not failed:
        # Refused before she was let in, for its token or its size: that is logged too.
        recognise()
    if "clinic" not in g or "left" in g:
        return response
    g.left = True
    if not failed:
        _commit(response)
        return response
    try:
        _commit(response)
    except DATABASE_ERRORS as error:
        # Nothing of the database is on this page: only what its reader had typed herself.
        note_failure("unlogged", error)
    return response


def _commit(response: Response) -> None:
    keeps = response.status_code < 400  # noqa: PLR2004 - HTTP
    _finish(works=g.works, keeps=keeps)
    if g.pop("held_back", False):
        _hold(here.drafts)
    _log(response.status_code)
    session.commit()
    if keeps:
        jobs.send(g.clinic.card.id)
    elif request.method == "POST" and not g.get("database_failed", False):
        count_failed_save(response.status_code)


def _finish(*, works: bool, keeps: bool) -> None:
    # Not active: a failed flush left it half closed; the log row would not be written, and the driver's
    # text with the whole refused row would end in the server's log.
    if g.get("database_failed", False) or not session.is_active:
        session.rollback()
    elif not keeps and works:
        undo_work()
    elif not keeps:
        session.rollback()


def _log(status: int) -> None:
    resident_id = resident_asked_for()
    if not log.entries() and resident_id is not None:
        log.note(str(request.endpoint), residents=[resident_id])
    entries = log.entries()
    if not entries:
        return
    clinic: Clinic = g.clinic
    staff = g.here.staff if "here" in g else g.get("refused")
    _parts().write_log(
        session,
        key=clinic.keys.log_key,
        staff_id=None if staff is None else staff.id,
        staff_name="" if staff is None else str(staff.name),
        status=status,
        entries=entries,
        at=clock.now(),
        commit=True,
    )
