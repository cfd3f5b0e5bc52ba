"""The person: identity, names, numbers, how she is found again, and who may open her record."""

from flask_babel import lazy_gettext

from saas.residents import oversight
from saas.residents.acts import ACTS
from saas.residents.bringing import batches
from saas.residents.bringing.jobs import JOBS
from saas.residents.commands import COMMANDS
from saas.residents.views import blueprint
from saas.residents.views.gate import meets
from saas.web.room import MenuEntry, Room

card = Room(
    "residents",
    lazy_gettext("Residents"),
    blueprint,
    menu=(
        MenuEntry(
            lazy_gettext("Residents"),
            "residents.index",
            "residents.read",
            "F3",
            "public_health.read",
            first_for="residents.read",
        ),
        MenuEntry(lazy_gettext("New resident"), "residents.add", "residents.write"),
        MenuEntry(lazy_gettext("Record numbers"), "residents.numbers", "sites.manage"),
        MenuEntry(lazy_gettext("Today's visits"), "residents.visits", "visits.read"),
        MenuEntry(
            lazy_gettext("Openings"), "residents.openings_list", "openings.read", first_for="audit.review"
        ),
        MenuEntry(lazy_gettext("To be looked at"), "residents.queue", "residents.write"),
        MenuEntry(lazy_gettext("Bring in a list"), "residents.bring", "bringing.manage"),
    ),
    permissions=(
        "residents.read",
        "residents.write",
        "residents.merge",
        "bringing.manage",
        "visits.read",
        "visits.write",
        "openings.read",
    ),
    acts=ACTS,
    tells=(oversight.told_alerts, oversight.told_questions),
    jobs=JOBS,
    unfinished=batches.unfinished,
)

__all__ = ["COMMANDS", "card", "meets"]
