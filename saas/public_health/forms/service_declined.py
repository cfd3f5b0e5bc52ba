"""A service that somebody does not wish for now (§0.1; no national form)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.formkit.declaring import Choice, Choices, Computed
from saas.formkit.kinds import Day, OneOf, YesNo
from saas.public_health import due_texts
from saas.public_health.forms import parts
from saas.public_health.messages import card
from saas.public_health.rules import due_declining

SERVICE: Choices = {code: Choice(label) for code, label in due_texts.EVENTS.items()}


class ServiceDeclined(parts.Signed):
    """Neutral and without a reason: which service, that she was told, the day. Voiding takes it back."""

    event_code = OneOf(label=_l("Which service"), choices=SERVICE, required=True, may_miss=False)
    was_told = YesNo(
        label=_l("The person was told what the service is, and that nothing follows from a no"),
        required=True, may_miss=False,
    )  # fmt: skip
    declined_on = Day(label=_l("Said on"), required=True, past=True)

    about = card(
        code="service_declined",
        title=_l("Service not wished for now"),
        source="§0.1",
        visit_day="declined_on",
        keyboard_first=("event_code", "was_told", "declined_on"),
        contradictions=(due_declining.told_first,),
        computed=(
            Computed("offered_again_on", (due_declining.offered_again_on,), _l("Not offered again before")),
        ),
    )
