"""A reading of the blood pressure for screening (§7.1)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.formkit.declaring import Computed, Form
from saas.formkit.kinds import AnyOf, Moment, OneOf, Text, Whole
from saas.public_health import choices
from saas.public_health.forms import parts
from saas.public_health.messages import card
from saas.public_health.rules import screening


class BloodPressureReading(Form):
    """Once a year from 35 years on; three raised readings on different days make it probable."""

    measured_at = Moment(label=_l("Measured at"), required=True, now=True)
    systolic = Whole(
        label=_l("Systolic pressure"), unit="mmHg", limits="systolic_bp", required=True, codes=parts.SYSTOLIC
    )
    diastolic = Whole(
        label=_l("Diastolic pressure"), unit="mmHg", limits="diastolic_bp", required=True,
        codes=parts.DIASTOLIC, printed_with="systolic",
    )  # fmt: skip
    pulse = Whole(label=_l("Pulse"), unit="/min", limits="pulse_rate")
    arm = OneOf(label=_l("Arm"), choices=choices.ARM, carried=True)
    position = OneOf(label=_l("Position"), choices=choices.POSITION, carried=True)
    device = Text(label=_l("Device"), longest=70, carried=True)
    place = OneOf(label=_l("Where it was read"), choices=choices.PLACE, may_miss=False)
    risk_factors = AnyOf(label=_l("Risk factors"), choices=choices.HT_RISK, carried=True)
    doctor = parts.Signed.doctor

    about = card(
        code="bp_reading",
        title=_l("Blood pressure reading"),
        source="§7.1",
        visit_day="measured_at",
        contradictions=(screening.systolic_exceeds_diastolic,),
        alarms=(screening.pressure_emergency,),
        computed=(
            Computed("raised_days", (screening.raised_days,), _l("Raised on different days running")),
            Computed("has_risk", (screening.has_risk,), _l("At risk of hypertension")),
        ),
        next_due=screening.next_reading,
        checks=(
            screening.pressures_lie_apart,
            screening.screened,
            screening.half_yearly,
            screening.home_goal,
        ),
    )
