"""Numbers as they are shown: enough to tell two apart, not enough to use."""

from __future__ import annotations


def masked(number: str) -> str:
    """Four characters of each end (``6500**********0036``); fewer of a short number."""
    shown = 4 if len(number) >= 12 else 2 if len(number) >= 7 else 0  # noqa: PLR2004 - lengths
    if not shown:
        return "*" * len(number)
    return number[:shown] + "*" * (len(number) - 2 * shown) + number[-shown:]


def tail(number: str) -> str:
    """The last four characters behind an ellipsis, for lists; fewer of a short number."""
    shown = 4 if len(number) >= 10 else 2 if len(number) >= 5 else 0  # noqa: PLR2004 - lengths
    return "…" + number[len(number) - shown :] if shown else "…"
