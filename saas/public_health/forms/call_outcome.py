"""Outcome of a call about a service that the clinic owes (§0.1, §0.5; no national form)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.formkit.conditions import chosen
from saas.formkit.declaring import Choice, Choices
from saas.formkit.kinds import Day, OneOf
from saas.public_health.forms import parts
from saas.public_health.messages import card
from saas.public_health.rules import calling

OUTCOME: Choices = {
    calling.COMING: Choice(_l("She is coming")),
    calling.AGAIN: Choice(_l("Call again")),
    calling.MOVED: Choice(_l("Has moved away")),
    calling.DIED: Choice(_l("Has died")),
    calling.NOT_WISHED: Choice(_l("Does not wish it for now")),
    calling.NO_LINE: Choice(_l("The number leads to nobody")),
}


class CallOutcome(parts.Signed):
    """One key says how a call ended; the next day is proposed, and may be changed."""

    called_on = Day(label=_l("Called on"), required=True, past=True, may_miss=False)
    outcome = OneOf(label=_l("Outcome of the call"), choices=OUTCOME, required=True, may_miss=False)
    next_due_date = Day(
        label=_l("Expected on, or to be called again on"),
        shown_when=chosen("outcome", calling.COMING, calling.AGAIN),
    )

    about = card(
        code="call_outcome",
        title=_l("Outcome of a call"),
        source="§0.5",
        visit_day="called_on",
        keyboard_first=("outcome", "next_due_date"),
        next_due=calling.next_contact,
    )
