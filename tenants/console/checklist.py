"""The way of a clinic to its work: twelve items, found by the system or seen to by an operator; pure."""

from __future__ import annotations

import dataclasses
import datetime
import typing

from flask_babel import lazy_gettext

if typing.TYPE_CHECKING:
    from collections.abc import Collection, Mapping

ORDER = ("provisioned", "configured", "trained", "pilot", "live")
ENDED = ("suspended", "closed")

STATES: dict[str, object] = {
    "applied": lazy_gettext("Applied"),
    "provisioned": lazy_gettext("Provisioned"),
    "configured": lazy_gettext("Configured"),
    "trained": lazy_gettext("Trained"),
    "pilot": lazy_gettext("Pilot"),
    "live": lazy_gettext("Live"),
    "suspended": lazy_gettext("Suspended"),
    "closed": lazy_gettext("Closed"),
}

PILOT = datetime.timedelta(days=14)


@dataclasses.dataclass(frozen=True)
class Facts:
    """What the system found of a clinic: numbers and yes or no, never a person."""

    is_newest: bool
    has_keys: bool
    sites: int
    people: int
    administrators: int
    administrators_in: int
    settings_seen: bool
    has_uyghur_name: bool
    state: str
    state_since: datetime.datetime


@dataclasses.dataclass(frozen=True)
class Item:
    """One line of the list: its words, before which standing it must hold, and who finds it out."""

    name: str
    words: object
    before: str
    found: typing.Callable[[Facts, datetime.datetime], bool] | None = None
    """By the system; an item without it is ticked by an operator."""


ITEMS = (
    Item("licence", lazy_gettext("Licence, address and head checked"), "configured"),
    Item(
        "schema",
        lazy_gettext("Tables made, at the newest revision"),
        "configured",
        lambda facts, _: facts.is_newest,
    ),
    Item("keys", lazy_gettext("Keys of its own"), "configured", lambda facts, _: facts.has_keys),
    Item("sites", lazy_gettext("Sites known"), "configured", lambda facts, _: facts.sites > 0),
    Item(
        "administrator",
        lazy_gettext("First administrator signed in with the second step"),
        "configured",
        lambda facts, _: facts.administrators_in > 0,
    ),
    Item("names", lazy_gettext("Name in both languages"), "trained", lambda facts, _: facts.has_uyghur_name),
    Item(
        "settings",
        lazy_gettext("Settings looked at and saved"),
        "trained",
        lambda facts, _: facts.settings_seen,
    ),
    Item("printer", lazy_gettext("A page printed on its own printer"), "trained"),
    Item("training", lazy_gettext("People trained"), "trained"),
    Item(
        "people",
        lazy_gettext("Those who work there have accounts of their own"),
        "pilot",
        lambda facts, _: facts.people > 1,
    ),
    Item("fallback", lazy_gettext("Work on paper without power or line practised"), "pilot"),
    Item(
        "pilot",
        lazy_gettext("Fourteen days of pilot"),
        "live",
        lambda facts, now: (
            facts.state == "live" or (facts.state == "pilot" and now - facts.state_since >= PILOT)
        ),
    ),
)

TICKED = frozenset(item.name for item in ITEMS if item.found is None)
"""What an operator sees to; nothing else can be ticked."""


def holds(facts: Facts | None, ticks: Collection[str], now: datetime.datetime) -> Mapping[str, bool | None]:
    """Which items hold; without facts it is not known of those that the system finds out."""
    found = {item.name: item.found for item in ITEMS}
    return {
        name: name in ticks if look is None else look(facts, now) if facts else None
        for name, look in found.items()
    }


def missing(goes_to: str, held: Mapping[str, bool | None]) -> list[Item]:
    """What must still hold before a clinic may stand at ``goes_to``: its own items and all earlier ones."""
    if goes_to not in ORDER:
        return []
    reached = ORDER[: ORDER.index(goes_to) + 1]
    return [item for item in ITEMS if item.before in reached and not held[item.name]]


def next_states(state: str, suspended_from: str) -> list[str]:
    """Where a clinic can go from here: one step forward, any step back, out of work, or back to it.

    Closing and opening again what was closed have a page of their own.
    """
    if state in ENDED:
        return [suspended_from or "live"] if state == "suspended" else []
    place = ORDER.index(state)
    return [*ORDER[place + 1 : place + 2], *reversed(ORDER[:place]), "suspended"]


def needs_reason(was: str, goes_to: str) -> bool:
    """Every move but the step forward says why."""
    return not (was in ORDER and goes_to in ORDER and ORDER.index(goes_to) > ORDER.index(was))
