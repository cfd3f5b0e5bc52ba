"""Staff, roles, sign-in, sessions, second factor."""

from __future__ import annotations

from flask_babel import lazy_gettext

from saas.accounts import labels, permissions, views
from saas.accounts.acts import ACTS
from saas.accounts.blueprint import blueprint
from saas.accounts.commands import COMMANDS
from saas.web.request import here, signed_in
from saas.web.room import MenuEntry, Room

card = Room(
    name="accounts",
    label=lazy_gettext("Staff"),
    blueprint=blueprint,
    menu=(
        MenuEntry(lazy_gettext("Staff"), "accounts.staff_list", "staff.manage"),
        MenuEntry(lazy_gettext("Sites"), "accounts.site_list", "sites.manage"),
        MenuEntry(lazy_gettext("Settings"), "accounts.settings", "clinic.manage"),
        MenuEntry(lazy_gettext("Access log"), "accounts.access_log", "audit.read"),
        MenuEntry(lazy_gettext("My account"), "accounts.own", "account.own", first_for="account.own"),
    ),
    permissions=tuple(permissions.GRANTS),
    acts=ACTS,
)


@blueprint.app_context_processor
def role_labels() -> dict[str, object]:
    """The words for the signed-in person's roles, for the frame of every page."""
    return {"role_labels": labels.roles_of(here.staff.roles) if signed_in() else []}


__all__ = ["COMMANDS", "card", "views"]
