"""Self-care of older people (老年人生活自理能力评估表, §6)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.formkit.declaring import Computed, Form
from saas.formkit.kinds import Calculated, Day, OneOf
from saas.formkit.rules import visits
from saas.public_health import choices, exam_choices, self_care
from saas.public_health.forms import parts
from saas.public_health.messages import card
from saas.public_health.rules import elderly


class ElderlySelfCare(Form):
    """Five items, each with the level that was chosen: two levels can have the same score."""

    service_date = Day(label=_l("Visit date"), required=True, past=True)
    meal = OneOf(label=_l("Eating"), choices=choices.SELF_CARE_WITHOUT_MILD, required=True)
    grooming = OneOf(label=_l("Washing and grooming"), choices=choices.SELF_CARE, required=True)
    dressing = OneOf(label=_l("Dressing"), choices=choices.SELF_CARE_WITHOUT_MILD, required=True)
    toileting = OneOf(label=_l("Using the toilet"), choices=choices.SELF_CARE, required=True)
    mobility = OneOf(label=_l("Moving about"), choices=choices.SELF_CARE, required=True)
    self_care_score = Calculated(label=_l("Total score"), limits="self_care_score")
    next_due_date = Day(label=_l("Next visit date"), added=True)
    doctor = parts.Signed.doctor

    about = card(
        code="elderly_self_care",
        title=_l("Self-care of older people"),
        source="§6",
        grid=self_care.GRID,
        contradictions=(visits.next_visit_is_later,),
        computed=(
            Computed("self_care_score", (elderly.self_care_score,), _l("Total score")),
            Computed(
                "self_care_level",
                (elderly.self_care_level,),
                _l("Level of self-care"),
                choices=exam_choices.SELF_CARE_LEVEL,
            ),
        ),
        checks=(elderly.home_visit, elderly.not_yet_due),
    )
