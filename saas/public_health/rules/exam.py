"""Advice of the health examination (§1.3.2), screening of older people, and completeness (§1.3.3)."""

from __future__ import annotations

import datetime
import decimal
import typing

from saas.formkit.findings import Finding, advising, asking, emergency
from saas.formkit.rules import visits
from saas.public_health.rules import body, diabetes, followup, hypertension, screening

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

Decimal = decimal.Decimal
SOURCE = "exam-advice"
POSITIVE, YES = "2", "2"
SIDES_APART = 20
"""mmHg between the systolic pressures of both arms from which it is told."""
CHOLESTEROL, LDL, TRIGLYCERIDE = Decimal("6.2"), Decimal("4.1"), Decimal("2.3")
"""mmol/L from which blood lipids are rechecked or referred (guideline values)."""
HEMOGLOBIN_MEN, HEMOGLOBIN_WOMEN = 120, 110
"""g/L below which it is anaemia."""
ALT_LIMIT, CREATININE_LIMIT = Decimal(50), Decimal(111)
"""Upper limits in U/L and μmol/L where the laboratory's own are not typed (unsure)."""
ABSOLUTELY_IRREGULAR = "3"
OLDER = 65
MANY_MEDICINES = 4
LOW_VISION = Decimal("4.8")
DIZZINESS = "3"
DEPENDENT = "4"
LEFT = ("bp_left_systolic", "bp_left_diastolic")
RIGHT = ("bp_right_systolic", "bp_right_diastolic")

BODY = ("lips", "teeth", "throat", "vision_left", "vision_right", "hearing", "motor_function")
SETS = {
    "1": (
        "self_health_rating", "self_care_level", "cognition_screen", "emotion_screen", "hemoglobin", "wbc",
        "platelet", "urine_protein", "urine_glucose", "urine_ketone", "urine_occult_blood", "alt", "ast",
        "total_bilirubin", "creatinine", "blood_urea", "fasting_glucose", "total_cholesterol",
        "triglyceride", "ldl_c", "hdl_c", "ecg", "ultrasound_abdomen",
    ),
    "2": BODY,
    "3": (*BODY, "dorsalis_pedis", "fasting_glucose"),
}  # fmt: skip
"""What each group's examination holds beyond the required fields (§1.3.3)."""


def left_is_in_order(*, bp_left_systolic: int | None, bp_left_diastolic: int | None) -> Finding | None:
    """Left arm: the systolic pressure is above the diastolic one."""
    return visits.above(bp_left_systolic, bp_left_diastolic, *LEFT)


def right_is_in_order(*, bp_right_systolic: int | None, bp_right_diastolic: int | None) -> Finding | None:
    """Right arm: the systolic pressure is above the diastolic one."""
    return visits.above(bp_right_systolic, bp_right_diastolic, *RIGHT)


def left_lies_apart(*, bp_left_systolic: int | None, bp_left_diastolic: int | None) -> Finding | None:
    """Left arm: a difference under 15 or over 120 mmHg asks once."""
    return visits.apart(bp_left_systolic, bp_left_diastolic, *LEFT)


def right_lies_apart(*, bp_right_systolic: int | None, bp_right_diastolic: int | None) -> Finding | None:
    """Right arm: a difference under 15 or over 120 mmHg asks once."""
    return visits.apart(bp_right_systolic, bp_right_diastolic, *RIGHT)


def left_emergency(*, bp_left_systolic: int | None, bp_left_diastolic: int | None) -> Finding | None:
    """SBP ≥ 180 or DBP ≥ 110 mmHg at the left arm is an emergency at any examination."""
    if not hypertension.is_dangerous(bp_left_systolic, bp_left_diastolic):
        return None
    return emergency("pressure-emergency", *LEFT, source=hypertension.SOURCE)


def right_emergency(*, bp_right_systolic: int | None, bp_right_diastolic: int | None) -> Finding | None:
    """SBP ≥ 180 or DBP ≥ 110 mmHg at the right arm is an emergency at any examination."""
    if not hypertension.is_dangerous(bp_right_systolic, bp_right_diastolic):
        return None
    return emergency("pressure-emergency", *RIGHT, source=hypertension.SOURCE)


