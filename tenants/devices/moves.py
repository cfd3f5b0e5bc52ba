"""From which state a device comes to which, and who may say so. Pure."""

from __future__ import annotations

STOCK, SHIPPED, RECEIVED, ENROLLED = "stock", "shipped", "received", "enrolled"
IN_USE, REPAIR, LOST, RETIRED = "in_use", "repair", "lost", "retired"
STATES = (STOCK, SHIPPED, RECEIVED, ENROLLED, IN_USE, REPAIR, LOST, RETIRED)
KINDS = (
    "laptop",
    "tablet",
    "phone",
    "printer",
    "id_reader",
    "scanner",
    "blood_pressure",
    "glucose",
    "ecg",
)

BY_CLINIC = frozenset(
    {
        (SHIPPED, RECEIVED),
        (ENROLLED, IN_USE),
        (IN_USE, REPAIR),
        (REPAIR, IN_USE),
        (RECEIVED, LOST),
        (ENROLLED, LOST),
        (IN_USE, LOST),
        (REPAIR, LOST),
        # Found again: it is enrolled anew, since nobody knows where it was.
        (LOST, RECEIVED),
    }
)
"""What a clinic's administrator says of the clinic's own devices."""

BY_TOKEN = (RECEIVED, ENROLLED)
"""Only with the code that an operator made for this device and clinic, within 15 minutes."""

BY_OPERATOR = frozenset(
    {
        (STOCK, SHIPPED),
        (SHIPPED, STOCK),
        (SHIPPED, RECEIVED),
        (SHIPPED, LOST),
        # Whatever came back, also from a clinic that is closed and says nothing any more.
        *((state, STOCK) for state in (RECEIVED, ENROLLED, IN_USE, REPAIR, LOST)),
        *((state, RETIRED) for state in STATES if state not in {SHIPPED, RETIRED}),
    }
)
"""What an operator says. Back in the stock a device belongs to no clinic; a retired one is gone."""

AT_CLINIC = frozenset({RECEIVED, ENROLLED, IN_USE, REPAIR})
"""Handed out, and there as far as the clinic has said."""
CONFIRMED = frozenset({ENROLLED, IN_USE, REPAIR})
"""What a clinic confirms to have still."""


def may_clinic(old: str, new: str) -> bool:
    """Whether a clinic may move its device so."""
    return (old, new) in BY_CLINIC


def may_operator(old: str, new: str) -> bool:
    """Whether an operator may."""
    return (old, new) in BY_OPERATOR


def offered_to_operator(state: str) -> list[str]:
    """Where an operator may move a device that is in this state, but for sending it somewhere."""
    return [new for new in STATES if new != SHIPPED and (state, new) in BY_OPERATOR]


def may_be_sent(state: str) -> bool:
    """Whether a device may be sent to a clinic: from the stock, or from another clinic by way of it."""
    return state == STOCK or (state, STOCK) in BY_OPERATOR


def offered_to_clinic(state: str) -> list[str]:
    """Where a clinic may move a device that is in this state."""
    return [new for new in STATES if (state, new) in BY_CLINIC]
