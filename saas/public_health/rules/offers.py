"""Which programme may be offered, and why; it begins by nothing but the person's own yes (§6, §7.1, §8)."""

from __future__ import annotations

import datetime
import typing

from saas.public_health.rules import due_declining, due_screening
from saas.public_health.rules import due_measures as says
from saas.public_health.rules.due_case import Case, case_of
from saas.public_health.rules.due_facts import DIABETES, ELDERLY, HYPERTENSION
from saas.public_health.rules.due_table import OLDER_FROM

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from saas.public_health.rules.due_facts import Person, SignedRecord

KNOWN_HYPERTENSION, KNOWN_DIABETES = "2", "3"
SERVICES: Mapping[str, frozenset[str]] = {
    HYPERTENSION: frozenset({says.HT_FOLLOWUP}),
    DIABETES: frozenset({says.DM_FOLLOWUP}),
    ELDERLY: frozenset({"elderly_annual"}),
}
"""What each programme gives before all else: who does not wish it is not offered the programme either."""
REASONS = ("known_hypertension", "raised_on_three_days", "known_diabetes", "glucose_diabetic", "older")


def offers(person: Person, records: Iterable[SignedRecord], today: datetime.date) -> Mapping[str, str]:
    """Programme and reason. A reason is a finding, never a diagnosis: a doctor confirms that first."""
    ordered = sorted(records, key=lambda one: (one.service_date, one.key))
    diseases = _diseases(ordered)
    found = {}
    if KNOWN_HYPERTENSION in diseases:
        found[HYPERTENSION] = "known_hypertension"
    elif raised_days(case_of(person, (), ordered, today)) >= due_screening.DAYS_TO_CONFIRM:
        found[HYPERTENSION] = "raised_on_three_days"
    if KNOWN_DIABETES in diseases:
        found[DIABETES] = "known_diabetes"
    elif any((value := says.glucose(one)) is not None and value >= says.DIABETIC for one in ordered):
        found[DIABETES] = "glucose_diabetic"
    if person.born is not None and today.year - person.born.year >= OLDER_FROM:
        found[ELDERLY] = "older"
    unwished = due_declining.declined(ordered, today)
    return {programme: reason for programme, reason in found.items() if not SERVICES[programme] & unwished}


def raised_days(case: Case) -> int:
    """On how many different days running, up to the last, the pressure was 140/90 mmHg or more.

    Counted as the duties count them: of several readings of one day the highest.
    """
    read = due_screening.readings(case)
    return read[-1].raised_days if read else 0


def _diseases(records: Iterable[SignedRecord]) -> frozenset[str]:
    profiles = [one for one in records if one.form_code == says.PROFILE]
    if not profiles:
        return frozenset()
    return frozenset(says.code(row, "disease") for row in says.rows(profiles[-1].answers, "past_diseases"))
