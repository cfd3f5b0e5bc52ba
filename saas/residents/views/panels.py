"""What the parts of a resident's page show: record number and card, standing, consents."""

from __future__ import annotations

import dataclasses
import typing

from saas.residents import cards, codes, consents, numbering
from saas.residents.rules import card, consent, record_number, standing
from saas.web import clock
from saas.web.request import here

if typing.TYPE_CHECKING:
    import datetime

    from saas.residents.models import Resident


@dataclasses.dataclass(frozen=True)
class CardShown:
    """A live card, as far as it may be shown: when it was made, and its check digits."""

    made_at: datetime.datetime
    check: str


def shown(resident: Resident) -> dict[str, object]:
    """The values for ``_card.html``, ``_standing.html`` and ``_consents.html``."""
    number = numbering.number_of(resident, here.clinic.keys)
    questions = [
        one
        for one in consents.questions(resident, clock.today(), consent.ASKED)
        # Programmes are asked where they are offered; taken back they are here, by any member of staff.
        if one.purpose in consent.PURPOSES or one.state == consent.GIVEN
    ]
    return {
        "record_number": record_number.in_parts(number) if number else "",
        "record_number_short": record_number.short(number) if number else "",
        "card": card_shown(resident),
        "standing_label": codes.STANDING_LABELS.get(resident.standing, ""),
        "may_change_standing": resident.standing in standing.CHOICES,
        "questions": questions,
        "purposes": codes.PURPOSE_LABELS,
        "record_is_to_be_asked": questions[0].is_to_be_asked and questions[0].state == consent.NOT_ASKED,
    }


def card_shown(resident: Resident) -> CardShown | None:
    """Her live card; None when she has none."""
    row = cards.live(resident)
    if row is None:
        return None
    return CardShown(cards.made_at(row, here.clinic.keys), card.check_digits(row.hash))
