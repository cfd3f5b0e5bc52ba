"""Calls: when one speaks again, and who counts as having come back."""

from __future__ import annotations

import datetime

import pytest

from saas.public_health.rules import calling

TODAY = datetime.date(2026, 11, 25)


def ago(days: int) -> datetime.date:
    """A day before today."""
    return TODAY - datetime.timedelta(days=days)


@pytest.mark.parametrize(
    ("outcome", "days"), [("1", 7), ("2", 3), ("6", 90), ("3", None), ("4", None), ("5", None)]
)
def test_the_next_day_follows_from_the_outcome(outcome: str, days: int | None) -> None:
    expected = None if days is None else TODAY + datetime.timedelta(days=days)
    assert calling.next_contact(visit_on=TODAY, outcome=outcome) == expected


@pytest.mark.parametrize(
    ("calls", "visits", "expected"),
    [
        ([40], [40], (1, 1)),
        ([40], [25], (1, 1)),
        ([40], [24], (0, 1)),
        ([40], [41], (0, 1)),
        ([40, 30], [20], (0, 1)),
        ([60, 40], [55, 39], (2, 2)),
        ([16], [], (0, 1)),
        ([15], [14], (0, 0)),
        ([], [3], (0, 0)),
    ],
)
def test_who_came_within_fifteen_days(calls: list[int], visits: list[int], expected: tuple[int, int]) -> None:
    found = calling.came_back({"a": map(ago, calls)}, {"a": map(ago, visits)}, TODAY)
    assert tuple(found) == expected
