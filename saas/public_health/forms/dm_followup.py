"""Type 2 diabetes follow-up (2型糖尿病患者随访服务记录表, §8.1)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.formkit.conditions import chosen
from saas.formkit.declaring import Computed, Form
from saas.formkit.kinds import AnyOf, Day, Number, OneOf, Rows, Text, Whole
from saas.public_health import choices
from saas.public_health.forms import chronic, parts
from saas.public_health.messages import card
from saas.public_health.rules import diabetes, followup, hypertension


class Insulin(Form):
    """One kind of insulin in use."""

    kind = Text(label=_l("Kind of insulin"), longest=100, required=True)
    usage_and_dose = Text(label=_l("Usage and dose"), longest=100)


class _Complaints(Form):
    """What the person tells, and signs of danger."""

    section = _l("Symptoms")

    symptoms = AnyOf(label=_l("Symptoms"), choices=choices.DM_SYMPTOM, required=True)
    symptoms_text = Text(label=_l("Other symptoms"), shown_when=chosen("symptoms", "10"))
    danger_signs = AnyOf(label=_l("Signs of danger"), choices=choices.DM_DANGER, added=True)


class _Signs(Form):
    """Feet, heart and temperature."""

    section = _l("Signs")

    dorsalis_pedis = OneOf(
        label=_l("Pulse of the feet"), choices=choices.DORSALIS_PEDIS, required=parts.FACE_TO_FACE
    )
    dorsalis_pedis_side = OneOf(
        label=_l("Which foot"), choices=choices.SIDE, required=chosen("dorsalis_pedis", "2", "3"),
        shown_when=chosen("dorsalis_pedis", "2", "3"), printed_with="dorsalis_pedis",
    )  # fmt: skip
    heart_rate = Whole(
        label=_l("Heart rate"), unit="/min", limits="heart_rate", codes=parts.HEART_RATE, added=True
    )
    body_temperature = Number(
        label=_l("Body temperature"),
        unit="℃",
        limits="body_temperature",
        codes=parts.TEMPERATURE,
        added=True,
    )
    other_signs = Text(label=_l("Other signs"))


class _Glucose(Form, closing=True):
    """Glucose, and its mean of the last months."""

    section = _l("Tests")

    fasting_glucose = Number(
        label=_l("Fasting blood glucose"), unit="mmol/L", limits="fasting_glucose",
        required=parts.FACE_TO_FACE, codes=parts.FASTING_GLUCOSE,
    )  # fmt: skip
    random_glucose = Number(
        label=_l("Random glucose, or 2 hours after a meal"),
        unit="mmol/L",
        limits="random_glucose",
        added=True,
    )
    hba1c = Number(label=_l("HbA1c"), unit="%", limits="hba1c", codes=parts.HBA1C)
    hba1c_tested_on = Day(label=_l("HbA1c tested on"), past=True, printed_with="hba1c")


class _LowGlucose(Form, closing=True):
    """Stands after the adverse reactions, as on the paper."""

    section = _l("Treatment and its effects")

    hypoglycaemia = OneOf(label=_l("Glucose fell too low"), choices=choices.HYPOGLYCAEMIA, required=True)


class _InsulinInUse(Form, closing=True):
    """Stands after the other medicines, as on the paper."""

    section = _l("Treatment and its effects")

    insulin = Rows(label=_l("Insulin"), row=Insulin, most=5, carried=True)


class DiabetesFollowUp(
    parts.Visit, _Complaints, chronic.Measures, _Signs, chronic.Habits,
    chronic.Compliance, _Glucose, chronic.Tests, chronic.Treatment, _LowGlucose, chronic.Medicines,
    _InsulinInUse, parts.Referral, parts.NextVisit, parts.SignedVisit,
):  # fmt: skip
    """Four a year face to face, each with a fasting glucose."""

    section = _l("Guidance on the way of life")

    staple_food_g = Whole(
        label=_l("Staple food a day"), unit="g", limits="staple_food_g", required=True, carried=True
    )
    staple_food_g_target = Whole(
        label=_l("Target: staple food a day"), unit="g", limits="staple_food_g", carried=True
    )

    about = card(
        code="dm_followup",
        title=_l("Type 2 diabetes follow-up"),
        source="§8.1",
        keyboard_first=(
            "symptoms",
            "systolic_bp",
            "diastolic_bp",
            "dorsalis_pedis",
            "weight",
            "fasting_glucose",
            "hypoglycaemia",
            "adverse_reaction",
            "next_due_date",
        ),
        columns=4,
        contradictions=chronic.CONTRADICTIONS,
        alarms=(
            hypertension.pressure_emergency,
            diabetes.high_glucose,
            diabetes.low_glucose,
            diabetes.fever,
            followup.sign_emergency,
        ),
        ahead=chronic.AHEAD,
        computed=(
            Computed("emergency", (diabetes.is_emergency,), _l("Emergency situation"), tolerant=True),
            Computed(
                "followup_class",
                (
                    followup.complication_class,
                    followup.adverse_class,
                    diabetes.hypoglycaemia_class,
                    diabetes.glucose_class,
                ),
                _l("Class of this visit"),
            ),
            *chronic.RESULTS,
            Computed("referral_urgency", (diabetes.referral_urgency,), _l("Urgency"), tolerant=True),
            Computed("referral_advised", (followup.referral_advised,), _l("Referral"), tolerant=True),
        ),
        next_due=followup.next_due,
        checks=(
            diabetes.symptoms_resemble_danger,
            diabetes.fast_heart,
            diabetes.random_glucose_alarm,
            diabetes.ketones,
            diabetes.impaired,
            diabetes.own_meter,
            diabetes.foot_pulse,
            *chronic.CHECKS,
            followup.refer,
        ),
    )
