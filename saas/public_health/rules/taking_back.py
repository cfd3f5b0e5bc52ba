"""Whether a record just signed can be taken back at once instead of being voided with a reason."""

from __future__ import annotations

import datetime
import enum

WITHIN = datetime.timedelta(minutes=10)


class Refusal(enum.StrEnum):
    """Why it cannot: then it is corrected, or marked as entered in error, with a reason of its own."""

    NOT_HERS = "not_hers"
    BUILT_ON = "built_on"
    TOO_LATE = "too_late"


def refusal(
    signed_at: datetime.datetime, now: datetime.datetime, *, hers: bool, built_on: bool
) -> Refusal | None:
    """Within 10 minutes (the last one included), by who signed it, while nobody has gone on from it.

    The project's own choice (ux.md §3: undo for 10 minutes instead of "are you sure").
    """
    if not hers:
        return Refusal.NOT_HERS
    if built_on:
        return Refusal.BUILT_ON
    return Refusal.TOO_LATE if now - signed_at > WITHIN else None
