"""The periods of the figures: their names, their days, which are counted when."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas.public_health.rules import indicators_periods as periods

day = datetime.date.fromisoformat
TODAY = day("2026-11-25")


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-to-date", "2026-01-01", "2026-11-25"),
        ("2026-Q1", "2026-01-01", "2026-03-31"),
        ("2026-Q4", "2026-10-01", "2026-12-31"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2026-11", "2026-11-01", "2026-11-25"),
        ("2025-12", "2025-12-01", "2025-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
    ],
)
def test_a_name_means_these_days(name: str, start: str, end: str) -> None:
    found = periods.named(name, TODAY)
    assert found is not None
    assert (found.start, found.end) == (day(start), day(end))


@pytest.mark.parametrize(
    "name",
    [
        "2027",
        "2026-12",
        "2025-to-date",
        "2026-Q5",
        "2026-0",
        "2026-13",
        "0000",
        "",
        "x",
        "2026-",
        "٢٠٢٦",
        "2026\n",
    ],
)
def test_what_is_no_period_or_has_not_begun_is_none(name: str) -> None:
    assert periods.named(name, TODAY) is None


@given(st.dates(day("2001-01-01"), day("2099-12-31")))
def test_whatever_is_counted_exists_and_what_runs_is_counted_every_night(today: datetime.date) -> None:
    every, lately, running = periods.every(today), periods.lately(today), periods.running(today)
    assert set(running) <= set(lately) <= set(every) | set(periods.every(day(f"{today.year - 1}-12-31")))
    assert all(periods.named(name, today) for name in {*every, *lately})
    assert len(every) == len(set(every))


def test_a_month_and_a_year_that_just_ended_are_counted_for_ten_days_more() -> None:
    assert periods.lately(day("2027-01-05"))[4:] == ["2026", "2026-Q4", "2026-12"]
    assert periods.lately(day("2027-01-11"))[4:] == []
    assert periods.lately(day("2026-11-25")) == periods.running(TODAY)
