"""What the frame of every page shows: the menu, who is here, how long until the screen is covered."""

from __future__ import annotations

import functools
import typing

from flask import current_app, g, url_for
from flask_babel import get_locale, lazy_gettext

from saas.web.failing import is_read_only
from saas.web.i18n import TONGUES, Tongue, in_tongue
from saas.web.request import IDLE_END, may

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask

    from saas.web.request import Here
    from saas.web.room import MenuEntry, Room


class MenuLine(typing.NamedTuple):
    """One line of the menu as the page shows it."""

    endpoint: str
    url: str
    label: str
    key: str


def frame(app: Flask, rooms: Sequence[Room], *, insecure: bool) -> None:
    """Give every template the menu and the signed-in person."""
    entries = [entry for room in rooms for entry in room.menu]

    @functools.lru_cache(maxsize=1024)
    def menu_of(_language: str, _roles: tuple[str, ...], _rooms: tuple[str, ...]) -> tuple[MenuLine, ...]:
        """The menu of whoever is here: the same for all in this language with these roles and rooms."""
        return tuple(_line(entry) for entry in entries if may(entry.permission))

    panels = [panel for room in rooms for panel in room.panels]
    about_resident = [entry for room in rooms for entry in room.about_resident]

    def context() -> dict[str, object]:
        here = g.get("here")
        full = here is not None and here.session.stage == "full"
        return {
            "here": here,
            "may": may,
            "menu": menu_of(*_whose(here)) if full else (),
            "practice": _practice() if here is not None and here.clinic.card.practice_of else (),
            "about_resident": about_resident,
            "resident_panels": panels,
            "insecure": insecure,
            "read_only": is_read_only(),
            "lock_seconds": here.clinic.setting.lock_minutes * 60 if full else None,
            "end_seconds": int(IDLE_END.total_seconds()),
        }

    app.context_processor(context)
    app.extensions["menu"] = entries


def _whose(here: Here) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    return str(get_locale()), tuple(here.staff.roles), tuple(here.clinic.setting.rooms)


def _line(entry: MenuEntry) -> MenuLine:
    key = "" if entry.key_unless and may(entry.key_unless) else entry.key
    return MenuLine(entry.endpoint, url_for(entry.endpoint), str(entry.label), key)


def _practice() -> list[tuple[Tongue, str]]:
    """What every page and print of a practice clinic says, in both languages."""
    words = lazy_gettext("Practice: all people here are invented. Nothing of it counts.")
    return [(tongue, in_tongue(words, tongue)) for tongue in TONGUES.values()]


def first_page() -> str:
    """The endpoint at which the signed-in person begins: the first of the menu that says so of her.

    The order is that of the rooms in ``create_app``; everybody's own account ends it.
    """
    entries: Sequence[MenuEntry] = current_app.extensions["menu"]
    return next(entry.endpoint for entry in entries if entry.first_for and may(entry.first_for))
