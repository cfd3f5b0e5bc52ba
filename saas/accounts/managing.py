"""What an administrator does to a person: add, change, reset, disable; each told to the access log."""

from __future__ import annotations

import datetime
import typing

from sqlalchemy.exc import IntegrityError

from saas.accounts import codes, people, permissions, staff_secrets
from saas.accounts.models import Staff
from saas.accounts.passwords import hasher
from saas.accounts.seen import changed_fields
from saas.db import session
from saas.web import clock
from saas.web.door import door
from saas.web.log import note
from saas.web.request import here

if typing.TYPE_CHECKING:
    import uuid

    from saas.accounts.seen import Values

TEMPORARY_HOURS = 24


def values_of(staff: Staff) -> dict[str, str | list[str]]:
    """A person as a form compares and stores her."""
    return {
        "name": staff.name,
        "name_other": staff.name_other,
        "roles": [role for role in permissions.ROLES if role in staff.roles],
        "site_ids": sorted(staff.site_ids),
        "phone": staff.phone,
    }


def add(form_id: uuid.UUID, username: str, values: Values) -> tuple[Staff, str] | None:
    """A new person and her temporary password; None when somebody else has the user name.

    Her id is the form's. Sent twice, it makes one person, and another password for as long as she has not
    chosen hers: the page that showed the first one was never read.
    """
    found = people.by_username(username)
    made = _added(form_id, username, values) if found is None else None
    if made is not None:
        return made
    found = found or people.by_username(username)
    if found is None or found.id != form_id or not _waits(found):
        return None
    return found, reset(found, lost_second_factor=False)


def is_taken(form_id: uuid.UUID, username: str) -> bool:
    """Whether somebody else than the person of this form has the user name."""
    found = people.by_username(username)
    return found is not None and found.id != form_id


def _waits(staff: Staff) -> bool:
    """Whether she has not yet chosen a password of her own."""
    secret = staff_secrets.find(staff.id)
    return secret is not None and secret.password_is_temporary


def _added(form_id: uuid.UUID, username: str, values: Values) -> tuple[Staff, str] | None:
    now = clock.now()
    staff = Staff(id=form_id, username=username, created_at=now, **values)
    try:
        with session.begin_nested():
            session.add(staff)
    except IntegrityError:
        return None
    password = codes.temporary_password()
    staff_secrets.add(staff.id, hasher().hash(password), now, temporary_until=_run_out(now))
    _note("staff.added", staff.id, roles=staff.roles)
    return staff, password


def change(staff: Staff, values: Values) -> None:
    """Names, roles, sites. A new administrator must sign in anew and set up a second factor."""
    changed = changed_fields(values_of(staff), values)
    promoted = permissions.is_administrator(values["roles"]) and not permissions.is_administrator(staff.roles)
    for name in changed:
        setattr(staff, name, values[name])
    session.flush()
    if promoted and staff.id != here.staff.id:
        door().end_all(here.clinic.card, staff.id, clock.now())
    _note("staff.changed", staff.id, fields=changed, roles=staff.roles)


def would_leave_no_administrator(staff: Staff, roles: typing.Sequence[str] = ()) -> bool:
    """Whether nobody could manage the clinic any more, were this person left with these roles."""
    if permissions.is_administrator(roles):
        return False
    return not people.hold_administrators() - {staff.id}


def reset(staff: Staff, *, lost_second_factor: bool) -> str:
    """A one-time password in place of the lost one; every session of hers ends."""
    now, password = clock.now(), codes.temporary_password()
    cleared = staff_secrets.NO_SECOND_FACTOR if lost_second_factor else {}
    staff_secrets.change(
        staff.id,
        password_hash=hasher().hash(password),
        password_is_temporary=True,
        password_set_at=now,
        temporary_until=_run_out(now),
        **cleared,
    )
    door().end_all(here.clinic.card, staff.id, now)
    _note("staff.reset", staff.id, second_factor_removed=lost_second_factor)
    return password


def disable(staff: Staff) -> None:
    """She cannot sign in, and is signed out everywhere with her next request."""
    staff.disabled_at = staff.disabled_at or clock.now()
    door().end_all(here.clinic.card, staff.id, clock.now())
    _note("staff.disabled", staff.id)


def enable(staff: Staff) -> None:
    """She can sign in again with what she had."""
    staff.disabled_at = None
    _note("staff.enabled", staff.id)


def end_sessions(staff: Staff) -> None:
    """Sign her out everywhere."""
    door().end_all(here.clinic.card, staff.id, clock.now())
    _note("staff.sessions_ended", staff.id)


def _run_out(now: datetime.datetime) -> datetime.datetime:
    return now + datetime.timedelta(hours=TEMPORARY_HOURS)


def _note(act: str, staff_id: uuid.UUID, **detail: object) -> None:
    note(act, purpose="administration", detail={"staff": str(staff_id), **detail})
