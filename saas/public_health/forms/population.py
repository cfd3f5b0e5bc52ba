"""The resident population of one site in one year (§1.8): what the rates of health records stand on."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.formkit import limits
from saas.formkit.declaring import Form
from saas.formkit.kinds import Day, Reference, Text, Whole
from saas.public_health.messages import card


class Population(Form):
    """A yearly number with its source, typed by the institution; never taken from lists of persons."""

    site = Reference(label=_l("Place of care"), to="site", required=True)
    year = Whole(
        label=_l("Calendar year"), limits=limits.between("2000", "2100"), required=True, may_miss=False
    )
    count = Whole(
        label=_l("Resident population"), limits=limits.between("0", "500000"), required=True, may_miss=False
    )
    source = Text(label=_l("Source of the number"), longest=200, required=True, may_miss=False)
    told_on = Day(label=_l("Day of the source"), required=True, past=True)
    note = Text(label=_l("Note"), longest=500)
    filled_by = Reference(label=_l("Filled in by"), required=True, demanded=False)

    about = card(
        code="population",
        title=_l("Resident population of a year"),
        source="§1.8",
        subject="clinic",
        visit_day="told_on",
        signature="filled_by",
    )
