"""A declined service (§0.1): no consequence, no list, and not offered again before 12 months."""

from __future__ import annotations

import dataclasses
import datetime
import typing

from saas.formkit.findings import Finding, blocking
from saas.public_health.rules import calling, due_days
from saas.public_health.rules import due_measures as says
from saas.public_health.rules.due_facts import ELDERLY, DueItem, SignedRecord, State

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from saas.public_health.rules.due_case import Case

SILENT_MONTHS = 12
WITHDRAWN, DECLINED = "withdrawn", "declined"
_PRESSURES = ("systolic", "systolic_bp", "bp_left_systolic", "bp_right_systolic")
MEASURES = {
    "bp_screen_35": _PRESSURES,
    "bp_high_risk": _PRESSURES,
    "bp_recheck_raised": _PRESSURES,
    "dm_glucose_quarter": ("fasting_glucose",),
    "dm_high_risk_screen": ("fasting_glucose",),
}
"""Answers whose missing_reason "refused" declines the service."""


def told_first(*, was_told: bool | None) -> Finding | None:
    """A no counts only of somebody who knows what the service is and that nothing follows (§0.1)."""
    return blocking("told-first", "was_told", source="declining") if was_told is False else None


def offered_again_on(*, visit_on: datetime.date | None) -> str | None:
    """The first day on which the service is offered again: 12 months after the no (§0.1)."""
    return None if visit_on is None else str(due_days.months_later(visit_on, SILENT_MONTHS))


def declined(records: Iterable[SignedRecord], today: datetime.date) -> frozenset[str]:
    """The services of which she said within 12 months that she does not wish them."""
    found: dict[str, datetime.date] = {}
    for record in sorted(records, key=lambda one: one.service_date):
        if record.form_code == says.SERVICE_DECLINED:
            found |= dict.fromkeys(says.codes(record.answers, "event_code"), record.service_date)
    return frozenset(code for code, day in found.items() if due_days.months_later(day, SILENT_MONTHS) > today)


def considered(case: Case, one: DueItem) -> DueItem:
    """The item, declined when the person did not wish it within 12 months and has not had it since."""
    if not one.state.is_open:
        return one
    last = max(_declined_on(case, one), default=None)
    if last is None or due_days.months_later(last, SILENT_MONTHS) <= case.today:
        return one
    if any(_was_given_after(record, one, last) for record in case.records):
        return one
    return dataclasses.replace(one, state=State.DECLINED, reason=DECLINED)


def _declined_on(case: Case, one: DueItem) -> Iterator[datetime.date]:
    names = MEASURES.get(one.event_code, ())
    for record in case.records:
        if record.form_code == says.SERVICE_DECLINED:
            if one.event_code in says.codes(record.answers, "event_code"):
                yield record.service_date
        elif record.form_code == "call_outcome":
            # By telephone she says it of whatever was owed: she is not called about it again (§0.1).
            if says.code(record.answers, "outcome") == calling.NOT_WISHED:
                yield record.service_date
        elif record.form_code in one.closed_by and says.is_declined(record, *names):
            yield record.service_date
    if one.event_code == "elderly_annual":
        yield from (
            ended.ended_on
            for ended in case.enrolments
            if ended.programme == ELDERLY and ended.ended_on and ended.reason == WITHDRAWN
            and ended.ended_on <= case.today
        )  # fmt: skip


def _was_given_after(record: SignedRecord, one: DueItem, day: datetime.date) -> bool:
    names = MEASURES.get(one.event_code, ())
    given = record.form_code in one.closed_by and not says.is_declined(record, *names)
    return given and record.service_date > day
