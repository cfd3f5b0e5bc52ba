"""Checking a password that was typed, with the slow-down around it, and choosing a new one."""

from __future__ import annotations

import typing

from flask_babel import gettext

from saas.accounts import labels, people, permissions, staff_secrets
from saas.accounts.passwords import hasher, weakness
from saas.accounts.tries import Tries, wait_text
from saas.web import clock
from saas.web.request import here

if typing.TYPE_CHECKING:
    from wtforms import Field

    from saas.accounts.models import Staff
    from saas.accounts.staff_secrets import Secret
    from saas.web.clinic import Clinic


def sign_in(username: str, password: str) -> tuple[Staff, Secret] | None:
    """The person of this name and password in the clinic just entered; ``None`` tells nothing more.

    Unknown, disabled and mistaken people cost the same queries and one hash.
    """
    staff = people.by_username(username)
    secret = staff_secrets.find(staff_secrets.NOBODY if staff is None else staff.id)
    verdict = hasher().verify(None if secret is None else secret.password_hash, password)
    if staff is None or secret is None or not verdict.right or staff.disabled_at is not None:
        return None
    if verdict.outdated:
        staff_secrets.change(staff.id, password_hash=hasher().hash(password))
    return staff, secret


def is_hers(field: Field) -> bool:
    """Whether the signed-in person typed her own password; otherwise the field says why not."""
    if not field.data:
        field.errors = [gettext("This is needed.")]
        return False
    tries = Tries(here.clinic.card.id, here.staff.username)
    seconds = tries.wait()
    if seconds:
        field.errors = [wait_text(seconds)]
        return False
    secret = staff_secrets.find(here.staff.id)
    stored = None if secret is None else secret.password_hash
    if hasher().verify(stored, field.data).right:
        return True
    tries.failed()
    field.errors = [gettext("This password is not right.")]
    return False


def is_good(new: Field, repeated: Field, staff: Staff, clinic: Clinic) -> bool:
    """Whether a new password will do for this person; otherwise the fields say why not."""
    own_words = [
        *(staff.username, staff.name, staff.name_other),
        *(clinic.name_zh, clinic.name_ug, clinic.code),
    ]
    why = weakness(new.data or "", own_words)
    if why is not None:
        new.errors = [labels.weakness(why)]
        return False
    secret = staff_secrets.find(staff.id)
    if secret is not None and hasher().verify(secret.password_hash, new.data).right:
        new.errors = [gettext("Choose another password than before.")]
        return False
    if new.data != repeated.data:
        repeated.errors = [gettext("The two are not the same.")]
        return False
    return True


def owns_sheet(username: str, code: str) -> tuple[Staff, Secret] | None:
    """The administrator whose recovery sheet has this code; ``None`` tells nothing more."""
    staff = people.by_username(username)
    secret = staff_secrets.find(staff_secrets.NOBODY if staff is None else staff.id)
    stored = secret.sheet_hash if secret is not None and secret.has_sheet else None
    right = hasher().verify(stored, code).right
    if staff is None or secret is None or not right or staff.disabled_at is not None:
        return None
    return (staff, secret) if permissions.is_administrator(staff.roles) else None


def set_password(staff: Staff, password: str) -> None:
    """The person's own choice of password, good from now on."""
    staff_secrets.change(
        staff.id,
        password_hash=hasher().hash(password),
        password_is_temporary=False,
        password_set_at=clock.now(),
        temporary_until=None,
    )
