"""Hypertension and diabetes follow-ups share: class, twice running, referral, next date (§7.3, §8.2)."""

from __future__ import annotations

import datetime
import typing

from saas.formkit.findings import Finding, advising, asking, emergency
from saas.formkit.rules import days, visits

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

CONTROLLED, UNCONTROLLED, ADVERSE, COMPLICATED = "1", "2", "3", "4"
"""The form's classes; the most severe one holds."""
NOT_REFERRED, REFERRED = "1", "2"
URGENT, ADVISED = "emergency", "advised"
YES = "2"
RECHECK_DAYS = 14
QUARTER_MONTHS = 3
LOOK_BACK_MONTHS = 6
"""The previous record counts up to and including so many months back (project)."""


class EarlierRecord(typing.Protocol):
    """An earlier signed record of the same form."""

    @property
    def service_date(self) -> datetime.date:
        """Its day."""

    def answered(self, name: str) -> object:
        """What was recorded under a name."""

    def recorded(self, name: str) -> object:
        """What was recorded under a name, or computed where nothing was recorded."""


def previous_class(*, earlier: tuple[EarlierRecord, ...], visit_on: datetime.date | None) -> str | None:
    """The class recorded at the last earlier visit, if that was at most six months before this one."""
    last = _last(earlier)
    since = days.months_later(visit_on, -LOOK_BACK_MONTHS) if visit_on else None
    if last is None or since is None or last.service_date < since:
        return None
    found = last.recorded("followup_class")
    return found if isinstance(found, str) else None


def _last(earlier: Sequence[EarlierRecord]) -> EarlierRecord | None:
    return max(earlier, key=lambda record: record.service_date, default=None)


def same_day(*, earlier: tuple[EarlierRecord, ...], visit_on: datetime.date | None) -> Finding | None:
    """Two doctors at one visit would count it twice: a second record of one day asks (§15, project)."""
    return visits.signed_already(earlier, visit_on, "service_date")


def complication_class(*, complication: str | None) -> str | None:
    """Class 4 if there is a new complication or an old one became worse."""
    return COMPLICATED if complication == YES else None


def adverse_class(*, adverse_reaction: str | None) -> str | None:
    """Class 3 if there is an adverse reaction to a medicine."""
    return ADVERSE if adverse_reaction == YES else None


def recorded_class(*, followup_class: str | None, computed_followup_class: str | None) -> str | None:
    """The doctor's class where one is recorded, otherwise the computed one; dates and counts use it."""
    return followup_class or computed_followup_class


def class_differs(*, followup_class: str | None, computed_followup_class: str | None) -> Finding | None:
    """A class other than the computed one is possible and wants a reason; the computed one stays visible."""
    if not followup_class or not computed_followup_class or followup_class == computed_followup_class:
        return None
    return asking(
        "class-differs", "followup_class", source="followup-class",
        computed=f"choice:followup_class:{computed_followup_class}",
    )  # fmt: skip


def is_second_time(now: str | None, previous: str | None) -> bool:
    """Now 2 or 3, and 2, 3 or 4 at the previous visit: not controlled twice running, or not resolved."""
    return now in {UNCONTROLLED, ADVERSE} and previous in {UNCONTROLLED, ADVERSE, COMPLICATED}


def first_time(*, computed_recorded_class: str | None, computed_previous_class: str | None) -> Finding | None:
    """First time in class 2 or 3: check adherence, adjust dose or medicine, recheck within 14 days."""
    if computed_recorded_class not in {UNCONTROLLED, ADVERSE}:
        return None
    if is_second_time(computed_recorded_class, computed_previous_class):
        return None
    return advising("check-adherence", "adherence", "next_due_date", source="followup-next")


def referral_urgency(
    *,
    computed_emergency: bool | None,
    computed_recorded_class: str | None,
    computed_previous_class: str | None,
) -> str | None:
    """Emergency: refer urgently. Class 4, or 2 or 3 for the second time: refer."""
    if computed_emergency:
        return URGENT
    second = is_second_time(computed_recorded_class, computed_previous_class)
    return ADVISED if second or computed_recorded_class == COMPLICATED else None


def referral_advised(*, computed_referral_urgency: str | None) -> str:
    """The form's own code: 1 none, 2 yes."""
    return REFERRED if computed_referral_urgency else NOT_REFERRED


def refer(
    *,
    computed_emergency: bool | None,
    computed_recorded_class: str | None,
    computed_previous_class: str | None,
) -> Finding | None:
    """Refer, and contact the person within 14 days; in an emergency at once."""
    fields = ("referral_advised", "referral_urgency")
    if computed_emergency:
        return emergency("refer-urgently", *fields, source="followup-next")
    if computed_recorded_class == COMPLICATED:
        return advising("refer-complication", *fields, source="followup-next")
    if is_second_time(computed_recorded_class, computed_previous_class):
        return advising("refer-second-time", *fields, source="followup-next")
    return None


def referral_is_followed(
    *, referral_advised: str | None, computed_referral_advised: str | None
) -> Finding | None:
    """The rules advise a referral and the form says none: possible, with the reason noted."""
    if referral_advised != NOT_REFERRED or computed_referral_advised != REFERRED:
        return None
    return asking("referral-not-made", "referral_advised", source="followup-next")


def next_due(
    *,
    visit_on: datetime.date | None,
    computed_emergency: bool | None,
    computed_recorded_class: str | None,
    death_date: datetime.date | None,
) -> datetime.date | None:
    """Class 1: three months later. Class 2, 3, 4 or any emergency: 14 days later. After a death: none."""
    if visit_on is None or death_date is not None:
        return None
    if computed_emergency or computed_recorded_class in {UNCONTROLLED, ADVERSE, COMPLICATED}:
        return days.days_later(visit_on, RECHECK_DAYS)
    if computed_recorded_class == CONTROLLED:
        return days.months_later(visit_on, QUARTER_MONTHS)
    return None


def sign_emergency(*, danger_signs: tuple[str, ...]) -> Finding | None:
    """Any sign of danger on the norm's list is an emergency: treat, refer urgently."""
    if not danger_signs:
        return None
    return emergency("danger-sign", "danger_signs", "referral_advised", source="followup-emergency")


class Reading(typing.Protocol):
    """One row of pressures."""

    @property
    def systolic(self) -> int | None:
        """Upper pressure in mmHg."""

    @property
    def diastolic(self) -> int | None:
        """Lower pressure in mmHg."""


def readings_in_order(*, bp_readings: tuple[Reading, ...]) -> Finding | None:
    """In each single reading the systolic pressure is above the diastolic one (§0.7)."""
    found = (visits.above(row.systolic, row.diastolic, "bp_readings") for row in bp_readings)
    return next((one for one in found if one is not None), None)


def readings_agree(
    *, bp_readings: tuple[Reading, ...], systolic_bp: int | None, diastolic_bp: int | None
) -> Finding | None:
    """The value used is the mean of the last two of at least two readings 1–2 minutes apart (project)."""
    pairs = [
        (row.systolic, row.diastolic)
        for row in bp_readings
        if row.systolic is not None and row.diastolic is not None
    ]
    if len(pairs) < 2 or systolic_bp is None or diastolic_bp is None:  # noqa: PLR2004 - two readings
        return None
    (first_s, first_d), (last_s, last_d) = pairs[-2:]
    means = visits.mean(first_s, last_s), visits.mean(first_d, last_d)
    if means == (systolic_bp, diastolic_bp):
        return None
    return asking(
        "mean-differs", "systolic_bp", "diastolic_bp", source="kit", systolic=means[0], diastolic=means[1]
    )
