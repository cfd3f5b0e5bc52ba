"""The reason for opening a record outside one's care: a category and words that say something."""

from __future__ import annotations

import unicodedata

from saas.residents.rules.finding import Finding, blocking

CATEGORIES = ("emergency", "came_for_care", "referral", "correction", "asked_by_resident")
SHORTEST = 15
"""Real characters of a reason (rights I7)."""
LONGEST = 500
DISTINCT = 6
"""Different characters that 15 real ones must have: fewer are a leaning finger or a row of keys."""


def real_characters(text: str) -> str:
    """The letters and digits of a text, a character that is repeated in a row once."""
    kept = [sign for sign in text.casefold() if unicodedata.category(sign)[0] in "LN"]
    return "".join(sign for place, sign in enumerate(kept) if place == 0 or sign != kept[place - 1])


def is_repetition(text: str) -> bool:
    """True when a text is one shorter piece again and again."""
    return bool(text) and (text + text).find(text, 1) < len(text)


def findings(category: str, reason: str) -> list[Finding]:
    """What keeps a category and a reason from being accepted."""
    found = []
    if category not in CATEGORIES:
        found.append(blocking("category-missing", "category"))
    if len(reason) > LONGEST:
        length = str(len(reason))
        return [*found, blocking("too-long", "reason", longest=str(LONGEST), length=length)]
    real = real_characters(reason)
    if len(real) < SHORTEST:
        found.append(blocking("reason-short", "reason", shortest=str(SHORTEST), length=str(len(real))))
    elif len(set(real)) < DISTINCT or is_repetition(real):
        found.append(blocking("reason-empty", "reason"))
    return found
