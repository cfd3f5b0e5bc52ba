"""Where a person can say that she does not wish a service: the way to the form, and what it says."""

from __future__ import annotations

import typing

from flask import request
from flask_babel import gettext

from saas.public_health import due_texts, owing
from saas.public_health.rules import due_declining
from saas.public_health.rules import due_measures as says
from saas.public_health.rules.due_table import rules
from saas.residents.messages import isolated

if typing.TYPE_CHECKING:
    import uuid
    from collections.abc import Collection

    from saas.formkit.models import Record

_AFTER_WHICH_NOTHING_IS_OFFERED = frozenset({says.SERVICE_DECLINED, "call_outcome"})


class Service(typing.NamedTuple):
    """One service that is owed, in words."""

    code: str
    name: object


def given_by(resident_id: uuid.UUID | None, forms: Collection[str]) -> list[Service]:
    """The open services that these forms of one page would give: what may be not wished at this visit."""
    if resident_id is None or not _AFTER_WHICH_NOTHING_IS_OFFERED.isdisjoint(forms):
        return []
    codes = (item.event_code for item in owing.open_items(resident_id))
    given = (code for code in codes if any(form in rules()[code].closed_by for form in forms))
    return [Service(code, due_texts.EVENTS[code]) for code in dict.fromkeys(given)]


def chosen() -> str:
    """The service from which the form was opened; nothing for one that there is not."""
    asked = request.args.get("about", "")
    return asked if asked in due_texts.EVENTS else ""


def said(record: Record) -> list[str]:
    """What a signed no settled, in words."""
    if record.form_code != says.SERVICE_DECLINED or record.void:
        return []
    day = due_declining.offered_again_on(visit_on=record.service_date)
    name = due_texts.EVENTS[str(record.answers["event_code"])]
    return [gettext("%(name)s: not offered again before %(day)s.", name=name, day=isolated(str(day)))]
