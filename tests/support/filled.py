"""Complete answers of the chronic follow-ups, for tests that change one thing."""

from __future__ import annotations

import datetime
import typing

from saas.app import FORMS
from saas.formkit.evaluating import Evaluation, evaluate

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from saas.formkit.declaring import Form

BY_CODE: dict[str, type[Form]] = {form.about.code: form for form in FORMS}
DAY = datetime.date(2026, 3, 5)
AGED_58 = {"birth_date": "1967-06-01", "sex_code": "1"}
AGED_68 = {"birth_date": "1957-06-01", "sex_code": "2"}

_VISIT: dict[str, object] = {
    "service_date": "2026-03-05",
    "visit_mode": "1",
    "symptoms": ["1"],
    "systolic_bp": 128,
    "diastolic_bp": 82,
    "cigarettes_per_day": 0,
    "alcohol_liang_per_day": 0,
    "exercise_per_week": 3,
    "exercise_minutes": 30,
    "mental_adjustment": "1",
    "compliance": "1",
    "adherence": "1",
    "adverse_reaction": "1",
}
HYPERTENSION: dict[str, object] = _VISIT | {"heart_rate": 72, "salt": "1"}
DIABETES: dict[str, object] = _VISIT | {
    "staple_food_g": 300,
    "dorsalis_pedis": "1",
    "fasting_glucose": "6.0",
    "hypoglycaemia": "1",
}
COMPLETE = {"ht_followup": HYPERTENSION, "dm_followup": DIABETES}


def told(
    code: str,
    changes: Mapping[str, object] | None = None,
    *,
    resident: object = AGED_58,
    earlier: object = None,
    today: datetime.date = DAY,
) -> Evaluation:
    """The evaluation of complete answers with changes; a change to None leaves the answer out."""
    answers = COMPLETE[code] | dict(changes or {})
    kept = {name: answer for name, answer in answers.items() if answer is not None}
    return evaluate(BY_CODE[code], kept, today=today, resident=resident, earlier=earlier)


def before(code: str, day: str, **changes: object) -> dict[str, object]:
    """An earlier signed record of the form."""
    return {"service_date": day, "answers": COMPLETE[code] | changes}


def kinds(found: Evaluation, kind: str) -> list[str]:
    """The codes of the findings of one kind."""
    return [finding.code for finding in found.findings if finding.kind.value == kind]


def refused(found: Evaluation) -> set[str]:
    """The fields that are refused."""
    return {refusal.field for refusal in found.refusals}
