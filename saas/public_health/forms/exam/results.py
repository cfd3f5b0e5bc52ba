"""Present problems, care of the last year, evaluation, guidance (§1.3)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from saas.formkit.conditions import chosen
from saas.formkit.declaring import Form
from saas.formkit.kinds import AnyOf, Day, Month, Number, OneOf, Rows, Text
from saas.public_health import choices as common
from saas.public_health import exam_choices as choices

ABNORMAL = chosen("health_evaluation", "2")


class Stay(Form):
    """One stay in hospital, or one bed at home."""

    from_month = Month(label=_l("From month"))
    to_month = Month(label=_l("To month"))
    reason = Text(label=lazy_pgettext("in a form", "Reason"), required=True)
    institution = Text(label=_l("Institution"), longest=100)
    record_number = Text(label=_l("Number of the medical record"), longest=50)


class ExamMedication(Form):
    """One medicine, as the examination form asks for it."""

    drug_name = Text(label=_l("Name of the medicine"), longest=100, required=True)
    usage = Text(label=_l("How to use"), longest=50)
    dose = Text(label=_l("Dose"), longest=50)
    duration = Text(label=_l("Taken for how long"), longest=50)
    adherence = OneOf(label=_l("Taken as ordered"), choices=common.ADHERENCE)


class OtherVaccine(Form):
    """One vaccine outside the national programme."""

    vaccine_name = Text(label=_l("Vaccine"), longest=100, required=True)
    given_on = Day(label=_l("Given on"))
    institution = Text(label=_l("Institution"), longest=100)


class Problems(Form):
    """What is known and what was found."""

    section = _l("Present health problems")

    cerebrovascular = AnyOf(label=_l("Vessels of the brain"), choices=choices.CEREBROVASCULAR, required=True)
    cerebrovascular_text = Text(
        label=_l("Vessels of the brain, other"), shown_when=chosen("cerebrovascular", "6")
    )
    renal = AnyOf(label=_l("Kidneys"), choices=choices.RENAL, required=True)
    renal_text = Text(label=_l("Kidneys, other"), shown_when=chosen("renal", "6"))
    cardiac = AnyOf(label=_l("Illnesses of the heart"), choices=choices.CARDIAC, required=True)
    cardiac_text = Text(label=_l("Heart, other"), shown_when=chosen("cardiac", "7"))
    vascular = AnyOf(label=_l("Blood vessels"), choices=choices.VASCULAR, required=True)
    vascular_text = Text(label=_l("Blood vessels, other"), shown_when=chosen("vascular", "4"))
    eye = AnyOf(label=_l("Eyes"), choices=choices.EYE, required=True)
    eye_text = Text(label=_l("Eyes, other"), shown_when=chosen("eye", "5"))
    neuro = OneOf(label=_l("Nervous system"), choices=choices.FOUND, required=True)
    neuro_text = Text(label=_l("Nervous system: what"), shown_when=chosen("neuro", "2"))
    other_system = OneOf(label=_l("Other systems"), choices=choices.FOUND, required=True)
    other_system_text = Text(label=_l("Other systems: what"), shown_when=chosen("other_system", "2"))


class Care(Form):
    """Care within the last twelve months."""

    section = _l("Care and medicines so far")

    hospital_stays = Rows(label=_l("Stays in hospital"), row=Stay, most=10)
    home_beds = Rows(label=_l("Beds at home"), row=Stay, most=10)
    medications = Rows(label=_l("Main medicines"), row=ExamMedication, carried=True)
    non_nip_vaccines = Rows(label=_l("Vaccines outside the national programme"), row=OtherVaccine)


class Results(Form):
    """Evaluation and guidance."""

    section = _l("Result and advice")

    health_evaluation = OneOf(label=_l("Evaluation"), choices=choices.EVALUATION, required=True)
    abnormal_1 = Text(label=_l("Abnormal, first"), shown_when=ABNORMAL, printed_with="health_evaluation")
    abnormal_2 = Text(label=_l("Abnormal, second"), shown_when=ABNORMAL, printed_with="health_evaluation")
    abnormal_3 = Text(label=_l("Abnormal, third"), shown_when=ABNORMAL, printed_with="health_evaluation")
    abnormal_4 = Text(label=_l("Abnormal, fourth"), shown_when=ABNORMAL, printed_with="health_evaluation")
    health_guidance = AnyOf(label=_l("Guidance"), choices=choices.GUIDANCE, required=True)
    risk_control = AnyOf(label=_l("Risk factors to control"), choices=choices.RISK_CONTROL, required=True)
    risk_control_weight_target = Number(
        label=_l("Target weight"),
        unit="kg",
        limits="weight",
        shown_when=chosen("risk_control", "5"),
        printed_with="risk_control",
    )
    risk_control_vaccines = Text(
        label=_l("Which vaccines"), shown_when=chosen("risk_control", "6"), printed_with="risk_control"
    )
    risk_control_text = Text(label=_l("Risk factors, other"), shown_when=chosen("risk_control", "7"))
    exam_groups = AnyOf(
        label=_l("Yearly examination of these groups"), choices=choices.EXAM_GROUP, carried=True, added=True
    )
