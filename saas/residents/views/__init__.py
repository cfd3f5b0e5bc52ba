"""The pages of residents: list and search, register, show, edit; one person or two, household."""

from flask import Blueprint

blueprint = Blueprint("residents", "saas.residents", template_folder="templates", url_prefix="/residents")

from saas.residents.views import (  # noqa: E402
    apart,
    editing,
    household,
    listing,
    merged,
    pairing,
    registering,
    showing,
    waiting,
)

__all__ = [
    "apart",
    "blueprint",
    "editing",
    "household",
    "listing",
    "merged",
    "pairing",
    "registering",
    "showing",
    "waiting",
]
