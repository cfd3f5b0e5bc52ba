"""Forms as a page sends them, and signed records of one clinic, for the tests that walk all routes."""

from __future__ import annotations

import typing

from saas.db import new_id
from saas.formkit import posting, records
from saas.formkit.evaluating import evaluate
from saas.public_health.forms import FORMS
from saas.web import clock

if typing.TYPE_CHECKING:
    import uuid

    from saas.formkit.declaring import Form
    from saas.formkit.models import Record
    from saas.web.keys import ClinicKeys

BY_CODE: dict[str, type[Form]] = {form.about.code: form for form in FORMS}

FOLLOW_UP = {
    "visit_mode": "1",
    "symptoms": "1",
    "systolic_bp": "128",
    "diastolic_bp": "82",
    "weight": "70",
    "heart_rate": "72",
    "cigarettes_per_day": "0",
    "alcohol_liang_per_day": "0",
    "exercise_per_week": "3",
    "exercise_minutes": "30",
    "salt": "1",
    "mental_adjustment": "1",
    "compliance": "1",
    "adherence": "1",
    "adverse_reaction": "1",
}
DIABETES = {
    "dm_symptoms": "1",
    "dorsalis_pedis": "1",
    "staple_food_g": "300",
    "fasting_glucose": "6.2",
    "hypoglycaemia": "1",
}
"""What a joint visit asks beside them."""
EDUCATION = {
    "held_at": "2026-03-05 09:10",
    "place": "CANARY of one's own",
    "form": "lecture",
    "topic": "CANARY of one's own",
    "organizer": "CANARY of one's own",
    "audience_type": "CANARY of one's own",
    "audience_count": "12",
    "content": "CANARY of one's own",
    "evaluation": "CANARY of one's own",
}


def signed(
    code: str, texts: dict[str, str], place: records.Signature, keys: ClinicKeys, of: uuid.UUID | None
) -> Record:
    """A record signed without a page."""
    form = BY_CODE[code]
    raw = posting.raw_answers(form, {name: [text] for name, text in texts.items()})
    found = evaluate(form, raw, today=clock.today())
    assert found.refusals == (), found.refusals
    record = records.sign(found, place, keys, resident_id=of)
    assert record is not None
    return record


def signature(by: uuid.UUID, site_id: uuid.UUID) -> records.Signature:
    """This person, now, by a form of its own."""
    return records.Signature(by, site_id, clock.now(), new_id())
