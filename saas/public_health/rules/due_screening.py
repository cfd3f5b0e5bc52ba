"""Duties to people who are in no programme: yearly pressure, people at risk, raised readings (§7.1, §8)."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import typing

from saas.public_health.rules import due_days
from saas.public_health.rules import due_measures as says
from saas.public_health.rules.due_case import Case, Duty, in_window, item
from saas.public_health.rules.due_facts import DIABETES, HYPERTENSION, DueItem, SignedRecord
from saas.public_health.rules.due_table import ADULT_FROM, SCREENED_FROM, rules

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

RISK_AGE, DAYS_TO_CONFIRM = 55, 3
"""Completed years that are a risk by themselves; raised readings on so many days make it probable."""
YEARLY, REPEAT, AT_RISK = "yearly", "raised_reading", "at_risk"


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """The pressure of one day, and on how many days running, this one included, it was raised."""

    record: SignedRecord
    value: says.Pressure
    raised_days: int

    @property
    def on(self) -> datetime.date:
        """The day."""
        return self.record.service_date


def readings(case: Case) -> list[Reading]:
    """One pressure a day as read by staff, oldest first; of several the highest counts.

    A day that was not raised ends the row of raised ones.
    """
    found: list[Reading] = []
    with_values = ((record, says.pressure(record)) for record in case.records)
    known = [(record, value) for record, value in with_values if value]
    for _, group in itertools.groupby(known, key=lambda each: each[0].service_date):
        record, value = max(group, key=lambda each: each[1])
        running = found[-1].raised_days if found else 0
        found.append(Reading(record, value, running + 1 if value.reaches(says.RAISED) else 0))
    return found


def screening_items(case: Case) -> list[DueItem]:
    """What is owed to somebody who is not managed for hypertension, and not for diabetes."""
    found = []
    if case.running(HYPERTENSION) is None:
        read = readings(case)
        found += [*_yearly_pressure(case, read), *_rechecks(case, read), *_half_yearly(case, read)]
    if case.running(DIABETES) is None:
        found += _high_risk_glucose(case)
    return found


def age_day(case: Case, years: int) -> datetime.date | None:
    """The first day on which the person has certainly completed so many years; None without a birth date."""
    born = case.person.born_latest
    return due_days.birthday(born, years) if born else None


def _yearly_pressure(case: Case, read: list[Reading]) -> list[DueItem]:
    """Every resident of 35 years and older: blood pressure once a year, at the first visit of the year."""
    since = age_day(case, SCREENED_FROM)
    if since is None:
        return []
    return in_window(case, rules()["bp_screen_35"], [one.record for one in read], since, YEARLY)


def _rechecks(case: Case, read: list[Reading]) -> Iterator[DueItem]:
    """After SBP ≥ 140 or DBP ≥ 90 mmHg: again on another day, until three days are raised or one is not."""
    rule = rules()["bp_recheck_raised"]
    for one, following in itertools.zip_longest(read, read[1:]):
        if 0 < one.raised_days < DAYS_TO_CONFIRM and _is_remembered(case, following):
            suggested = due_days.days_later(one.on, rule.first_days)
            recorded = one.record.next_due_on if one.record.form_code == says.BP_READING else None
            due_on = min(recorded, suggested) if recorded and recorded > one.on else suggested
            start = due_days.days_later(one.on, 1)
            duty = Duty(one.on.isoformat(), start, due_on, REPEAT, one.record.key)
            yield item(rule, duty, case.today, following.record if following else None)


def _half_yearly(case: Case, read: list[Reading]) -> Iterator[DueItem]:
    """Any one of six risk factors: blood pressure every six months, counted from the last reading.

    Where the risk became known later than that, it is owed from the day on which it was known.
    """
    rule = rules()["bp_high_risk"]
    old_enough, risk = age_day(case, SCREENED_FROM), risk_since(case, read)
    if not read or risk is None or old_enough is None or old_enough > case.today:
        return
    for one, following in itertools.zip_longest(read, read[1:]):
        if one.raised_days or not _is_remembered(case, following):
            continue
        due_on = max(due_days.months_later(one.on, rule.step_months), risk)
        start = due_days.days_later(due_on, -rule.lead_days)
        duty = Duty(one.on.isoformat(), start, due_on, AT_RISK, one.record.key)
        yield item(rule, duty, case.today, following.record if following else None)


def _is_remembered(case: Case, following: Reading | None) -> bool:
    return following is None or following.on >= case.remembered_from


def risk_since(case: Case, read: list[Reading]) -> datetime.date | None:
    """Since when any of six risk factors is known (§7.1); None while none is.

    SBP 130–139 or DBP 85–89 mmHg; overweight or a large waist; hypertension among close relatives; salty
    food or much alcohol for long; 55 years or older. Each from the newest record that tells it.
    """
    newest, old_from = newest_of(case), age_day(case, RISK_AGE)
    found = [old_from] if old_from is not None and old_from <= case.today else []
    if read and read[-1].value.reaches(says.HIGH_NORMAL):
        found.append(read[-1].on)
    for form, tells in (
        (says.BP_READING, lambda record: says.codes(record.answers, "risk_factors")),
        (says.HEALTH_EXAM, lambda record: says.is_overweight(record, case.person.sex_code)),
        (says.HEALTH_EXAM, says.is_salty_or_drinks),
        (says.PROFILE, lambda record: says.has_kin_with(record, says.HYPERTENSIVE_KIN)),
    ):
        record = newest.get(form)
        if record is not None and tells(record):
            found.append(record.service_date)
    return min(found, default=None)


def newest_of(case: Case) -> Mapping[str, SignedRecord]:
    """The newest record of each form."""
    return {record.form_code: record for record in case.records}


def _high_risk_glucose(case: Case) -> list[DueItem]:
    """Adults at high risk of diabetes: fasting glucose at least once a year (§8; who they are: project)."""
    measured = [record for record in case.records if says.glucose(record) is not None]
    adult_from, risk = age_day(case, ADULT_FROM), _diabetes_risk_since(case, measured)
    if adult_from is None or adult_from > case.today or risk is None:
        return []
    return in_window(case, rules()["dm_high_risk_screen"], measured, max(adult_from, risk), AT_RISK)


def _diabetes_risk_since(case: Case, measured: list[SignedRecord]) -> datetime.date | None:
    """Glucose impaired before, overweight, diabetes among close relatives, managed hypertension (unsure)."""
    newest, managed = newest_of(case), case.running(HYPERTENSION)
    exam, profile = newest.get(says.HEALTH_EXAM), newest.get(says.PROFILE)
    found = [record.service_date for record in measured[-1:] if _is_impaired(record)]
    if exam and says.is_overweight(exam, case.person.sex_code):
        found.append(exam.service_date)
    if profile and says.has_kin_with(profile, says.DIABETIC_KIN):
        found.append(profile.service_date)
    if managed:
        found.append(managed.enrolled_on)
    return min(found, default=None)


def _is_impaired(record: SignedRecord) -> bool:
    """Fasting glucose of 6.1 mmol/L and more."""
    value = says.glucose(record)
    return value is not None and value >= says.IMPAIRED
