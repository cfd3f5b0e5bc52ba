"""Months that clamp, windows of the calendar, birthdays."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas.public_health.rules import due_days

day = datetime.date.fromisoformat


@pytest.mark.parametrize(
    ("on", "months", "later"),
    [
        ("2026-11-30", 3, "2027-02-28"),
        ("2027-11-30", 3, "2028-02-29"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 6, "2024-08-29"),
        ("2026-12-15", 3, "2027-03-15"),
        ("9999-11-30", 3, "9999-12-31"),
    ],
)
def test_months_later_clamps_to_the_end_of_the_month(on: str, months: int, later: str) -> None:
    assert due_days.months_later(day(on), months) == day(later)


def test_days_beyond_the_calendar_are_its_ends() -> None:
    assert due_days.days_later(datetime.date.max, 1) == datetime.date.max
    assert due_days.days_later(datetime.date.min, -400) == datetime.date.min
    assert due_days.days_later(day("2026-12-31"), 1) == day("2027-01-01")
    assert due_days.window_before("year", day("0001-05-01")) is None


@pytest.mark.parametrize(
    ("period", "on", "start", "end", "name"),
    [
        ("year", "2026-06-15", "2026-01-01", "2026-12-31", "2026"),
        ("quarter", "2026-03-31", "2026-01-01", "2026-03-31", "2026-Q1"),
        ("quarter", "2026-04-01", "2026-04-01", "2026-06-30", "2026-Q2"),
        ("quarter", "2026-12-31", "2026-10-01", "2026-12-31", "2026-Q4"),
        ("two_months", "2028-02-29", "2028-01-01", "2028-02-29", "2028-01..02"),
        ("two_months", "2026-03-01", "2026-03-01", "2026-04-30", "2026-03..04"),
        ("month", "2026-02-10", "2026-02-01", "2026-02-28", "2026-02"),
    ],
)
def test_windows_of_the_calendar(period: str, on: str, start: str, end: str, name: str) -> None:
    window = due_days.window(period, day(on))
    assert window == (day(start), day(end), name)
    assert [window.holds(day(start)), window.holds(day(end))] == [True, True]
    assert not window.holds(due_days.days_later(day(end), 1))


@given(st.dates(day("1900-01-01"), day("2100-12-31")), st.sampled_from(sorted(due_days.MONTHS_OF)))
def test_windows_follow_each_other_without_gap(on: datetime.date, period: str) -> None:
    now, before = due_days.window(period, on), due_days.window_before(period, on)
    assert now.holds(on)
    assert before is not None
    assert before.end + datetime.timedelta(days=1) == now.start
    assert before.name < now.name


@pytest.mark.parametrize(
    ("born", "years", "on"),
    [
        ("1991-06-15", 35, "2026-06-15"),
        ("1960-02-29", 65, "2025-03-01"),
        ("1960-02-29", 64, "2024-02-29"),
    ],
)
def test_birthdays(born: str, years: int, on: str) -> None:
    birthday = due_days.birthday(day(born), years)
    assert birthday == day(on)
    assert due_days.completed_years(day(born), birthday) == years
    assert due_days.completed_years(day(born), due_days.days_later(birthday, -1)) == years - 1
