"""The room of public health: the record, programmes, forms of the national services."""

from __future__ import annotations

from flask_babel import lazy_gettext

from saas.public_health.forms import FORMS
from saas.public_health.views import blueprint
from saas.web.room import Room

card = Room(
    "public_health",
    lazy_gettext("Public health"),
    blueprint,
    permissions=("public_health.read", "public_health.write"),
)

__all__ = ["FORMS", "card"]
