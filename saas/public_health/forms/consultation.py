"""Consultation of several doctors (会诊记录表, §1.5)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.formkit.declaring import Form
from saas.formkit.kinds import Day, Reference, Rows, Text
from saas.public_health.messages import card


class Participant(Form):
    """One doctor who takes part."""

    institution = Text(label=_l("Institution"), longest=100, required=True)
    doctor = Text(label=_l("Doctor"), longest=100, required=True)


class Consultation(Form):
    """Reason, opinion, and who took part."""

    consulted_on = Day(label=_l("Date of the consultation"), required=True, past=True)
    reason = Text(label=_l("Reason for the consultation"), longest=2000, lines=True, required=True)
    opinion = Text(label=_l("Opinion"), longest=2000, lines=True, required=True)
    participants = Rows(label=_l("Who took part"), row=Participant, most=10, required=True, may_miss=False)
    responsible_doctor = Reference(label=_l("Responsible doctor"), required=True, demanded=False)

    about = card(
        code="consultation",
        title=_l("Consultation note"),
        source="§1.5",
        permission="public_health.treat",
        visit_day="consulted_on",
        signature="responsible_doctor",
    )
