"""Times as people of the platform read them: Beijing time, in the console and in every command.

What a machine reads (JSON, seals, the journal) is UTC with its offset.
"""

from __future__ import annotations

import datetime

BEIJING = datetime.timezone(datetime.timedelta(hours=8))


def moment(at: datetime.datetime) -> str:
    """An aware time to the minute; the zone is named beside it."""
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}"


def with_zone(at: datetime.datetime | None) -> str:
    """The same as a command says it, with its zone; a dash for what has no time."""
    return f"{moment(at)} (Beijing time)" if at else "-"
