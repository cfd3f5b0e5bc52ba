"""The acts of this room in plain words: what a resident reads about who opened her record."""

from __future__ import annotations

import typing

from flask_babel import lazy_gettext

from saas.web.acts import Act

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

ACTS: Mapping[str, Act] = {
    "residents.add": Act(lazy_gettext("Registered the person"), opens=True),
    "residents.alike": Act(lazy_gettext("Saw the person beside a form of somebody who may be she")),
    "residents.card": Act(lazy_gettext("Opened the page of her health card"), opens=True),
    "residents.card_restore": Act(lazy_gettext("Took back that her health card was voided")),
    "residents.card_void": Act(lazy_gettext("Voided a lost health card")),
    "residents.close_record": Act(lazy_gettext("Closed the record that was open for a reason")),
    "residents.conflict": Act(lazy_gettext("Compared two versions of the personal data"), opens=True),
    "residents.consent": Act(lazy_gettext("Opened the page of a question of consent"), opens=True),
    "residents.consent_sheet": Act(lazy_gettext("Opened or printed the sheet of a consent"), opens=True),
    "residents.consent_withdraw": Act(lazy_gettext("Noted that an agreement was taken back")),
    "residents.edit": Act(lazy_gettext("Changed the personal data"), opens=True),
    "residents.edit_afresh": Act(lazy_gettext("Let an unfinished change of the personal data go")),
    "residents.find": Act(lazy_gettext("Found the person by her document number")),
    "residents.form": Act(lazy_gettext("Opened the form of the personal data"), opens=True),
    "residents.found": Act(lazy_gettext("Saw the person in the results of a search")),
    "residents.gate": Act(lazy_gettext("Saw the page that asks for a reason, not the record")),
    "residents.household": Act(lazy_gettext("Looked for somebody of her household"), opens=True),
    "residents.household_remove": Act(lazy_gettext("Removed a household link")),
    "residents.household_submit": Act(lazy_gettext("Made or refused a household link")),
    "residents.index": Act(lazy_gettext("Saw the person in the list of a place")),
    "residents.list_checked": Act(lazy_gettext("Checked a list that was brought along")),
    "residents.list_mapped": Act(lazy_gettext("Said what the columns of a list mean")),
    "residents.list_run": Act(lazy_gettext("Registered the person from a list that was brought along")),
    "residents.list_undone": Act(lazy_gettext("Took back a list that had been brought along")),
    "residents.list_uploaded": Act(lazy_gettext("Chose the file of a list")),
    "residents.merge": Act(lazy_gettext("Made one record of two"), opens=True),
    "residents.merged": Act(lazy_gettext("Followed a record to the one it was merged into")),
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
    "residents.pair": Act(lazy_gettext("Compared two records that may be one person"), opens=True),
    "residents.pair_answer": Act(lazy_gettext("Said whether two records are one person"), opens=True),
    "residents.queue": Act(lazy_gettext("Saw the person in the list of records to be looked at")),
    "residents.show": Act(lazy_gettext("Opened the person's page"), opens=True),
    "residents.standing": Act(
        lazy_gettext("Opened or changed where the person stands with the clinic"), opens=True
    ),
    "residents.standing_undo": Act(lazy_gettext("Took back a change of where the person stands")),
    "residents.suggest": Act(lazy_gettext("Saw the person under the search box")),
    "residents.unmerge": Act(lazy_gettext("Opened the page that takes a merge back"), opens=True),
    "residents.unmerge_submit": Act(lazy_gettext("Made two records of one again"), opens=True),
    "residents.visit_begin": Act(lazy_gettext("Began a visit: the person is here")),
    "residents.visit_end": Act(lazy_gettext("Ended a visit")),
    "residents.visit_reopen": Act(lazy_gettext("Continued a visit that had ended")),
    "residents.visit_undo": Act(lazy_gettext("Took back a visit that was begun by mistake")),
    "residents.visits": Act(lazy_gettext("Saw the person in the list of today's visits")),
    "residents.who_opened": Act(lazy_gettext("Looked up who opened this record"), opens=True),
    "residents.who_opened_print": Act(lazy_gettext("Printed who opened this record"), opens=True),
    "residents.window_closed": Act(lazy_gettext("Closed the window for bringing in a list")),
    "residents.window_opened": Act(lazy_gettext("Opened the window for bringing in a list")),
}
