"""Duties of the clinic in words. "Overdue" says that the clinic owes a service, never whose fault (I10)."""

from __future__ import annotations

import typing

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from saas.formkit.wording import said
from saas.public_health.rules.due_facts import State

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from saas.public_health.rules.due_facts import DueItem

EVENTS: Mapping[str, object] = {
    "elderly_annual": _l("Yearly health service for older people"),
    "bp_screen_35": _l("Yearly blood pressure from 35 years"),
    "bp_high_risk": _l("Half-yearly blood pressure of people at risk"),
    "bp_recheck_raised": _l("Blood pressure again after a raised reading"),
    "ht_followup": _l("Follow-up of hypertension"),
    "ht_annual_exam": _l("Yearly examination with hypertension"),
    "dm_high_risk_screen": _l("Yearly fasting glucose of people at risk"),
    "dm_followup": _l("Follow-up of type 2 diabetes"),
    "dm_glucose_quarter": _l("Free fasting glucose of this quarter"),
    "dm_annual_exam": _l("Yearly examination with diabetes"),
    "referral_followup": _l("Contact after a referral"),
}
STATES: Mapping[State, object] = {
    State.UPCOMING: _l("coming up"),
    State.DUE: _l("to be given now"),
    State.OVERDUE: _l("the clinic owes it"),
    State.DONE: _l("given"),
    State.DECLINED: _l("not wished for now"),
    State.NOT_APPLICABLE: _l("not owed any more"),
    State.MOVED: _l("moved away"),
    State.DIED: _l("died"),
}
REASONS: Mapping[str, object] = {
    "first_visit": _l("first visit of the programme"),
    "quarterly": _l("every three months"),
    "recheck_not_controlled": _l("last visit: not controlled, again within 14 days"),
    "recheck_adverse_reaction": _l("last visit: adverse reaction, again within 14 days"),
    "recheck_unclassified": _l("last visit: no class, again within 14 days"),
    "after_complication": _l("last visit: complication, contact within 14 days"),
    "after_emergency": _l("last visit: emergency, contact within 14 days"),
    "contact_lost": _l("contact was lost at the last visit"),
    "yearly": _l("once a calendar year"),
    "exam_incomplete": _l("this year's examination is not complete"),
    "missed_last_year": _l("the clinic did not give it last year"),
    "missed_last_quarter": _l("the clinic did not give it last quarter"),
    "at_risk": _l("a risk factor is recorded"),
    "raised_reading": _l("a raised reading, again on another day"),
    "probable_hypertension": _l("raised on three days, referred to confirm"),
    "referral_emergency": _l("urgent referral"),
    "referral_advised": _l("referral advised"),
    "so_far": _l("several a year"),
    "declined": _l("not wished for now"),
    "died": _l("died"),
    "moved": _l("moved away"),
    "left": _l("does not come here any more"),
    "lost": _l("contact was lost"),
    "withdrawn": _l("left the programme"),
    "not_confirmed": _l("the illness was not confirmed"),
    "ended": _l("the programme ended"),
    "window_passed": _l("its time has passed"),
    "no_longer_owed": _l("not owed any more"),
}


def names(items: Iterable[DueItem]) -> str:
    """The duties by name, in the language of the moment; one that several cycles share is named once."""
    events = said(EVENTS)
    return " · ".join(dict.fromkeys(events[one.event_code] for one in items))


def closes(items: Iterable[DueItem]) -> str:
    """What a visit settled: "Closes 2: …"."""
    found = list(items)
    return str(gettext("Closes %(count)s: %(names)s.", count=len(found), names=names(found)))
