"""Counts of health education (§2): kinds, copies, hours, boards, events. Numbers, never names."""

from __future__ import annotations

import typing

from saas.public_health.rules import due_measures as says
from saas.public_health.rules.due_education import ACTIVITY

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

    from saas.public_health.rules.due_facts import SignedRecord
    from saas.public_health.rules.indicators_facts import Period

    Count = says.Decimal | None

MINUTES = 60


def education_counts(
    activities: Iterable[SignedRecord], period: Period
) -> dict[str, dict[str, says.Decimal | None]]:
    """The four counts of one site, or of all sites together, by code and measure.

    A number that no activity of the period tells is None, not 0: "not typed" is not "none".
    """
    held = [one for one in activities if one.form_code == ACTIVITY and period.holds(one.service_date)]
    prints, played, boards = (_of(held, form) for form in ("print", "audio_visual", "board"))
    events = [*_of(held, "lecture"), *_of(held, "consultation")]
    minutes = _sum(played, "duration_minutes")
    return {
        "edu_print_kinds": {"kinds": _kinds(prints, "topic"), "copies": _sum(prints, "material_copies")},
        "edu_av_count": {
            "kinds": _kinds(played, "topic"),
            "times": says.Decimal(len(played)),
            "hours": None if minutes is None else minutes / MINUTES,
        },
        "edu_board_updates": {"boards": _kinds(boards, "board_no"), "updates": says.Decimal(len(boards))},
        "edu_events": {
            "events": says.Decimal(len(events)),
            "participants": _sum(events, "audience_count"),
        },
    }


def _of(held: list[SignedRecord], form: str) -> list[SignedRecord]:
    return [one for one in held if says.code(one.answers, "form") == form]


def _kinds(held: list[SignedRecord], told_by: str) -> says.Decimal:
    """How many different ones; what is not named is a kind of its own together."""
    return says.Decimal(len({says.code(one.answers, told_by).strip() for one in held}))


def _sum(held: list[SignedRecord], name: str) -> Count:
    """The sum of a typed number: 0 without activities, None where none of them tells it."""
    told = [value for one in held if (value := says.number(one.answers, name)) is not None]
    return None if held and not told else sum(told, says.Decimal(0))
