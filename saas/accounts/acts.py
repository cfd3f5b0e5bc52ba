"""The acts of this room in plain words, for whoever reads the access log."""

from __future__ import annotations

import typing

from flask_babel import lazy_gettext

from saas.web.acts import Act

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

ACTS: Mapping[str, Act] = {
    "access_log.shown": Act(lazy_gettext("Looked at the access log of the institution")),
    "archive_code.made": Act(lazy_gettext("Made a new archive code")),
    "clinic.restored": Act(lazy_gettext("The institution's data were restored from a sealed archive")),
    "clinic.changed": Act(lazy_gettext("Changed the institution's settings")),
    "device.enrolled": Act(lazy_gettext("Enrolled a device")),
    "device.moved": Act(lazy_gettext("Changed where a device stands")),
    "devices.confirmed": Act(lazy_gettext("Said which devices are still here")),
    "operator.act": Act(lazy_gettext("An operator did something to the institution")),
    "password.changed": Act(lazy_gettext("Changed the own password")),
    "recovery_codes.made": Act(lazy_gettext("Made recovery codes")),
    "recovery_sheet.made": Act(lazy_gettext("Made a recovery sheet")),
    "recovery_sheet.used": Act(lazy_gettext("Signed in anew with the recovery sheet")),
    "second_factor.removed": Act(lazy_gettext("Removed the second step of signing in")),
    "second_factor.set": Act(lazy_gettext("Set up the second step of signing in")),
    "sessions.ended": Act(lazy_gettext("Ended own sessions")),
    "signed_in": Act(lazy_gettext("Signed in with the password")),
    "site.added": Act(lazy_gettext("Added a site")),
    "site.changed": Act(lazy_gettext("Changed a site")),
    "site.closed": Act(lazy_gettext("Closed a site")),
    "site.reopened": Act(lazy_gettext("Opened a site again")),
    "staff.added": Act(lazy_gettext("Added a member of staff")),
    "staff.changed": Act(lazy_gettext("Changed a member of staff")),
    "staff.disabled": Act(lazy_gettext("Ended a person's access")),
    "staff.enabled": Act(lazy_gettext("Gave a person access again")),
    "staff.list_added": Act(lazy_gettext("Brought in a list of staff")),
    "staff.reset": Act(lazy_gettext("Made a one-time password for a person")),
    "staff.sessions_ended": Act(lazy_gettext("Signed a person out everywhere")),
    "unlocked": Act(lazy_gettext("Unlocked the screen")),
}
