"""The acts of this room in plain words: what a resident reads about who opened her record."""

from __future__ import annotations

import typing

from flask_babel import lazy_gettext

from saas.web.acts import Act

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

ACTS: Mapping[str, Act] = {
    "residents.add": Act(lazy_gettext("Registered the person"), opens=True),
    "residents.close_record": Act(lazy_gettext("Closed the record that was open for a reason")),
    "residents.conflict": Act(lazy_gettext("Compared two versions of the personal data"), opens=True),
    "residents.edit": Act(lazy_gettext("Changed the personal data"), opens=True),
    "residents.edit_afresh": Act(lazy_gettext("Let an unfinished change of the personal data go")),
    "residents.find": Act(lazy_gettext("Found the person by her document number")),
    "residents.form": Act(lazy_gettext("Opened the form of the personal data"), opens=True),
    "residents.found": Act(lazy_gettext("Saw the person in the results of a search")),
    "residents.gate": Act(lazy_gettext("Saw the page that asks for a reason, not the record")),
    "residents.index": Act(lazy_gettext("Saw the person in the list of a place")),
    "residents.open_record": Act(lazy_gettext("Asked to open the record with a reason")),
    "residents.opening_review": Act(
        lazy_gettext("Reviewed that the record was opened with a reason, without seeing the record")
    ),
    "residents.opening_show": Act(
        lazy_gettext("Saw that the record was opened with a reason, not the record")
    ),
    "residents.openings_list": Act(
        lazy_gettext("Saw in a list that the record was opened with a reason, not the record")
    ),
    "residents.show": Act(lazy_gettext("Opened the person's page"), opens=True),
    "residents.visit_begin": Act(lazy_gettext("Began a visit: the person is here")),
    "residents.visit_end": Act(lazy_gettext("Ended a visit")),
    "residents.visit_reopen": Act(lazy_gettext("Continued a visit that had ended")),
    "residents.visit_undo": Act(lazy_gettext("Took back a visit that was begun by mistake")),
    "residents.visits": Act(lazy_gettext("Saw the person in the list of today's visits")),
    "residents.who_opened": Act(lazy_gettext("Looked up who opened this record"), opens=True),
    "residents.who_opened_print": Act(lazy_gettext("Printed who opened this record"), opens=True),
}
