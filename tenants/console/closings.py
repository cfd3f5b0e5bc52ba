"""How far the closing of a clinic has come, as the console sees it, and the steps that it may order."""

from __future__ import annotations

import dataclasses
import typing

from flask_babel import gettext, lazy_gettext
from markupsafe import Markup

from tenants import closing_orders, closing_rules
from tenants.closing_rules import Closing
from tenants.console.blueprint import console
from tenants.console.order_words import About

if typing.TYPE_CHECKING:
    import datetime
    from collections.abc import Callable

    from tenants.closing_rules import Reason
    from tenants.console.desk import Row

    WhyNot = Callable[[Closing, str, datetime.datetime], Reason | None]


@dataclasses.dataclass(frozen=True)
class Step:
    """One step: the order that does it, when it may not be, and what an operator types for it."""

    kind: str
    label: object
    why_not: WhyNot
    reason: bool = False
    """Somebody says what for; the institution's people read it."""
    days: bool = False
    """Somebody says how long the rows stay."""
    code: bool = False
    """The clinic's code is typed, so that nobody confirms the removal of another one."""


STEPS: dict[str, Step] = {
    "close": Step(
        closing_orders.CLOSE,
        lazy_gettext("Close it"),
        lambda found, _who, _now: closing_rules.why_not_close(found),
        reason=True,
        days=True,
    ),
    "archive": Step(
        closing_orders.ARCHIVE,
        lazy_gettext("Have the final archive written"),
        lambda found, _who, _now: closing_rules.why_not_archive(found),
        reason=True,
    ),
    "ask": Step(
        closing_orders.ASK,
        lazy_gettext("Ask for its removal"),
        lambda found, _who, now: closing_rules.why_not_ask(found, now),
        reason=True,
    ),
    "confirm": Step(
        closing_orders.REMOVE,
        lazy_gettext("Remove it with all its data"),
        closing_rules.why_not_confirm,
        code=True,
    ),
    "call_off": Step(
        closing_orders.CALL_OFF,
        lazy_gettext("Take back the wish to remove it"),
        lambda found, _who, _now: closing_rules.why_not_call_off(found),
    ),
    "reopen": Step(
        closing_orders.REOPEN,
        lazy_gettext("Open it again"),
        lambda found, _who, _now: closing_rules.why_not_reopen(found),
        reason=True,
    ),
}
"""In the order in which they come; the page offers those that may be done now."""


def row_of(clinic: Row) -> Row:
    """Who did what and when, of a clinic that is there."""
    row = console().desk.one(
        "SELECT closed_at, closed_by, purpose, keep_days, archived_at, archived_by, asked_at, asked_by, "
        "asked_for FROM platform.operator_closing WHERE clinic_id = %(id)s",
        id=clinic["id"],
    )
    return row or {}


def under_way() -> list[tuple[Row, Closing]]:
    """Closed institutions that were not removed, the latest closed first; at most 200."""
    rows = console().desk.rows(
        "SELECT i.id, i.code, i.name_zh, i.name_ug, i.state, c.closed_at, c.keep_days, c.archived_at, "
        "c.asked_by FROM platform.operator_closing c JOIN platform.operator_institution i "
        "ON i.id = c.clinic_id WHERE i.state = 'closed' "
        "ORDER BY c.closed_at DESC NULLS LAST, i.code LIMIT 200"
    )
    return [(row, standing_of(row, row)) for row in rows]


def standing_of(clinic: Row, row: Row) -> Closing:
    """The same for the rules."""
    days = row.get("keep_days") or closing_rules.KEEP_DAYS
    return Closing(clinic["state"], row.get("closed_at"), days, row.get("archived_at"), row.get("asked_by"))


def devices_of(clinic: Row) -> int:
    """How many devices the clinic still has: they come back before it is removed."""
    query = (
        "SELECT count(*) FROM platform.operator_device WHERE clinic_id = %(id)s AND state <> ALL (%(gone)s)"
    )
    return int(console().desk.value(query, id=clinic["id"], gone=["lost", "retired"]))


def said(reason: Reason | None) -> str:
    """A reason in the language of the page."""
    return str(gettext(reason.text, **reason.told())) if reason else ""


def _file(order: Row) -> str:
    """The archive's name, for whoever fetches it from the server; the console never has it."""
    told = order["outcome"] or {}
    words = gettext("File in the folder “archives” of the server's data:")
    return Markup('<p>{} <bdi dir="ltr" class="code">{}</bdi></p>').format(words, told.get("file", ""))


ABOUT: dict[str, About] = {
    closing_orders.CLOSE: About(
        lazy_gettext("Close an institution"),
        lazy_gettext("It is closed: it takes no new work. For 30 days its people read and print."),
    ),
    closing_orders.ARCHIVE: About(
        lazy_gettext("Write the final archive of an institution"),
        lazy_gettext(
            "The archive is written. Hand it over; it opens only with the code that the institution's "
            "administrator holds."
        ),
        _file,
    ),
    closing_orders.ASK: About(
        lazy_gettext("Ask for the removal of an institution"),
        lazy_gettext("It is asked for. Another operator has to confirm it."),
    ),
    closing_orders.CALL_OFF: About(lazy_gettext("Take back the wish to remove an institution")),
    closing_orders.REMOVE: About(
        lazy_gettext("Remove an institution with all its data"),
        lazy_gettext("It is removed. The archive and its code are what is left of it."),
    ),
    closing_orders.REOPEN: About(lazy_gettext("Open a closed institution again")),
}
"""What the console says of the orders."""
