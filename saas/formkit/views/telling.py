"""What several pages of forms say alike: who signs, and where one goes back to."""

from __future__ import annotations

import typing

from flask import flash
from flask_babel import gettext

from saas.formkit.records import Signature
from saas.web import clock
from saas.web.request import here

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from saas.formkit.desk import Desk, Subject
    from saas.formkit.models import Record
    from saas.web.forms import Form as Page


def signature(subject: Subject, page: Page) -> Signature:
    """The signed-in person, now, by this page's form."""
    return Signature(here.staff.id, subject.site_id, clock.now(), page.form_uuid)


def tell_signed(desk: Desk, subject: Subject, record: Record, settled: Sequence[str]) -> None:
    """The notice on the next page, and how the record is taken back: at once, or on the page that voids.

    No name stands in it, because it waits in the session's row, outside the clinic: the page finds it.
    """
    message = {"text": " ".join(settled)}
    if desk.undo is not None and record.amends is None:
        message |= {"saved_for": str(subject.id), "undo_url": desk.undo(subject, record), "undo_key": "F7"}
    else:
        message["text"] = " ".join([gettext("Signed."), *settled])
        message["undo_page"] = desk.url("void", subject, record_id=record.id)
    flash(typing.cast("str", message), "done")


def back(desk: Desk, subject: Subject, record: Record | None) -> str:
    """The page that a form was opened from: the record it amends, or the list."""
    if record is not None:
        return desk.url("record", subject, record_id=record.id)
    return desk.url("record_list", subject)
