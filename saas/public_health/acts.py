"""The acts of this room in plain words: what a resident reads about who opened her record."""

from __future__ import annotations

import typing

from flask_babel import lazy_gettext as _l

from saas.web.acts import Act

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

ACTS: Mapping[str, Act] = {
    "public_health.afresh": Act(_l("Asked to let an unfinished form go")),
    "public_health.amend": Act(_l("Asked for a record to correct it")),
    "public_health.fill": Act(_l("Asked for a form about the person")),
    "public_health.joint_afresh": Act(_l("Asked to let an unfinished joint visit go")),
    "public_health.joint_look": Act(_l("Asked what the rules say about a joint visit")),
    "public_health.joint_visit": Act(_l("Asked for the joint visit of hypertension and diabetes")),
    "public_health.look": Act(_l("Asked what the rules say about a form")),
    "public_health.programme_end": Act(_l("Opened the page that ends a part in a programme"), opens=True),
    "public_health.record": Act(_l("Asked for a record")),
    "public_health.record_csv": Act(_l("Asked for records as a table")),
    "public_health.record_fhir": Act(_l("Asked for a record as a file")),
    "public_health.record_list": Act(_l("Asked for the list of records")),
    "public_health.record_print": Act(_l("Asked for the print of a record")),
    "public_health.take_back": Act(_l("Asked to take back what was just saved")),
    "public_health.void": Act(_l("Asked to mark a record as entered in error")),
    "records.afresh": Act(_l("Let an unfinished form go")),
    "records.amend": Act(_l("Corrected a record"), opens=True),
    "records.conflict": Act(_l("Compared two corrections of a record"), opens=True),
    "records.csv": Act(_l("Saved records as a table"), opens=True),
    "records.fhir": Act(_l("Saved a record as a file"), opens=True),
    "records.form": Act(_l("Opened a form about the person"), opens=True),
    "records.leave": Act(_l("Left an unfinished form for later"), opens=True),
    "records.list": Act(_l("Looked at the list of records"), opens=True),
    "records.look": Act(_l("Was told what the rules say about a form"), opens=True),
    "records.print": Act(_l("Printed a record"), opens=True),
    "records.saved": Act(_l("Was told that a form about the person had been saved")),
    "records.show": Act(_l("Read a record"), opens=True),
    "records.sign": Act(_l("Signed a record"), opens=True),
    "records.taken": Act(_l("Was told that a record had been corrected meanwhile"), opens=True),
    "records.take_back": Act(_l("Took back what had just been saved"), opens=True),
    "records.take_back_refused": Act(_l("Could not take back what had been saved")),
    "records.void": Act(_l("Marked a record as entered in error"), opens=True),
    "records.void_form": Act(_l("Opened the page that marks a record as entered in error"), opens=True),
}
"""Those that begin with the room's name are of requests that the guard refused."""
