"""The pages of public health: the forms about a resident, and those about the clinic."""

from __future__ import annotations

from flask import Blueprint

from saas.formkit.desk import Desk
from saas.formkit.views import register
from saas.public_health import declining, people
from saas.public_health.forms import FORMS
from saas.public_health.views import joint_visit, merged, programmes, taking_back

READ, WRITE, TREAT = "public_health.read", "public_health.write", "public_health.treat"

blueprint = Blueprint("public_health", "saas.formkit", template_folder="templates")

desk = Desk(
    room="public_health",
    forms={form.about.code: form for form in FORMS},
    subject=people.subject,
    locked=people.locked_subject,
    signed=people.signed,
    after=people.after,
    write=WRITE,
    sensitive=TREAT,
    place=people.place,
    undo=taking_back.undo_url,
    came_from=people.came_from,
)
clinic_desk = Desk(
    room="public_health",
    forms=desk.forms,
    subject=people.clinic,
    locked=people.locked_clinic,
    signed=people.signed,
    after=people.after_clinic,
    write=WRITE,
    sensitive=TREAT,
    about="clinic",
)
blueprint.before_request(merged.lead_on)
blueprint.context_processor(lambda: {"services_given_by": declining.given_by})
programmes.register(blueprint)
joint_visit.register(blueprint, desk)
taking_back.register(blueprint, desk)
register(blueprint, desk, "/residents/<uuid:resident_id>", read=READ)
register(blueprint, clinic_desk, "/public-health/clinic-forms", read=READ)

__all__ = ["blueprint", "clinic_desk", "desk"]