def same_day(
    *, earlier: tuple[followup.EarlierRecord, ...], visit_on: datetime.date | None
) -> Finding | None:
    """A second examination of one day asks (§15, project)."""
    return visits.signed_already(earlier, visit_on, "exam_date")


def arms_differ(*, bp_left_systolic: int | None, bp_right_systolic: int | None) -> Finding | None:
    """A difference of 20 mmHg and more between the arms' systolic pressures is told."""
    if bp_left_systolic is None or bp_right_systolic is None:
        return None
    if abs(bp_left_systolic - bp_right_systolic) < SIDES_APART:
        return None
    return advising("arms-differ", LEFT[0], RIGHT[0], source=SOURCE)


def raised_pressure(
    *,
    bp_left_systolic: int | None,
    bp_left_diastolic: int | None,
    bp_right_systolic: int | None,
    bp_right_diastolic: int | None,
) -> Finding | None:
    """140/90 mmHg and more at either arm, if not known as hypertension: measure on other days (§7)."""
    left = screening.is_raised(bp_left_systolic, bp_left_diastolic)
    right = screening.is_raised(bp_right_systolic, bp_right_diastolic)
    fields = (*(LEFT if left else ()), *(RIGHT if right else ()))
    return advising("exam-pressure-raised", *fields, source=SOURCE) if fields else None


def high_glucose(*, fasting_glucose: Decimal | None) -> Finding | None:
    """Fasting glucose ≥ 16.7 mmol/L is an emergency at any examination."""
    if not diabetes.is_high(fasting_glucose):
        return None
    return emergency("glucose-high", "fasting_glucose", source=diabetes.SOURCE)


def low_glucose(*, fasting_glucose: Decimal | None) -> Finding | None:
    """Fasting glucose ≤ 3.9 mmol/L is an emergency: sugar now, measure again after 15 minutes."""
    if not diabetes.is_low(fasting_glucose):
        return None
    return emergency("glucose-low", "fasting_glucose", source=diabetes.SOURCE)


def raised_glucose(*, fasting_glucose: Decimal | None) -> Finding | None:
    """Fasting glucose ≥ 7.0 mmol/L: repeat, or refer to confirm diabetes."""
    if fasting_glucose is None or fasting_glucose < diabetes.LIMIT:
        return None
    return advising("exam-glucose-raised", "fasting_glucose", source=SOURCE)


def cholesterol(*, total_cholesterol: Decimal | None) -> Finding | None:
    """Total cholesterol ≥ 6.2 mmol/L: recheck or refer."""
    return _from(total_cholesterol, CHOLESTEROL, "total_cholesterol")


def low_density(*, ldl_c: Decimal | None) -> Finding | None:
    """LDL cholesterol ≥ 4.1 mmol/L: recheck or refer."""
    return _from(ldl_c, LDL, "ldl_c")


def triglycerides(*, triglyceride: Decimal | None) -> Finding | None:
    """Triglyceride ≥ 2.3 mmol/L: recheck or refer."""
    return _from(triglyceride, TRIGLYCERIDE, "triglyceride")


def _from(value: Decimal | None, limit: Decimal, name: str) -> Finding | None:
    if value is None or value < limit:
        return None
    return advising("lipids-raised", name, source=SOURCE, field=f"field:{name}", limit=limit)


def anaemia(*, hemoglobin: int | None, sex_code: str | None) -> Finding | None:
    """Haemoglobin under 120 g/L in men, under 110 g/L in women: work up the anaemia."""
    limit = HEMOGLOBIN_MEN if sex_code == body.MALE else HEMOGLOBIN_WOMEN
    if hemoglobin is None or hemoglobin >= limit:
        return None
    return advising("anaemia", "hemoglobin", source=SOURCE, limit=limit)


def liver(*, alt: Decimal | None, alt_upper_limit: Decimal | None) -> Finding | None:
    """ALT above twice the laboratory's upper limit: recheck or refer."""
    limit = 2 * (alt_upper_limit or ALT_LIMIT)
    if alt is None or alt <= limit:
        return None
    source = SOURCE if alt_upper_limit else "exam-limit"
    return advising("laboratory-raised", "alt", source=source, field="field:alt", limit=limit)


