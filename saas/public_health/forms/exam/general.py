"""Symptoms, general state, and the block for older people (§1.3)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.formkit.conditions import AtLeast, Given, chosen
from saas.formkit.declaring import Code, Form
from saas.formkit.kinds import AnyOf, Calculated, Number, OneOf, Text, Whole
from saas.public_health import exam_choices as choices
from saas.public_health.forms import parts

OLDER = AtLeast("age", 65)
OLDER_THIS_YEAR = AtLeast("year_age", 65)
"""65 on any day of the calendar year (project): asked then, demanded from the birthday on."""
NO_LEFT = ~Given("bp_left_systolic")
NO_RIGHT = ~Given("bp_right_systolic")


class Symptoms(Form):
    """What the person tells."""

    section = _l("Symptoms")

    symptoms = AnyOf(label=_l("Symptoms"), choices=choices.SYMPTOM, required=True)
    symptoms_text = Text(label=_l("Other symptoms"), shown_when=chosen("symptoms", "25"))


class General(Form):
    """General state; the pressure of one side at least, both preferred."""

    section = _l("General state")

    body_temperature = Number(
        label=_l("Body temperature"), unit="℃", limits="body_temperature", required=True,
        codes=parts.TEMPERATURE,
    )  # fmt: skip
    pulse_rate = Whole(
        label=_l("Pulse rate"), unit="/min", limits="pulse_rate", required=True,
        codes=(Code("WS 365", "DE04.10.118.00"),),
    )  # fmt: skip
    respiratory_rate = Whole(
        label=_l("Respiratory rate"), unit="/min", limits="respiratory_rate", required=True,
        codes=(Code("LOINC", "9279-1", "sure"), Code("WS 365", "DE04.10.082.00")),
    )  # fmt: skip
    bp_left_systolic = Whole(
        label=_l("Left arm, systolic pressure"),
        unit="mmHg",
        limits="systolic_bp",
        required=NO_RIGHT,
        codes=parts.SYSTOLIC,
        printed_as=_l("Left side: systolic/diastolic pressure"),
    )
    bp_left_diastolic = Whole(
        label=_l("Left arm, diastolic pressure"),
        unit="mmHg",
        limits="diastolic_bp",
        required=NO_RIGHT | Given("bp_left_systolic"),
        codes=parts.DIASTOLIC,
        printed_with="bp_left_systolic",
    )
    bp_right_systolic = Whole(
        label=_l("Right arm, systolic pressure"),
        unit="mmHg",
        limits="systolic_bp",
        required=NO_LEFT,
        codes=parts.SYSTOLIC,
        printed_as=_l("Right side: systolic/diastolic pressure"),
    )
    bp_right_diastolic = Whole(
        label=_l("Right arm, diastolic pressure"),
        unit="mmHg",
        limits="diastolic_bp",
        required=NO_LEFT | Given("bp_right_systolic"),
        codes=parts.DIASTOLIC,
        printed_with="bp_right_systolic",
    )
    height = Number(
        label=_l("Height"), unit="cm", limits="height", required=True, codes=parts.HEIGHT, carried=True
    )
    weight = Number(label=_l("Weight"), unit="kg", limits="weight", required=True, codes=parts.WEIGHT)
    waist_circumference = Number(
        label=_l("Waist circumference"), unit="cm", limits="waist_circumference", required=True,
        codes=(Code("LOINC", "8280-0"),),
    )  # fmt: skip
    bmi = Calculated(label=_l("Body mass index"), unit="kg/m²", limits="bmi", codes=parts.BMI)


class Older(Form):
    """For people of 65 years and older."""

    section = _l("Older people")
    paper_section = General.section

    self_health_rating = OneOf(
        label=_l("Own view of health"), choices=choices.SELF_HEALTH, required=OLDER,
        shown_when=OLDER_THIS_YEAR,
    )  # fmt: skip
    self_care_level = OneOf(
        label=_l("Level of self-care"), choices=choices.SELF_CARE_LEVEL, required=OLDER,
        shown_when=OLDER_THIS_YEAR,
    )  # fmt: skip
    cognition_screen = OneOf(
        label=_l("Cognition"), choices=choices.SCREEN, required=OLDER, shown_when=OLDER_THIS_YEAR
    )
    mmse_score = Whole(
        label=_l("Score of the mental state test"),
        limits="mmse_score",
        required=chosen("cognition_screen", "2"),
        shown_when=chosen("cognition_screen", "2"),
        printed_with="cognition_screen",
    )
    emotion_screen = OneOf(
        label=_l("Mood"), choices=choices.SCREEN, required=OLDER, shown_when=OLDER_THIS_YEAR
    )
    gds_score = Whole(
        label=_l("Score of the depression scale (GDS-30)"),
        limits="gds_score",
        required=chosen("emotion_screen", "2"),
        shown_when=chosen("emotion_screen", "2"),
        printed_with="emotion_screen",
    )
