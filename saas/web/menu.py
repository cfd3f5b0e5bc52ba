"""What the frame of every page shows: the menu, who is here, how long until the screen is covered."""

from __future__ import annotations

import typing

from flask import g

from saas.web.request import IDLE_END, may

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask

    from saas.web.room import Room


def frame(app: Flask, rooms: Sequence[Room], *, insecure: bool) -> None:
    """Give every template the menu and the signed-in person."""
    entries = [entry for room in rooms for entry in room.menu]
    panels = [panel for room in rooms for panel in room.panels]
    about_resident = [entry for room in rooms for entry in room.about_resident]

    def context() -> dict[str, object]:
        here = g.get("here")
        full = here is not None and here.session.stage == "full"
        return {
            "here": here,
            "may": may,
            "menu": entries if full else (),
            "about_resident": about_resident,
            "resident_panels": panels,
            "insecure": insecure,
            "lock_seconds": here.clinic.setting.lock_minutes * 60 if full else None,
            "end_seconds": int(IDLE_END.total_seconds()),
        }

    app.context_processor(context)