def kidneys(*, creatinine: Decimal | None, creatinine_upper_limit: Decimal | None) -> Finding | None:
    """Creatinine above the laboratory's upper limit: recheck or refer."""
    limit = creatinine_upper_limit or CREATININE_LIMIT
    if creatinine is None or creatinine <= limit:
        return None
    source = SOURCE if creatinine_upper_limit else "exam-limit"
    return advising("laboratory-raised", "creatinine", source=source, field="field:creatinine", limit=limit)


def irregular_heart(*, rhythm: str | None) -> Finding | None:
    """An absolutely irregular rhythm and no known atrial fibrillation: refer."""
    if rhythm != ABSOLUTELY_IRREGULAR:
        return None
    return advising("rhythm-irregular", "rhythm", source=SOURCE)


def cognition(*, cognition_screen: str | None, mmse_score: int | None) -> Finding | None:
    """A positive screening of cognition is followed by the full test and its score; refer."""
    if cognition_screen != POSITIVE:
        return None
    return advising("cognition-positive", "cognition_screen", source="exam-scales", score=_score(mmse_score))


def emotion(*, emotion_screen: str | None, gds_score: int | None) -> Finding | None:
    """A positive screening of mood is followed by the full scale and its score; support and refer."""
    if emotion_screen != POSITIVE:
        return None
    return advising("emotion-positive", "emotion_screen", source="exam-scales", score=_score(gds_score))


def _score(score: int | None) -> str:
    return "–" if score is None else str(score)


def falls(  # noqa: PLR0913 - one argument per answer
    *,
    age: int | None,
    motor_function: str | None,
    symptoms: tuple[str, ...],
    medications: Sequence[object],
    vision_left: Decimal | None,
    vision_right: Decimal | None,
) -> Finding | None:
    """From 65 years: motor function 2, dizziness, four medicines or vision under 4.8: advise about falls."""
    if age is None or age < OLDER:
        return None
    seen = [sight for sight in (vision_left, vision_right) if sight is not None]
    fields = [
        name
        for name, risky in {
            "motor_function": motor_function == YES,
            "symptoms": DIZZINESS in symptoms,
            "medications": len(medications) >= MANY_MEDICINES,
            "vision_left": bool(seen) and max(seen) < LOW_VISION,
        }.items()
        if risky
    ]
    return advising("falls", *fields, source="elderly-project") if fields else None


def home_visit(*, self_care_level: str | None) -> Finding | None:
    """Somebody who is dependent is visited at home."""
    if self_care_level != DEPENDENT:
        return None
    return advising("visit-at-home", "self_care_level", source="elderly")


def evaluation_agrees(*, health_evaluation: str | None, abnormal_1: str | None) -> Finding | None:
    """An examination with something abnormal says what it is; one without says nothing."""
    if health_evaluation == "2" and not abnormal_1:
        return asking("abnormal-unsaid", "abnormal_1", source="exam")
    if health_evaluation == "1" and abnormal_1:
        return asking("abnormal-said", "health_evaluation", "abnormal_1", source="exam")
    return None


def groups(*, year_age: int | None, exam_groups: tuple[str, ...]) -> tuple[str, ...]:
    """The groups whose examination this is: those ticked, and older people from their 65th year on."""
    older = ("1",) if year_age is not None and year_age >= OLDER else ()
    return tuple(sorted({*exam_groups, *older}))


def missing(
    *, computed_groups: tuple[str, ...] | None, unanswered: frozenset[str], wanting: frozenset[str]
) -> list[str]:
    """Required fields, and those of the groups' sets, that have neither a value nor a reason."""
    wanted = {name for group in computed_groups or () for name in SETS[group]}
    return sorted(wanting | (wanted & unanswered))


def complete(*, computed_exam_missing: list[str] | None) -> bool:
    """All required fields and the groups' sets are present or have a reason for their absence (§1.3.3)."""
    return not computed_exam_missing
