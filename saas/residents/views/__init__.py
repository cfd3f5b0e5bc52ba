"""The pages of residents: list and search, register, show, edit."""

from flask import Blueprint

blueprint = Blueprint("residents", "saas.residents", template_folder="templates", url_prefix="/residents")

from saas.residents.views import (  # noqa: E402
    carding,
    consenting,
    editing,
    listing,
    numbers,
    registering,
    showing,
    standings,
)

__all__ = [
    "blueprint",
    "carding",
    "consenting",
    "editing",
    "listing",
    "numbers",
    "registering",
    "showing",
    "standings",
]
