"""Encounter note (接诊记录表, §1.4): what is told, found, judged and planned."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.formkit.declaring import Form
from saas.formkit.kinds import Day, Text
from saas.public_health.forms import parts
from saas.public_health.messages import card


class EncounterNote(Form):
    """One record with two views, here and in the medical records."""

    encounter_date = Day(label=_l("Date of the encounter"), required=True, past=True)
    subjective = Text(label=_l("What the person tells"), longest=2000, lines=True, required=True)
    objective = Text(label=_l("What is found"), longest=2000, lines=True, required=True)
    assessment = Text(label=_l("Assessment"), longest=2000, lines=True, required=True)
    plan = Text(label=_l("Plan"), longest=2000, lines=True, required=True)
    doctor = parts.Signed.doctor

    about = card(
        code="encounter_note",
        title=_l("Encounter note"),
        source="§1.4",
        visit_day="encounter_date",
        permission="public_health.treat",
        authors_own=True,
    )
