"""The room of public health: the record, programmes, forms of the national services."""

from __future__ import annotations

from flask_babel import lazy_gettext

from saas.public_health import (
    commands,
    jobs,
    models,
    owing,
    panel,
    programmes,
    registering,
)
from saas.public_health.acts import ACTS
from saas.public_health.figures.commands import COMMANDS as FIGURES_COMMANDS
from saas.public_health.figures.room import card as figures_card
from saas.public_health.figures.showing import published
from saas.public_health.forms import FORMS
from saas.public_health.rules.due_facts import HYPERTENSION
from saas.public_health.today_room import card as today_card
from saas.public_health.views import blueprint
from saas.web.room import MenuEntry, Panel, Room

card = Room(
    "public_health",
    lazy_gettext("Public health"),
    blueprint,
    switchable=True,
    menu=(
        MenuEntry(
            lazy_gettext("Forms of the clinic"), "public_health.clinic_record_list", "public_health.read"
        ),
    ),
    about_resident=(MenuEntry(lazy_gettext("Records"), "public_health.record_list", "public_health.read"),),
    permissions=("public_health.read", "public_health.write", "public_health.treat"),
    acts=ACTS,
    jobs=jobs.JOBS,
    unfinished=jobs.waiting,
    panels=(
        Panel("public_health.write", panel.visit_button, beside_name=True),
        Panel("public_health.read", panel.rendered),
    ),
    follows=(programmes.follow, owing.follow),
    steps={HYPERTENSION: registering.next_step},
)

COMMANDS = (*commands.COMMANDS, *FIGURES_COMMANDS)
FIGURES = published()
"""The words of the figures that leave a clinic."""

__all__ = ["COMMANDS", "FIGURES", "FORMS", "card", "figures_card", "models", "today_card"]
