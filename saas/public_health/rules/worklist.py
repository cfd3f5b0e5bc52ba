"""The list of today: who comes first and why, filters in doctors' words, the order of a walk (§0.5).

"Overdue" says that the clinic owes a service (rights I10). No order or filter knows a name, a language, a
birthplace or an ID number (N2), and none asks who declined (N3): the list holds open duties only.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
import typing

from saas.public_health.rules import due_chronic, due_referral, due_screening
from saas.public_health.rules.due_facts import DIABETES, ELDERLY, HYPERTENSION, DueItem, State

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

RANKS = ("referral_emergency", "referral", "recheck", "other")
"""Clinical urgency (§0.5) as far as these programmes have it; newborns, TB and vaccines come later."""
EMERGENCY, REFERRAL, RECHECK, OTHER = range(len(RANKS))
RECHECK_REASONS = frozenset(
    {*due_chronic.RECHECKS.values(), due_chronic.UNCLASSIFIED, due_screening.REPEAT},
)
YEARLY_EXAMS = frozenset({"elderly_annual", "ht_annual_exam", "dm_annual_exam"})
PRESSURES = frozenset({"bp_screen_35", "bp_high_risk", "bp_recheck_raised"})
GLUCOSES = frozenset({"dm_glucose_quarter", "dm_high_risk_screen"})
WEEK = datetime.timedelta(days=6)
_NUMBER = re.compile(r"([0-9]+)")


def rank(one: DueItem) -> int:
    """Emergency referral pending, then referral follow-up, then two-week rechecks, then everything else.

    A pending emergency is a referral that was urgent, or the visit owed after one.
    """
    if one.reason in {due_referral.URGENT, due_chronic.AFTER_EMERGENCY}:
        return EMERGENCY
    if one.event_code == "referral_followup":
        return REFERRAL
    return RECHECK if one.reason in RECHECK_REASONS else OTHER


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One person on the list: every open duty to her, the most urgent first."""

    person: str
    record_number: str
    items: tuple[DueItem, ...]


def line(person: str, record_number: str, items: Iterable[DueItem], today: datetime.date) -> Line | None:
    """The person's line; None when nothing is open."""
    owed = sorted((one for one in items if one.state.is_open), key=lambda one: item_key(one, today))
    return Line(person, record_number, tuple(owed)) if owed else None


def item_key(one: DueItem, today: datetime.date) -> tuple[int, int, str, str]:
    """Clinical urgency, then days: what is owed longest stands first, what is not yet due last."""
    urgency = rank(one) if one.state is not State.UPCOMING else len(RANKS)
    return urgency, (one.due_on - today).days, one.event_code, one.cycle


def line_key(one: Line, today: datetime.date) -> tuple[int, int, str, str]:
    """The key of the person's most urgent duty, then the record number: never a name (N2)."""
    urgency, days, _, _ = item_key(one.items[0], today)
    return urgency, days, one.record_number, one.person


def why(one: Line) -> tuple[str, ...]:
    """Codes of what the line says: the class of urgency, then each reason once, in the items' order."""
    return tuple(dict.fromkeys((RANKS[rank(one.items[0])], *(each.reason for each in one.items))))


JOINT = "joint"
"""One visit for both diseases, on one screen, with two records."""
_FOLLOWUPS = {"ht_followup": "ht_followup", "dm_followup": "dm_followup", "dm_glucose_quarter": "dm_followup"}


def visit_form(one: Line) -> str:
    """The code of the form that closes the person's most urgent duty; ``JOINT`` where she has both diseases.

    A contact after a referral is a follow-up where one is owed anyway, and an encounter note otherwise.
    """
    first = one.items[0]
    owed = {each.event_code for each in one.items}
    both = {"ht_followup", "dm_followup"} <= owed
    if first.event_code in _FOLLOWUPS:
        return JOINT if both else _FOLLOWUPS[first.event_code]
    if first.event_code == "referral_followup":
        due = sorted(owed & {"ht_followup", "dm_followup"})
        return JOINT if both else due[0] if due else "encounter_note"
    return first.closed_by[0]


def days_owed(one: DueItem, today: datetime.date) -> int:
    """For how many days the clinic has owed the service; 0 until its day has passed."""
    return max(0, (today - one.overdue_on).days + 1)


FILTERS = (
    "all", "owed", "now", "this_week", "later", "referred", "recheck", "hypertension", "diabetes", "older",
    "exam", "pressure", "glucose", "contact_lost", "first_visit",
)  # fmt: skip
"""Codes of the filters, in the order in which they are offered."""


def filters(today: datetime.date) -> Mapping[str, Callable[[DueItem], bool]]:
    """Each filter asks one open duty, in the words of a village doctor."""
    return {
        "all": lambda one: one.state.is_open,
        "owed": lambda one: one.state is State.OVERDUE,
        "now": lambda one: one.state is not State.UPCOMING,
        "this_week": lambda one: one.due_on <= today + WEEK,
        "later": lambda one: one.state is State.UPCOMING,
        "referred": lambda one: one.event_code == "referral_followup",
        "recheck": lambda one: one.reason in RECHECK_REASONS,
        "hypertension": lambda one: one.service == HYPERTENSION and one.event_code not in PRESSURES,
        "diabetes": lambda one: one.service == DIABETES and one.event_code != "dm_high_risk_screen",
        "older": lambda one: one.service == ELDERLY,
        "exam": lambda one: one.event_code in YEARLY_EXAMS,
        "pressure": lambda one: one.event_code in PRESSURES,
        "glucose": lambda one: one.event_code in GLUCOSES,
        "contact_lost": lambda one: one.reason == due_chronic.CONTACT_LOST,
        "first_visit": lambda one: one.reason == due_chronic.FIRST,
    }


def chosen(lines: Iterable[Line], code: str, today: datetime.date) -> list[Line]:
    """The lines with at least one duty that a filter means, whole, in care order.

    Raises KeyError when there is no such filter.
    """
    asks = filters(today)[code]
    found = (one for one in lines if any(map(asks, one.items)))
    return sorted(found, key=lambda one: line_key(one, today))


Address = tuple[tuple[int, str], ...]
"""Words and numbers of an address, so that numbers compare by their value."""


def walk_key(village: str, address_detail: str, record_number: str) -> tuple[Address, Address, str]:
    """The order of a walk: village, then street and house, numbers by their value (house 9 before 10)."""
    return _parted(village), _parted(address_detail), record_number


def _parted(text: str) -> Address:
    parts = _NUMBER.split(" ".join(text.split()).casefold())
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts if part)
