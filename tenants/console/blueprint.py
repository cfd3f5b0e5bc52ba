"""The blueprint that all pages of the console hang on, and the console of this application."""

from __future__ import annotations

import typing

from flask import Blueprint, current_app

from tenants.console.sessions import PATH

if typing.TYPE_CHECKING:
    from tenants.console import Console

blueprint = Blueprint("operators", __name__, template_folder="templates", url_prefix=PATH)


def console() -> Console:
    """The console of the application that answers."""
    return typing.cast("Console", current_app.extensions["console"])
