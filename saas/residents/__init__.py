"""The person: identity, names, numbers and how she is found again."""

from flask_babel import lazy_gettext

from saas.residents.commands import COMMANDS
from saas.residents.views import blueprint
from saas.web.room import MenuEntry, Room

card = Room(
    "residents",
    lazy_gettext("Residents"),
    blueprint,
    menu=(
        MenuEntry(lazy_gettext("Residents"), "residents.index", "residents.read", "F3"),
        MenuEntry(lazy_gettext("New resident"), "residents.add", "residents.write"),
    ),
    permissions=("residents.read", "residents.write"),
)

__all__ = ["COMMANDS", "card"]
