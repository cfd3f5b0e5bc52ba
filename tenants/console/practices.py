"""Practice clinics in the console: whether there is one, and what their orders are called."""

from __future__ import annotations

import typing

from flask_babel import lazy_gettext

from tenants.console.blueprint import console
from tenants.console.order_words import About

if typing.TYPE_CHECKING:
    import uuid

    from tenants.console.desk import Row

SHUT = "closed"

ABOUT: dict[str, About] = {
    "practice.made": About(
        lazy_gettext("Make a practice clinic"),
        lazy_gettext(
            "The practice clinic is there, with invented people. Its first administrator is added by whoever "
            "runs the server; the administrator adds the others."
        ),
    ),
    "practice.renewed": About(
        lazy_gettext("Fill the practice clinic anew"),
        lazy_gettext("What was tried out in it is gone; the invented people are as in the beginning."),
    ),
    "practice.removed": About(
        lazy_gettext("Remove the practice clinic"),
        lazy_gettext("Everybody is out of it and nobody signs in there any more. It can be made anew."),
    ),
}


def beside(clinic_id: uuid.UUID) -> Row | None:
    """The practice clinic of an institution; ``None`` too when it was removed."""
    return console().desk.one(
        "SELECT code, name_zh, name_ug, state, created_at FROM platform.operator_institution "
        "WHERE %(id)s = practice_of AND state <> %(shut)s",
        id=clinic_id,
        shut=SHUT,
    )
