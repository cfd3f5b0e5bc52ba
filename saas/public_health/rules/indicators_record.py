"""Figures of the health record and of older people (§1.8, §6); the contract is that of the chronic ones."""

from __future__ import annotations

import typing

from saas.public_health.rules import due_days
from saas.public_health.rules import due_measures as says
from saas.public_health.rules.due_table import OLDER_FROM

if typing.TYPE_CHECKING:
    from saas.public_health.rules.due_facts import Answers
    from saas.public_health.rules.indicators_facts import Seen

    Missing = tuple[str, ...] | None

USE_DAYS = 365
NO_RECORD, NO_EXAM, EXAM_INCOMPLETE, NO_GUIDANCE = "no_record", "no_exam", "exam_incomplete", "no_guidance"
NOT_IN_USE, ON_PAPER_ONLY = "not_in_use", "on_paper_only"
NO_SERVICE = frozenset(
    {"health_record", "resident_profile", "record_card", says.SERVICE_DECLINED, "call_outcome"}
)
"""Forms that keep the record and give no service."""


def record(seen: Seen) -> Missing:
    """建档率: residents who live here and have a record; the denominator is the typed population (§1.8)."""
    if not seen.lives_here:
        return None
    return () if seen.has_record else (NO_RECORD,)


def electronic_record(seen: Seen) -> Missing:
    """电子健康档案建档率: the same of electronic records (§1.8)."""
    missing = record(seen)
    return missing if missing != () or seen.facts.is_electronic else (ON_PAPER_ONLY,)


def record_use(seen: Seen) -> Missing:
    """健康档案使用率: a visit for care or a signed service within the last 365 days (§1.8, §0.4)."""
    if not seen.has_record:
        return None
    since = due_days.days_later(seen.period.end, -USE_DAYS)
    served = (one.service_date for one in seen.case.records if one.form_code not in NO_SERVICE)
    days = (*seen.facts.contacts, *served)
    return () if any(since <= day <= seen.period.end for day in days) else (NOT_IN_USE,)


def elderly(seen: Seen) -> Missing:
    """老年人健康管理率: of residents who complete 65 years in the calendar year.

    A record, a whole examination in that year, and guidance (§6).
    """
    born = seen.facts.person.born
    if born is None or seen.period.end.year - born.year < OLDER_FROM or not seen.lives_here:
        return None
    missing = [] if seen.has_record else [NO_RECORD]
    found = missing_of_exam(seen)
    whole = [one for one in seen.exams() if says.is_whole_exam(one)]
    if not found and not any(_gives_guidance(one.answers) for one in whole):
        found = [NO_GUIDANCE]
    return (*missing, *found)


def _gives_guidance(answers: Answers) -> bool:
    return bool(says.codes(answers, "health_guidance") or says.codes(answers, "risk_control"))


def missing_of_exam(seen: Seen) -> list[str]:
    """Nothing when a whole health examination lies in the year; otherwise what is wanting."""
    exams = seen.exams()
    if any(says.is_whole_exam(one) for one in exams):
        return []
    return [EXAM_INCOMPLETE if exams else NO_EXAM]
