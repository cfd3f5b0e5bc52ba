"""Hypertension follow-up (高血压患者随访服务记录表, §7.2)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.formkit.conditions import chosen
from saas.formkit.declaring import Computed, Form
from saas.formkit.kinds import AnyOf, OneOf, Text, Whole
from saas.public_health import choices
from saas.public_health.forms import chronic, parts
from saas.public_health.messages import card
from saas.public_health.rules import followup, hypertension


class _Complaints(Form):
    """What the person tells, and signs of danger."""

    section = _l("Symptoms")

    symptoms = AnyOf(label=_l("Symptoms"), choices=choices.HT_SYMPTOM, required=True)
    symptoms_text = Text(label=_l("Other symptoms"), shown_when=chosen("symptoms", "10"))
    danger_signs = AnyOf(label=_l("Signs of danger"), choices=choices.HT_DANGER, added=True)


class _Signs(Form):
    """What is found beside pressure and weight."""

    section = _l("Signs")

    heart_rate = Whole(
        label=_l("Heart rate"), unit="/min", limits="heart_rate", required=parts.FACE_TO_FACE,
        codes=parts.HEART_RATE,
    )  # fmt: skip
    other_signs = Text(label=_l("Other signs"))


class HypertensionFollowUp(
    parts.Visit, _Complaints, chronic.Measures, _Signs, chronic.Habits,
    chronic.Compliance, chronic.Tests, chronic.Treatment, chronic.Medicines,
    parts.Referral, parts.NextVisit, parts.SignedVisit,
):  # fmt: skip
    """Four a year face to face; after 14 days while the pressure is not controlled."""

    section = _l("Guidance on the way of life")

    salt = OneOf(label=_l("Salt intake"), choices=choices.SALT, required=True, carried=True)
    salt_target = OneOf(label=_l("Target: salt intake"), choices=choices.SALT, carried=True)

    about = card(
        code="ht_followup",
        title=_l("Hypertension follow-up"),
        source="§7.2",
        keyboard_first=(
            "symptoms",
            "systolic_bp",
            "diastolic_bp",
            "heart_rate",
            "weight",
            "adverse_reaction",
            "next_due_date",
        ),
        columns=4,
        contradictions=chronic.CONTRADICTIONS,
        alarms=(hypertension.pressure_emergency, followup.sign_emergency),
        ahead=chronic.AHEAD,
        computed=(
            Computed("emergency", (hypertension.is_emergency,), _l("Emergency situation"), tolerant=True),
            Computed(
                "followup_class",
                (hypertension.complication_class, hypertension.adverse_class, hypertension.pressure_class),
                _l("Class of this visit"),
            ),
            *chronic.RESULTS,
            Computed("referral_urgency", (followup.referral_urgency,), _l("Urgency"), tolerant=True),
            Computed("referral_advised", (followup.referral_advised,), _l("Referral"), tolerant=True),
        ),
        next_due=followup.next_due,
        checks=(
            hypertension.symptoms_resemble_danger,
            hypertension.home_reading,
            *chronic.CHECKS,
            followup.refer,
        ),
    )
