"""Figures of hypertension and type 2 diabetes: managed to the standard, controlled (§7.5, §8.3).

Each function gives None for somebody who does not belong into the denominator, nothing for somebody in the
numerator, and otherwise the codes of what the clinic still owes or did not reach.
"""

from __future__ import annotations

import typing

from saas.public_health.rules import due_days
from saas.public_health.rules import due_measures as says
from saas.public_health.rules.due_facts import DIABETES, HYPERTENSION, Enrolment, SignedRecord
from saas.public_health.rules.indicators_record import missing_of_exam

if typing.TYPE_CHECKING:
    import datetime

    from saas.public_health.rules.indicators_facts import Seen

    Missing = tuple[str, ...] | None

NO_FOLLOWUP, CONTACT_LOST, NOT_MEASURED = "no_followup", "contact_lost", "not_measured"
NOT_CONTROLLED = "not_controlled"
OLDER = 65
LIMITS, LIMITS_OLDER = (140, 90), (150, 90)
"""mmHg below which the pressure is controlled; the second from 65 completed years on the visit's day."""


def hypertension_standard(seen: Seen) -> Missing:
    """规范管理率: face to face in each full quarter of management, and the yearly examination (§7.5)."""
    return _standard(seen, HYPERTENSION, says.HT_FOLLOWUP)


def diabetes_standard(seen: Seen) -> Missing:
    """规范管理率 of type 2 diabetes, by the same rule (§8.3)."""
    return _standard(seen, DIABETES, says.DM_FOLLOWUP)


def _standard(seen: Seen, programme: str, form: str) -> Missing:
    """At least four a year, one in each quarter managed; who joins or leaves within the year, pro rata."""
    episodes = seen.episodes(programme)
    if not episodes:
        return None
    visits = [one.service_date for one in seen.within(form) if says.is_face_to_face(one)]
    missing = [
        f"no_visit_{quarter.name[-2:].lower()}"
        for quarter in seen.period.full_quarters()
        if any(_holds(one, quarter) for one in episodes) and not any(map(quarter.holds, visits))
    ]
    if seen.period.ends_with_the_year and any(one.runs(seen.period.end) for one in episodes):
        missing += missing_of_exam(seen)
    return tuple(missing)


def _holds(episode: Enrolment, quarter: due_days.Window) -> bool:
    """True when the person was managed on every day of the quarter."""
    ended = episode.ended_on
    return episode.enrolled_on <= quarter.start and (ended is None or ended > quarter.end)


def hypertension_control(seen: Seen) -> Missing:
    """血压控制率: the last follow-up of the period was controlled; lost means not controlled (§7.5)."""
    if not seen.episodes(HYPERTENSION):
        return None
    visits = seen.within(says.HT_FOLLOWUP)
    seen_by_staff = [one for one in visits if says.is_face_to_face(one)]
    return _controlled(visits, seen_by_staff, lambda one: pressure_is_controlled(one, seen.case.person.born))


def pressure_is_controlled(visit: SignedRecord, born: datetime.date | None) -> bool | None:
    """SBP < 140 and DBP < 90 mmHg, from 65 years on the visit's day < 150 and < 90; None: not measured.

    Where the doctor recorded class 1 or 2, it decides (§19a).
    """
    read = says.pressure(visit)
    if read is None:
        return None
    if visit.class_code in _DECIDED:
        return _DECIDED[visit.class_code]
    older = born is not None and due_days.completed_years(born, visit.service_date) >= OLDER
    return not read.reaches(LIMITS_OLDER if older else LIMITS)


_DECIDED = {says.CONTROLLED: True, says.UNCONTROLLED: False}


def diabetes_control(seen: Seen) -> Missing:
    """血糖控制率: fasting glucose < 7.0 mmol/L at the last follow-up; lost means not controlled (§8.3)."""
    if not seen.episodes(DIABETES):
        return None
    visits = seen.within(says.DM_FOLLOWUP)
    known = [one for one in visits if says.is_face_to_face(one) or _told_glucose(one) is not None]
    return _controlled(visits, known, glucose_is_controlled)


def glucose_is_controlled(visit: SignedRecord) -> bool | None:
    """Fasting glucose < 7.0 mmol/L, also from the person's own meter; None: not measured (§8.3, §19a)."""
    value = _told_glucose(visit)
    if value is None:
        return None
    return _DECIDED.get(visit.class_code, value < says.DIABETIC)


def _told_glucose(visit: SignedRecord) -> says.Decimal | None:
    return says.number(visit.answers, "fasting_glucose")


def _controlled(
    visits: list[SignedRecord],
    deciding: list[SignedRecord],
    judge: typing.Callable[[SignedRecord], bool | None],
) -> Missing:
    """The last deciding visit counts, unless contact was lost at the last of all."""
    if not visits or not deciding:
        return (NO_FOLLOWUP,)
    if says.code(visits[-1].answers, "lost_reason"):
        return (CONTACT_LOST,)
    verdict = judge(deciding[-1])
    if verdict is None:
        return (NOT_MEASURED,)
    return () if verdict else (NOT_CONTROLLED,)
