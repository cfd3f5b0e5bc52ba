"""Health examination (健康体检表, §1.3): one yearly examination serves several groups."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.formkit.declaring import Computed, Form
from saas.formkit.kinds import Day, Reference
from saas.formkit.rules import visits
from saas.public_health import choices
from saas.public_health.forms import parts
from saas.public_health.forms.exam import general, laboratory, lifestyle, organs, results
from saas.public_health.messages import card
from saas.public_health.rules import body, diabetes, exam


class _Head(Form):
    """Day and doctor."""

    exam_date = Day(label=_l("Date of the examination"), required=True, past=True)
    responsible_doctor = Reference(label=_l("Responsible doctor"), required=True, demanded=False)


class _NextExam(parts.NextVisit, closing=True):
    """What the paper of the examination has no row for."""

    next_due_date = Day(label=_l("Next visit date"), required=True, demanded=False, added=True)


class HealthExam(
    _Head, general.Symptoms, general.General, general.Older, lifestyle.Lifestyle, organs.Organs,
    organs.Body, organs.Consented, laboratory.Blood, laboratory.Chemistry, laboratory.Pictures,
    results.Problems, results.Care, results.Results, _NextExam,
):  # fmt: skip
    """For older people and those with hypertension or diabetes each year; others may use it."""

    about = card(
        code="health_exam",
        title=_l("Health examination"),
        source="§1.3",
        visit_day="exam_date",
        signature="responsible_doctor",
        contradictions=(
            visits.next_visit_is_later,
            exam.left_is_in_order,
            exam.right_is_in_order,
            body.bmi_of_exam_is_possible,
        ),
        alarms=(exam.left_emergency, exam.right_emergency, exam.high_glucose, exam.low_glucose),
        computed=(
            Computed("bmi", (body.bmi_of_exam,), _l("Body mass index")),
            Computed("bmi_band", (body.bmi_band,), _l("Weight for height"), choices=choices.BMI_BAND),
            Computed("groups", (exam.groups,), tolerant=True, told=False),
            Computed("exam_missing", (exam.missing,), _l("Still missing"), tolerant=True),
            Computed("exam_complete", (exam.complete,), _l("The examination is complete"), tolerant=True),
        ),
        checks=(
            exam.same_day,
            body.bmi_is_plausible,
            body.sent_bmi_agrees,
            body.weight_guidance,
            exam.left_lies_apart,
            exam.right_lies_apart,
            exam.arms_differ,
            exam.raised_pressure,
            exam.raised_glucose,
            diabetes.impaired,
            exam.cholesterol,
            exam.low_density,
            exam.triglycerides,
            exam.anaemia,
            exam.liver,
            exam.kidneys,
            exam.irregular_heart,
            exam.cognition,
            exam.emotion,
            exam.falls,
            exam.home_visit,
            exam.evaluation_agrees,
        ),
    )
