"""What each act of the access log is called in plain words; every room declares its own in its card."""

from __future__ import annotations

import dataclasses
import typing

from flask import current_app
from flask_babel import lazy_gettext

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flask import Flask

    from saas.web.room import Room


@dataclasses.dataclass(frozen=True)
class Act:
    """An act in words. ``opens``: it shows the record of one person, not a line of a list (rights N5)."""

    words: object
    opens: bool = False


OWN: Mapping[str, Act] = {
    "web.held": Act(lazy_gettext("Saw that an entry about this person waits to be sent again")),
}

PURPOSES: Mapping[str, object] = {
    "care": lazy_gettext("Care"),
    "care-of-the-day": lazy_gettext("Care of this day, on paper or as a file"),
    "administration": lazy_gettext("Running the institution"),
    "review": lazy_gettext("Review of openings"),
    "oversight": lazy_gettext("Looking at the access log"),
    "told": lazy_gettext("To tell the resident"),
    "export-for-the-person": lazy_gettext("Saved as a file for the person herself"),
    "opening.emergency": lazy_gettext("Opened with a reason: emergency"),
    "opening.came_for_care": lazy_gettext("Opened with a reason: came for care"),
    "opening.referral": lazy_gettext("Opened with a reason: referral"),
    "opening.correction": lazy_gettext("Opened with a reason: correction"),
    "opening.asked_by_resident": lazy_gettext("Opened with a reason: asked by the resident"),
}


def install(app: Flask, rooms: Iterable[Room]) -> None:
    """Gather the acts of the whole house."""
    known = dict(OWN)
    for room in rooms:
        known |= room.acts
    app.extensions["acts"] = known


def known_acts() -> Mapping[str, Act]:
    """Every act that has words."""
    return typing.cast("Mapping[str, Act]", current_app.extensions["acts"])


def words_of(act: str) -> object:
    """An act in plain words; one that has none, of an older edition, by its code."""
    found = known_acts().get(act)
    return act if found is None else found.words


def purpose_of(purpose: str) -> object:
    """A purpose in plain words; one that has none by its code."""
    return PURPOSES.get(purpose, purpose)


def opening_acts() -> list[str]:
    """The acts that show one person's record."""
    return sorted(name for name, act in known_acts().items() if act.opens)
