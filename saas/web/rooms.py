"""Putting the rooms into the application: their pages, and what they say to all others."""

from __future__ import annotations

import typing

from saas.web import acts, changes, views

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask

    from saas.web.room import Room


def install(app: Flask, rooms: Sequence[Room]) -> None:
    """Register every room, in the order of the menu, and the pages that belong to none."""
    for room in rooms:
        app.register_blueprint(room.blueprint)
    app.register_blueprint(views.blueprint)
    acts.install(app, rooms)
    changes.install(app, rooms)
    app.extensions["tellers"] = [tell for room in rooms for tell in room.tells]
