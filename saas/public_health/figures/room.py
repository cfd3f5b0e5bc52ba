"""The figures as a room of their own: whoever may see numbers need not be one who may see records."""

from __future__ import annotations

from flask_babel import lazy_gettext

from saas.public_health.figures import jobs
from saas.public_health.views import population
from saas.public_health.views.figures import blueprint
from saas.web.acts import Act
from saas.web.room import MenuEntry, Room

card = Room(
    "figures",
    lazy_gettext("Figures"),
    blueprint,
    switchable=True,
    menu=(MenuEntry(lazy_gettext("Figures"), "figures.index", "figures.read"),),
    permissions=("figures.read", "figures.manage"),
    acts={
        "figures.excel": Act(lazy_gettext("Took figures of the clinic as a file; they name nobody")),
        "figures.missing": Act(
            lazy_gettext("Saw the person in the list of services that the clinic still owes")
        ),
        "figures.print": Act(lazy_gettext("Printed figures of the clinic; they name nobody")),
    },
    jobs=jobs.JOBS,
    unfinished=jobs.unfinished,
)

__all__ = ["card", "population"]
