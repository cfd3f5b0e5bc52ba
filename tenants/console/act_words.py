"""What stands behind an operator's act, in words: items of the checklist, standings, rooms, devices."""

from __future__ import annotations

import typing

from tenants.console.checklist import ITEMS, STATES
from tenants.devices.words import STATES as DEVICE_STATES

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

_ITEMS: dict[str, object] = {item.name: item.words for item in ITEMS}


def detail_words(act: str, detail: str, rooms: Mapping[str, object]) -> str:
    """The detail of an act as one text; see ``detail_parts``."""
    return ": ".join(filter(None, detail_parts(act, detail, rooms)))


def detail_parts(act: str, detail: str, rooms: Mapping[str, object]) -> tuple[str, str]:
    """The detail of an act in the language of the page, and the reason that somebody typed in hers.

    What has no words stays as it was written.
    """
    if act.startswith("checklist."):
        return str(_ITEMS.get(detail, detail)), ""
    if act.startswith("room."):
        return str(rooms.get(detail, detail)), ""
    if act == "device.moved":
        return _device_words(detail), ""
    way, _, reason = detail.partition(": ")
    was, arrow, goes_to = way.partition(" > ")
    if act.startswith("clinic.") and arrow and was in STATES and goes_to in STATES:
        # Kept apart by a word's own direction: an arrow would point the other way in Uyghur.
        return f"{STATES[was]} – {STATES[goes_to]}", reason
    return detail, ""


def _device_words(detail: str) -> str:
    number, _, way = detail.rpartition(": ")
    was, arrow, goes_to = way.partition(" > ")
    if arrow and was in DEVICE_STATES and goes_to in DEVICE_STATES:
        return f"{number}: {DEVICE_STATES[was]} – {DEVICE_STATES[goes_to]}"
    return detail
