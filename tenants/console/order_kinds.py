"""What the console says of every kind of order: beside ``tenants.order_kinds``, a line for each."""

from __future__ import annotations

from tenants.console import changes, closings, practices
from tenants.console.order_words import About

ABOUT: dict[str, About] = {**changes.ABOUT, **practices.ABOUT, **closings.ABOUT}


def about(kind: str) -> About:
    """A kind of order; one of another release goes by its code."""
    return ABOUT.get(kind) or About(kind)
