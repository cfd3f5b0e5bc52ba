"""The pages of public health: the forms about a resident."""

from __future__ import annotations

from flask import Blueprint

from saas.formkit.desk import Desk
from saas.formkit.views import register
from saas.public_health import people
from saas.public_health.forms import FORMS

blueprint = Blueprint("public_health", "saas.formkit", template_folder="templates", url_prefix="/residents")

desk = Desk(
    forms={form.about.code: form for form in FORMS},
    subject=people.subject,
    locked=people.locked_subject,
    signed=people.signed,
    after=people.after,
)
register(blueprint, desk, read="public_health.read", write="public_health.write")

__all__ = ["blueprint", "desk"]
