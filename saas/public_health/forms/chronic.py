"""The sections and rules that hypertension and diabetes follow-ups share (§7.2, §8.1)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.formkit.conditions import Due, chosen
from saas.formkit.declaring import Computed, Form
from saas.formkit.kinds import Calculated, Number, OneOf, Rows, Text, Whole
from saas.formkit.rules import visits
from saas.public_health import choices
from saas.public_health.forms import parts
from saas.public_health.rules import body, followup


class Measures(Form):
    """Pressure and weight. The value used stands in the pressures, the single readings beside it."""

    section = _l("Signs")

    systolic_bp = Whole(
        label=_l("Systolic pressure"), unit="mmHg", limits="systolic_bp", codes=parts.SYSTOLIC,
        required=parts.FACE_TO_FACE,
    )  # fmt: skip
    diastolic_bp = Whole(
        label=_l("Diastolic pressure"), unit="mmHg", limits="diastolic_bp", codes=parts.DIASTOLIC,
        required=parts.FACE_TO_FACE, printed_with="systolic_bp",
    )  # fmt: skip
    bp_readings = Rows(label=_l("Single readings"), row=parts.PressureReading, most=5, added=True)
    weight = Number(
        label=_l("Weight"), unit="kg", limits="weight", required=Due("weight_due"), codes=parts.WEIGHT
    )
    weight_target = Number(label=_l("Target weight"), unit="kg", limits="weight", carried=True)
    bmi = Calculated(label=_l("Body mass index"), unit="kg/m²", limits="bmi", codes=parts.BMI)
    bmi_target = Number(label=_l("Target body mass index"), unit="kg/m²", limits="bmi", carried=True)


class Habits(Form):
    """How the person lives, and what was agreed; 0 where there is nothing."""

    section = _l("Guidance on the way of life")

    cigarettes_per_day = Whole(
        label=_l("Cigarettes a day"), limits="cigarettes_per_day", required=True, carried=True
    )
    cigarettes_per_day_target = Whole(
        label=_l("Target: cigarettes a day"), limits="cigarettes_per_day", carried=True
    )
    alcohol_liang_per_day = Number(
        label=_l("Alcohol a day, as liquor"), unit="50 g", limits="alcohol_liang_per_day", required=True,
        carried=True,
    )  # fmt: skip
    alcohol_liang_per_day_target = Number(
        label=_l("Target: alcohol a day, as liquor"),
        unit="50 g",
        limits="alcohol_liang_per_day",
        carried=True,
    )
    exercise_per_week = Whole(
        label=_l("Exercise, times a week"), limits="exercise_per_week", required=True, carried=True
    )
    exercise_per_week_target = Whole(
        label=_l("Target: exercise, times a week"), limits="exercise_per_week", carried=True
    )
    exercise_minutes = Whole(
        label=_l("Exercise, minutes each time"), unit="min", limits="exercise_minutes", required=True,
        carried=True,
    )  # fmt: skip
    exercise_minutes_target = Whole(
        label=_l("Target: exercise, minutes each time"), unit="min", limits="exercise_minutes", carried=True
    )


class Compliance(Form, closing=True):
    """Mood and cooperation."""

    section = _l("Guidance on the way of life")

    mental_adjustment = OneOf(
        label=_l("Mental adjustment"), choices=choices.GOOD_FAIR_POOR, required=True, carried=True
    )
    compliance = OneOf(
        label=_l("Follows the doctor's advice"), choices=choices.GOOD_FAIR_POOR, required=True, carried=True
    )


class Tests(Form, closing=True):
    """What was tested elsewhere."""

    section = _l("Tests")

    tests = Text(label=_l("Tests since the last visit"), longest=1000, lines=True)


class Treatment(Form, closing=True):
    """Medicines taken and their effects."""

    section = _l("Treatment and its effects")

    adherence = OneOf(
        label=_l("Medicines taken as ordered"), choices=choices.ADHERENCE, required=True, carried=True
    )
    adverse_reaction = OneOf(
        label=_l("Adverse reaction to a medicine"), choices=choices.NONE_OR_SOME, required=True
    )
    adverse_reaction_text = Text(
        label=_l("Which adverse reaction"), shown_when=chosen("adverse_reaction", "2")
    )
    complication = OneOf(
        label=_l("Complication, new or worse since the last visit"), choices=choices.COMPLICATION, added=True
    )
    complication_text = Text(label=_l("Which complication"), shown_when=chosen("complication", "2"))


class Medicines(Form, closing=True):
    """The class of the visit and the medicines in use."""

    section = _l("Treatment and its effects")

    followup_class = OneOf(
        label=_l("Class of this visit"), choices=choices.FOLLOWUP_CLASS, required=True, demanded=False,
        may_miss=False,
    )  # fmt: skip
    followup_class_reason = Text(label=_l("Why another class than the computed one"), added=True)
    medications = Rows(label=_l("Medicines in use"), row=parts.Medication, carried=True)


CONTRADICTIONS = (
    visits.next_visit_is_later,
    visits.systolic_exceeds_diastolic,
    followup.readings_in_order,
    body.bmi_is_possible,
)
AHEAD = (Computed("weight_due", (body.weight_due,), _l("Weighing is due"), tolerant=True),)
RESULTS = (
    Computed("recorded_class", (followup.recorded_class,), tolerant=True, told=False),
    Computed("previous_class", (followup.previous_class,), tolerant=True, told=False),
    Computed("bmi", (body.bmi,), _l("Body mass index")),
    Computed("bmi_band", (body.bmi_band,), _l("Weight for height"), choices=choices.BMI_BAND),
)
CHECKS = (
    followup.same_day,
    visits.pressures_lie_apart,
    followup.readings_agree,
    body.bmi_is_plausible,
    body.sent_bmi_agrees,
    followup.first_time,
    followup.class_differs,
    followup.referral_is_followed,
    visits.later_than_suggested,
)
