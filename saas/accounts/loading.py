"""Who is signed in: loads the person of a session from the clinic's own rows."""

from __future__ import annotations

import typing

from flask import g

from saas.accounts.models import Staff
from saas.db import session

if typing.TYPE_CHECKING:
    import uuid


def load_staff(staff_id: uuid.UUID) -> Staff | None:
    """The person with this id in this clinic."""
    return session.get(Staff, staff_id)


class Person:
    """What Flask-Login asks of a user; the session row is the authority, not its cookie."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, staff_id: uuid.UUID) -> None:
        self._staff_id = staff_id

    def get_id(self) -> str:
        """The person's id."""
        return str(self._staff_id)


def signed_in_person() -> Person | None:
    """For Flask-Login's ``request_loader``: the person the pipeline has let in, if any."""
    here: typing.Any = g.get("here")
    return None if here is None else Person(here.staff.id)
