"""Who is signed in, for the request pipeline and for Flask-Login."""

from __future__ import annotations

import typing

from saas.accounts.models import Staff
from saas.db import session
from saas.web.request import here, signed_in

if typing.TYPE_CHECKING:
    import uuid


def load_staff(staff_id: uuid.UUID) -> Staff | None:
    """The person of a session, from the clinic's own schema."""
    return session.get(Staff, staff_id)


def signed_in_person() -> Staff | None:
    """The person of this request; the server's session row decided who that is."""
    return typing.cast("Staff", here.staff) if signed_in() else None
