"""The pages of residents: list and search, register, show, edit."""

from flask import Blueprint

blueprint = Blueprint("residents", "saas.residents", template_folder="templates", url_prefix="/residents")

from saas.residents.views import editing, finding, listing, registering, showing  # noqa: E402

__all__ = ["blueprint", "editing", "finding", "listing", "registering", "showing"]
