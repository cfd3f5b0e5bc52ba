"""Enrolment into hypertension management (§7.1)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.formkit.conditions import Given
from saas.formkit.declaring import Form
from saas.formkit.kinds import AnyOf, Day, OneOf, Text, Whole, YesNo
from saas.public_health import choices
from saas.public_health.forms import parts
from saas.public_health.messages import card
from saas.public_health.rules import screening


class HypertensionRegistration(Form):
    """Offered after a confirmed diagnosis; never begun by itself."""

    confirmed_on = Day(label=_l("Diagnosis confirmed on"), required=True, past=True)
    confirmed_by = Text(label=_l("Diagnosis confirmed by"), longest=100, required=True)
    primary = YesNo(label=_l("Primary hypertension"), required=True)
    risk_factors = AnyOf(label=_l("Risk factors"), choices=choices.HT_RISK)
    target_systolic = Whole(
        label=_l("Target: systolic pressure"),
        unit="mmHg",
        limits="systolic_bp",
        printed_as=_l("Target: systolic/diastolic pressure"),
    )
    target_diastolic = Whole(
        label=_l("Target: diastolic pressure"),
        unit="mmHg",
        limits="diastolic_bp",
        printed_with="target_systolic",
    )
    enrolled_on = Day(label=_l("Enrolled on"), required=True, past=True)
    consent = YesNo(label=_l("The person agrees"), required=True, may_miss=False)
    ended_on = Day(label=_l("Ended on"), past=True)
    end_reason = OneOf(
        label=_l("Why it ended"), choices=choices.END_REASON, required=Given("ended_on"),
        shown_when=Given("ended_on"), may_miss=False,
    )  # fmt: skip
    doctor = parts.Signed.doctor

    about = card(
        code="hypertension_registration",
        title=_l("Hypertension registration"),
        source="§7.1",
        visit_day="enrolled_on",
        contradictions=(
            screening.consent_is_given,
            screening.enrolled_after_confirmed,
            screening.ended_after_enrolled,
            screening.targets_in_order,
        ),
        checks=(screening.is_primary, screening.old_enough),
    )
