"""Duties within the programmes of hypertension and type 2 diabetes (§7.2–§7.4, §8)."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import typing

from saas.public_health.rules import due_days
from saas.public_health.rules import due_measures as says
from saas.public_health.rules.due_case import Case, Duty, in_window, item, open_state
from saas.public_health.rules.due_facts import DIABETES, HYPERTENSION, DueItem, Enrolment, SignedRecord
from saas.public_health.rules.due_table import Rule, rules

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

RECHECK_LEAD_DAYS = 7
"""A recheck within 14 days is shown so many days ahead (project)."""
RECHECKS = {
    says.UNCONTROLLED: "recheck_not_controlled",
    says.ADVERSE: "recheck_adverse_reaction",
    says.COMPLICATED: "after_complication",
}
FIRST, QUARTERLY, UNCLASSIFIED = "first_visit", "quarterly", "recheck_unclassified"
AFTER_EMERGENCY, CONTACT_LOST, YEARLY = "after_emergency", "contact_lost", "yearly"
EXAM_INCOMPLETE = "exam_incomplete"
_FOLLOWUP = {HYPERTENSION: "ht_followup", DIABETES: "dm_followup"}
_EXAM = {HYPERTENSION: "ht_annual_exam", DIABETES: "dm_annual_exam"}


def programme_items(case: Case, episode: Enrolment) -> list[DueItem]:
    """Everything owed within one enrolment, as of the case's day."""
    found = [*_followups(case, episode), *_exam(case, episode)]
    if episode.programme == DIABETES:
        measured = [record for record in case.records if says.glucose(record) is not None]
        found += in_window(case, rules()["dm_glucose_quarter"], measured, episode.enrolled_on, QUARTERLY)
    return found


def _exam(case: Case, episode: Enrolment) -> list[DueItem]:
    return exam_items(case, rules()[_EXAM[episode.programme]], episode.enrolled_on)


def exam_items(case: Case, rule: Rule, since: datetime.date) -> list[DueItem]:
    """The yearly examination (§7.4): one whole form in the calendar year serves every group (§1.3.3)."""
    exams = case.of(says.HEALTH_EXAM)
    year = due_days.window("year", case.today)
    begun = any(year.holds(exam.service_date) for exam in exams)
    found = in_window(case, rule, [exam for exam in exams if says.is_whole_exam(exam)], since, YEARLY)
    if not begun:
        return found
    return [dataclasses.replace(one, reason=EXAM_INCOMPLETE) if one.state.is_open else one for one in found]


def _followups(case: Case, episode: Enrolment) -> Iterator[DueItem]:
    """Each visit closes the duty before it and opens the next one; a telephone call is a visit too (§7.3)."""
    rule = rules()[_FOLLOWUP[episode.programme]]
    visits = _one_a_day(
        record for record in case.of(*rule.closed_by) if record.service_date >= episode.enrolled_on
    )
    first_on = due_days.days_later(episode.enrolled_on, rule.first_days)
    duties = [Duty(f"e{episode.enrolled_on}", episode.enrolled_on, first_on, FIRST)]
    for place, visit in enumerate(visits):
        duties.append(after_visit(rule, visit, visits[:place]))
    for duty, closer in itertools.zip_longest(duties, visits):
        if closer is None or closer.service_date >= case.remembered_from:
            yield item(rule, duty, case.today, closer)


def _one_a_day(visits: Iterable[SignedRecord]) -> list[SignedRecord]:
    """The last record of each day."""
    return list({visit.service_date: visit for visit in visits}.values())


def after_visit(rule: Rule, visit: SignedRecord, earlier: list[SignedRecord]) -> Duty:
    """The next visit (§7.3, §8.2): class 1 in three months; class 2, 3, 4 or an emergency within 14 days.

    The recorded date holds where it lies after the visit. Where contact was lost, the clinic still owes
    the visit.
    """
    visited = visit.service_date
    reason = _reason(visit, earlier)
    again = reason != QUARTERLY
    if again:
        suggested = due_days.days_later(visited, rule.recheck_days)
    else:
        suggested = due_days.months_later(visited, rule.step_months)
    recorded = visit.next_due_on
    due_on = recorded if recorded and recorded > visited else suggested
    lead = RECHECK_LEAD_DAYS if again else rule.lead_days
    start = max(due_days.days_later(visited, 1), due_days.days_later(due_on, -lead))
    if says.code(visit.answers, "lost_reason"):
        reason = CONTACT_LOST
    return Duty(visited.isoformat(), start, due_on, reason, visit.key)


def _reason(visit: SignedRecord, earlier: list[SignedRecord]) -> str:
    """A call that sets no class leaves a recheck owed when the class before asked for one (project)."""
    if says.is_emergency(visit):
        return AFTER_EMERGENCY
    if visit.class_code:
        return RECHECKS.get(visit.class_code, QUARTERLY)
    before = next((one.class_code for one in reversed(earlier) if one.class_code), says.CONTROLLED)
    return UNCLASSIFIED if before in RECHECKS else QUARTERLY


def joined(found: list[DueItem], today: datetime.date) -> list[DueItem]:
    """With both diseases one joint visit serves both: both take the earlier of the two days (§8.3).

    None is pulled to before its own opening, and each stays overdue by its own day only: the clinic owes
    it not before.
    """
    pair = [one for one in found if one.event_code in _FOLLOWUP.values() and one.state.is_open]
    if len({one.event_code for one in pair}) < len(_FOLLOWUP):
        return found
    earlier = min(pair, key=lambda one: one.due_on)
    return [_pulled(one, earlier, today) if one in pair else one for one in found]


def _pulled(one: DueItem, earlier: DueItem, today: datetime.date) -> DueItem:
    opened = datetime.date.fromisoformat(one.cycle.removeprefix("e"))
    first = min(due_days.days_later(opened, 1), one.window_start)
    due_on = max(earlier.due_on, first)
    start = min(one.window_start, max(earlier.window_start, first))
    state = open_state(start, one.overdue_on, today)
    return dataclasses.replace(one, window_start=start, due_on=due_on, state=state)
