"""Self-care of older people: total and level (§6, table of the form)."""

from __future__ import annotations

from saas.formkit.findings import Finding, advising

SOURCE = "elderly"
SCORES = {
    "meal": {"1": 0, "3": 3, "4": 5},
    "grooming": {"1": 0, "2": 1, "3": 3, "4": 7},
    "dressing": {"1": 0, "3": 3, "4": 5},
    "toileting": {"1": 0, "2": 1, "3": 5, "4": 10},
    "mobility": {"1": 0, "2": 1, "3": 5, "4": 10},
}
"""Points of each level; the form has no level 2 for meals and dressing."""
LEVELS = ((3, "1"), (8, "2"), (18, "3"), (37, "4"))
"""The highest total of each level: independent, mildly, moderately dependent, dependent."""
DEPENDENT = "4"


def self_care_score(
    *,
    meal: str | None,
    grooming: str | None,
    dressing: str | None,
    toileting: str | None,
    mobility: str | None,
) -> int | None:
    """The total of the five items, 0 to 37 points; all five are needed."""
    levels = {
        "meal": meal,
        "grooming": grooming,
        "dressing": dressing,
        "toileting": toileting,
        "mobility": mobility,
    }
    points = [SCORES[item].get(level or "") for item, level in levels.items()]
    known = [point for point in points if point is not None]
    return sum(known) if len(known) == len(points) else None


def self_care_level(*, computed_self_care_score: int | None) -> str | None:
    """0–3 independent, 4–8 mildly, 9–18 moderately dependent, 19 and more dependent."""
    if computed_self_care_score is None:
        return None
    return next(level for most, level in LEVELS if computed_self_care_score <= most)


def home_visit(*, computed_self_care_level: str | None) -> Finding | None:
    """Somebody who is dependent is visited at home."""
    if computed_self_care_level != DEPENDENT:
        return None
    return advising("visit-at-home", "meal", "grooming", "dressing", "toileting", "mobility", source=SOURCE)


def not_yet_due(*, year_age: int | None) -> Finding | None:
    """The service is for those who are 65 on any day of the calendar year (project)."""
    if year_age is None or year_age >= 65:  # noqa: PLR2004 - the norm's age
        return None
    return advising("under-65", "meal", source="elderly-project")
