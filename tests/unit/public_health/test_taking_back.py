"""Undo for 10 minutes, by who signed, while nobody has gone on from it: every boundary."""

from __future__ import annotations

import datetime

import pytest

from saas.public_health.rules.taking_back import Refusal, refusal

SIGNED = datetime.datetime(2026, 11, 25, 9, 0, tzinfo=datetime.UTC)
SECOND = datetime.timedelta(seconds=1)
TEN = datetime.timedelta(minutes=10)


@pytest.mark.parametrize(
    ("after", "hers", "built_on", "expected"),
    [
        (0 * SECOND, True, False, None),
        (TEN - SECOND, True, False, None),
        (TEN, True, False, None),
        (TEN + datetime.timedelta(microseconds=1), True, False, Refusal.TOO_LATE),
        (TEN + SECOND, True, False, Refusal.TOO_LATE),
        (0 * SECOND, True, True, Refusal.BUILT_ON),
        (TEN + SECOND, True, True, Refusal.BUILT_ON),
        (0 * SECOND, False, False, Refusal.NOT_HERS),
        (0 * SECOND, False, True, Refusal.NOT_HERS),
        (TEN + SECOND, False, False, Refusal.NOT_HERS),
    ],
)
def test_when_it_can_be_taken_back(
    after: datetime.timedelta,
    hers: bool,  # noqa: FBT001 - a case
    built_on: bool,  # noqa: FBT001 - a case
    expected: Refusal | None,
) -> None:
    assert refusal(SIGNED, SIGNED + after, hers=hers, built_on=built_on) is expected
