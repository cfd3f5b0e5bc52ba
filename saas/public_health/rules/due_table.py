"""The rule table ``data/follow-up-schedules.csv``: what is owed when, closed by which forms, how sure."""

from __future__ import annotations

import csv
import dataclasses
import functools
import importlib.resources
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

SCREENED_FROM, OLDER_FROM, ADULT_FROM = 35, 65, 18
"""Completed years from which the pressure is read each year, the service of older people, adults."""
HISTORY_DAYS = 400
"""Closed duties are told so many days back; what was closed earlier stays as it is stored."""


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table. ``certainty`` and ``reading`` mark what is unsure or chosen by the project.

    ``period`` is a window of the calendar or "interval"; ``lead_days`` before its day an interval's duty is
    shown; ``first_days`` after its beginning, ``step_months`` after a visit, or ``recheck_days`` after one
    that asks for it, it is due; ``needed`` is how many make it done.
    """

    service: str
    event_code: str
    name_zh: str
    name_en: str
    certainty: str
    source: str
    reading: str
    owed_by: str
    period: str
    needed: int
    lead_days: int
    first_days: int
    step_months: int
    recheck_days: int
    closed_by: tuple[str, ...]


_NUMBERS = ("needed", "lead_days", "first_days", "step_months", "recheck_days")
_TEXTS = (
    "service", "event_code", "name_zh", "name_en", "certainty", "source", "reading", "owed_by", "period",
)  # fmt: skip


def _rule(row: Mapping[str, str]) -> Rule:
    values: dict[str, typing.Any] = {name: row[name] for name in _TEXTS}
    values |= {name: int(row[name] or 0) for name in _NUMBERS}
    return Rule(**values, closed_by=tuple(row["closed_by"].split()))


@functools.cache
def rules() -> Mapping[str, Rule]:
    """Every line by its event code, in the table's order."""
    path = importlib.resources.files("saas.public_health").joinpath("data/follow-up-schedules.csv")
    rows = csv.DictReader(path.read_text("utf-8").splitlines())
    return {row["event_code"]: _rule(row) for row in rows}
