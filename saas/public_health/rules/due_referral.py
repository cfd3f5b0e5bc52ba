"""Contact within 14 days after a referral (§1.6, §7.3): urgent or advised, or after screening (§7.1)."""

from __future__ import annotations

import datetime
import typing

from saas.public_health.rules import due_days
from saas.public_health.rules import due_measures as says
from saas.public_health.rules.due_case import Case, Duty, item
from saas.public_health.rules.due_facts import HYPERTENSION, DueItem, SignedRecord
from saas.public_health.rules.due_screening import DAYS_TO_CONFIRM, readings
from saas.public_health.rules.due_table import rules

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

URGENT, ADVISED, PROBABLE = "referral_emergency", "referral_advised", "probable_hypertension"
_BY_URGENCY = (URGENT, PROBABLE, ADVISED)


class Sent(typing.NamedTuple):
    """A record after which the person was or should have been sent on."""

    reason: str
    record: SignedRecord


def referral_items(case: Case) -> Iterator[DueItem]:
    """Each day with a referral opens one duty; the first later contact closes it."""
    rule = rules()["referral_followup"]
    contacts = case.of(*rule.closed_by)
    for on, sent in sorted(_by_day(case).items()):
        if on < case.remembered_from:
            continue
        closer = next((one for one in contacts if one.service_date > on), None)
        due_on = due_days.days_later(on, rule.first_days)
        start = due_days.days_later(on, 1)
        duty = Duty(on.isoformat(), start, due_on, sent.reason, sent.record.key)
        noted = says.day(sent.record.answers, "referral_followed_up_on")
        done_on = noted if closer is None and noted and on <= noted <= case.today else None
        yield item(rule, duty, case.today, closer, done_on)


def _by_day(case: Case) -> dict[datetime.date, Sent]:
    """The most urgent referral of each day: a joint visit refers once."""
    found: dict[datetime.date, Sent] = {}
    for sent in sorted(_all(case), key=lambda one: _BY_URGENCY.index(one.reason)):
        found.setdefault(sent.record.service_date, sent)
    return found


def _all(case: Case) -> Iterator[Sent]:
    for record in case.records:
        if says.is_referral(record):
            yield Sent(URGENT if says.is_emergency(record) else ADVISED, record)
        elif record.form_code not in says.FOLLOWUPS and says.is_emergency(record):
            yield Sent(URGENT, record)
    if case.running(HYPERTENSION) is None:
        for one in readings(case):
            if one.raised_days == DAYS_TO_CONFIRM:
                yield Sent(PROBABLE, one.record)
