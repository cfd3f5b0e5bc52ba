"""The pages of residents: list and search, register, show, edit; one person or two, household."""

from flask import Blueprint

from saas.residents.guarding import opening_of_this_request
from saas.residents.opening_forms import new_form_id

blueprint = Blueprint("residents", "saas.residents", template_folder="templates", url_prefix="/residents")


@blueprint.app_context_processor
def care_of_this_page() -> dict[str, object]:
    """For ``_care.html``, which any page of a resident may include."""
    return {"opening": opening_of_this_request, "new_form_id": new_form_id}


from saas.residents.views import (  # noqa: E402
    apart,
    bringing,
    bringing_acts,
    carding,
    consenting,
    editing,
    finding,
    household,
    listing,
    merged,
    numbers,
    opening,
    pairing,
    registering,
    reviewing,
    showing,
    standings,
    visits,
    waiting,
    who_opened,
)

__all__ = [
    "apart",
    "blueprint",
    "bringing",
    "bringing_acts",
    "carding",
    "consenting",
    "editing",
    "finding",
    "household",
    "listing",
    "merged",
    "numbers",
    "opening",
    "pairing",
    "registering",
    "reviewing",
    "showing",
    "standings",
    "visits",
    "waiting",
    "who_opened",
]
