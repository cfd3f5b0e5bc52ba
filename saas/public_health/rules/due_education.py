"""What a site owes the public: lectures, consultations, boards, material (§2). Numbers, never names."""

from __future__ import annotations

import dataclasses
import datetime
import typing

from saas.public_health.rules import due_days
from saas.public_health.rules import due_measures as says
from saas.public_health.rules.due_case import Duty, item
from saas.public_health.rules.due_facts import DueItem, SignedRecord, State
from saas.public_health.rules.due_table import Rule, rules

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

CENTRE, VILLAGE = "centre", "village"
ACTIVITY = "health_education_activity"
BOARDS = {CENTRE: 2, VILLAGE: 1}
"""How many boards a site has; each gets new content."""
_FORMS = {"lecture_center": "lecture", "lecture_village": "lecture"}
_OWED_BY = {CENTRE: {"centre", "site", "institution"}, VILLAGE: {"village", "site"}}
SO_FAR = "so_far"


@dataclasses.dataclass(frozen=True, slots=True)
class SiteDuty:
    """A due item of a site, with how many were given and how many are owed in its window."""

    item: DueItem
    given: int
    needed: int


def education_duties(
    site_kind: str, own: Iterable[SignedRecord], all_sites: Iterable[SignedRecord], today: datetime.date
) -> list[SiteDuty]:
    """The duties of one site in today's windows.

    Lectures each month at the centre, every two months at a village clinic; every board every two months;
    nine consultations a year at the centre; twelve kinds of print and six of audio or video a year for the
    institution, counted over ``all_sites`` and owed by the centre.
    """
    own = [one for one in own if one.form_code == ACTIVITY]
    everywhere = [one for one in all_sites if one.form_code == ACTIVITY]
    found = []
    for rule in rules().values():
        if rule.service == "education" and rule.owed_by in _OWED_BY[site_kind]:
            activities = everywhere if rule.owed_by == "institution" else own
            found.append(_duty(rule, site_kind, activities, today))
    return found


def _duty(rule: Rule, site_kind: str, activities: list[SignedRecord], today: datetime.date) -> SiteDuty:
    window = due_days.window(rule.period, today)
    form = _FORMS.get(rule.event_code, rule.event_code)
    held = [
        one
        for one in activities
        if window.holds(one.service_date)
        and one.service_date <= today
        and says.code(one.answers, "form") == form
    ]
    needed = BOARDS[site_kind] if rule.event_code == "board" else rule.needed
    held.sort(key=lambda one: (one.service_date, one.key))
    counted = _counted(rule.event_code, held)
    closer = counted[needed - 1] if len(counted) >= needed else None
    owed = item(rule, Duty(window.name, window.start, window.end, SO_FAR), today, closer)
    return SiteDuty(owed, len(counted), needed)


def _counted(event_code: str, held: list[SignedRecord]) -> list[SignedRecord]:
    """Events each; of boards and of material each kind once, at its first time."""
    told_by = {"board": "board_no", "print": "topic", "audio_visual": "topic"}.get(event_code)
    if told_by is None:
        return held
    first: dict[str, SignedRecord] = {}
    for one in held:
        first.setdefault(says.code(one.answers, told_by).strip(), one)
    return sorted(first.values(), key=lambda one: (one.service_date, one.key))


def is_owed(duty: SiteDuty) -> bool:
    """True while the window's number is not reached."""
    return duty.item.state is not State.DONE
