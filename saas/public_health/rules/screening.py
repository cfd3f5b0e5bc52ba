"""Finding hypertension: raised readings on different days, risk factors, when to measure again (§7.1)."""

from __future__ import annotations

import datetime
import typing

from saas.formkit.findings import Finding, advising, asking, blocking, emergency
from saas.formkit.rules import days, visits
from saas.public_health.rules import hypertension

if typing.TYPE_CHECKING:
    from saas.public_health.rules.followup import EarlierRecord

SOURCE = "ht-screening"
SCREENED_FROM = 35
RISK_AGE = 55
RAISED = (140, 90)
"""mmHg from which a clinic reading is raised."""
HIGH_NORMAL = (130, 85)
DAYS_TO_CONFIRM = 3
RECHECK_DAYS, REFERRED_DAYS, RISK_MONTHS = 28, 14, 6
CLINIC = "clinic"
HOME_TARGET = (135, 85)


def is_raised(systolic: int | None, diastolic: int | None) -> bool:
    """SBP ≥ 140 and/or DBP ≥ 90 mmHg, at any age."""
    return _reaches(systolic, diastolic, RAISED)


def _reaches(systolic: int | None, diastolic: int | None, limits: tuple[int, int]) -> bool:
    return (systolic is not None and systolic >= limits[0]) or (
        diastolic is not None and diastolic >= limits[1]
    )


def raised_days(
    *,
    systolic: int | None,
    diastolic: int | None,
    place: str | None,
    visit_on: datetime.date | None,
    earlier: tuple[EarlierRecord, ...],
) -> int | None:
    """On how many different days running, this one included, a clinic reading was raised.

    Only clinic readings count; a day that was not raised ends the row (project).
    """
    if visit_on is None or systolic is None or diastolic is None or place not in {None, CLINIC}:
        return None
    if not is_raised(systolic, diastolic):
        return 0
    raised = {visit_on}
    for record in earlier:
        if record.recorded("place") not in {None, CLINIC}:
            continue
        if not _was_raised(record):
            break
        raised.add(record.service_date)
    return len(raised)


def _was_raised(record: EarlierRecord) -> bool:
    systolic, diastolic = record.recorded("systolic"), record.recorded("diastolic")
    return is_raised(
        systolic if isinstance(systolic, int) else None, diastolic if isinstance(diastolic, int) else None
    )


def has_risk(
    *,
    systolic: int | None,
    diastolic: int | None,
    place: str | None,
    age: int | None,
    risk_factors: tuple[str, ...],
) -> bool:
    """Any of six risk factors.

    SBP 130–139 or DBP 85–89 mmHg; overweight or a large waist; hypertension among close relatives; salty
    food or much alcohol for long; 55 years or older.
    """
    high_normal = place in {None, CLINIC} and _reaches(systolic, diastolic, HIGH_NORMAL)
    return high_normal or bool(risk_factors) or (age is not None and age >= RISK_AGE)


def pressure_emergency(*, systolic: int | None, diastolic: int | None) -> Finding | None:
    """SBP ≥ 180 or DBP ≥ 110 mmHg at any reading: treat, refer urgently."""
    if not hypertension.is_dangerous(systolic, diastolic):
        return None
    return emergency("pressure-emergency", "systolic", "diastolic", source=hypertension.SOURCE)


def screened(*, computed_raised_days: int | None) -> Finding | None:
    """First raised reading: remove causes, measure on another day. Raised on three: refer to confirm."""
    if not computed_raised_days:
        return None
    if computed_raised_days >= DAYS_TO_CONFIRM:
        return advising("probable-hypertension", "systolic", "diastolic", source=SOURCE)
    count = str(computed_raised_days)
    return advising("raised-recheck", "systolic", "diastolic", source=SOURCE, count=count)


def half_yearly(*, computed_raised_days: int | None, computed_has_risk: bool | None) -> Finding | None:
    """Any risk factor: measure the pressure every six months, with guidance."""
    if computed_raised_days or not computed_has_risk:
        return None
    return advising("risk-half-yearly", "risk_factors", source=SOURCE)


def home_goal(*, place: str | None, systolic: int | None, diastolic: int | None) -> Finding | None:
    """Readings at home do not classify; 135/85 mmHg and more there is told as a hint."""
    if place in {None, CLINIC} or not _reaches(systolic, diastolic, HOME_TARGET):
        return None
    return advising("home-raised", "systolic", "diastolic", source="ht-home")


def systolic_exceeds_diastolic(*, systolic: int | None, diastolic: int | None) -> Finding | None:
    """The systolic pressure is above the diastolic one (§0.7)."""
    return visits.above(systolic, diastolic, "systolic", "diastolic")


def pressures_lie_apart(*, systolic: int | None, diastolic: int | None) -> Finding | None:
    """A difference under 15 or over 120 mmHg asks once (§0.7)."""
    return visits.apart(systolic, diastolic, "systolic", "diastolic")


def next_reading(
    *,
    visit_on: datetime.date | None,
    systolic: int | None,
    diastolic: int | None,
    computed_raised_days: int | None,
    computed_has_risk: bool | None,
) -> datetime.date | None:
    """Probable hypertension or an emergency: 14 days. Raised: within 28 days (project). At risk: 6 months."""
    if visit_on is None:
        return None
    confirmed = (computed_raised_days or 0) >= DAYS_TO_CONFIRM
    if confirmed or hypertension.is_dangerous(systolic, diastolic):
        return days.days_later(visit_on, REFERRED_DAYS)
    if computed_raised_days:
        return days.days_later(visit_on, RECHECK_DAYS)
    return days.months_later(visit_on, RISK_MONTHS) if computed_has_risk else None


def consent_is_given(*, consent: bool | None) -> Finding | None:
    """Enrolment is voluntary: without the person's consent nobody is enrolled."""
    return blocking("no-consent", "consent", source="ht-enrolment") if consent is False else None


def is_primary(*, primary: bool | None) -> Finding | None:
    """Only primary hypertension is managed here; suspected secondary hypertension is referred."""
    return advising("refer-secondary", "primary", source=SOURCE) if primary is False else None


def targets_in_order(*, target_systolic: int | None, target_diastolic: int | None) -> Finding | None:
    """The agreed systolic pressure is above the diastolic one (§0.7)."""
    return visits.above(target_systolic, target_diastolic, "target_systolic", "target_diastolic")


def old_enough(*, age: int | None) -> Finding | None:
    """The service is for residents of 35 years and older."""
    if age is None or age >= SCREENED_FROM:
        return None
    return asking("under-35", "enrolled_on", source="ht-enrolment", age=age)


def enrolled_after_confirmed(
    *, confirmed_on: datetime.date | None, enrolled_on: datetime.date | None
) -> Finding | None:
    """Enrolment follows the confirmed diagnosis."""
    if confirmed_on is None or enrolled_on is None or confirmed_on <= enrolled_on:
        return None
    return blocking("enrolled-before-confirmed", "enrolled_on", source="ht-enrolment", day=confirmed_on)


def ended_after_enrolled(
    *, enrolled_on: datetime.date | None, ended_on: datetime.date | None
) -> Finding | None:
    """Management ends after it began."""
    if enrolled_on is None or ended_on is None or ended_on >= enrolled_on:
        return None
    return blocking("ended-before-enrolled", "ended_on", source="ht-enrolment", day=enrolled_on)
