"""The card of the list of today: its menu, its pages, its acts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.public_health.views import day_file
from saas.public_health.views.today import blueprint
from saas.web.acts import Act
from saas.web.room import MenuEntry, Room

READ = "public_health.read"
day_file.register(blueprint)

card = Room(
    "today",
    _l("List of today"),
    blueprint,
    menu=(
        MenuEntry(_l("Today"), "today.index", READ, "F3", first_for=READ),
        MenuEntry(_l("Calls"), "today.calls", READ),
    ),
    acts={
        "today.index": Act(_l("Saw the person on the list of today")),
        "today.calls": Act(_l("Saw the person on the list of calls")),
        "today.sheet": Act(_l("Printed the list of the day with the person")),
        "today.paper": Act(_l("Printed the sheet of the day with the person, to be filled in by hand")),
        "today.workbook": Act(_l("Saved the list of the day with the person as a file")),
        "today.bring_back": Act(_l("Sent in the file of the day with a line about the person")),
    },
)
