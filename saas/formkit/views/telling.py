"""What several pages of forms say alike: who signs, and where one goes back to."""

from __future__ import annotations

import typing

from saas.formkit.records import Signature
from saas.web import clock
from saas.web.request import here

if typing.TYPE_CHECKING:
    from saas.formkit.desk import Desk, Subject
    from saas.formkit.models import Record
    from saas.web.forms import Form as Page


def signature(subject: Subject, page: Page) -> Signature:
    """The signed-in person, now, by this page's form."""
    return Signature(here.staff.id, subject.site_id, clock.now(), page.form_uuid)


def back(desk: Desk, subject: Subject, record: Record | None) -> str:
    """The page that a form was opened from: the record it amends, or the list."""
    if record is not None:
        return desk.url("record", subject, record_id=record.id)
    return desk.url("record_list", subject)
